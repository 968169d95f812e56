/* run: script and run: shell: asked of a service that has the name of the task. */
import type { RunTask } from '../../../dsl/document.ts';
import { expressionOf } from '../../../dsl/expression.ts';
import { processService } from '../../../dsl/plan/index.ts';
import { resolveUri, uriOf } from '../../../dsl/resources/uris.ts';
import type { Json } from '../../../wire/json.ts';
import { free } from '../evaluate.ts';
import type { Active, Here } from '../here.ts';
import type { Interpreter } from '../interpret.ts';
import { hiddenOf, hidesInput, without } from './asked.ts';
import { ask } from './call.ts';

export function runProcess(
  it: Interpreter,
  here: Here,
  active: Active,
  { run }: RunTask,
  input: Json,
): Json {
  const scope = it.scope(here, active, { input });
  const { script, shell, await: waits = true, return: gives = 'stdout' } = run;
  const secret = hidesInput(active.task) ? /^/ : /\$secrets\b/;
  const seen = (value: Json): Json => free(without(value, secret), input, scope);
  const program = (text: string): Json =>
    expressionOf(text, 'free') === undefined ? text : seen(text);
  const request: Record<string, Json> = { return: gives, await: waits };
  for (const key of ['stdin', 'arguments', 'environment'] as const) {
    const value = (script ?? shell)?.[key];
    if (value !== undefined) request[key] = seen(value);
  }
  if (shell !== undefined) request['command'] = program(shell.command);
  if (script !== undefined) {
    const { code = '', language, source } = script;
    request['language'] = language.toLowerCase() === 'javascript' ? 'js' : language.toLowerCase();
    const uri = source && resolveUri(here.base, uriOf(source.endpoint));
    request['code'] = uri === undefined ? program(code) : it.definition.resources[uri]!;
  }
  const name = processService(script === undefined ? 'shell' : 'script', active.name);
  const hidden = hiddenOf(active.task, (script ?? shell) as unknown as Json, secret, input, scope);
  const answer = ask(it, here, active, { name, request, hidden });
  return waits ? answer : input;
}
