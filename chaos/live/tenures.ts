/*
 * Which process owned which tenure, and what zombies did, from the topic and the ledgers alone.
 *
 * A tenure belongs to the process that makes its calls: while it lasts, nobody else can know of a
 * record that was written in it. A zombie is shown when a process was stopped, somebody else claimed
 * its partition meanwhile, and records of its old tenure stand behind that CLAIM, appended after it
 * went on. By R4 they are void; that they are is checked here once more.
 */
import type { Entry, Partition } from '../../src/chaos/oracles/log-reading.ts';
import type { View } from '../../src/chaos/oracles/oracle.ts';
import type { StruckLine } from './evidence.ts';

export interface Tenure {
  readonly partition: number;
  readonly claim: Entry;
  /** the CLAIM that ended it */
  readonly next: Entry | undefined;
  /** processes that called for what was scheduled in it, while it lasted; one, when all is well */
  readonly callers: Set<number>;
  /** records that came too late, or twice */
  readonly void: Entry[];
}

export function tenuresOf({ effects, reading }: View): readonly Tenure[] {
  const byPlace = new Map<string, Tenure>();
  for (const partition of reading.partitions) readPartition(partition, byPlace);
  for (const { calls, scheduled } of effects.values()) {
    for (const { activity, entry } of scheduled) {
      const tenure = byPlace.get(placeOf(entry.partition, entry.header.tenure));
      if (tenure === undefined) continue;
      for (const call of calls) {
        if (call.attempt !== activity.attempt || call.at < entry.time) continue;
        if (tenure.next !== undefined && call.at >= tenure.next.time) continue;
        tenure.callers.add(Number(call.runner));
      }
    }
  }
  return [...byPlace.values()];
}

function placeOf(partition: number, claim: number): string {
  return `${partition} ${claim}`;
}

function readPartition({ claims, entries, partition }: Partition, into: Map<string, Tenure>): void {
  for (const [index, claim] of claims.entries()) {
    const tenure = {
      partition,
      claim,
      next: claims[index + 1],
      callers: new Set<number>(),
      void: [],
    };
    into.set(placeOf(partition, claim.offset), tenure);
  }
  for (const entry of entries) {
    if (entry.valid || entry.header.kind === 'START') continue;
    into.get(placeOf(partition, entry.header.tenure))?.void.push(entry);
  }
}

/** A process that was stopped, and what it wrote when it went on. */
export interface Zombie {
  readonly pid: number;
  readonly target: string;
  /** records of its old tenures behind a foreign CLAIM, appended after it went on */
  readonly late: readonly Entry[];
  /** of them, those that some reader would take for valid: none, when all is well */
  readonly accepted: readonly Entry[];
}

/** A stopped process can have appended nothing; what was on its way has landed by then, ms. */
const IN_FLIGHT_MS = 1_000;

/** What each process that was stopped did after it went on. */
export function zombiesOf(
  struck: readonly StruckLine[],
  tenures: readonly Tenure[],
  view: View,
): readonly Zombie[] {
  return struck.flatMap(({ at, failed, kind, pid, target, until }) => {
    if (kind !== 'zombie' || pid === undefined || failed !== undefined) return [];
    const late: Entry[] = [];
    for (const { callers, claim, next, partition } of tenures) {
      if (next === undefined || !callers.has(pid)) continue;
      if (claim.time > at || next.time < at + IN_FLIGHT_MS || next.time > until) continue;
      const entries = view.reading.partitions[partition]!.entries;
      late.push(
        ...entries.filter(
          ({ header, offset, time }) =>
            header.tenure === claim.offset && header.n > 0 && offset > next.offset && time >= until,
        ),
      );
    }
    return [{ pid, target, late, accepted: late.filter(({ valid }) => valid) }];
  });
}
