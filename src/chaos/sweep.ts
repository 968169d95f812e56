/*
 * Sweep: every single fault at every boundary of one workload, and every pair of crashes. The calm run
 * says which calls of ports there are; then each of them is struck once by each fault that fits it, in a
 * run of its own. What is held against it are the oracles and the calm run: the same output of every run,
 * the same effects at the services.
 *
 * Invariants: a boundary is one call (process, point, partition, nth); what a service does depends on
 * the request alone, so a crash that nobody can see leads to the same end. Another end that no oracle
 * finds fault with is not equal and not broken: the workflow was told of the fault, or time ran out.
 */
import type { Point } from '../adapters/sim/index.ts';
import { anyJson } from '../wire/canonical-json.ts';
import type { Judged } from './campaign.ts';
import { type ActionName, actionOf, CELLS } from './catalogue.ts';
import type { Engine } from './engine.ts';
import type { History, Violation } from './history.ts';
import { readLogs } from './oracles/index.ts';
import type { Address, FaultPlan, PlannedFault } from './plan.ts';
import { type Profile, profileOf } from './profile.ts';
import type { Subject } from './subject.ts';
import { type Ran, runPlan, type WorldBudget } from './world.ts';

export interface SweepOptions {
  readonly engine: Engine;
  readonly subject: Subject;
  /** the workload; its faults are not used */
  readonly plan: FaultPlan;
  readonly oracles: (history: History) => Judged;
  /** which faults; absent = everything that strikes at a call */
  readonly profile?: Profile;
  readonly budget?: Partial<WorldBudget>;
}

/** One run of a sweep. */
export interface Struck {
  readonly plan: FaultPlan;
  readonly ran: Ran;
  readonly judged: Judged;
  /** every fault of it happened; a call that this run does not come to cannot be struck */
  readonly fired: boolean;
  /** `other`: another end than the calm run's, and no oracle objects */
  readonly end: 'equal' | 'other' | 'broken' | 'inconclusive';
  /** what the oracles found, or how the end differs */
  readonly violations: readonly Violation[];
}

/** How hard a fault strikes: long enough to lose a partition, or to be late. */
const SCALE: { readonly [action in ActionName]?: number } = {
  'pause-before': 2,
  'pause-after': 2,
  slow: 2,
  'unknown-late': 2,
  'unknown-twice': 2,
};
const BOTH = [false, true] as const;
/** Faults that come in two kinds: what the caller hears, or whether its partitions are given away. */
const FLAGS: { readonly [action in ActionName]?: readonly boolean[] } = {
  'unknown-landed': BOTH,
  'unknown-lost': BOTH,
  'unknown-twice': BOTH,
  'pause-before': [true],
  'pause-after': [true],
};
const CRASHES: readonly ActionName[] = ['crash-before', 'crash-after'];

