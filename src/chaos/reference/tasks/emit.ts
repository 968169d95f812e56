/* emit: an event with what its author has left out, which is the output as well. */
import type { EmitTask } from '../../../dsl/document.ts';
import { eventFault } from '../../../wire/cloud-event.ts';
import type { Json } from '../../../wire/json.ts';
import { free, type Scope } from '../evaluate.ts';
import { fault } from '../fault.ts';
import type { Here } from '../here.ts';
import type { Interpreter } from '../interpret.ts';
import type { Made } from '../line.ts';

export function emit(
  it: Interpreter,
  { strand }: Here,
  task: EmitTask,
  input: Json,
  scope: Scope,
): Json {
  const { namespace, name, version } = it.document.document;
  const made: Record<string, Json> = {
    specversion: '1.0',
    source: `/${namespace}/${name}/${version}`,
    time: new Date(strand.now).toISOString(),
  };
  const given = free(task.emit.event.with as Json, input, scope) as Record<string, Json>;
  for (const [attribute, value] of Object.entries(given)) {
    if (value !== null || attribute === 'data') made[attribute] = value;
  }
  const wrong = eventFault({ id: 'x', ...made });
  if (wrong !== undefined) throw fault('validation', wrong, scope.instance);
  const event = strand.line.emit(made as Made, strand.now);
  it.does.emitted.push({ event, at: strand.now });
  return event;
}
