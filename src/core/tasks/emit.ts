/*
 * emit: makes an event, whole, and goes on; it costs no record. The record of the hop carries it, and it
 * is published once that is known valid. Who steps again after a crash makes the same event, id included.
 *
 * Output = the event.
 */
import { EvaluationFault, type EmitNode } from '../../dsl/plan/index.ts';
import {
  type CloudEvent,
  EVENT_BYTES_MAX,
  eventFault,
  eventIdOf,
  isoInstant,
  type Json,
} from '../../wire/index.ts';
import type { Machine } from '../machine.ts';
import type { TaskKind } from './task-kind.ts';

export const emitTask: TaskKind<EmitNode> = {
  fresh: { kind: 'root' },
  enter(machine, node, input, raw) {
    // What a retry will emit is emitted when its time has come.
    if (machine.looksAhead) return { do: 'stop', next: { kind: 'continue' } };
    const given = node.attributes(input, machine.scope(node, raw, input));
    const event = complete(machine, given as { readonly [attribute: string]: Json });
    const fault = eventFault(event) ?? tooLarge(event);
    if (fault !== undefined) {
      throw new EvaluationFault(
        'validation',
        `this is no CloudEvent: ${fault}`,
        `${node.pointer}/emit/event/with`,
      );
    }
    machine.events.push(event as CloudEvent);
    return { do: 'leave', output: event };
  },
};

/** What the author left out; an attribute that turned out null is left out, too. */
function complete(
  machine: Machine,
  given: { readonly [attribute: string]: Json },
): { readonly [attribute: string]: Json } {
  const { namespace, name, version } = machine.plan.definition;
  const { run, strand } = machine.id;
  const attributes = Object.fromEntries(
    Object.entries(given).filter(([attribute, value]) => value !== null || attribute === 'data'),
  );
  return {
    specversion: '1.0',
    id: eventIdOf(run, strand, ++machine.activation),
    source: `/${namespace}/${name}/${version}`,
    time: isoInstant(machine.now),
    ...attributes,
  };
}

/** Counted in characters first: an event is seldom large. */
function tooLarge(event: Json): string | undefined {
  const text = JSON.stringify(event);
  if (3 * text.length <= EVENT_BYTES_MAX) return undefined;
  const bytes = Buffer.byteLength(text);
  if (bytes <= EVENT_BYTES_MAX) return undefined;
  return `it has ${bytes} bytes, and an event may have ${EVENT_BYTES_MAX}`;
}
