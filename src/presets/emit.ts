/*
 * Events from outside the engine: appended to the events log, where runs that listen find them.
 *
 * X1. Acknowledged means durable. What is not known is sent again as it is: copies are told by
 *     (source, id), and count once.
 */
import { systemClock } from '../adapters/system/index.ts';
import { AppendRefused, type Broker } from '../ports/index.ts';
import {
  type CloudEvent,
  encodeEvent,
  EVENT_BYTES_MAX,
  eventFault,
  homeOfEvent,
} from '../wire/index.ts';

const AGAIN_FIRST_MS = 100;
const AGAIN_MAX_MS = 5_000;
const PATIENCE_MS = 60_000;

/** It surely is not in the events log, and trying again as it is cannot help. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

/** Resolves once the event is durable. Rejects with EventRefused, or with what kept it from being known. */
export async function emit(
  events: Broker,
  event: CloudEvent,
  patience = PATIENCE_MS,
): Promise<void> {
  const fault = eventFault(event);
  if (fault !== undefined) throw new EventRefused(fault);
  const bytes = encodeEvent(event, systemClock.now());
  if (bytes.length > EVENT_BYTES_MAX) {
    throw new EventRefused(
      `the event has ${bytes.length} bytes, and at most ${EVENT_BYTES_MAX} are allowed`,
    );
  }
  const home = homeOfEvent(event, events.partitions);
  const until = systemClock.now() + patience;
  for (let delay = AGAIN_FIRST_MS; ; delay = Math.min(2 * delay, AGAIN_MAX_MS)) {
    try {
      await events.append(home, [bytes]);
      return;
    } catch (error) {
      if (error instanceof AppendRefused && !error.retriable) throw new EventRefused(error.message);
      if (systemClock.now() + delay >= until) throw error;
      await new Promise<void>((done) => systemClock.at(systemClock.now() + delay, done));
    }
  }
}
