/*
 * P1 for runs that another run begins: each is begun exactly once, in the very unit of the hop that
 * begins it, and lives where its starter lives (PROTOCOL.md R1). Whether the right ones were begun is
 * for the differential oracle.
 */
import { homeOf } from '../../wire/hash.ts';
import { causeOf } from './effects.ts';
import type { Entry, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const begunOnce: Oracle = {
  name: 'p1-begun-once',
  promise: 'P1',
  says: 'a run that another one begins is begun once, in the unit of the hop that begins it',
  check({ history, reading }, verdict) {
    const strangers = new Set((history.strangers ?? []).map(({ run }) => run));
    const begun = new Map<string, Entry>();
    const moved = new Set<string>();
    for (const { units } of reading.partitions) {
      for (const unit of units) {
        for (const entry of unit.records) {
          checkFirst(entry, unit, reading.partitions.length, begun, verdict);
          if (strangers.has(entry.header.run)) continue;
          checkBegun(entry, unit, moved, reading.runs.get(entry.header.run)?.start, verdict);
        }
      }
    }
  },
};

function checkFirst(
  entry: Entry,
  { records }: Unit,
  partitions: number,
  begun: Map<string, Entry>,
  verdict: Verdict,
): void {
  const cause = causeOf(entry.body);
  if (cause?.kind !== 'start' || cause.by === undefined) return;
  const { activation, run, strand } = cause.by;
  const name = `${run} ${strand} ${activation}`;
  const before = begun.get(name);
  verdict.expect(
    before === undefined,
    () =>
      `activation ${activation} of strand "${strand}" of run ${run} has begun two runs: ${before?.named} and ${entry.named}`,
    at(entry),
  );
  begun.set(name, entry);
  verdict.expect(
    records.some(({ header }) => header.run === run),
    () => `${entry.named} says that run ${run} has begun it, of which its unit has no record`,
    at(entry),
  );
  const home = homeOf(entry.header.run, partitions);
  verdict.expect(
    home === entry.partition,
    () =>
      `run ${entry.header.run} is at home in partition ${home} and begins in ${entry.partition}`,
    at(entry),
  );
}

/** The first record of a run without a START says who has begun it, or stands beside a FIRE. */
function checkBegun(
  entry: Entry,
  { records }: Unit,
  moved: Set<string>,
  start: Entry | undefined,
  verdict: Verdict,
): void {
  const { run } = entry.header;
  const cause = causeOf(entry.body);
  if (run === '' || cause === undefined || moved.has(run)) return;
  moved.add(run);
  if (start !== undefined || records.some(({ header }) => header.kind === 'FIRE')) return;
  verdict.expect(
    cause.kind === 'start' && cause.by !== undefined,
    () => `${entry.named} is the first of run ${run}, which nobody has begun`,
    at(entry),
  );
}
