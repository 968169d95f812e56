/*
 * P5 for who is not needed any more: once a competing fork is decided, whoever ends later has taken back what he did,
 * and goes on no further than to where he hears of it; nor does a branch whose fork is being cancelled (R18).
 * Part of the oracle p5-fork-joins-once.
 *
 * Judged by the order of the Log, within the tenure that has decided: another owner first has to find out.
 */
import type { StrandEnd } from '../../wire/state.ts';
import { causeOf } from './effects.ts';
import type { Entry, Openable, Partition } from './log-reading.ts';
import { at, type Verdict } from './oracle.ts';

/**
 * Activities that a branch may still schedule once it is doomed: what was asked for already, and what comes while
 * ends of others are fetched that memory has let go of.
 */
const LATE_MAX = 4;

interface Fork extends Pick<Race, 'competes'> {
  /** its first branch that has decided it, and the strand of that */
  winner: Entry | undefined;
  /** all of its branches are to be cancelled: the record that says so */
  cancelling: Entry | undefined;
  /** how many activities a branch has scheduled since it is doomed, by strand */
  readonly late: Map<string, number>;
}

/** What a joining STEP says of its fork. */
export interface Race {
  readonly competes: boolean;
  /** its branches are being cancelled */
  readonly stopped: boolean;
}

export function checkLosers(
  partition: Partition,
  raceOf: (joining: Openable) => Race | undefined,
  verdict: Verdict,
): void {
  const forks = forksOf(partition, raceOf);
  if (forks.size === 0) return;
  for (const entry of partition.entries) {
    const { kind, run, strand } = entry.header;
    if (!entry.valid || (kind !== 'END' && kind !== 'STEP' && kind !== 'PARK')) continue;
    const own = forks.get(nameOf(run, strand));
    if (own !== undefined && kind === 'STEP') checkLate(entry, own, verdict);
    const { body } = entry;
    if (own !== undefined && body.kind === 'END') checkEnd(entry, body.end, own, verdict);
    checkMerged(entry, forks, verdict);
  }
}

function forksOf(
  { openables }: Partition,
  raceOf: (joining: Openable) => Race | undefined,
): ReadonlyMap<string, Fork> {
  const forks = new Map<string, Fork>();
  for (const openable of openables.values()) {
    const { header } = openable.first;
    if (header.kind !== 'STEP' || header.joins === 0) continue;
    const race = raceOf(openable);
    if (race === undefined) continue;
    const name = prefixOf(header.run, header.strand, header.joins);
    const known = forks.get(name);
    if (known === undefined && !race.competes && !race.stopped) continue;
    const fork = known ?? { ...race, winner: undefined, cancelling: undefined, late: new Map() };
    if (race.stopped) fork.cancelling ??= openable.first;
    forks.set(name, fork);
  }
  return forks;
}

/** A branch has ended: the first to do so well decides, and the others have nothing left to be undone. */
function checkEnd(entry: Entry, end: StrandEnd, fork: Fork, verdict: Verdict): void {
  if (fork.winner !== undefined) expectUndone(entry, entry.header.strand, end, fork, verdict);
  else if (!fork.competes || end.error !== undefined || end.cancelled === true) return;
  else fork.winner = entry;
}

/** The end of a branch may be merged into the record that joins it. */
function checkMerged(entry: Entry, forks: ReadonlyMap<string, Fork>, verdict: Verdict): void {
  let cause = causeOf(entry.body);
  while (cause?.kind === 'joined' && cause.last !== undefined) {
    const { ends, last } = cause;
    const fork = forks.get(nameOf(entry.header.run, last.strand));
    const end = ends[Number(last.strand.slice(last.strand.lastIndexOf('.') + 1))];
    if (fork?.winner !== undefined && end !== undefined) {
      expectUndone(entry, last.strand, end, fork, verdict);
    }
    cause = last.cause;
  }
}

function expectUndone(
  entry: Entry,
  strand: string,
  { compensations = [] }: StrandEnd,
  { cancelling, winner }: Fork,
  verdict: Verdict,
): void {
  // Whose run is cancelled has it undone by the fork.
  if (cancelling !== undefined && cancelling.offset < entry.offset) return;
  const left = compensations.find(({ outcome }) => outcome === undefined);
  verdict.expect(
    left === undefined,
    () =>
      `branch ${strand} of run ${entry.header.run} had lost to ${winner?.header.strand} (${winner?.named}) and has not taken back ${left?.pointer} (${entry.named})`,
    at(entry),
  );
}

function checkLate(entry: Entry, { cancelling, late, winner }: Fork, verdict: Verdict): void {
  const doom = [winner, cancelling].find((one) => one !== undefined && one.offset < entry.offset);
  const { header } = entry;
  if (doom === undefined || doom.header.tenure !== header.tenure) return;
  const { body } = entry;
  if (body.kind !== 'STEP' || body.activity?.role !== 'do') return;
  const count = (late.get(header.strand) ?? 0) + 1;
  late.set(header.strand, count);
  verdict.expect(
    count <= LATE_MAX,
    () =>
      `branch ${header.strand} of run ${header.run} goes on: ${entry.named} is the ${count}th activity that it schedules after ${doom.named}, when nobody needed it any more`,
    at(entry),
  );
}

/** Of a fork, by one of its branches: `RUN PARENT/ACTIVATION.` */
function nameOf(run: string, branch: string): string {
  return `${run} ${branch.slice(0, branch.lastIndexOf('.') + 1)}`;
}

function prefixOf(run: string, strand: string, joins: number): string {
  return `${run} ${strand === '' ? '' : `${strand}/`}${joins}.`;
}
