/*
 * R17: a START counts once, and in its time. What is void begins nothing.
 */
import type { StoredRecord } from '../../ports/index.ts';
import { decodeHeader } from '../../wire/codec.ts';
import type { Entry, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const starts: Oracle = {
  name: 'r17-starts',
  promise: 'R17',
  says: 'no unit names a START that is void, and a run without a valid one does nothing',
  check({ history, reading }, verdict) {
    for (const { entries, partition, units } of reading.partitions) {
      const voided = new Map<number, Entry>();
      for (const entry of entries) {
        if (entry.header.kind !== 'START') continue;
        verdict.checked += 1;
        if (!entry.valid) voided.set(entry.offset, entry);
      }
      checkStrangers(units, history.logs[partition] ?? [], verdict);
      if (voided.size === 0) continue;
      for (const { records, targets } of units) {
        for (const target of targets) {
          const start = voided.get(target);
          const head = records[0];
          if (start === undefined || head === undefined) continue;
          verdict.violation(`${head.named} takes up ${start.named}, which is void`, at(head));
        }
      }
    }
    for (const { records, run, start, voidStarts } of reading.runs.values()) {
      // Who asks something of a run that never began is answered: there is none.
      const first = records.find(({ header }) => header.kind !== 'ANSWER');
      if (start !== undefined || voidStarts.length === 0) continue;
      verdict.expect(
        first === undefined,
        () => `run ${run} goes on with ${first?.named}, and every START of it is void`,
        first && at(first),
      );
    }
  },
};

/** Void STARTs of strangers are no entries (index.ts); who takes one up names what was never open. */
function checkStrangers(
  units: readonly Unit[],
  log: readonly StoredRecord[],
  verdict: Verdict,
): void {
  for (const { bad, records } of units) {
    for (const { target, why } of bad) {
      const head = records[0];
      const stored = why === 'unknown' ? log.find(({ offset }) => offset === target) : undefined;
      if (head === undefined || stored === undefined || !isStart(stored)) continue;
      verdict.violation(`${head.named} takes up the START at ${target}, which is void`, at(head));
    }
  }
}

function isStart({ bytes }: StoredRecord): boolean {
  try {
    return decodeHeader(bytes).kind === 'START';
  } catch {
    return false;
  }
}
