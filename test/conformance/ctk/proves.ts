/* Which rows of docs/dsl-coverage.md the scenarios of the conformance kit prove, by their names. */
import type { RowId } from '../../proofs/rows.ts';

export const KIT_PROVES: Readonly<Record<string, readonly RowId[]>> = {
  'branch: Fork Task With Competing Concurrent Sub Tasks': ['fork.compete'],
  'data-flow: Input Filtering': ['task.input.from'],
  'do: Task With Sequential Sub Tasks': ['do'],
  'flow: Implicit Sequence Flow': ['then.continue'],
  'flow: Explicit Sequence Flow': ['then.name', 'then.end'],
  'for: For Task': ['for.in', 'for.names', 'for.data'],
  'raise: Raise task with inline error': ['raise.inline', 'raise.instance'],
  'set: Set Task': ['set.object'],
  'switch: Switch task with matching case': ['switch.first'],
  'switch: Switch task with implicit default case': ['switch.none'],
  'switch: Switch task with explicit default case': ['switch.default'],
};
