/*
 * R21: what is written for newer builds is left to them. Once a partition holds a record that needs a
 * newer reader, no process of an older build carries out what stands behind it.
 *
 * Seen from the services: which runner called, which build it was then, and which record asked for it.
 */
import { READER } from '../../wire/index.ts';
import type { History } from '../history.ts';
import { at, type Oracle } from './oracle.ts';

export const leftToNewer: Oracle = {
  name: 'r21-left-to-newer',
  promise: 'R21',
  says: 'no older build acts behind a record that it cannot read',
  check({ effects, history, reading }, verdict) {
    const barriers = reading.partitions.map(
      ({ entries }) =>
        entries.find(({ header, valid }) => valid && header.minReader > READER)?.offset ?? Infinity,
    );
    if (barriers.every((offset) => offset === Infinity)) return;
    for (const { calls, scheduled } of effects.values()) {
      for (const { activity, entry } of scheduled) {
        if (entry.offset <= barriers[entry.partition]!) continue;
        for (const call of calls) {
          if (call.attempt !== activity.attempt || call.at < entry.landed) continue;
          verdict.expect(
            readerOf(call.runner, call.at, history) > READER,
            () =>
              `${call.runner}, of a build that reads format ${READER}, called ${call.name} at ${call.at} for ${entry.named}, which stands behind record ${barriers[entry.partition]} for newer ones`,
            at(entry),
          );
        }
      }
    }
  },
};

/** What the build of a process could read at a time. */
function readerOf(process: string, time: number, { processes }: History): number {
  let reader = READER;
  for (const one of processes) {
    if (one.at > time) break;
    if (one.process === process && one.reader !== undefined) ({ reader } = one);
  }
  return reader;
}
