/*
 * fork: every branch is a strand. A branch that ends without waiting for anything needs no record of
 * its own: its end stays in the frame, and if all are like that the fork is over at once.
 *
 * Output: an array in declaration order, or the winner's output of a `compete`. What branches export
 * does not leak. A branch that faults faults the fork; `then: end` in a branch ends the workflow. Where
 * a branch decides the fork at once, those that would have waited have never begun: what they called or
 * emitted first is not done.
 *
 * A fork that settles - a saga scope is around it and a branch has something to undo - goes on only when
 * every branch has ended: those that are not needed any more are cancelled and tell what they did (R18).
 */
import type { ForkNode } from '../../dsl/plan/index.ts';
import { BRANCHES_AT_ONCE, type ForkState, type Json, type StrandEnd } from '../../wire/index.ts';
import type { Machine, Move } from '../machine.ts';
import { BrokenInvariant, type StrandStart } from '../outcome.ts';
import { gather } from '../undo.ts';
import type { TaskKind } from './task-kind.ts';

type Ends = { readonly [branch: number]: StrandEnd };

export const forkTask: TaskKind<ForkNode> = {
  fresh: { kind: 'fork', activation: 0, total: 0, started: 0, ends: {} },

  enter(machine, node, input) {
    const activation = ++machine.activation;
    const total = node.branches.length;
    const ends: Record<number, StrandEnd> = {};
    const strands: StrandStart[] = [];
    let started = 0;
    while (started < total && strands.length < BRANCHES_AT_ONCE) {
      const branch = started++;
      const begun = machine.branch(node, activation, branch, input);
      if (begun.outcome.next.kind !== 'end') {
        strands.push(begun);
        continue;
      }
      ends[branch] = begun.outcome.next.end;
      // What a retry will emit is emitted when its time has come, in a branch as well.
      if (machine.looksAhead && begun.outcome.events.length > 0) {
        return { do: 'stop', next: { kind: 'continue' } };
      }
      machine.events.push(...begun.outcome.events);
      // Nothing of the others is recorded yet: they have not begun.
      if (decides(node, ends[branch])) return concludeAtOnce(machine, node, total, ends);
    }
    if (strands.length === 0) return concludeAtOnce(machine, node, total, ends);
    machine.remember({ kind: 'fork', activation, total, started, ends });
    return { do: 'stop', next: { kind: 'fork', strands } };
  },

  resume(machine, node, frame, cause) {
    if (cause.kind !== 'joined' || frame.node.kind !== 'fork') {
      throw new BrokenInvariant(`a fork was resumed by ${cause.kind}`);
    }
    return conclude(machine, node, frame.node.total, { ...frame.node.ends, ...cause.ends });
  },
};

/** One end settles the fork, whatever the other branches do. */
export function decides(node: ForkNode, end: StrandEnd): boolean {
  if (end.endsWorkflow) return true;
  return node.compete ? end.error === undefined : end.error !== undefined;
}

/** Whether the fork is over once `end` has come as the `ended`-th of the branches with records. */
export function joins(node: ForkNode, state: ForkState, end: StrandEnd, ended: number): boolean {
  const decided = node.settles ? end.endsWorkflow === true : decides(node, end);
  return decided || Object.keys(state.ends).length + ended === state.total;
}

/** What ended branches leave to be undone, in the order of their ENDs; those without one come first. */
export function gatherBranches(
  machine: Machine,
  state: ForkState,
  ends: Ends,
  order: readonly number[],
): void {
  const all: Ends = { ...state.ends, ...ends };
  const branches = new Set([...Object.keys(state.ends).map(Number), ...order]);
  for (const branch of Object.keys(ends)) branches.add(Number(branch));
  gather(
    machine,
    [...branches].map((branch) => all[branch]!),
  );
}

function concludeAtOnce(machine: Machine, node: ForkNode, total: number, ends: Ends): Move {
  gather(machine, Object.values(ends));
  return conclude(machine, node, total, ends);
}

function conclude(machine: Machine, node: ForkNode, total: number, ends: Ends): Move {
  const outputs: Json[] = [];
  let error: StrandEnd['error'];
  for (let branch = 0; branch < total; branch++) {
    const end = ends[branch];
    if (end === undefined) continue;
    if (end.endsWorkflow) return machine.endWorkflow(end.output ?? null);
    if (end.cancelled) continue;
    if (end.error === undefined) {
      if (node.compete) return { do: 'leave', output: end.output ?? null };
      outputs.push(end.output ?? null);
    } else error ??= end.error;
  }
  if (error !== undefined) return { do: 'raise', error };
  if (outputs.length !== total)
    throw new BrokenInvariant('a fork was joined before its branches ended');
  return { do: 'leave', output: outputs };
}
