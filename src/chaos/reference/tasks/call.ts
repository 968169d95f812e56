/* call: a function of use.functions is unfolded where it is called; anything else is asked of a service. */
import { parse } from 'yaml';
import type { CallTask, Task } from '../../../dsl/document.ts';
import { functionAddress } from '../../../dsl/resources/uris.ts';
import { anyJson } from '../../../wire/canonical-json.ts';
import type { Json } from '../../../wire/json.ts';
import { field } from '../evaluate.ts';
import { Fault, type Origin } from '../fault.ts';
import { type Active, type Called, earliest, goOn, type Here } from '../here.ts';
import type { Interpreted, Interpreter } from '../interpret.ts';
import { question, type Question } from './asked.ts';

export function call(
  it: Interpreter,
  here: Here,
  active: Active,
  task: CallTask,
  input: Json,
): Json {
  const { pointer } = active;
  const scope = it.scope(here, active, { input });
  const known = functionOf(it.definition, task.call, here.base);
  if (known !== undefined) {
    const { name, base } = known;
    const request = field((task.with ?? null) as Json, input, scope);
    const inside = { ...here, variables: {}, base };
    return it.list(inside, [{ [name]: known.task }], `${pointer}/call`, request);
  }
  return ask(it, here, active, question(it, task, input, scope, here.base));
}

/** Asks a service for something, as a repetition of what a try around it repeats if it is the same. */
export function ask(
  it: Interpreter,
  here: Here,
  active: Active,
  { hidden, name, request }: Question,
): Json {
  const { pointer } = active;
  const { strand } = here;
  const all = anyJson([request, ...hidden]);
  const same = { pointer, request: all, indices: here.indices.join() };
  const around = here.retrying.findLast(
    ({ failed }) =>
      failed?.pointer === pointer &&
      failed.request === same.request &&
      failed.indices === same.indices,
  );
  const before = around?.failed;
  if (around !== undefined) around.failed = undefined;
  const effect = before?.effect ?? { name, request };
  active.effect = effect;
  const attempt = (before?.attempt ?? 0) + 1;
  const origin: Origin = { ...same, attempt, effect };
  const called: Called = { effect, attempt, at: strand.now, outcome: 'none' };
  if (earliest(here) > strand.now) it.does.calls.push(called);
  const asked = { pointer, name, request, attempt, effect };
  const heard = strand.line.call(asked, strand.now, earliest(here));
  goOn(here, heard.at, origin);
  const { answer } = heard;
  if (answer === undefined) throw new TypeError('a call ended without an answer or a deadline');
  called.outcome = 'error' in answer ? 'error' : 'result';
  if ('result' in answer) return answer.result;
  throw new Fault({ instance: pointer, ...answer.error }, origin);
}

/** A function of use.functions, or one in a file that was pinned. */
function functionOf(
  { document, resources }: Interpreted,
  call: string,
  base: string,
): { readonly name: string; readonly task: Task; readonly base: string } | undefined {
  const { use } = document;
  const own = use?.functions ?? {};
  if (Object.hasOwn(own, call)) return { name: call, task: own[call]!, base: '' };
  const address = functionAddress(call, use, base);
  if (address === undefined) return undefined;
  const { uri } = address;
  const name = /^([^:/]+):[^/]/.exec(call)?.[1] ?? 'function';
  return { name, task: parse(resources[uri]!) as Task, base: uri };
}