/** Every boundary of a run of the plan, in order; `faults` strike it meanwhile. */
export function boundariesOf(
  { budget, engine, plan, subject }: Omit<SweepOptions, 'oracles'>,
  faults: readonly PlannedFault[] = [],
): Address[] {
  const counts = new Map<string, number>();
  const found: Address[] = [];
  const observe = (point: Point): void => {
    if (point.process === 'client') return;
    const process = Number(point.process.replace('runner-', '')) - 1;
    const key = `${point.process} ${point.point} ${point.partition ?? ''}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    const { partition } = point;
    const at = { point: point.point, process, nth };
    found.push(partition === undefined ? at : { ...at, partition });
  };
  runPlan(engine, subject, { ...plan, faults }, budget, observe);
  return found;
}

/** Of some workloads, the one whose calm run has the most boundaries. */
export function richest(
  plans: readonly FaultPlan[],
  options: Omit<SweepOptions, 'plan'>,
): FaultPlan | undefined {
  let best: { readonly plan: FaultPlan; readonly size: number } | undefined;
  for (const plan of plans) {
    const size = boundariesOf({ ...options, plan }).length;
    if (size > (best?.size ?? 0)) best = { plan, size };
  }
  return best?.plan;
}

export class Sweep {
  readonly boundaries: readonly Address[];
  /** every fault at every boundary */
  readonly singles: readonly PlannedFault[];
  /** the crashes among them */
  readonly crashes: readonly PlannedFault[];
  /** the run without a fault, judged */
  readonly calm: Struck;
  private readonly options: SweepOptions;
  private row: { readonly first: number; readonly seconds: readonly PlannedFault[] } | undefined;
  private calmEnds: ReadonlyMap<string, string> | undefined;

  constructor(options: SweepOptions) {
    this.options = options;
    const { profile = profileOf('everything') } = options;
    this.boundaries = boundariesOf(options);
    this.calm = this.strike([]);
    this.singles = this.boundaries.flatMap((at) => faultsAt(at, profile));
    this.crashes = this.singles.filter(({ does }) => does.kind === 'crash');
  }

  single(index: number): Struck {
    const fault = this.singles[index];
    if (fault === undefined) throw new Error(`there is no fault ${index} in this sweep`);
    return this.strike([fault]);
  }

  /** How many crashes can come after each of the crashes: of one run more each, its boundaries. */
  pairs(): number[] {
    return this.crashes.map((_, first) => this.secondsAfter(first).length);
  }

  /** A crash, and then another one at a call that the runners come to after it. */
  pair(first: number, second: number): Struck {
    const [one, other] = [this.crashes[first], this.secondsAfter(first)[second]];
    if (one === undefined || other === undefined) {
      throw new Error(`there is no pair ${first}, ${second} in this sweep`);
    }
    return this.strike([one, other]);
  }

  /** Until the first crash all is as in the calm run; what comes after it is seen by making it once. */
  private secondsAfter(first: number): readonly PlannedFault[] {
    if (this.row?.first === first) return this.row.seconds;
    const fault = this.crashes[first];
    if (fault === undefined) return [];
    const before = this.boundaries.indexOf(fault.at) + 1;
    const seconds = boundariesOf(this.options, [fault])
      .slice(before)
      .flatMap((at) => CRASHES.map((action) => ({ id: 1, at, does: actionOf(action, 0, false) })));
    this.row = { first, seconds };
    return seconds;
  }

  /** Runs the workload with these faults. */
  strike(faults: readonly PlannedFault[]): Struck {
    const { budget, engine, oracles, subject } = this.options;
    const plan = { ...this.options.plan, faults };
    const ran = runPlan(engine, subject, plan, budget);
    const judged = oracles(ran.history);
    const { fired, quiescent } = ran.history;
    const common = { plan, ran, judged, fired: fired.length >= faults.length };
    if (judged.violations.length > 0) {
      return { ...common, end: 'broken', violations: judged.violations };
    }
    if (!quiescent) return { ...common, end: 'inconclusive', violations: [] };
    const came = ends(ran.history);
    this.calmEnds ??= came;
    const violations = differences(this.calmEnds, came);
    return { ...common, end: violations.length === 0 ? 'equal' : 'other', violations };
  }
}

/** Every fault of the profile that fits a boundary; crashes fit them all. */
function faultsAt(at: Address, profile: Profile): PlannedFault[] {
  const fits = new Set(
    profile.cells.flatMap(({ action, point }) => (point === at.point ? [action] : [])),
  );
  if (profile.cells.some(({ family }) => family === 'crash')) {
    for (const action of CRASHES) fits.add(action);
  }
  return [...ACTIONS].flatMap((action) =>
    fits.has(action)
      ? (FLAGS[action] ?? [false]).map((flag) => {
          return { id: 0, at, does: actionOf(action, SCALE[action] ?? 0, flag) };
        })
      : [],
  );
}

/** In the order of the catalogue. */
const ACTIONS: ReadonlySet<ActionName> = new Set([
  ...CRASHES,
  ...CELLS.map(({ action }) => action),
]);

export interface SweepResult {
  /** calls that there are to strike */
  readonly boundaries: number;
  readonly runs: number;
  readonly fired: number;
  readonly equal: number;
  readonly failures: readonly Struck[];
}

/** Crashes at every boundary, in this process: whatever is not equal to the calm run is a failure. */
export function sweep(options: SweepOptions): SweepResult {
  const whole = new Sweep({ ...options, profile: options.profile ?? profileOf('crashy') });
  const crashes = whole.singles.filter(({ does }) => does.kind === 'crash');
  const struck = crashes.map((fault) => whole.strike([fault]));
  const failures = struck.filter(({ end }) => end !== 'equal');
  return {
    boundaries: whole.boundaries.length,
    runs: struck.length,
    fired: struck.filter(({ fired }) => fired).length,
    equal: struck.length - failures.length,
    failures,
  };
}

/** What a run came to, apart from how: by run, its end, and the effects that were applied. */
function ends(history: History): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [run, { ends: roots }] of readLogs(history.logs).runs) {
    const body = roots[0]?.body;
    if (body?.kind !== 'END') {
      all.set(run, 'has not ended');
      continue;
    }
    const { error, output } = body.end;
    const ended = error === undefined ? (output ?? null) : { error: error.type };
    const effects = history.ledger
      .filter((entry) => entry.run === run && entry.applied)
      .map((entry) => `${entry.name} ${anyJson(entry.request)}`)
      .toSorted((a, b) => (a < b ? -1 : 1));
    all.set(run, `${anyJson(ended)}\n${effects.join('\n')}`);
  }
  return all;
}

function differences(
  calm: ReadonlyMap<string, string>,
  struck: ReadonlyMap<string, string>,
): Violation[] {
  const found: Violation[] = [];
  for (const [run, expected] of calm) {
    const came = struck.get(run);
    if (came === expected) continue;
    const said = came === undefined ? `run ${run} never was` : `run ${run} came to another end`;
    const about = `${said} than without the fault: ${(came ?? 'nothing').slice(0, 200)}`;
    found.push({ promise: 'P2', oracle: 'same-end-as-calm', said: about, run });
  }
  return found;
}
