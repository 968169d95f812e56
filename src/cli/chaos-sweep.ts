/*
 * `waybill chaos --exhaustive`: every crash point of one workload x every single fault, and all pairs of
 * crashes where there are few, over the pool.
 *
 * Invariant: what is swept follows from scenario, seed and sizes; a sweep that was cut off is no pass.
 */
import { PLAN_VERSION, type FaultPlan } from '../chaos/plan.ts';
import { richest } from '../chaos/sweep.ts';
import type { Stage } from '../chaos/stage.ts';
import { checkAll } from '../chaos/oracles/index.ts';
import type { CampaignReport } from '../report/chaos-model.ts';
import { CampaignRun } from './chaos-campaign.ts';
import { counted, decimal, thousands } from './chaos-numbers.ts';
import type { Exhaustiveness } from './chaos-options.ts';
import { ProgressLine } from './chaos-progress.ts';
import { campaignReport } from './chaos-report.ts';
import { type Conditions, onInterrupt } from './chaos-run.ts';
import { openEngine } from './chaos-scenarios.ts';
import { profileFor } from './chaos-slice.ts';
import { openSweep } from './chaos-sweep-slice.ts';

/** Workloads that are looked at for the one with the most boundaries. */
const LOOKED_AT = 20;
const RUNNERS = 2;
/** As many pairs are made without being asked for. */
const FEW_PAIRS = 2_000;

export async function sweepOf(
  stage: Stage,
  forMs: number | undefined,
  { call, flags, settings, workers }: Conditions,
  how: Exhaustiveness,
): Promise<CampaignReport> {
  const { file, scenario, subject } = stage;
  const engine = await openEngine(flags.engine);
  const profile = profileFor(stage, settings.profile);
  const oracles = (history: Parameters<typeof checkAll>[0]): ReturnType<typeof checkAll> =>
    checkAll(history, scenario);
  const options = { engine, subject, oracles, profile };
  const plan = richest(workloads(settings), options) ?? workload(settings, 0);
  // By now what is measured is warm: a run, once made and once judged.
  const begun = performance.now();
  const { sweep } = openSweep(stage, engine, plan, profile.name);
  const perRunMs = performance.now() - begun;
  // Before they are counted: half of all ordered pairs, roughly.
  const likely = sweep.crashes.length ** 2 / 2;
  const rows = how === 'pairs' || likely <= FEW_PAIRS ? sweep.pairs() : [];
  const pairs = rows.reduce((sum, size) => sum + size, 0);
  const runs = sweep.singles.length + pairs;
  tell(scenario.name, sweep, pairs, (runs * perRunMs) / Math.max(1, workers.length));
  const goal = { runs, forMs };
  const run = new CampaignRun(
    {
      ...goal,
      ...{ file, engine: flags.engine, seed: settings.seed, profile: profile.name },
      ...{ sizes: settings.sizes, corpus: [], keepGoing: true, sweep: { plan, rows } },
    },
    workers,
  );
  const line = new ProgressLine(scenario.name, goal, () => run.progress());
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
      settings: { ...settings, sizes },
    });
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

type Sizes = Conditions['settings'];

function workloads(settings: Sizes): FaultPlan[] {
  return Array.from({ length: LOOKED_AT }, (_, index) => workload(settings, index));
}

/** One of the workloads of a seed; the largest of the sizes that the user asked for, else small. */
function workload({ seed, sizes }: Sizes, index: number): FaultPlan {
  const { instances, partitions, runners } = sizes;
  const draw = (Math.imul(seed + 1, 0x9e_37_79_b1) ^ Math.imul(index, 0x85_eb_ca_6b)) >>> 12;
  return {
    version: PLAN_VERSION,
    seed: seed & 0xff_ff_ff,
    runners: runners?.to ?? RUNNERS,
    partitions: partitions?.to ?? 1,
    instances: Array.from({ length: instances?.to ?? 1 }, (_, id) => ({
      ...{ id, at: 5 + 200 * id, draw: (draw + 7_919 * id) & 0xf_ff_ff },
    })),
    faults: [],
  };
}

function sizesOf({ instances, partitions, runners }: FaultPlan): Sizes['sizes'] {
  const exactly = (count: number): { from: number; to: number } => ({ from: count, to: count });
  return {
    instances: exactly(instances.length),
    runners: exactly(runners),
    partitions: exactly(partitions),
  };
}
