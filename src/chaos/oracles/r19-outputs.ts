/*
 * R19: what a run emits is published in the order of its hops, at least once, and every copy is the same.
 * That nothing is missing is for p1-event-never-lost, that nothing void gets out for r7-acts-on-valid.
 */
import type { CloudEvent } from '../../wire/cloud-event.ts';
import { eventName, type LoggedEvent, loggedEvents } from './event-reading.ts';
import { sameJson } from '../same-json.ts';
import { at, type Oracle } from './oracle.ts';

export const outputs: Oracle = {
  name: 'r19-outputs',
  promise: 'R19',
  says: 'events of a run are published in its order, and a repetition changes nothing',
  check({ history, reading }, verdict) {
    const { events } = history;
    if (events === undefined) return;
    const logged = loggedEvents(events);
    const last = new Map<string, LoggedEvent>();
    for (const { units } of reading.partitions) {
      for (const { records } of units) {
        for (const entry of records) {
          for (const event of emittedBy(entry.body)) {
            const told = logged.get(eventName(event));
            if (told === undefined) continue;
            verdict.expect(
              sameJson(told.event, event),
              () =>
                `${entry.named} has emitted ${eventName(event)}, and something else was published`,
              at(entry),
            );
            // Partitions of the events log have no order between them.
            const of = `${entry.header.run} ${told.partition}`;
            const before = last.get(of);
            verdict.expect(
              before === undefined || firstPlace(before) < firstPlace(told),
              () =>
                `${eventName(event)} of run ${entry.header.run} was published before ${before?.name}`,
              at(entry),
            );
            last.set(of, told);
          }
        }
      }
    }
  },
};

function emittedBy(body: object): readonly CloudEvent[] {
  return 'emitted' in body ? ((body.emitted as readonly CloudEvent[] | undefined) ?? []) : [];
}

function firstPlace({ places }: LoggedEvent): number {
  return Math.min(...[...places].map((place) => Number(place.split('/')[1])));
}
