/*
 * R13: the Store is a fold of the Log. What stands in it is what the valid records up to `applied`
 * say, row for row, and nothing else. What is journalled is there before its activity begins.
 */
import type { ParkedRow, ResultRow } from '../../ports/index.ts';
import { sameJson } from '../same-json.ts';
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
    checkJournal(view, verdict);
  },
};

/** Every transition that is to be journalled is, once, and as its record says. */
function checkJournal({ history, reading }: View, verdict: Verdict): void {
  const { applied, journal } = history.store;
  const firstAsked = new Map<string, number>();
  for (const { at: asked, key } of journal.length === 0 ? [] : history.ledger) {
    firstAsked.set(key, Math.min(asked, firstAsked.get(key) ?? Infinity));
  }
  const rows = Map.groupBy(journal, ({ partition, row }) => `${partition}/${row.identity}`);
  for (const { entries, partition } of reading.partitions) {
    for (const entry of entries) {
      const { header, offset, valid } = entry;
      if (!header.journal || !valid || header.kind === 'CARRY') continue;
      const kept = rows.get(`${partition}/${offset}`) ?? [];
      rows.delete(`${partition}/${offset}`);
      const expected = offset < (applied[partition] ?? 0) ? 1 : 0;
      verdict.expect(
        kept.length === expected,
        () =>
          `the journal has ${kept.length} rows of ${entry.named} (run ${header.run}), and should have ${expected}`,
        at(entry),
      );
      for (const { keptAt, row } of kept) {
        const { body } = entry;
        const key = 'activity' in body ? (body.activity?.key ?? '') : '';
        const asked = firstAsked.get(key);
        // Records that follow for the same effect (retries, a PARK) come after its first call.
        firstAsked.delete(key);
        if (asked !== undefined && keptAt !== undefined) {
          verdict.expect(
            asked >= keptAt,
            () =>
              `the activity of ${entry.named} (run ${header.run}) began before the journal had it`,
            at(entry),
          );
        }
        verdict.expect(
          row.run === header.run && row.strand === header.strand && row.hop === header.hop,
          () => `the journal says of ${entry.named} what its record does not say`,
          at(entry),
        );
      }
    }
  }
  for (const { partition, row } of [...rows.values()].flat()) {
    verdict.violation(`the journal has a row of run ${row.run} where no valid record stands`, {
      run: row.run,
      partition,
      offset: row.identity,
    });
  }
}

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
