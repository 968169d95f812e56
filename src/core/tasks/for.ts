/*
 * for: one item after the other; each iteration's input is the output of the one before. `exit` ends
 * the iteration it stands in, `while` ends the loop.
 */
import { EvaluationFault, type ForNode, type ParallelNode } from '../../dsl/plan/index.ts';
import type { Json } from '../../wire/index.ts';
import { ITEMS_MAX } from '../limits.ts';
import type { Machine, Move } from '../machine.ts';
import { BrokenInvariant } from '../outcome.ts';
import type { TaskKind } from './task-kind.ts';

export const forTask: TaskKind<ForNode> = {
  fresh: { kind: 'for', index: 0, rest: [] },
  enter(machine, node, input, raw) {
    const rest = itemsOf(machine, node, input, raw);
    return iterate(machine, node, { index: 0, rest, passed: 0 }, input);
  },
  done(machine, node, frame, output) {
    if (frame.node.kind !== 'for') throw new BrokenInvariant('not the frame of a loop');
    const { index, rest, passed = 0 } = frame.node;
    return iterate(machine, node, { index: index + 1, rest, passed: passed + 1 }, output);
  },
};

/** What the loop goes through. */
export function itemsOf(
  machine: Machine,
  node: ForNode | ParallelNode,
  input: Json,
  raw: Json,
): readonly Json[] {
  const scope = machine.scope(node, raw, input);
  scope.binds = false;
  const items = node.items(input, scope);
  const pointer = `${node.pointer}/for/in`;
  if (!Array.isArray(items)) {
    const type = items === null ? 'null' : typeof items;
    throw new EvaluationFault('expression', `for.in must give an array, not ${type}`, pointer);
  }
  if (items.length > ITEMS_MAX) {
    throw new EvaluationFault(
      'configuration',
      `for.in gives ${items.length} items; at most ${ITEMS_MAX} are allowed`,
      pointer,
    );
  }
  return items as readonly Json[];
}

/**
 * The loop stands before `rest[passed]`, with `data` as the output so far. What is done is cut off when
 * the step stops, not each time: that would take the square of the items.
 */
function iterate(
  machine: Machine,
  node: ForNode,
  at: { readonly index: number; readonly rest: readonly Json[]; readonly passed: number },
  data: Json,
): Move {
  if (at.passed >= at.rest.length) return { do: 'leave', output: data };
  machine.remember({ kind: 'for', ...at });
  if (node.while !== undefined) {
    const { rawInput, input } = machine.top();
    if (!node.while(data, machine.scope(node, rawInput, input)))
      return { do: 'leave', output: data };
  }
  return machine.into(node.body, data);
}
