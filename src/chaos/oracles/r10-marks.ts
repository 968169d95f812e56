/*
 * R10: below every mark nothing is open or unapplied, as far as its writer had read when it computed
 * it; and the mark says truly which tenure and number were in force there.
 *
 * A mark that passes something open is how work is lost without a trace: the next owner starts to
 * read above it. What was applied at that time cannot be seen afterwards, so the Store's part is
 * judged at the end (P9 sees the rest: a strand that nobody ever resumed).
 */
import type { Mark } from '../../wire/record.ts';
import type { Entry, Partition } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { changesStore } from './p9-everything-ends.ts';

export const marksAreTrue: Oracle = {
  name: 'r10-marks-are-true',
  promise: 'R10',
  says: 'below a mark nothing was open or unapplied when it was computed',
  check(view, verdict) {
    for (const partition of view.reading.partitions) checkPartition(partition, view, verdict);
  },
};

function checkPartition(partition: Partition, view: View, verdict: Verdict): void {
  const marks = partition.entries.filter(
    ({ header, valid }) => valid && (header.kind === 'MARK' || header.kind === 'CLAIM'),
  );
  if (marks.length === 0) return;
  const spans = openSpans(partition);
  const applied = view.history.store.applied[partition.partition] ?? 0;
  const unapplied = partition.units
    .flatMap(({ records }) => records)
    .find((entry) => changesStore(entry) && entry.offset >= applied);
  for (const entry of marks) {
    const { body } = entry;
    if (body.kind !== 'MARK' && body.kind !== 'CLAIM') continue;
    const { mark } = body;
    const said = `${entry.named} says that nothing is open below ${mark.offset} as of ${mark.computedAt}`;
    const open = spans.openAt(mark.offset, mark.computedAt);
    verdict.expect(
      open === undefined,
      () => `${said}, but ${open?.named} (run ${open?.header.run}) was`,
      at(entry),
    );
    verdict.expect(
      unapplied === undefined || mark.offset <= unapplied.offset,
      () => `${said}, but ${unapplied?.named} never reached the Store`,
      at(entry),
    );
    verdict.expect(
      mark.offset <= mark.computedAt && mark.computedAt <= entry.offset,
      () => `${said}, which lies ahead of what its writer can have read`,
      at(entry),
    );
    checkInForce(mark, entry, partition.entries, verdict);
  }
}

function checkInForce(mark: Mark, entry: Entry, entries: readonly Entry[], verdict: Verdict): void {
  const before = entries[lowerBound(entries, mark.offset, ({ offset }) => offset) - 1];
  if (before === undefined) return;
  verdict.expect(
    mark.tenure === before.claimAfter && mark.n === before.nAfter,
    () =>
      `${entry.named} says that tenure ${mark.tenure} with number ${mark.n} was in force at ${mark.offset}; it was tenure ${before.claimAfter} with number ${before.nAfter}`,
    at(entry),
  );
}

/** For every copy of an open record: from its offset until it was resolved or carried further. */
function openSpans({ openables }: Partition): {
  openAt(offset: number, computedAt: number): Entry | undefined;
} {
  const spans: { readonly entry: Entry; readonly until: number }[] = [];
  for (const { copies, resolvedBy } of openables.values()) {
    for (const [index, entry] of copies.entries()) {
      const until = copies[index + 1]?.offset ?? resolvedBy?.records[0]?.offset ?? Infinity;
      spans.push({ entry, until });
    }
  }
  spans.sort((a, b) => a.entry.offset - b.entry.offset);
  // longest[i] = the span among the first i + 1 that lasts longest: one look per mark is enough.
  const longest: { readonly entry: Entry; readonly until: number }[] = [];
  for (const span of spans) {
    const best = longest.at(-1);
    longest.push(best !== undefined && best.until >= span.until ? best : span);
  }
  return {
    openAt(offset, computedAt) {
      const span = longest[lowerBound(spans, offset, ({ entry }) => entry.offset) - 1];
      return span !== undefined && span.until > computedAt ? span.entry : undefined;
    },
  };
}

/** The first index whose value is not below `value`. */
function lowerBound<T>(items: readonly T[], value: number, of: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(items[middle] as T) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
