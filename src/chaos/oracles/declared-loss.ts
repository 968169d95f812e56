/*
 * O19: where a profile allows that something is lost, the engine must notice and say so, and everything
 * else must be as it would be without.
 *
 * Owns: which part of a history the other oracles may judge - all but the partitions that have lost
 * records (O25: a fault of one partition is no excuse for another) - and which complaints of runners a
 * world has asked for. Commits that a database loses are no excuse at all: the Log has them.
 *
 * What nobody can notice is not asked for: a record that went before any process or Store knew of it.
 */
import { homeOf } from '../../wire/index.ts';
import type { History, Loss } from '../history.ts';
import { readLogs } from './log-reading.ts';
import { onceFor } from './once-for.ts';
import type { Oracle, Verdict } from './oracle.ts';

/**
 * How much later than otherwise a timer may fire after a Store has lost commits, ms: until somebody asks it
 * something, and the Log is folded again.
 */
export const UNNOTICED_MAX_MS = 400_000;

/** What a timer may be late because of what was lost, ms. */
export function latenessOf({ losses = [] }: Pick<History, 'losses'>): number {
  return losses.some(({ what }) => what === 'commits') ? UNNOTICED_MAX_MS : 0;
}

/** The history without the partitions that have lost records. */
export const soundPart = onceFor((history: History): History => {
  const lost = lostPartitions(history);
  return lost.size === 0 ? history : without(history, lost);
});

function lostPartitions({ losses = [] }: History): ReadonlySet<number> {
  return new Set(losses.filter(({ what }) => what !== 'commits').map(({ partition }) => partition));
}

function without(history: History, lost: ReadonlySet<number>): History {
  const partitions = history.logs.length;
  const isHere = (run: string): boolean => !lost.has(homeOf(run, partitions));
  const { client, complaints, controls, events, index, ledger, logs, lookUps, store } = history;
  return {
    ...history,
    logs: logs.map((records, partition) => (lost.has(partition) ? [] : records)),
    store: {
      parked: store.parked.filter(({ partition }) => !lost.has(partition)),
      results: store.results.filter(({ run }) => isHere(run)),
      journal: store.journal.filter(({ partition }) => !lost.has(partition)),
      applied: store.applied.map((applied, partition) => (lost.has(partition) ? 0 : applied)),
    },
    ...(events === undefined
      ? {}
      : {
          events: {
            ...events,
            subscriptions: events.subscriptions.filter(({ partition }) => !lost.has(partition)),
            heard: events.heard.filter(({ partition }) => !lost.has(partition)),
          },
        }),
    ...(index === undefined
      ? {}
      : {
          index: {
            rows: index.rows.filter(({ run }) => isHere(run)),
            positions: index.positions.map((at, partition) =>
              lost.has(partition) ? undefined : at,
            ),
          },
        }),
    ledger: ledger.filter(({ run }) => isHere(run)),
    client: client.filter(({ partition }) => !lost.has(partition)),
    ...(controls === undefined
      ? {}
      : { controls: controls.filter(({ partition }) => !lost.has(partition)) }),
    ...(lookUps === undefined
      ? {}
      : { lookUps: lookUps.filter(({ partition }) => !lost.has(partition)) }),
    complaints: complaints.filter(
      ({ said }) => !lost.has(partitionOf(said)) && runsIn(said).every(isHere),
    ),
  };
}

/** The partition that a runner complains of; -1 = of none. */
function partitionOf(said: string): number {
  const found = /\bpartition (\d+)\b/.exec(said);
  return found === null ? -1 : Number(found[1]);
}

function runsIn(said: string): readonly string[] {
  return (
    said.match(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?:~\d+)?/g) ??
    []
  );
}

/** What a fault makes runners say, rightly. */
const ASKED_FOR: { readonly [kind: string]: RegExp } = {
  unauthorised: /an append was refused: /,
  hostile: /record \d+ cannot be read and was passed over/,
  upgrade: /is left to others: .*needs a runner that reads format/,
  rollback: /is left to others: .*needs a runner that reads format/,
  'store-down':
    /^(?:(?:lifecycle )?events of partition \d+ wait|the index of partition \d+ does not get on).*: the database is down/,
  'disk-full':
    /^(?:(?:lifecycle )?events of partition \d+ wait|the index of partition \d+ does not get on).*: its disk is full/,
  'leader-change': /^events of partition \d+ wait /,
  'store-failover': /it has lost commits; they are folded again from the Log/,
};

/** Whether a fault of this world has asked for the complaint. */
export function isAskedFor(said: string, { fired }: History): boolean {
  return fired.some(({ kind }) => ASKED_FOR[kind]?.test(said) === true);
}

/** What a runner says of a Log that has not what it should have. */
const NOTICED =
  /lost its tail|other content|does not have what comes next|not in the Log any more|is another Log|of another Log|the Log has a gap|resolves record|is carried but is not open/;

/**
 * Within so long a runner has noticed that the Log is not what it has read, virtual ms: its next append goes
 * to the old leader, and what was sent before is there by then.
 */
const NOTICED_WITHIN_MS = 5_000;

export const declaredLoss: Oracle = {
  name: 'o19-declared-loss',
  promise: 'O19',
  says: 'what a broker or a database loses although it had confirmed it is noticed, and said',
  check({ whole }, verdict) {
    for (const loss of whole.losses ?? []) {
      if (loss.what === 'commits') checkCommits(loss, whole, verdict);
      else checkRecords(loss, whole, verdict);
    }
  },
};

/** The Log has what the Store lost: in the end it is there again. */
function checkCommits({ partition, from }: Loss, { logs, store }: History, verdict: Verdict): void {
  const applied = store.applied[partition] ?? 0;
  const [reading] = readLogs(logs).partitions.slice(partition, partition + 1);
  const last = reading?.units.at(-1)?.records.at(-1)?.offset ?? -1;
  verdict.expect(
    applied >= from || last < from,
    () => `the Store of partition ${partition} fell back to ${from} and is at ${applied} still`,
    { partition },
  );
}

/**
 * A tenure that goes on writing on top of what is not there any more writes for nobody: its records are
 * void for every reader. It may do so until it notices, and not longer.
 */
function checkRecords(loss: Loss, whole: History, verdict: Verdict): void {
  const { partition, at } = loss;
  const told = whole.complaints.some(
    ({ at: when, said }) => when >= at && partitionOf(said) === partition && NOTICED.test(said),
  );
  verdict.checked += 1;
  if (told || loss.what !== 'tail') return;
  const reading = readLogs(whole.logs).partitions[partition];
  for (const entry of reading?.entries ?? []) {
    const { claimAfter, header, named, offset, time, valid } = entry;
    if (valid || header.n === 0 || offset < loss.from || time < at + NOTICED_WITHIN_MS) continue;
    // Under a newer CLAIM it is a zombie, and void as all of theirs.
    if (claimAfter !== header.tenure && claimAfter >= loss.from) continue;
    if (!wroteLost(header.tenure, header.nonce, loss)) continue;
    verdict.violation(
      `partition ${partition} lost its records from ${loss.from} on at ${at}; ${named} was still written on top of them, and nobody had noticed`,
      { partition, offset },
    );
    return;
  }
}

/** Whether the tenure was in force when the records were lost: its CLAIM or a record of it is among them. */
function wroteLost(tenure: number, nonce: number, { records }: Loss): boolean {
  const [lost] = readLogs([records]).partitions;
  return (lost?.entries ?? []).some(({ header, offset }) => {
    return header.nonce === nonce && (header.tenure === tenure || offset === tenure);
  });
}
