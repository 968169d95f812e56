/*
 * R17: a START counts once, and in its time. What is void begins nothing.
 */
import type { Entry } from './log-reading.ts';
import { at, type Oracle } from './oracle.ts';

export const starts: Oracle = {
  name: 'r17-starts',
  promise: 'R17',
  says: 'no unit names a START that is void, and a run without a valid one does nothing',
  check({ reading }, verdict) {
    for (const { entries, units } of reading.partitions) {
      const voided = new Map<number, Entry>();
      for (const entry of entries) {
        if (entry.header.kind !== 'START') continue;
        verdict.checked += 1;
        if (!entry.valid) voided.set(entry.offset, entry);
      }
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
