/*
 * fork: every branch is a strand (joining.ts).
 *
 * Output: an array in declaration order, or the winner's output of a `compete`. What branches export
 * does not leak. A branch that faults faults the fork; `then: end` in a branch ends the workflow.
 */
import type { ForkNode } from '../../dsl/plan/index.ts';
import { BRANCHES_AT_ONCE } from '../../wire/index.ts';
import type { Machine, Move } from '../machine.ts';
import { beginStrand, inherited } from '../strands.ts';
import { beginStrands, type Ends, inOrder, type Joining, joining } from './joining.ts';
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
  conclude: (machine, node, total, ends) =>
    (node.compete ? wonBy(machine, total, ends) : undefined) ?? inOrder(machine, total, ends),
};

export const forkTask: TaskKind<ForkNode> = {
  ...joining(joins),
  enter: (machine, node, input) =>
    beginStrands(joins, machine, node, input, BRANCHES_AT_ONCE, { total: node.branches.length }),
};

/** The first branch that has an output, or has ended the workflow. */
function wonBy(machine: Machine, total: number, ends: Ends): Move | undefined {
  for (let branch = 0; branch < total; branch++) {
    const end = ends[branch];
    if (end?.endsWorkflow) return machine.endWorkflow(end.output ?? null);
    if (end !== undefined && end.error === undefined && !end.cancelled) {
      return { do: 'leave', output: end.output ?? null };
    }
  }
  return undefined;
}
