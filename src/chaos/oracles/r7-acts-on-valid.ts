/*
 * R7: nothing acts on a record before it is known valid - and so never on one that is void: no call goes
 * out for a schedule that is not in the Log yet, and no event of a record that does not count.
 *
 * P3 judges what calls ask for and how often; here only the order is looked at.
 */
import { eventName, loggedEvents } from './event-reading.ts';
import type { Entry } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';

export const actsOnValid: Oracle = {
  name: 'r7-acts-on-valid',
  promise: 'R7',
  says: 'no call before its record is in the Log and valid, no event of a record that is void',
  check(view, verdict) {
    const { effects, history } = view;
    for (const { calls, scheduled } of effects.values()) {
      const [call] = calls;
      if (call === undefined) continue;
      let first: Entry | undefined;
      for (const { entry } of scheduled)
        if (first === undefined || entry.time < first.time) first = entry;
      verdict.expect(
        // A record's time is in whole milliseconds.
        first !== undefined &&
          first.time <= Math.ceil(call.at) + (history.skewMax > 0 ? history.skewMax : 0),
        () =>
          `${call.name} was called for run ${call.run} at ${call.at}, ${first === undefined ? 'which no valid record schedules' : `before ${first.named} (at ${first.time})`}`,
        { run: call.run },
      );
    }
    if (history.events !== undefined) checkEvents(view, verdict);
  },
};

function checkEvents({ history: { events }, reading }: View, verdict: Verdict): void {
  if (events === undefined) return;
  const logged = loggedEvents(events);
  const valid = new Set<string>();
  const voided = new Map<string, Entry>();
  for (const { entries } of reading.partitions) {
    for (const entry of entries) {
      const { kind } = entry.header;
      if (kind !== 'STEP' && kind !== 'PARK' && kind !== 'END') continue;
      const { body } = entry;
      if (!('emitted' in body) || body.emitted === undefined) continue;
      for (const event of body.emitted) {
        if (entry.valid) valid.add(eventName(event));
        else voided.set(eventName(event), entry);
      }
    }
  }
  for (const [name, entry] of voided) {
    verdict.expect(
      valid.has(name) || !logged.has(name),
      () => `${name} was published, which only ${entry.named} has emitted, and that is void`,
      at(entry),
    );
  }
}
