/* for: turn by turn, the output of one is the input of the next. */
import type { ForTask } from '../../../dsl/document.ts';
import type { Json } from '../../../wire/json.ts';
import { field, isTrue } from '../evaluate.ts';
import { fault } from '../fault.ts';
import type { Active, Here } from '../here.ts';
import type { Interpreter } from '../interpret.ts';

export function loop(
  it: Interpreter,
  here: Here,
  active: Active,
  task: ForTask,
  input: Json,
): Json {
  const { each = 'item', at = 'index' } = task.for;
  const scope = it.scope(here, active, { input });
  const items = field(task.for.in as Json, input, scope);
  if (!Array.isArray(items)) throw fault('expression', 'for.in gives no array', active.pointer);
  let data = input;
  for (const [index, item] of (items as Json[]).entries()) {
    const variables = { ...here.variables, [each]: item, [at]: index };
    const turn = { ...here, variables, indices: [...here.indices, index] };
    const seen = it.scope(turn, active, { input });
    if (task.while !== undefined && !isTrue(task.while, data, seen)) break;
    data = it.list(turn, task.do, `${active.pointer}/do`, data);
  }
  return data;
}
