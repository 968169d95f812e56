/*
 * R20: what takes one owner after the other with it is given up. How often a tenure ended without CLOSE
 * while an activity may have run is counted here from the Log alone; from two on it runs alone, at five
 * (K) it is not begun again and its strand is parked as dead, and nothing is parked as dead for less.
 */
import { TAKEOVERS_ALONE, TAKEOVERS_DEAD } from '../../wire/limits.ts';
import type { Entry, Openable, Partition } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { checkAnnounced } from './r20-announced.ts';
import { Counting, mayRun, type Taken } from './r20-counting.ts';
import { FromMarks } from './r20-from-marks.ts';
import { checkWaited } from './r20-waited.ts';

/** A request that nothing delays is at most so long on its way to the service, ms. */
const TRANSIT_MAX_MS = 1_000;

export const takeovers: Oracle = {
  name: 'r20-takeovers',
  promise: 'R20',
  says: 'what was under way in K tenures that ended badly is not begun again, and nothing less is given up',
  check(view, verdict) {
    checkAnnounced(view, verdict);
    checkWaited(view, verdict);
    for (const partition of view.reading.partitions) {
      const due = [...partition.openables.values()].filter(({ first }) => mayRun(first));
      const counted = count(partition, due, verdict);
      for (const openable of due) {
        const { dead, taken = 0 } = counted.get(openable) ?? {};
        verdict.checked += 1;
        if (dead !== undefined) checkGivenUp(openable, dead, partition, view, verdict);
        checkPark(openable, taken, verdict);
      }
    }
  },
};

/** Takeovers of everything whose activity may have run, in the order of the Log. */
function count(
  partition: Partition,
  due: readonly Openable[],
  verdict: Verdict,
): ReadonlyMap<Openable, Taken> {
  const counting = new Counting(due);
  if (due.length === 0) return counting.counted;
  const fromMarks = new FromMarks(partition, due, verdict);
  const nonces = new Set<number>();
  /** a second copy of its own CLAIM: what ran goes on, and counts as taken over all the same */
  let goesOn = false;
  for (const entry of partition.entries) {
    if (!entry.valid) continue;
    counting.see(entry);
    fromMarks.see(entry, counting);
    const { kind, nonce } = entry.header;
    if (kind === 'CLAIM') {
      goesOn = nonces.has(nonce);
      nonces.add(nonce);
    } else if (kind === 'MARK' && !goesOn && entry.body.kind === 'MARK') {
      checkAlone(entry, entry.body.running, partition.openables, counting.counted, verdict);
    }
  }
  return counting.counted;
}

function checkAlone(
  mark: Entry,
  running: readonly number[],
  openables: Partition['openables'],
  counted: ReadonlyMap<Openable, Taken>,
  verdict: Verdict,
): void {
  if (running.length < 2 || counted.size === 0) return;
  const suspects = running.filter((identity) => {
    const openable = openables.get(identity);
    return openable !== undefined && (counted.get(openable)?.taken ?? 0) >= TAKEOVERS_ALONE;
  });
  verdict.expect(
    suspects.length <= 1,
    () => `${mark.named} lists ${suspects.join(' and ')} as running, which must run alone`,
    at(mark),
  );
}

function checkGivenUp(
  { first, resolvedBy }: Openable,
  dead: Entry,
  { parkings }: Partition,
  { effects, history }: View,
  verdict: Verdict,
): void {
  const { body, header } = first;
  if (body.kind !== 'STEP' || body.activity === undefined) return;
  verdict.expect(
    resolvedBy !== undefined || !history.quiescent,
    () => `${first.named} (run ${header.run}) is still open after ${TAKEOVERS_DEAD} takeovers`,
    at(first),
  );
  // A runner that slept may call late, as may a request that was held up on its way.
  const held = history.fired.some(
    ({ kind, point }) =>
      kind.startsWith('pause') ||
      kind === 'swizzle' ||
      (point === 'activity' && !kind.startsWith('crash')),
  );
  if (held) return;
  const { attempt, key, name } = body.activity;
  const until = dead.time + (history.transitMax ?? TRANSIT_MAX_MS) + history.skewMax;
  // Somebody may have looked at it, and let it go on.
  const parks = (resolvedBy?.records ?? []).map(({ offset }) => parkings.get(offset)?.resumedBy);
  const resumed = parks.find((unit) => unit !== undefined)?.records[0]?.landed ?? Infinity;
  const late = effects
    .get(key)
    ?.calls.find((call) => call.attempt === attempt && call.at > until && call.at < resumed);
  verdict.expect(
    late === undefined,
    () =>
      `${name} of run ${header.run} was called once more at ${late?.at} by ${late?.runner}, after ${TAKEOVERS_DEAD} tenures had ended while it ran (${dead.named})`,
    at(first),
  );
}

/** Given up for takeovers, it had as many. */
function checkPark({ first, resolvedBy }: Openable, taken: number, verdict: Verdict): void {
  for (const entry of resolvedBy?.records ?? []) {
    const { body, header } = entry;
    if (body.kind !== 'PARK' || body.why !== 'dead' || header.strand !== first.header.strand)
      continue;
    if (body.reason?.includes('tenures ended') !== true) continue;
    verdict.expect(
      taken >= TAKEOVERS_DEAD,
      () => `${entry.named} gives run ${header.run} up after ${taken} takeovers: "${body.reason}"`,
      at(entry),
    );
  }
}
