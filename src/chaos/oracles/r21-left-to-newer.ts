/*
 * R21: what is written for newer builds is left to them. A process of an older build that begins to read
 * at or before a record that needs a newer reader carries out nothing that stands behind it, and brings
 * back no row of such a record. What is below the mark that it begins with is over, and so is a row that
 * a newer build has brought back, in records that all can read.
 *
 * Seen from the services: which runner called, which build it was then, and which record asked for it. And
 * from the broker: which build has written in a tenure that began before such a record, and who has brought
 * back what.
 */
import { READER } from '../../wire/index.ts';
import type { History } from '../history.ts';
import type { Entry, Partition } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const leftToNewer: Oracle = {
  name: 'r21-left-to-newer',
  promise: 'R21',
  says: 'no older build acts behind a record that it cannot read',
  check({ effects, history, reading }, verdict) {
    const barriers = reading.partitions.map(barriersOf);
    if (barriers.every(({ newer }) => newer.length === 0)) return;
    for (const [index, partition] of reading.partitions.entries()) {
      checkWriters(partition, barriers[index]!, verdict);
      checkRows(partition, verdict);
    }
    for (const { calls, scheduled } of effects.values()) {
      for (const { activity, entry } of scheduled) {
        for (const call of calls) {
          if (call.attempt !== activity.attempt || call.at < entry.landed) continue;
          const barrier = barrierOf(entry, call.at, barriers[entry.partition]!);
          if (barrier === undefined) continue;
          verdict.expect(
            (call.reader ?? readerOf(call.runner, call.at, history)) > READER,
            () =>
              `${call.runner}, of a build that reads format ${READER}, called ${call.name} at ${call.at} for ${entry.named}, which comes after record ${barrier} for newer ones`,
            at(entry),
          );
        }
      }
    }
  },
};

/** Whose tenure begins to read before a record for newer ones writes nothing that counts, but that it leaves. */
function checkWriters({ entries }: Partition, barriers: Barriers, verdict: Verdict): void {
  const { newer, tenures } = barriers;
  const read = new Map<number, number>();
  for (const { mark, offset } of tenures) {
    const first = newer.find((one) => one >= mark);
    if (first !== undefined && first < offset) read.set(offset, first);
  }
  for (const entry of read.size === 0 ? [] : entries) {
    const { header, reader, valid } = entry;
    if (!valid || header.n === 0 || reader === undefined || header.kind === 'CLOSE') continue;
    const barrier = read.get(header.tenure);
    if (barrier === undefined) continue;
    verdict.expect(
      reader > READER,
      () =>
        `${entry.named} was written by a build that reads format ${reader}, in a tenure that read record ${barrier} for newer ones`,
      at(entry),
    );
  }
}

/** Who goes on with what is parked has read it. */
function checkRows({ parkings }: Partition, verdict: Verdict): void {
  for (const { park, resumedBy } of parkings.values()) {
    if (!isNewer(park)) continue;
    const { run, strand } = park.header;
    for (const entry of resumedBy?.records ?? []) {
      const { header, reader } = entry;
      if (header.kind === 'RESUME' || header.run !== run || header.strand !== strand) continue;
      verdict.expect(
        reader === undefined || reader > READER,
        () =>
          `${entry.named} was written by a build that reads format ${reader}, of a row whose ${park.named} is for newer ones`,
        at(entry),
      );
    }
  }
}

function isNewer({ header, valid }: Entry): boolean {
  return valid && header.minReader > READER;
}

interface Barriers {
  /** offsets of records for newer readers */
  readonly newer: readonly number[];
  /** when each tenure began, in order, and where it began to read */
  readonly tenures: readonly {
    readonly at: number;
    readonly offset: number;
    readonly mark: number;
  }[];
  /** what was resumed from a row of such a record, by offset: the record, and who resumed it */
  readonly resumed: ReadonlyMap<number, { readonly row: number; readonly tenure: number }>;
}

function barriersOf({ claims, entries, parkings }: Partition): Barriers {
  const newer = entries.filter(isNewer).map(({ offset }) => offset);
  const resumed = new Map<number, { row: number; tenure: number }>();
  for (const { park, resumedBy } of newer.length === 0 ? [] : parkings.values()) {
    if (!isNewer(park)) continue;
    for (const { header, offset } of resumedBy?.records ?? []) {
      resumed.set(offset, { row: park.offset, tenure: header.tenure });
    }
  }
  const tenures = (newer.length === 0 ? [] : claims).map(({ body, landed, offset }) => ({
    at: landed,
    offset,
    mark: body.kind === 'CLAIM' ? body.mark.offset : 0,
  }));
  return { newer, tenures, resumed };
}

/** The record that should have kept an older build from carrying this one out at that time. */
function barrierOf({ offset }: Entry, time: number, barriers: Barriers): number | undefined {
  const { newer, resumed, tenures } = barriers;
  const tenure = tenures.findLast(({ at: begun }) => begun <= time);
  const behind = newer.find((one) => one >= (tenure?.mark ?? 0) && one < offset);
  if (behind !== undefined) return behind;
  const back = resumed.get(offset);
  // Whoever calls now has resumed it itself.
  return back?.tenure === tenure?.offset ? back?.row : undefined;
}

/** What the build of a process could read at a time. */
function readerOf(process: string, time: number, { processes }: History): number {
  let reader = READER;
  for (const one of processes) {
    if (one.at > time) break;
    if (one.process === process && one.reader !== undefined) ({ reader } = one);
  }
  return reader;
}
