/*
 * Reading the events log as any outsider may: which events there are, and what of a run has heard which.
 *
 * Owns: a derivation of what counts as one event, and of who may hear it, from the bytes of both logs,
 * written apart from the runtime's so that the two cannot share a mistake.
 */
import { type CloudEvent, decodeEvent } from '../../wire/cloud-event.ts';
import { CLOCK_SKEW_MAX_MS } from '../../wire/limits.ts';
import type { EventPlace } from '../../wire/cloud-event.ts';
import type { EventsHistory } from '../history.ts';
import { type Entry, type Parking, type Partition, timeOfUuid7, type Unit } from './log-reading.ts';
import { onceFor } from './once-for.ts';

/** All copies of one event. */
export interface LoggedEvent {
  /** source and id */
  readonly name: string;
  readonly event: CloudEvent;
  /** of the copy that came first, ms */
  readonly time: number;
  readonly partition: number;
  readonly places: ReadonlySet<string>;
}

/** A strand that was parked to listen. */
export interface Listener {
  readonly park: Entry;
  readonly resumedBy: Unit | undefined;
  /** events count from then on, ms, and as long as it is before the other */
  readonly since: number;
  readonly due: number;
}

/** An event that a strand has taken. */
export interface Hearing {
  readonly listener: Listener;
  readonly place: EventPlace;
  /** what its next record says that it was */
  readonly told: CloudEvent | undefined;
}

type Logged = ReadonlyMap<string, LoggedEvent>;

/** Every event in the log, by name; records that are none are left out. The same logs are read once. */
export const loggedEvents = onceFor(({ logs }: Pick<EventsHistory, 'logs'>): Logged => {
  const found = new Map<string, LoggedEvent & { readonly places: Set<string> }>();
  for (const [partition, records] of logs.entries()) {
    for (const { bytes, offset, time } of records) {
      let event: CloudEvent | undefined;
      try {
        event = decodeEvent(bytes);
      } catch {
        continue;
      }
      if (event === undefined) continue;
      const name = eventName(event);
      const known = found.get(name);
      const place = `${partition}/${offset}`;
      if (known === undefined) {
        found.set(name, { name, event, time, partition, places: new Set([place]) });
      } else known.places.add(place);
    }
  }
  return found;
});

export function eventName({ id, source }: CloudEvent): string {
  return JSON.stringify([source, id]);
}

/** Who was parked to listen, in Log order. */
export function listeners({ parkings }: Partition): readonly Listener[] {
  return [...parkings.values()].flatMap((parking) => listenerOf(parking) ?? []);
}

function listenerOf({ park, resumedBy }: Parking): Listener | undefined {
  const { body, header } = park;
  if (body.kind !== 'PARK' || body.why !== 'listen') return undefined;
  const { startedAt } = body.state;
  const asked = timeOfUuid7(header.run) ?? startedAt;
  // A clock that is ahead of the broker's is known by a record that is older than it says.
  const ahead = Math.max(0, header.time - park.time);
  const since = Math.min(asked, startedAt) - ahead - CLOCK_SKEW_MAX_MS;
  return { park, resumedBy, since, due: body.due ?? Infinity };
}

/** What a listener was brought back with. */
export function hearingsOf(listener: Listener): readonly Hearing[] {
  const { park, resumedBy } = listener;
  const resume = resumedBy?.records.find(({ header }) => header.kind === 'RESUME');
  const body = resume?.body;
  // Only the strand of the first row has heard anything.
  if (body?.kind !== 'RESUME' || body.rows[0] !== park.offset) return [];
  const next = resumedBy?.records.find(
    ({ header }) => header.kind !== 'RESUME' && header.strand === park.header.strand,
  );
  const cause = next === undefined ? undefined : causeIn(next);
  return (body.events ?? []).map((place, i) => ({
    listener,
    place,
    told: cause?.kind === 'events' ? cause.events[i] : undefined,
  }));
}

/** The cause of a record, where its kind has one. */
export function causeIn({ body }: Entry) {
  return 'cause' in body ? body.cause : undefined;
}

/** Whether two strands stand below different branches of one fork: each may hear the same event. */
export function areBranches(a: string, b: string): boolean {
  const [ours, theirs] = [a.split('/'), b.split('/')];
  for (const [i, part] of ours.entries()) {
    const other = theirs[i];
    if (part === other) continue;
    return other !== undefined && part.split('.')[0] === other.split('.')[0];
  }
  return false;
}
