/*
 * for with metadata.parallel: every iteration is a strand (joining.ts), `max` of them at once.
 *
 * Each iteration has the loop's input as its own; the output is the array of theirs, in order of the
 * items. Only items that no iteration has taken yet stay in the State. The first error faults the loop
 * and cancels the other iterations; `exit` ends the iteration it stands in.
 */
import type { ParallelNode } from '../../dsl/plan/index.ts';
import { BrokenInvariant } from '../outcome.ts';
import { beginStrand, inherited } from '../strands.ts';
import { itemsOf } from './for.ts';
import { beginStrands, inOrder, type Joining, joining } from './joining.ts';
import type { TaskKind } from './task-kind.ts';

const joins: Joining<ParallelNode> = {
  decides: (_node, end) => end.endsWorkflow === true || end.error !== undefined,
  begin(machine, node, { activation, items, started }, index, input) {
    const item = items?.[index - started];
    if (item === undefined) throw new BrokenInvariant(`a parallel loop has no item ${index}`);
    const scope = machine.scope(node, undefined, input);
    const variables = inherited(node.inherits, (name) =>
      name === node.each ? item : name === node.at ? index : scope.variable(name),
    );
    const undoes = node.settles === true && !node.inSaga;
    return beginStrand(machine, activation, index, node.body, input, { variables, undoes });
  },
  conclude: (machine, node, total, ends, order) =>
    inOrder(joins.decides, machine, node, total, ends, order),
};

export const parallelTask: TaskKind<ParallelNode> = {
  ...joining(joins),
  enter(machine, node, input, raw) {
    const items = itemsOf(machine, node, input, raw);
    return beginStrands(joins, machine, node, input, node.max, { total: items.length, items });
  },
};
