/*
 * A sweep of a suite in this process: every fault at every call of one workload, each in a run of its own.
 * `waybill chaos` hands it to its pool instead.
 *
 * Invariant: it ends with the first fault that breaks something, when everything was tried, or with its
 * time; which of them it was can be told by the number of its runs.
 */
import { checkAll } from '../chaos/oracles/index.ts';
import { currentEngine } from '../chaos/engine.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import type { Profile } from '../chaos/profile.ts';
import type { Stage } from '../chaos/stage.ts';
import { Sweep } from '../chaos/sweep.ts';
import { type Exhaustiveness, sizeOf, struckAt, sweptPlan } from '../chaos/sweep-plan.ts';
import { schemas } from '../presets/schemas.ts';
import type { Violation } from '../chaos/history.ts';
import { type ChaosJob, type ChaosResult, INCONCLUSIVE_SHARE, type Swept } from './job.ts';

export interface SweepBroken {
  readonly plan: FaultPlan;
  readonly violations: readonly Violation[];
  readonly where: string;
}

/** The test runner gets a turn so often, ms. */
const BREATHE_MS = 50;

/** `say` makes a failure of what was broken. */
export async function conductSweep(
  { subject, scenario }: Stage,
  job: ChaosJob,
  how: Exhaustiveness,
  profile: Profile,
  say: (broken: SweepBroken) => NonNullable<ChaosResult['failure']>,
): Promise<ChaosResult> {
  const begun = performance.now();
  const options = {
    ...{ engine: currentEngine(schemas), subject, profile },
    oracles: (history: Parameters<typeof checkAll>[0]) => checkAll(history, scenario),
  };
  const sweep = new Sweep({ ...options, plan: sweptPlan(options, job.seed, job.sizes) });
  const { runs: all, rows } = sizeOf(sweep, how);
  const swept = { boundaries: sweep.boundaries.length, runs: all, equal: 0, other: 0 };
  const figures = { runs: 0, faults: 0, checks: 0, inconclusive: 0 };
  const result = (verdict: ChaosResult['verdict']): ChaosResult => {
    return { verdict, ...figures, swept: { ...swept } satisfies Swept };
  };
  // What breaks by itself says nothing about faults.
  const { calm } = sweep;
  if (calm.end === 'broken') {
    const { plan, violations } = calm;
    return { ...result('broken'), failure: say({ plan, violations, where: 'the calm run' }) };
  }
  let breathed = begun;
  for (let index = 0; index < all; index += 1) {
    const now = performance.now();
    if (index > 0 && now - begun > (job.forMs ?? Infinity)) break;
    if (now - breathed > BREATHE_MS) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      breathed = performance.now();
    }
    const { struck, where } = struckAt(sweep, rows, index);
    figures.runs += 1;
    figures.faults += struck.ran.history.fired.length;
    for (const count of Object.values(struck.judged.checked)) figures.checks += count;
    if (struck.end === 'inconclusive') figures.inconclusive += 1;
    if (struck.fired && (struck.end === 'equal' || struck.end === 'other')) swept[struck.end] += 1;
    if (struck.end !== 'broken') continue;
    const { plan, violations } = struck;
    return { ...result('broken'), failure: say({ plan, violations, where }) };
  }
  if (figures.runs === 0) return result('nothing');
  const cutOff = figures.runs < all || figures.inconclusive > figures.runs * INCONCLUSIVE_SHARE;
  return result(cutOff ? 'inconclusive' : 'held');
}
