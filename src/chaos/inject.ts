/*
 * Injector: holds a plan against every port call of a run and says what strikes there.
 *
 * Owns: which faults have fired, and the sentence for each. Invariants:
 *  - a fault fires at most once;
 *  - a call is counted for every fault whose address it fits, whether or not another fault strikes it;
 *  - what counts from when another fault has fired counts from the next call on;
 *  - what it says of the state of the engine is seen from outside: the calls of the ports.
 */
import type { Effect, FaultPoints, Point, PointName } from '../adapters/sim/index.ts';
import type { FiredFault } from './history.ts';
import { callText, firedText } from './narrate.ts';
import {
  type Action,
  actionName,
  type FaultPlan,
  isOfWorld,
  type PlannedFault,
  processName,
  type WorldAction,
} from './plan.ts';

interface Armed {
  readonly fault: PlannedFault;
  readonly index: number;
  seen: number;
}

/** What only the world can do. */
export interface Doer {
  perform(action: WorldAction, point: Point): void;
  now(): number;
}

/** Calls that a runner makes of a partition while it takes it over. */
const RECOVERY: ReadonlySet<PointName> = new Set(['hint', 'range', 'load', 'next', 'offset-at']);

export class Injector implements FaultPoints {
  readonly fired: FiredFault[] = [];
  /** id of a fault that fired -> the how-manieth call that was */
  private readonly done = new Map<number, number>();
  private calls = 0;
  private readonly known: ReadonlySet<number>;
  private readonly armed = new Map<PointName, Armed[]>();
  private readonly world: Doer;
  private readonly runs: ReadonlyMap<string, number>;
  /** process#incarnation:partition -> has got through its takeover */
  private readonly owning = new Set<string>();
  /** partitions that somebody has owned */
  private readonly owned = new Set<number>();

  /** `runs`: run id -> id of the instance. */
  constructor(plan: FaultPlan, runs: ReadonlyMap<string, number>, world: Doer) {
    this.world = world;
    this.runs = runs;
    this.known = new Set(plan.faults.map((fault) => fault.id));
    plan.faults.forEach((fault, index) => {
      const { point } = fault.at;
      const there = this.armed.get(point) ?? [];
      there.push({ fault, index, seen: 0 });
      this.armed.set(point, there);
    });
  }

  at(point: Point): readonly Effect[] | undefined {
    this.calls += 1;
    const recovering = this.follow(point);
    const armed = this.armed.get(point.point);
    if (armed === undefined) return undefined;
    let effects: Effect[] | undefined;
    for (const one of armed) {
      if (this.done.has(one.fault.id) || !this.fits(one.fault, point)) continue;
      one.seen += 1;
      if (one.seen !== one.fault.at.nth) continue;
      this.done.set(one.fault.id, this.calls);
      this.note(one, point, recovering);
      const effect = this.perform(one.fault.does, point);
      if (effect !== undefined) (effects ??= []).push(effect);
    }
    return effects;
  }

  private fits({ at }: PlannedFault, point: Point): boolean {
    const { kind, partition, process, run, since, task } = at;
    if (process === undefined ? point.process === 'client' : point.process !== processName(process))
      return false;
    if (partition !== undefined && point.partition !== partition) return false;
    // A fault whose predecessor was shrunk away counts from the beginning; the call that its predecessor
    // strikes is not yet one of its own.
    if (since !== undefined && this.known.has(since)) {
      const call = this.done.get(since);
      if (call === undefined || call === this.calls) return false;
    }
    if (kind === undefined && task === undefined && run === undefined) return true;
    if (point.activity !== undefined) {
      if (task !== undefined && point.activity.name !== task) return false;
      return run === undefined || this.runs.get(point.activity.run) === run;
    }
    const records = point.records?.() ?? [];
    return records.some(
      (record) =>
        (kind === undefined || record.kind === kind) &&
        (run === undefined || this.runs.get(record.run) === run) &&
        (task === undefined || record.task === task),
    );
  }

  private perform(action: Action, point: Point): Effect | undefined {
    if (!isOfWorld(action)) return action;
    this.world.perform(action, point);
    if (action.kind === 'storm') return { kind: 'crash', when: 'before', down: action.down };
    return undefined;
  }

  private note(armed: Armed, point: Point, recovering: boolean): void {
    const { does } = armed.fault;
    const call = callText(point, this.runs);
    const stands = standsAt(point);
    this.fired.push({
      at: this.world.now(),
      fault: armed.index,
      kind: actionName(does),
      point: point.point,
      state: `${recovering ? 'recovery: ' : ''}${stateOf(point)}`,
      ...(stands === undefined ? {} : { stands }),
      process: point.process,
      said: firedText(does, point.process, call),
    });
  }

  /** Follows who is taking over what; true = the call is part of taking over a partition that had an owner. */
  private follow(point: Point): boolean {
    const { incarnation, partition, process } = point;
    if (partition === undefined || process === 'client') return false;
    const key = `${process}#${incarnation}:${partition}`;
    if (point.point === 'append') {
      const claims = point.records?.().some((record) => record.kind === 'CLAIM') ?? false;
      if (!claims) {
        this.owning.add(key);
        this.owned.add(partition);
        return false;
      }
      this.owning.delete(key);
      return this.owned.has(partition);
    }
    return RECOVERY.has(point.point) && !this.owning.has(key) && this.owned.has(partition);
  }
}

function stateOf(point: Point): string {
  if (point.activity !== undefined) return point.activity.name;
  const records = point.records?.() ?? [];
  return [...new Set(records.map((record) => record.kind))].slice(0, 2).join('+');
}

/** Where the run stands that the call is about: the first of those that a batch is about. */
function standsAt(point: Point): string | undefined {
  if (point.activity !== undefined) return point.activity.pointer;
  const records = point.records?.() ?? [];
  for (const { kind, pointer } of records) {
    if (pointer !== '') return pointer;
    if (kind === 'START') return 'start';
    if (kind === 'END') return 'end';
  }
  return undefined;
}
