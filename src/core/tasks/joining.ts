/*
 * What fork, parallel loops and awaited children have in common: the task waits for strands. A strand
 * that ends without waiting for anything needs no record of its own: its end stays in the frame, and
 * if all are like that the task is over at once.
 *
 * J1. Strands are begun in order, so many at once as the task allows; each end begins the next one.
 * J2. One end may decide the task, whatever the other strands do; else it is over with the last one.
 *     Where a strand decides it at once, those that would have waited have never begun: what they
 *     called or emitted first is not done.
 * J3. A task that settles - a strand may have something to undo - goes on only when every strand has
 *     ended: those that are not needed any more are cancelled and tell what they did (R18). It is the
 *     first end that has decided it, whatever others come to before they are cancelled.
 */
import type { Node } from '../../dsl/plan/index.ts';
import type { ForkState, Json, StrandEnd } from '../../wire/index.ts';
import type { Machine, Move } from '../machine.ts';
import { BrokenInvariant, type StrandStart } from '../outcome.ts';
import { gather } from '../undo.ts';
import type { TaskKind } from './task-kind.ts';

export type Ends = { readonly [index: number]: StrandEnd };

export interface Joining<N extends Node = Node> {
  /** Whether this end decides the task. */
  decides(node: N, end: StrandEnd): boolean;
  /** Begins strand `index`; `input` is the transformed input of the task, which is on top. */
  begin(machine: Machine, node: N, fork: ForkState, index: number, input: Json): StrandStart;
  /**
   * What the ends come to. All of them are there unless one has decided; `order` says in which order
   * they came where that matters (J3).
   */
  conclude(machine: Machine, node: N, total: number, ends: Ends, order: readonly number[]): Move;
}

/** The task on top begins its strands: `total` in all, `atOnce` of them at the same time. */
export function beginStrands<N extends Node>(
  joins: Joining<N>,
  machine: Machine,
  node: N,
  input: Json,
  atOnce: number,
  about: Pick<ForkState, 'items' | 'settles' | 'total'>,
): Move {
  const { items, total } = about;
  const activation = ++machine.activation;
  const fork: ForkState = { kind: 'fork', activation, started: 0, ends: {}, ...about };
  const ends: Record<number, StrandEnd> = {};
  const strands: StrandStart[] = [];
  let started = 0;
  let decided = false;
  while (!decided && started < total && strands.length < atOnce) {
    const index = started++;
    const begun = joins.begin(machine, node, fork, index, input);
    if (begun.outcome.next.kind !== 'end') {
      strands.push(begun);
      continue;
    }
    machine.absorb(begun.outcome);
    ends[index] = begun.outcome.next.end;
    decided = joins.decides(node, ends[index]);
  }
  // What a strand would do at once it may only do when the time of a retry has come, and end by that.
  if (machine.looksAhead && strands.length > 0) return { do: 'stop', next: { kind: 'continue' } };
  // If one decides, nothing of the others is recorded yet: they have not begun.
  if (decided || strands.length === 0) {
    gather(machine, Object.values(ends));
    return joins.conclude(machine, node, total, ends, []);
  }
  const left = items === undefined ? {} : { items: items.slice(started) };
  machine.remember({ ...fork, started, ends, ...left });
  return { do: 'stop', next: { kind: 'fork', strands } };
}

/** What such a kind of task has besides the way in. */
export function joining<N extends Node>(
  joins: Joining<N>,
): Required<Pick<TaskKind<N>, 'fresh' | 'joins' | 'resume'>> {
  return {
    fresh: { kind: 'fork', activation: 0, total: 0, started: 0, ends: {} },
    joins,
    resume(machine, node, { node: fork }, cause) {
      if (cause.kind !== 'joined' || fork.kind !== 'fork') {
        throw new BrokenInvariant(`a ${node.kind} task was resumed by ${cause.kind}`);
      }
      const ends = { ...fork.ends, ...cause.ends };
      const order = cause.order === undefined ? [] : [...endedInOrder(fork), ...cause.order];
      return joins.conclude(machine, node, fork.total, ends, order);
    },
  };
}

/** Whether the task goes on only when all of its strands have ended, decided or not (J3). */
export function settlesLast(node: Node, fork: ForkState): boolean {
  return fork.settles === true || ('settles' in node && node.settles);
}

/** Whether the task is over once `end` has come as the `ended`-th of the strands with records. */
export function isOver<N extends Node>(
  joins: Joining<N>,
  node: N,
  fork: ForkState,
  end: StrandEnd,
  ended: number,
): boolean {
  const decided = !settlesLast(node, fork) && joins.decides(node, end);
  return decided || countOf(fork.ends) + ended === fork.total;
}

const counts = new WeakMap<Ends, number>();

/** Asked for at each end of a wide task, whose State stays the same: counted once. */
function countOf(ends: Ends): number {
  let count = counts.get(ends);
  if (count === undefined) counts.set(ends, (count = Object.keys(ends).length));
  return count;
}

/** The strands whose ends stand in the frame, in the order in which these came. */
export function endedInOrder({ ends, order }: ForkState): readonly number[] {
  return order ?? Object.keys(ends).map(Number);
}

/** What ended strands leave to be undone, in the order of their ENDs; those in the frame come first. */
export function gatherStrands(
  machine: Machine,
  fork: ForkState,
  ends: Ends,
  order: readonly number[],
): void {
  const all: Ends = { ...fork.ends, ...ends };
  const strands = new Set([...endedInOrder(fork), ...order]);
  for (const strand of Object.keys(ends)) strands.add(Number(strand));
  gather(
    machine,
    [...strands].map((strand) => all[strand]!),
  );
}

/** The first end that decides, or else all outputs in order of the strands, or the error of the first. */
export function inOrder<N extends Node>(
  decides: Joining<N>['decides'],
  machine: Machine,
  node: N,
  total: number,
  ends: Ends,
  order: readonly number[],
): Move {
  for (const index of order) {
    const end = ends[index];
    if (end !== undefined && !end.cancelled && decides(node, end)) return endedLike(machine, end);
  }
  const outputs: Json[] = [];
  let error: StrandEnd['error'];
  for (let index = 0; index < total; index++) {
    const end = ends[index];
    if (end === undefined || end.cancelled) continue;
    if (decides(node, end)) return endedLike(machine, end);
    if (end.error === undefined) outputs.push(end.output ?? null);
    else error ??= end.error;
  }
  if (error !== undefined) return { do: 'raise', error };
  if (outputs.length !== total) {
    throw new BrokenInvariant('a task went on before its strands had ended');
  }
  return { do: 'leave', output: outputs };
}

function endedLike(machine: Machine, { endsWorkflow, error, output = null }: StrandEnd): Move {
  if (endsWorkflow) return machine.endWorkflow(output);
  return error === undefined ? { do: 'leave', output } : { do: 'raise', error };
}
