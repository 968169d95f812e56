/* fork: branches at the same time; all of them count, or the first that succeeds. */
import { type ForkTask, taskEntry } from '../../../dsl/document.ts';
import { type Json, pointerStep } from '../../../wire/json.ts';
import { Ended, type Here } from '../here.ts';
import type { Interpreter } from '../interpret.ts';
import { sagaScope } from '../saga.ts';
import { branch, mayUndo, runStrands, settle } from './strands.ts';

export function fork(
  it: Interpreter,
  here: Here,
  { fork }: ForkTask,
  pointer: string,
  input: Json,
): Json {
  const { branches, compete = false } = fork;
  const ends = runStrands(it, here, {
    total: branches.length,
    atOnce: 256,
    waits: mayUndo(it, branches as unknown as Json, compete),
    races: compete,
    decides: ({ endsWorkflow, error }) =>
      endsWorkflow === true || (error === undefined) === compete,
    act(index, strand) {
      const [name, task] = taskEntry(branches[index]!);
      const at = `${pointer}/fork/branches/${index}/${pointerStep(name)}`;
      // A branch that fails in a race is no reason for the others to undo anything: it does so itself.
      return branch(here, here.variables, strand, (inside) =>
        sagaScope(it, inside, compete && inside.saga, (own) => {
          const { output, then } = it.task(own, name, task, at, input);
          if (then === 'end') throw new Ended(output);
          return output;
        }),
      );
    },
  });
  return settle(ends, compete);
}
