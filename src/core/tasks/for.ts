/*
 * for: one item after the other; each iteration's input is the output of the one before. `exit` ends
 * the iteration it stands in, `while` ends the loop.
 */
import { EvaluationFault, type ForNode } from '../../dsl/plan/index.ts';
import type { Json } from '../../wire/index.ts';
import { ITEMS_MAX } from '../limits.ts';
import type { Machine, Move } from '../machine.ts';
import { BrokenInvariant } from '../outcome.ts';
import type { TaskKind } from './task-kind.ts';

export const forTask: TaskKind<ForNode> = {
  fresh: { kind: 'for', index: 0, rest: [] },
  enter(machine, node, input, raw) {
    const scope = machine.scope(node, raw, input);
    scope.binds = false;
    const items = node.items(input, scope);
    if (!Array.isArray(items)) {
      throw new EvaluationFault(
        'expression',
        `for.in must give an array, not ${items === null ? 'null' : typeof items}`,
        `${node.pointer}/for/in`,
      );
    }
    if (items.length > ITEMS_MAX) {
      throw new EvaluationFault(
        'configuration',
        `for.in gives ${items.length} items; at most ${ITEMS_MAX} are allowed`,
        `${node.pointer}/for/in`,
      );
    }
    return iterate(machine, node, 0, items as readonly Json[], input);
  },
  done(machine, node, frame, output) {
    if (frame.node.kind !== 'for') throw new BrokenInvariant('not the frame of a loop');
    return iterate(machine, node, frame.node.index + 1, frame.node.rest.slice(1), output);
  },
};

/** The loop stands before `rest[0]`, with `data` as the output so far. */
function iterate(
  machine: Machine,
  node: ForNode,
  index: number,
  rest: readonly Json[],
  data: Json,
): Move {
  if (rest.length === 0) return { do: 'leave', output: data };
  machine.remember({ kind: 'for', index, rest });
  if (node.while !== undefined) {
    const { rawInput, input } = machine.top();
    if (!node.while(data, machine.scope(node, rawInput, input)))
      return { do: 'leave', output: data };
  }
  return machine.into(node.body, data);
}
