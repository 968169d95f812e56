/*
 * P1, R19: an event whose sending was acknowledged is in the events log as it was sent; so is, at rest,
 * whatever a run has emitted.
 */
import { canonicalJson } from '../../wire/canonical-json.ts';
import type { CloudEvent } from '../../wire/cloud-event.ts';
import { eventName, loggedEvents } from './event-reading.ts';
import { at, type Oracle } from './oracle.ts';

export const eventNeverLost: Oracle = {
  name: 'p1-event-never-lost',
  promise: 'P1',
  says: 'every event that was acknowledged or emitted is in the events log as it was',
  check({ history, reading }, verdict) {
    const { events } = history;
    if (events === undefined) return;
    const logged = loggedEvents(events);
    const isThere = (event: CloudEvent): boolean => {
      const found = logged.get(eventName(event))?.event;
      return found !== undefined && canonicalJson(found) === canonicalJson(event);
    };
    for (const { event, outcome } of events.sent) {
      if (outcome !== 'acknowledged') continue;
      verdict.expect(
        isThere(event),
        () => `the event ${eventName(event)} was acknowledged, and is not in the events log`,
      );
    }
    if (!history.quiescent) return;
    for (const { entries } of reading.partitions) {
      for (const entry of entries) {
        if (!entry.valid) continue;
        const { body } = entry;
        if (!('emitted' in body) || body.emitted === undefined) continue;
        for (const event of body.emitted) {
          verdict.expect(
            isThere(event),
            () =>
              `run ${entry.header.run} has emitted ${eventName(event)} (${entry.named}), which is not in the events log`,
            at(entry),
          );
        }
      }
    }
  },
};
