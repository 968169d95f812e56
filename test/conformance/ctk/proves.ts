/* Which rows of docs/dsl-coverage.md the scenarios of the conformance kit prove, by their names. */
import type { RowId } from '../../proofs/rows.ts';

export const KIT_PROVES: Readonly<Record<string, readonly RowId[]>> = {
  'branch: Fork Task With Competing Concurrent Sub Tasks': ['fork.compete'],
  'call: Call HTTP Using Basic Authentication': ['auth.basic', 'endpoint.object'],
  'call: Call HTTP With Content Output': ['call.http.content', 'uri-template.names'],
  'call: Call HTTP With Response Output': ['call.http.response'],
  'call: Call OpenAPI With Content Output': ['call.openapi.2', 'call.openapi.parameters'],
  'call: Call OpenAPI With Response Output': ['call.openapi.2', 'call.openapi.output'],
  'data-flow: Input Filtering': ['task.input.from'],
  'data-flow: Output Filtering': ['task.output.as'],
  'data-flow: Use Non-object Output': ['task.next'],
  'do: Task With Sequential Sub Tasks': ['do'],
  'emit: Emit Task': ['emit.output', 'emit.attributes', 'emit.expressions', 'decided.emit-output'],
  'flow: Implicit Sequence Flow': ['then.continue'],
  'flow: Explicit Sequence Flow': ['then.name', 'then.end'],
  'for: For Task': ['for.in', 'for.names', 'for.data'],
  'raise: Raise task with inline error': ['raise.inline', 'raise.instance'],
  'set: Set Task': ['set.object'],
  'switch: Switch task with matching case': ['switch.first'],
  'switch: Switch task with implicit default case': ['switch.none'],
  'switch: Switch task with explicit default case': ['switch.default'],
  'try: Try Handle Caught Error': ['try.filter', 'try.as', 'decided.error-homes'],
  'try: Try Raise Uncaught Error': ['try.uncaught'],
};
