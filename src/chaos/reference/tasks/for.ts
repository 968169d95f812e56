/* for: turn by turn, the output of one is the input of the next; or all turns for themselves. */
import type { ForTask } from '../../../dsl/document.ts';
import type { Json } from '../../../wire/json.ts';
import { field, isTrue } from '../evaluate.ts';
import { fault } from '../fault.ts';
import type { Active, Here } from '../here.ts';
import type { Interpreter } from '../interpret.ts';
import { branch, mayUndo, runStrands, settle } from './strands.ts';

export function loop(
  it: Interpreter,
  here: Here,
  active: Active,
  task: ForTask,
  input: Json,
): Json {
  const { each = 'item', at = 'index' } = task.for;
  let data = input;
  for (const [index, item] of itemsOf(it, here, active, task, input).entries()) {
    const variables = { ...here.variables, [each]: item, [at]: index };
    const turn = { ...here, variables, indices: [...here.indices, index] };
    const seen = it.scope(turn, active, { input });
    if (task.while !== undefined && !isTrue(task.while, data, seen)) break;
    data = it.list(turn, task.do, `${active.pointer}/do`, data);
  }
  return data;
}

export function parallelLoop(
  it: Interpreter,
  here: Here,
  active: Active,
  task: ForTask,
  max: number,
  input: Json,
): Json {
  const { each = 'item', at = 'index' } = task.for;
  const items = itemsOf(it, here, active, task, input);
  const ends = runStrands(it, here, {
    total: items.length,
    atOnce: max,
    waits: mayUndo(it, task.do as unknown as Json),
    decides: ({ endsWorkflow, error }) => endsWorkflow === true || error !== undefined,
    act(index, strand) {
      const variables = { ...here.variables, [each]: items[index]!, [at]: index };
      return branch(here, variables, strand, (inside) =>
        it.list(inside, task.do, `${active.pointer}/do`, input),
      );
    },
  });
  return settle(ends, false);
}

function itemsOf(
  it: Interpreter,
  here: Here,
  active: Active,
  task: ForTask,
  input: Json,
): readonly Json[] {
  const items = field(task.for.in as Json, input, it.scope(here, active, { input }));
  if (!Array.isArray(items)) throw fault('expression', 'for.in gives no array', active.pointer);
  return items as readonly Json[];
}
