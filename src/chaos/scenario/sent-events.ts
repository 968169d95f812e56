/*
 * The events that clients send in one world: when, how often, and what they say.
 *
 * Invariant: what is sent for a run follows from its own random numbers alone; who takes another run out
 * of a plan does not change it.
 */
import type { Random } from '../../adapters/sim/index.ts';
import { type CloudEvent, eventFault } from '../../wire/cloud-event.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import type { EventSource, PlannedEvent } from '../subject.ts';
import type { Bounds, SentEvents } from './format.ts';
import { isTrue } from './outcomes.ts';

export function eventSource(sent: SentEvents): EventSource {
  const { after, apart, copies, event, name, of, share, when } = sent;
  return {
    name,
    of,
    plan(random, about) {
      const subject = { ...about } as Json;
      const skipped = random() >= share;
      const first = within(after, random);
      const times = within(copies, random);
      const delays = Array.from({ length: times }, (_, i) => (i === 0 ? 0 : within(apart, random)));
      if (skipped || (when !== undefined && !isTrue(when.evaluate(subject)))) return [];
      const whole = complete(event.evaluate(subject), name, about.index);
      let at = first;
      return delays.map((delay): PlannedEvent => ({ at: (at += delay), event: whole }));
    },
  };
}

function complete(given: Json, name: string, index: number): CloudEvent {
  const defaults = { specversion: '1.0', id: `${name}-${index}`, source: 'urn:client' };
  const attributes = typeof given === 'object' && given !== null ? (given as JsonObject) : {};
  const event: Json = { ...defaults, ...attributes };
  const fault = eventFault(event);
  if (fault !== undefined) throw new Error(`the event ${name} of the scenario is none: ${fault}`);
  return event as CloudEvent;
}

function within({ from, to }: Bounds, random: Random): number {
  return from + Math.floor(random() * (to - from + 1));
}
