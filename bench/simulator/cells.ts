/*
 * The cells of the simulator's bench: which workload, which engine, which worlds. Seeds count up from zero, so each
 * world is another one and a cell is the same each time.
 *
 * `readers`: every runner keeps the index of runs, publishes lifecycle events (of workflows, or of tasks as well: three
 * more for each step) and correlates events; their two oracles are asked too.
 */
import { join } from 'node:path';
import { planOf } from '../../src/chaos/campaign.ts';
import { currentEngine, SIMULATED_LIMITS } from '../../src/chaos/engine.ts';
import { planArbitrary } from '../../src/chaos/generate.ts';
import { checkView, ORACLES, viewOf } from '../../src/chaos/oracles/index.ts';
import { indexIsProjection } from '../../src/chaos/oracles/r12-index.ts';
import { lifecycleTold } from '../../src/chaos/oracles/r19-lifecycle.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import { boundsOf, loadStage, type Stage } from '../../src/chaos/stage.ts';
import { Sweep } from '../../src/chaos/sweep.ts';
import { runPlan, type WorldBudget } from '../../src/chaos/world.ts';
import { schemas } from '../../src/presets/schemas.ts';

export interface Tally {
  readonly hops: number;
  /** worlds */
  readonly runs: number;
  /** runs of the workflow */
  readonly instances: number;
  readonly events: number;
}

type Measured = Tally & { readonly cpuSeconds: number };

export interface Cell {
  readonly group: string;
  readonly name: string;
  /** one call is one measurement: there is no warm-up */
  readonly once?: true;
  readonly wanted?: number;
  readonly figure: (row: Measured) => readonly [value: number, unit: string];
  /** the function makes world number `n` */
  open(): Promise<(n: number) => Tally>;
}

const ROOT = join(import.meta.dirname, '../..');
const MERCHANT = join(ROOT, 'scenarios/merchant-onboarding.yaml');
const TWELVE = join(import.meta.dirname, 'twelve-calls.yaml');
const WEEK = join(import.meta.dirname, 'week-of-timers.yaml');
const DAY_MS = 86_400_000;

const perSecond = ({ cpuSeconds, hops }: Measured) => [hops / cpuSeconds, 'hops/s'] as const;
const worldsPerSecond = ({ cpuSeconds, runs }: Measured) => [runs / cpuSeconds, 'runs/s'] as const;

/** So many runs of the workflow, one every 50 ms, and nothing goes wrong. */
function calmPlan(seed: number, instances: number, runners: number, partitions: number): FaultPlan {
  const each = (_: unknown, id: number) => ({ id, at: id * 50, draw: seed * 10_000 + id });
  return {
    ...{ version: 1, seed, runners, partitions, faults: [] },
    instances: Array.from({ length: instances }, each),
  };
}

/** The plans that a campaign of the scenario draws with profile `everything`. */
function drawnPlans(stage: Stage): (n: number) => FaultPlan {
  const arbitrary = planArbitrary(profileOf('everything'), boundsOf(stage, {}));
  return (n) => planOf(arbitrary, 7, n);
}

async function worlds(
  file: string,
  plans: (stage: Stage) => (n: number) => FaultPlan,
  readers: 'workflow' | 'task' | undefined,
  budget?: Partial<WorldBudget>,
): Promise<(n: number) => Tally> {
  const stage = await loadStage(file);
  const engine =
    readers === undefined
      ? currentEngine(schemas)
      : currentEngine(schemas, SIMULATED_LIMITS, true, readers);
  const oracles = readers === undefined ? ORACLES : [...ORACLES, indexIsProjection, lifecycleTold];
  const planFor = plans(stage);
  return (n) => {
    const plan = planFor(n);
    const { counts, history } = runPlan(engine, stage.subject, plan, budget);
    const [violation] = checkView(viewOf(history, stage.scenario), oracles).violations;
    if (violation !== undefined) throw new Error(`${file}, world ${n}: ${violation.said}`);
    return { ...counts, runs: 1, instances: plan.instances.length };
  };
}

const calm = () => (n: number) => calmPlan(n, 20, 3, 2);

export const CELLS: readonly Cell[] = [
  {
    ...{ group: 'calm', name: 'twelve calls in a row, 20 at once', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(TWELVE, calm, undefined),
  },
  {
    ...{ group: 'calm', name: 'merchant-onboarding, 20 at once', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(MERCHANT, calm, undefined),
  },
  {
    ...{ group: 'faults', name: 'twelve calls in a row, everything', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(TWELVE, drawnPlans, undefined),
  },
  {
    ...{ group: 'faults', name: 'merchant-onboarding, everything', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(MERCHANT, drawnPlans, undefined),
  },
  {
    ...{ group: 'readers', name: 'twelve calls in a row, three readers', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(TWELVE, calm, 'workflow'),
  },
  {
    ...{ group: 'readers', name: 'merchant-onboarding, three readers', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(MERCHANT, calm, 'workflow'),
  },
  {
    ...{ group: 'readers', name: 'twelve calls in a row, events of tasks', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(TWELVE, calm, 'task'),
  },
  {
    ...{ group: 'readers', name: 'merchant-onboarding, events of tasks', wanted: 20_000 },
    figure: perSecond,
    open: () => worlds(MERCHANT, calm, 'task'),
  },
  {
    ...{ group: 'runs', name: 'one run of twelve calls in a world', wanted: 300 },
    figure: worldsPerSecond,
    open: () => worlds(TWELVE, () => (n) => calmPlan(n, 1, 1, 1), undefined),
  },
  {
    ...{ group: 'runs', name: 'one merchant in a world', wanted: 300 },
    figure: worldsPerSecond,
    open: () => worlds(MERCHANT, () => (n) => calmPlan(n, 1, 1, 1), undefined),
  },
  {
    ...{ group: 'week', name: 'a week of timers: 4 runs, 336 waits', wanted: 1_000 },
    figure: ({ cpuSeconds, runs }) => [(cpuSeconds / runs) * 1_000, 'ms a week'],
    open: () =>
      worlds(WEEK, () => (n) => calmPlan(n, 4, 2, 4), undefined, { faultyMs: 8 * DAY_MS }),
  },
  {
    ...{ group: 'sweep', name: 'every single fault of one merchant', once: true, wanted: 15 },
    figure: ({ cpuSeconds }) => [cpuSeconds, 's'],
    open: sweptMerchant,
  },
];

/** What `waybill chaos --exhaustive` does, in this process. */
async function sweptMerchant(): Promise<(n: number) => Tally> {
  const { scenario, subject } = await loadStage(MERCHANT);
  const oracles = (history: Parameters<typeof viewOf>[0]) => checkView(viewOf(history, scenario));
  return () => {
    const engine = currentEngine(schemas);
    const whole = new Sweep({ engine, subject, oracles, plan: calmPlan(7, 1, 2, 1) });
    const tally = { hops: 0, runs: 0, instances: 0, events: 0 };
    for (let index = 0; index < whole.singles.length; index += 1) {
      const { end, ran, violations } = whole.single(index);
      if (end === 'broken') throw new Error(`fault ${index}: ${violations[0]?.said}`);
      tally.hops += ran.counts.hops;
      tally.events += ran.counts.events;
      tally.runs += 1;
      tally.instances += 1;
    }
    return tally;
  };
}
