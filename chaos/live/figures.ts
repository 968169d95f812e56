/*
 * Figures of a campaign, all counted from the evidence.
 */
import type { Compared } from '../../src/chaos/oracles/differential.ts';
import { causeOf } from '../../src/chaos/oracles/effects.ts';
import type { Entry } from '../../src/chaos/oracles/log-reading.ts';
import { callsOf, endedByThemselves } from './history.ts';
import type { LiveView } from './live-oracles.ts';

export interface Figures {
  readonly acknowledged: number;
  readonly unknown: number;
  readonly refused: number;
  readonly ended: number;
  /** parked as dead after as many takeovers as R20 wants */
  readonly givenUp: number;
  /** requests to cancel a run, by their answer */
  readonly cancels: Readonly<Record<string, number>>;
  readonly paths: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, number>>;
  /** valid records by kind, and void ones */
  readonly records: Readonly<Record<string, number>>;
  readonly void: number;
  readonly bytes: number;
  readonly tenures: number;
  readonly zombies: { readonly stopped: number; readonly shown: number; readonly records: number };
  readonly effects: number;
  readonly requests: number;
  /** effects that services were asked for more than once, and for one attempt more than once */
  readonly askedAgain: number;
  readonly attemptsRepeated: number;
  readonly askedMost: number;
  /** waits and retries in the Log and in the Store, and how late they went on, ms */
  readonly timers: { readonly held: number; readonly parked: number } & Quantiles;
  /** from START to END, ms */
  readonly duration: Quantiles;
  readonly faults: Readonly<Record<string, number>>;
  readonly faultsFailed: number;
  readonly killed: number;
  readonly startedProcesses: number;
  readonly endedByThemselves: number;
  readonly reference: Readonly<Record<string, number>>;
}

export interface Quantiles {
  readonly least: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

export function figuresOf(
  { evidence, givenUp, tenures, view, zombies }: LiveView,
  compared: readonly Compared[],
  paths: ReadonlyMap<string, number>,
): Figures {
  const { processes, starts, struck, topic } = evidence;
  const entries = view.reading.partitions.flatMap((partition) => partition.entries);
  const runs = [...view.reading.runs.values()];
  const effects = [...view.effects.values()];
  const outcomes = tally(starts, ({ outcome }) => outcome);
  const late = lateness(view);
  const calls = callsOf(evidence);
  const repeated = effects.filter(({ calls: of }) => {
    return new Set(of.map(({ attempt }) => attempt)).size < of.length;
  });
  return {
    acknowledged: outcomes['acknowledged'] ?? 0,
    unknown: outcomes['unknown'] ?? 0,
    refused: outcomes['refused'] ?? 0,
    ended: runs.filter(({ ends }) => ends.length === 1).length,
    givenUp: givenUp.size,
    cancels: tally(evidence.cancels, ({ outcome }) => outcome),
    paths: Object.fromEntries([...paths].sort((a, b) => b[1] - a[1])),
    versions: tally(starts, ({ version }) => version),
    records: tally(
      entries.filter(({ valid }) => valid),
      ({ header }) => header.kind,
    ),
    void: entries.filter(({ valid }) => !valid).length,
    bytes: topic.flat().reduce((sum, { bytes }) => sum + bytes.length, 0),
    tenures: tenures.length,
    zombies: {
      stopped: zombies.length,
      shown: zombies.filter((zombie) => zombie.late.length > 0).length,
      records: zombies.reduce((sum, zombie) => sum + zombie.late.length, 0),
    },
    effects: effects.filter(({ calls: of }) => of.length > 0).length,
    requests: calls.length,
    askedAgain: effects.filter(({ calls: of }) => of.length > 1).length,
    attemptsRepeated: repeated.length,
    askedMost: effects.reduce((most, { calls: of }) => Math.max(most, of.length), 0),
    timers: { held: late.held, parked: late.parked, ...quantiles(late.ms) },
    duration: quantiles(
      runs.flatMap(({ ends, start }) =>
        start === undefined || ends[0] === undefined ? [] : [ends[0].time - start.time],
      ),
    ),
    faults: tally(
      struck.filter(({ failed }) => failed === undefined),
      ({ kind }) => kind,
    ),
    faultsFailed: struck.filter(({ failed }) => failed !== undefined).length,
    killed: processes.filter(({ event, how }) => event === 'ended' && how === 'SIGKILL').length,
    startedProcesses: processes.filter(({ event }) => event === 'started').length,
    endedByThemselves: endedByThemselves(evidence).length,
    reference: tally(compared, ({ verdict }) => verdict),
  };
}

/** How long after its time each timer went on, by the append time of what followed. */
function lateness({ reading }: LiveView['view']): { held: number; parked: number; ms: number[] } {
  const ms: number[] = [];
  let held = 0;
  let parked = 0;
  const note = (due: number | undefined, next: Entry | undefined): boolean => {
    if (due === undefined || next === undefined || isCutShort(next)) return false;
    ms.push(next.time - due);
    return true;
  };
  for (const { openables, parkings } of reading.partitions) {
    for (const { first, resolvedBy } of openables.values()) {
      if (first.header.kind !== 'STEP') continue;
      const { body } = first;
      // a call for a later time goes on with its answer, not with its time
      if (body.kind !== 'STEP' || body.activity !== undefined) continue;
      if (note(body.notBefore, resolvedBy?.records[0])) held += 1;
    }
    for (const { park, resumedBy } of parkings.values()) {
      const { body } = park;
      if (body.kind === 'PARK' && note(body.due, resumedBy?.records[0])) parked += 1;
    }
  }
  return { held, parked, ms };
}

/** What waited was cancelled, or its time was over before. */
function isCutShort({ body }: Entry): boolean {
  if (body.kind === 'RESUME') return body.why === 'cancelled';
  const cause = causeOf(body);
  return cause !== undefined && cause.kind !== 'timer';
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const of = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { least: sorted[0] ?? 0, p50: of(0.5), p99: of(0.99), most: sorted.at(-1) ?? 0 };
}

function tally<T>(items: readonly T[], of: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  return counts;
}
