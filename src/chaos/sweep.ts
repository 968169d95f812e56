/*
 * Sweep: every single fault at every boundary of one workload. The calm run says which calls of ports
 * there are; then each of them is struck once, in a run of its own, and that run must come to the same
 * end as the calm one: the same output of every run, the same effects at the services.
 *
 * Invariants: a boundary is one call (process, point, partition, nth); what a service does depends on
 * the request alone, so equal means equal, not merely allowed. Faults that a workflow is told of, as
 * errors of its calls, are left out.
 */
import type { Point } from '../adapters/sim/index.ts';
import { anyJson } from '../wire/canonical-json.ts';
import type { Judged } from './campaign.ts';
import { type ActionName, actionOf } from './catalogue.ts';
import type { Engine } from './engine.ts';
import type { History, Violation } from './history.ts';
import { readLogs } from './oracles/index.ts';
import type { Address, FaultPlan, PlannedFault } from './plan.ts';
import type { Subject } from './subject.ts';
import { runPlan, type WorldBudget } from './world.ts';

export interface SweepOptions {
  readonly engine: Engine;
  readonly subject: Subject;
  /** the workload; its faults are not used */
  readonly plan: FaultPlan;
  readonly oracles: (history: History) => Judged;
  readonly actions?: readonly ActionName[];
  readonly budget?: Partial<WorldBudget>;
  readonly onProgress?: (done: number, of: number) => void;
}

export interface SweepFailure {
  readonly fault: PlannedFault;
  readonly violations: readonly Violation[];
}

export interface SweepResult {
  /** calls that there are to strike */
  readonly boundaries: number;
  readonly runs: number;
  /** runs in which the fault happened; a call that another run does not come to is none */
  readonly fired: number;
  readonly equal: number;
  readonly failures: readonly SweepFailure[];
}

export const SWEEP_ACTIONS: readonly ActionName[] = ['crash-before', 'crash-after'];

/** Every boundary of a calm run of the plan. */
export function boundariesOf(options: SweepOptions): Address[] {
  const { budget, engine, plan, subject } = options;
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
  runPlan(engine, subject, { ...plan, faults: [] }, budget, observe);
  return found;
}

export function sweep(options: SweepOptions): SweepResult {
  const { actions = SWEEP_ACTIONS, budget, engine, onProgress, oracles, plan, subject } = options;
  const boundaries = boundariesOf(options);
  const calm = ends(runPlan(engine, subject, { ...plan, faults: [] }, budget).history);
  const failures: SweepFailure[] = [];
  let runs = 0;
  let fired = 0;
  for (const at of boundaries) {
    for (const action of actions) {
      if (isToldToWorkflow(at, action)) continue;
      const fault: PlannedFault = { id: 0, at, does: actionOf(action, 0, false) };
      const { history } = runPlan(engine, subject, { ...plan, faults: [fault] }, budget);
      runs += 1;
      if (history.fired.length > 0) fired += 1;
      const violations = [...oracles(history).violations, ...differences(calm, ends(history))];
      if (violations.length > 0) failures.push({ fault, violations });
      onProgress?.(runs, boundaries.length * actions.length);
    }
  }
  return { boundaries: boundaries.length, runs, fired, equal: runs - failures.length, failures };
}

/** A workflow that hears of a failing service may well come to another end. */
function isToldToWorkflow({ point }: Address, action: ActionName): boolean {
  const told = action === 'error' || action === 'refused' || action.startsWith('unknown');
  return point === 'activity' && told;
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
