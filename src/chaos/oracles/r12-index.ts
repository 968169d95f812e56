/*
 * R12, and the last row of the write budget: the index of runs is a projection of the Log. Up to where
 * it says that it has read there is one row for each run that was started, it names what is open and
 * parked of it, or how it has ended; and at rest it has read everything.
 *
 * It is asked only of worlds whose runners keep an index.
 */
import type { RunRow } from '../../ports/index.ts';
import type { RecordKind } from '../../wire/index.ts';
import { sameJson } from '../same-json.ts';
import type { Entry, Partition } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const indexIsProjection: Oracle = {
  name: 'r12-index',
  promise: 'R12',
  says: 'the index of runs says what the Log says, up to where it has read, and comes after it',
  check({ history, reading }, verdict) {
    const { index } = history;
    if (index === undefined) return;
    // A clock that has stepped back delays what goes by it, and nothing waits for an index.
    const rested = history.quiescent && history.skewMax === 0;
    const rows = new Map(index.rows.map((row) => [row.run, row]));
    for (const partition of reading.partitions) {
      const position = index.positions[partition.partition];
      const upTo = position?.offset ?? 0;
      const before = partition.entries.filter(({ offset }) => offset < upTo);
      const last = before.at(-1);
      verdict.expect(
        position === undefined ||
          (position.tenure === last?.claimAfter && position.n === last.nAfter),
        () => `the index of partition ${partition.partition} stands at ${upTo} with another tenure`,
      );
      const behind = partition.entries.find(
        ({ offset, header }) => offset >= upTo && header.run !== '',
      );
      verdict.expect(
        !rested || behind === undefined,
        () =>
          `the index of partition ${partition.partition} rests at ${upTo}, before ${behind?.named}`,
      );
      for (const [run, entries] of Map.groupBy(before, ({ header }) => header.run)) {
        checkRun(partition, upTo, run, entries, rows.get(run), verdict);
        rows.delete(run);
      }
    }
    for (const { run } of rows.values()) {
      verdict.violation(`the index has a row of run ${run}, of which the Log knows nothing`, {
        run,
      });
    }
  },
};

const MOVES: ReadonlySet<RecordKind> = new Set([
  ...(['START', 'STEP', 'PARK', 'RESUME', 'CANCELLING', 'END', 'CARRY'] as const),
]);

function checkRun(
  partition: Partition,
  upTo: number,
  run: string,
  entries: readonly Entry[],
  row: RunRow | undefined,
  verdict: Verdict,
): void {
  const moves = entries.filter(({ valid, header }) => valid && MOVES.has(header.kind));
  const end = moves.findIndex(({ header }) => header.kind === 'END' && header.strand === '');
  const last = end < 0 ? moves.at(-1) : moves[end];
  if (last === undefined) {
    if (run === '') return;
    verdict.expect(
      row === undefined,
      () => `the index has a row of run ${run}, whose START is void`,
      {
        run,
      },
    );
    return;
  }
  verdict.expect(
    row?.last === last.offset,
    () => `the index knows run ${run} up to ${row?.last}; ${last.named} is the last of it`,
    at(last),
  );
  if (row === undefined || row.last !== last.offset) return;
  if (end >= 0) checkEnded(row, last, verdict);
  else checkAlive(partition, upTo, run, row, last, verdict);
}

function checkEnded(row: RunRow, last: Entry, verdict: Verdict): void {
  const { body } = last;
  if (body.kind !== 'END') return;
  const { error, output, cancelled } = body.end;
  const status = cancelled ? 'cancelled' : error === undefined ? 'completed' : 'faulted';
  verdict.expect(
    row.status === status &&
      row.endedAt === last.time &&
      row.detail === undefined &&
      (row.value === undefined ||
        sameJson(row.value, error === undefined ? (output ?? null) : { ...error })),
    () => `the index has run ${row.run} as ${row.status}; ${last.named} says ${status}`,
    at(last),
  );
}

function checkAlive(
  { openables, parkings }: Partition,
  upTo: number,
  run: string,
  row: RunRow,
  last: Entry,
  verdict: Verdict,
): void {
  const after = (offset: number | undefined): boolean => offset === undefined || offset >= upTo;
  const open = [...openables]
    .filter(([, { first, resolvedBy }]) => {
      if (first.header.run !== run || first.offset >= upTo) return false;
      return first.header.kind !== 'CONTROL' && after(resolvedBy?.records[0]?.offset);
    })
    .map(([identity]) => identity);
  const parked = [...parkings]
    .filter(
      ([, { park, resumedBy }]) =>
        park.header.run === run && park.offset < upTo && after(resumedBy?.records[0]?.offset),
    )
    .map(([identity]) => identity);
  const detail = row.detail as unknown as Record<'open' | 'parked', readonly (readonly [number])[]>;
  const has = (list: readonly (readonly [number])[]): string =>
    list
      .map(([identity]) => identity)
      .toSorted((a, b) => a - b)
      .join(' ');
  const wants = (list: readonly number[]): string => list.toSorted((a, b) => a - b).join(' ');
  verdict.expect(
    has(detail.open) === wants(open) && has(detail.parked) === wants(parked),
    () =>
      `the index has ${has(detail.open)} of run ${run} open and ${has(detail.parked)} parked; the Log has ${wants(open)} and ${wants(parked)}`,
    at(last),
  );
  const ended = row.endedAt !== undefined || row.value !== undefined;
  verdict.expect(!ended, () => `the index has run ${run} as ended, which goes on`, at(last));
}
