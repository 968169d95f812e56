/*
 * P9: after the faults stop, every run ends, or waits for something it declared and the Log says
 * what; nothing stays open that nobody waits for; the Store has caught up. And who asks where a run is is
 * told what the Log said while it was asked: that it has ended if it had, and not before.
 */
import { type Entry, type Partition, type Run, wasNeverBegun } from './log-reading.ts';
import type { LookUpEntry } from '../history.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';

/** What is said of a run that has ended. */
const OVER: ReadonlySet<string> = new Set(['completed', 'faulted', 'cancelled']);

export const everythingEnds: Oracle = {
  name: 'p9-everything-ends',
  promise: 'P9',
  says: 'after the heal every run has ended or is parked with a reason, and nothing is left open',
  check(view, verdict) {
    const { history, reading } = view;
    verdict.expect(
      history.quiescent,
      () => `the world had not come to rest by ${history.endedAt}: it was cut off by its budget`,
    );
    for (const asked of history.lookUps ?? [])
      checkTold(asked, reading.runs.get(asked.run), verdict);
    if (!history.quiescent) return;
    for (const run of reading.runs.values()) checkRun(run, view, verdict);
    for (const partition of reading.partitions) {
      checkOpen(partition, verdict);
      checkApplied(partition, view, verdict);
    }
  },
};

function checkTold(
  { at: asked, run, told }: LookUpEntry,
  found: Run | undefined,
  verdict: Verdict,
): void {
  const [last] = found?.ends ?? [];
  const said = OVER.has(told.status);
  verdict.expect(
    said ? last !== undefined && last.landed <= told.at : last === undefined || last.landed > asked,
    () =>
      `who asked at ${asked} where run ${run} is was told at ${told.at} that it is ${told.status}, and ${last === undefined ? 'it has not ended' : `${last.named} landed at ${last.landed}`}`,
    { run },
  );
  const begun = found?.start?.landed ?? Infinity;
  verdict.expect(
    told.status !== 'unknown' || begun > asked,
    () =>
      `who asked at ${asked} where run ${run} is was told that nobody knows; it was there at ${begun}`,
    { run },
  );
}

function checkRun(run: Run, { reading }: View, verdict: Verdict): void {
  const { start, records, ends } = run;
  if (wasNeverBegun(run)) return;
  const last = records.at(-1) ?? start;
  if (last === undefined) return;
  verdict.expect(
    ends.length > 0 || isParked(run, reading.partitions[last.partition]),
    () => `run ${run.run} neither ended nor waits for anything: its last record is ${last.named}`,
    at(last),
  );
}

/** Moved to the Store for a reason that time alone does not end. */
function isParked({ records }: Run, partition: Partition | undefined): boolean {
  return records.some((entry) => {
    const parking = partition?.parkings.get(entry.offset);
    if (parking === undefined || parking.resumedBy !== undefined) return false;
    const { body } = entry;
    return body.kind === 'PARK' && body.due === undefined;
  });
}

function checkOpen({ openables, parkings }: Partition, verdict: Verdict): void {
  const waiting = new Set<string>();
  for (const { park, resumedBy } of parkings.values()) {
    if (resumedBy === undefined) waiting.add(park.header.run);
  }
  for (const { first, resolvedBy } of openables.values()) {
    verdict.expect(
      resolvedBy !== undefined || isWaitedFor(first, waiting),
      () => `${first.named} (run ${first.header.run}) is still open, and nothing will resolve it`,
      at(first),
    );
  }
}

/** Strands of a run that is parked elsewhere may stay: the join, and ends that it will collect. */
function isWaitedFor({ header }: Entry, waiting: ReadonlySet<string>): boolean {
  return waiting.has(header.run) && (header.joins !== 0 || header.kind === 'END');
}

function checkApplied({ partition, units }: Partition, view: View, verdict: Verdict): void {
  const applied = view.history.store.applied[partition] ?? 0;
  for (const { records } of units) {
    for (const entry of records) {
      if (!changesStore(entry)) continue;
      verdict.expect(
        entry.offset < applied,
        () => `${entry.named} never reached the Store, which has applied up to ${applied}`,
        at(entry),
      );
    }
  }
}

/** Kinds that the fold turns into rows (R13). */
export function changesStore({ header }: Entry): boolean {
  return header.kind === 'PARK' || header.kind === 'RESUME';
}
