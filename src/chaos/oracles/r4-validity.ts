/*
 * R4 and R5, seen in the Log: numbers of a tenure count up without a gap, a number names one record
 * for ever, and every record can be read.
 *
 * A record of the tenure in force whose number is too high means that its writer had two appends in
 * flight, or took an unknown outcome for a known one: the record before it is missing. Other content
 * under a used number is the same mistake, seen from the other side.
 */
import type { History } from '../history.ts';
import type { Entry, Partition } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const numbersWithoutGap: Oracle = {
  name: 'r4-numbers-without-gap',
  promise: 'R4',
  says: 'every record is readable, and the numbers of a tenure in force have no gap',
  check({ history, reading }, verdict) {
    for (const { partition, entries, unreadable } of reading.partitions) {
      const strange = strangersIn(partition, history);
      for (const offset of unreadable) {
        if (strange.has(offset)) continue;
        verdict.violation(`the record at ${offset} of partition ${partition} cannot be read`, {
          partition,
          offset,
        });
      }
      for (const entry of entries) {
        const { header, claimAfter, nAfter } = entry;
        if (header.n === 0 || strange.has(entry.offset)) continue;
        verdict.expect(
          entry.valid || header.tenure !== claimAfter || header.n <= nAfter,
          () =>
            `${entry.named} has number ${header.n} of the tenure in force, whose last valid number is ${nAfter}`,
          at(entry),
        );
      }
    }
  },
};

export const oneNumberOneRecord: Oracle = {
  name: 'r5-one-number-one-record',
  promise: 'R5',
  says: 'a number of a tenure never carries two different contents',
  check({ history, reading }, verdict) {
    for (const partition of reading.partitions) {
      checkContents(partition, strangersIn(partition.partition, history), verdict);
    }
  },
};

/** Offsets of what neither client nor runner has appended. */
function strangersIn(partition: number, { strangers = [] }: History): ReadonlySet<number> {
  return new Set(
    strangers.filter((one) => one.partition === partition).map(({ offset }) => offset),
  );
}

function checkContents(
  { entries }: Partition,
  strange: ReadonlySet<number>,
  verdict: Verdict,
): void {
  const tenures = new Map<number, Map<number, Entry>>();
  for (const entry of entries) {
    const { n, tenure } = entry.header;
    if (strange.has(entry.offset)) continue;
    if (n === 0) continue;
    let numbers = tenures.get(tenure);
    if (numbers === undefined) tenures.set(tenure, (numbers = new Map()));
    const first = numbers.get(n);
    if (first === undefined) {
      numbers.set(n, entry);
      verdict.checked += 1;
      continue;
    }
    verdict.expect(
      sameBytes(first.bytes, entry.bytes),
      () =>
        `number ${n} of tenure ${tenure} stands for two records: ${first.named} and ${entry.named}`,
      at(entry),
    );
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
