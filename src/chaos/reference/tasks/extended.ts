/*
 * Extensions nest around a task, the first one outermost; an exit from `before` is in place of all that is
 * inside.
 */
import { taskKind, type TaskList } from '../../../dsl/document.ts';
import { type Json, pointerStep } from '../../../wire/json.ts';
import { isTrue } from '../evaluate.ts';
import { type Active, type Done, type Here, instant } from '../here.ts';
import type { Interpreter } from '../interpret.ts';

/** `act` performs the task, or takes what is given for what it would have put out. */
export function extended(
  it: Interpreter,
  here: Here,
  active: Active,
  act: (instead?: { output: Json }) => Done,
): Done {
  const all = here.extending ? [] : (it.document.use?.extensions ?? []);
  if (all.length === 0) return act();
  const { name, pointer, raw, startedAt, task } = active;
  const kind = taskKind(task);
  const definition = task as unknown as Record<string, Json>;
  const seeing = (output: Json): Here => {
    const known = { name, reference: pointer, input: raw, output, startedAt: instant(startedAt) };
    return {
      ...here,
      extending: true,
      base: '',
      variables: { task: { ...definition, ...known, definition } },
    };
  };
  const run = (of: string, which: 'before' | 'after', tasks: TaskList, data: Json): Done => {
    const item = pointer.slice(0, pointer.lastIndexOf('/'));
    const inside = seeing(which === 'before' ? null : data);
    return it.sequence(inside, tasks, `${item}/extensions/${pointerStep(of)}/${which}`, data);
  };
  const seen = it.scope(seeing(null), active);
  const applied = all
    .map((item) => Object.entries(item)[0]!)
    .filter(([, { extend, when }]) => {
      const composite = kind === 'do' || kind === 'fork';
      const meant = extend === 'all' || (extend === 'composite' ? composite : extend === kind);
      return meant && (when === undefined || isTrue(when, raw, seen));
    });
  const nest = (index: number): Done => {
    if (index === applied.length) return act();
    const [of, { before = [], after = [] }] = applied[index]!;
    const { output, then } = run(of, 'before', before, raw);
    if (then === 'exit') return act({ output });
    const done = nest(index + 1);
    run(of, 'after', after, done.output);
    return done;
  };
  return nest(0);
}
