/*
 * R13: the Store is a fold of the Log. What stands in it is what the valid records up to `applied`
 * say, row for row, and nothing else.
 */
import type { ParkedRow, ResultRow } from '../../ports/index.ts';
import { sameJson } from './effects.ts';
import type { Partition } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';

export const storeIsFold: Oracle = {
  name: 'r13-store-is-fold',
  promise: 'R13',
  says: 'the rows of the Store are the fold of the Log up to what it has applied',
  check(view, verdict) {
    const rows = new Map<number, Map<number, ParkedRow>>();
    for (const { partition, row } of view.history.store.parked) {
      let ofPartition = rows.get(partition);
      if (ofPartition === undefined) rows.set(partition, (ofPartition = new Map()));
      ofPartition.set(row.identity, row);
    }
    for (const partition of view.reading.partitions) {
      const applied = view.history.store.applied[partition.partition] ?? 0;
      checkRows(partition, applied, rows.get(partition.partition) ?? new Map(), verdict);
    }
    for (const row of view.history.store.results) checkResult(row, view, verdict);
  },
};

function checkRows(
  { parkings, partition }: Partition,
  applied: number,
  rows: Map<number, ParkedRow>,
  verdict: Verdict,
): void {
  for (const { park, resumedBy } of parkings.values()) {
    const resumedAt = resumedBy?.records[0]?.offset ?? Infinity;
    const expected = park.offset < applied && resumedAt >= applied;
    const row = rows.get(park.offset);
    rows.delete(park.offset);
    verdict.expect(
      expected === (row !== undefined),
      () =>
        expected
          ? `${park.named} (run ${park.header.run}) has no row, though the Store has applied up to ${applied}`
          : `the row of ${park.named} (run ${park.header.run}) stands in the Store, which has applied up to ${applied}`,
      at(park),
    );
    const { body, header } = park;
    if (row === undefined || body.kind !== 'PARK') continue;
    verdict.expect(
      row.run === header.run &&
        row.strand === header.strand &&
        row.hop === header.hop &&
        row.why === body.why &&
        row.due === body.due,
      () => `the row of ${park.named} (run ${header.run}) is not what the record says`,
      at(park),
    );
  }
  for (const row of rows.values()) {
    verdict.violation(
      `the Store has a row of run ${row.run} for ${row.identity}, where partition ${partition} has no valid PARK`,
      { run: row.run, partition, offset: row.identity },
    );
  }
}

function checkResult(row: ResultRow, { reading }: View, verdict: Verdict): void {
  const end = reading.runs.get(row.run)?.ends[0];
  const body = end?.body;
  verdict.expect(
    body?.kind === 'END' &&
      (row.ended === 'completed'
        ? sameJson(row.value, body.end.output ?? null)
        : body.end.error !== undefined || body.end.cancelled === true),
    () => `the Store keeps a result of run ${row.run} that its END does not say`,
    { run: row.run },
  );
}
