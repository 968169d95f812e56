/*
 * A slice of a sweep: some of its faults in a row, each in a run of its own, made in this process.
 *
 * Invariant: the faults of a sweep are numbered by its workload alone, so that slices of it can be made
 * anywhere and add up. The calm run is judged once, with the first of them.
 */
import { cover } from '../chaos/coverage.ts';
import type { Engine } from '../chaos/engine.ts';
import { checkView, type View, viewOf } from '../chaos/oracles/index.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import { OutcomeTally } from '../chaos/scenario/index.ts';
import type { Stage } from '../chaos/stage.ts';
import { isMinimal, struckAt } from '../chaos/sweep-plan.ts';
import { type Struck, Sweep } from '../chaos/sweep.ts';
import { firstDifference, traceHash } from '../chaos/trace-hash.ts';
import { profile } from './chaos-options.ts';
import {
  emptyResult,
  type SliceHooks,
  type SliceJob,
  type SliceResult,
  type SweptPlan,
} from './chaos-slice.ts';

/** Sweeps that this process has begun: the calm run of each is made once. */
const sweeps = new WeakMap<Stage, { readonly key: string; readonly open: OpenSweep }>();

interface OpenSweep {
  readonly sweep: Sweep;
  readonly calmView: View | undefined;
  /** of the run that was judged last */
  view: View | undefined;
}

/** A sweep over a workload of this stage. */
export function openSweep(
  stage: Stage,
  engine: Engine,
  plan: FaultPlan,
  profileName: string,
): OpenSweep {
  const key = JSON.stringify([plan, profileName]);
  const known = sweeps.get(stage);
  if (known?.key === key) return known.open;
  const last: { view: View | undefined } = { view: undefined };
  const sweep = new Sweep({
    ...{ engine, plan, subject: stage.subject, profile: profile(profileName) },
    oracles: (history) => checkView((last.view = viewOf(history, stage.scenario))),
  });
  const { view: calmView } = last;
  const open = Object.assign(last, { sweep, calmView });
  sweeps.set(stage, { key, open });
  return open;
}

/** The event loop gets a turn so often, for progress and interrupts. */
const BREATHE_MS = 50;
/** One run in so many is made twice: P12. */
const DOUBLE_EVERY = 20;

export async function runSweepSlice(
  stage: Stage,
  engine: Engine,
  job: SliceJob,
  { plan, rows }: SweptPlan,
  hooks: SliceHooks,
): Promise<SliceResult> {
  const open = openSweep(stage, engine, plan, job.profile);
  const { sweep } = open;
  const result = emptyResult();
  const tally = new OutcomeTally(stage.scenario);
  const begun = performance.now();
  if (job.first === 0) add(result, sweep, sweep.calm, 'the calm run', tally, open.calmView);
  // What breaks by itself says nothing about faults.
  const runs = sweep.calm.end === 'broken' ? 0 : job.runs;
  let breathed = begun;
  for (let index = job.first; index < job.first + runs; index += 1) {
    if (hooks.interrupted() || performance.now() - begun > (job.forMs ?? Infinity)) break;
    const { struck, where } = struckAt(sweep, rows, index);
    result.runs += 1;
    add(result, sweep, struck, where, tally, open.view);
    if (index % DOUBLE_EVERY === 0) again(result, sweep, struck, where);
    if (performance.now() - breathed < BREATHE_MS) continue;
    tellProgress(result, performance.now() - begun, hooks);
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    breathed = performance.now();
  }
  tellProgress(result, performance.now() - begun, hooks);
  addCounts(result.outcomes, tally.counts());
  result.outcomeRuns = tally.runs;
  return result;
}

function add(
  result: SliceResult,
  sweep: Sweep,
  struck: Struck,
  where: string,
  tally: OutcomeTally,
  view: View | undefined,
): void {
  const { end, fired, judged, plan, ran, violations } = struck;
  result.steps += ran.counts.hops;
  result.events += ran.counts.events;
  result.instances += plan.instances.length;
  cover(result.coverage, plan, ran.history, ran.counts);
  addCounts(result.checked, judged.checked);
  if (view !== undefined && ran.history.quiescent) tally.add(view.finalRuns());
  if (end === 'inconclusive') result.inconclusive += 1;
  if (end === 'broken' && isMinimal(sweep, plan.faults)) {
    result.failures.push({ where, violations, plan, minimal: true });
  }
  if (plan.faults.length === 0) return;
  if (!fired) result.struck.never += 1;
  else if (end === 'equal' || end === 'other') result.struck[end] += 1;
}

/** Makes a run once more: it must be the same, record for record. */
function again(result: SliceResult, sweep: Sweep, { plan, ran }: Struck, where: string): void {
  result.repeated += 1;
  addCounts(result.checked, { P12: 1 });
  const { history } = sweep.strike(plan.faults).ran;
  if (traceHash(history) === traceHash(ran.history)) return;
  const said = `two runs of one plan differ: ${firstDifference(ran.history, history) ?? 'their hashes differ'}`;
  const violation = { promise: 'P12', oracle: 'p12-same-seed-same-run', said };
  result.failures.push({ where, violations: [violation], plan, minimal: false });
}

function tellProgress(result: SliceResult, elapsedMs: number, hooks: SliceHooks): void {
  hooks.progress({
    runs: result.runs,
    hops: result.steps,
    events: result.events,
    fired: result.coverage.fired,
    checks: Object.values(result.checked).reduce((sum, count) => sum + count, 0),
    failures: result.failures.length,
    elapsedMs,
  });
}

function addCounts(into: Record<string, number>, part: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(part)) into[name] = (into[name] ?? 0) + count;
}
