/*
 * R12, R14, R15: the Log has no gap (nothing trims yet); at rest the Store is not behind any mark; and a
 * parked strand moves again only in a unit that resumes its row, whoever thought that it was time.
 */
import type { Entry, Partition, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const logWhole: Oracle = {
  name: 'r12-log-whole',
  promise: 'R12',
  says: 'offsets of a partition have no gap',
  check({ history }, verdict) {
    for (const [partition, log] of history.logs.entries()) {
      let last: number | undefined;
      for (const { offset } of log) {
        verdict.checked += 1;
        if (last !== undefined && offset !== last + 1)
          verdict.violation(`after ${last} of partition ${partition} comes ${offset}`, {
            partition,
            offset,
          });
        last = offset;
      }
    }
  },
};

export const storeNotBehind: Oracle = {
  name: 'r14-store-not-behind',
  promise: 'R14',
  says: 'at rest the Store has applied what lies below every mark, whatever it has lost meanwhile',
  check({ history, reading }, verdict) {
    if (!history.quiescent) return;
    for (const { entries, partition } of reading.partitions) {
      const applied = history.store.applied[partition] ?? 0;
      for (const entry of entries) {
        const { kind } = entry.header;
        if (!entry.valid || (kind !== 'MARK' && kind !== 'CLAIM')) continue;
        const { body } = entry;
        if (body.kind !== 'MARK' && body.kind !== 'CLAIM') continue;
        verdict.expect(
          body.mark.offset <= applied,
          () =>
            `${entry.named} has its mark at ${body.mark.offset}, and the Store has applied up to ${applied}`,
          at(entry),
        );
      }
    }
  },
};

export const oneResolver: Oracle = {
  name: 'r15-one-resolver',
  promise: 'R15',
  says: 'a parked strand moves again only in a unit that resumes its row',
  check({ reading }, verdict) {
    for (const partition of reading.partitions) {
      const parked = new Map<string, Entry>();
      for (const unit of partition.units) checkUnit(unit, partition, parked, verdict);
    }
  },
};

function checkUnit(
  unit: Unit,
  { parkings }: Partition,
  parked: Map<string, Entry>,
  verdict: Verdict,
): void {
  for (const entry of unit.records) {
    const { kind, run, strand } = entry.header;
    if (kind !== 'STEP' && kind !== 'PARK' && kind !== 'END' && kind !== 'CANCELLING') continue;
    const name = `${run} ${strand}`;
    const row = parked.get(name);
    if (row !== undefined) {
      verdict.expect(
        parkings.get(row.offset)?.resumedBy === unit,
        () =>
          `${entry.named} moves strand "${strand}" of run ${run}, which is parked by ${row.named}`,
        at(entry),
      );
    }
    if (kind === 'PARK') parked.set(name, entry);
    else parked.delete(name);
  }
}
