/*
 * `waybill chaos --exhaustive`: every crash point of one workload x every single fault, and all pairs of
 * crashes where there are few, over the pool.
 *
 * Invariant: what is swept follows from scenario, seed and sizes; a sweep that was cut off is no pass.
 */
import { checkAll } from '../chaos/oracles/index.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import type { Sizes, Stage } from '../chaos/stage.ts';
import { type Exhaustiveness, sizeOf, sweptPlan } from '../chaos/sweep-plan.ts';
import type { CampaignReport } from '../report/chaos-model.ts';
import { CampaignRun, RunEndless } from './chaos-campaign.ts';
import { counted, decimal, thousands } from './chaos-numbers.ts';
import { ProgressLine } from './chaos-progress.ts';
import { campaignReport } from './chaos-report.ts';
import { type Aim, type Conditions, onInterrupt, ownSettings } from './chaos-run.ts';
import { openEngine } from './chaos-scenarios.ts';
import { profileFor } from './chaos-slice.ts';
import { openSweep } from './chaos-sweep-slice.ts';

export async function sweepOf(
  stage: Stage,
  forMs: number | undefined,
  { call, flags, settings, workers }: Conditions,
  how: Exhaustiveness,
  aim: Aim = {},
): Promise<CampaignReport> {
  const { file, scenario, subject } = stage;
  const engine = await openEngine(flags.engine);
  const own = ownSettings(settings, aim);
  const profile = profileFor(stage, own.profile);
  const title = aim.title ?? scenario.name;
  const oracles = (history: Parameters<typeof checkAll>[0]): ReturnType<typeof checkAll> =>
    checkAll(history, scenario);
  const options = { engine, subject, oracles, profile };
  const plan = sweptPlan(options, own.seed, own.sizes);
  // By now what is measured is warm: a run, once made and once judged.
  const begun = performance.now();
  const { sweep } = openSweep(stage, engine, plan, profile.name);
  const perRunMs = performance.now() - begun;
  const { likely, pairs, rows, runs } = sizeOf(sweep, how);
  if (aim.title === undefined) {
    tell(title, sweep, pairs, (runs * perRunMs) / Math.max(1, workers.length));
  }
  const goal = { runs, forMs };
  const run = new CampaignRun(
    {
      ...goal,
      ...{ file, engine: flags.engine, seed: own.seed, profile: profile.name },
      ...{ sizes: own.sizes, corpus: [], keepGoing: true, sweep: { plan, rows } },
    },
    workers,
  );
  const line = new ProgressLine(title, goal, () => run.progress());
  const interrupts = onInterrupt(() => run.stop());
  try {
    const outcome = await run.run();
    line.stop();
    const { failures, struck } = outcome.result;
    const exhaustive = {
      ...{ boundaries: sweep.boundaries.length, faults: sweep.singles.length, pairs, ...struck },
      complete:
        outcome.result.runs === runs || failures.some((one) => one.plan.faults.length === 0),
    };
    const sizes = sizesOf(plan);
    const notes = pairs > 0 ? [] : [pairsNote(likely)];
    return campaignReport({
      ...{ stage, engine, profile, outcome, notes, call, exhaustive },
      settings: { ...own, sizes },
    });
  } catch (error) {
    if (!(error instanceof RunEndless)) throw error;
    throw new RunEndless(`the sweep of ${title}: ${error.message}`, error.index);
  } finally {
    line.stop();
    interrupts();
  }
}

function tell(
  name: string,
  sweep: { readonly boundaries: readonly unknown[]; readonly singles: readonly unknown[] },
  pairs: number,
  ms: number,
): void {
  const parts = [
    counted(sweep.boundaries.length, 'boundary', 'boundaries'),
    `${counted(sweep.singles.length, 'fault')} to strike them with`,
    ...(pairs === 0 ? [] : [`${thousands(pairs)} pairs of crashes`]),
  ];
  const seconds = ms / 1_000;
  const time = seconds < 90 ? `${decimal(seconds)} s` : `${decimal(seconds / 60)} min`;
  process.stderr.write(`sweeping ${name}: ${parts.join(', ')}; about ${time}\n`);
}

function pairsNote(pairs: number): string {
  return `Every two crashes as well, about ${thousands(pairs)} runs more: --exhaustive pairs.`;
}

function sizesOf({ instances, partitions, runners }: FaultPlan): Sizes {
  const exactly = (count: number): { from: number; to: number } => ({ from: count, to: count });
  return {
    instances: exactly(instances.length),
    runners: exactly(runners),
    partitions: exactly(partitions),
  };
}
