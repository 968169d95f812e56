/*
 * R16: what a strand is given at once it is given in the order of arrival, by the clock of the events log: a loop over
 * events and `until` see that order. Part of the oracle r16-heard-once.
 */
import type { EventPlace } from '../../wire/cloud-event.ts';
import type { EventsHistory } from '../history.ts';
import { hearingsOf, type Listener } from './event-reading.ts';
import { at, type Verdict } from './oracle.ts';

export function checkOrder(
  all: readonly Listener[],
  { logs }: Pick<EventsHistory, 'logs'>,
  verdict: Verdict,
): void {
  const timeAt = ({ offset, partition }: EventPlace): number =>
    logs[partition]?.find((record) => record.offset === offset)?.time ?? Infinity;
  for (const listener of all) {
    const given = hearingsOf(listener).map(({ place }) => ({ ...place, time: timeAt(place) }));
    for (const [nth, one] of given.entries()) {
      const before = given[nth - 1];
      if (before === undefined) continue;
      const { park } = listener;
      verdict.expect(
        before.time < one.time ||
          (before.time === one.time &&
            (before.partition < one.partition ||
              (before.partition === one.partition && before.offset < one.offset))),
        () =>
          `${park.named} (run ${park.header.run}) was given ${before.partition}/${before.offset} of the events log before ${one.partition}/${one.offset}, which came first`,
        at(park),
      );
    }
  }
}
