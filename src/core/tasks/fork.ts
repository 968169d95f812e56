/*
 * fork: every branch is a strand (joining.ts).
 *
 * Output: an array in declaration order, or the winner's output of a `compete`. What branches export
 * does not leak. A branch that faults faults the fork; `then: end` in a branch ends the workflow.
 */
import type { ForkNode } from '../../dsl/plan/index.ts';
import { BRANCHES_AT_ONCE } from '../../wire/index.ts';
import { beginStrand, inherited } from '../strands.ts';
import { beginStrands, inOrder, type Joining, joining } from './joining.ts';
import type { TaskKind } from './task-kind.ts';

const joins: Joining<ForkNode> = {
  decides(node, end) {
    if (end.endsWorkflow) return true;
    return node.compete ? end.error === undefined : end.error !== undefined;
  },
  begin(machine, node, { activation }, index, input) {
    const scope = machine.scope(node, undefined, input);
    const variables = inherited(node.inherits, (name) => scope.variable(name));
    const undoes = node.settles === true && (node.compete || !node.inSaga);
    const along = { variables, undoes };
    return beginStrand(machine, activation, index, node.branches[index]!, input, along);
  },
  conclude: (machine, node, total, ends, order) =>
    inOrder(joins.decides, machine, node, total, ends, order),
};

export const forkTask: TaskKind<ForkNode> = {
  ...joining(joins),
  enter: (machine, node, input) =>
    beginStrands(joins, machine, node, input, BRANCHES_AT_ONCE, { total: node.branches.length }),
};
