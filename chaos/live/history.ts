/*
 * Evidence as the History that the oracles of the simulator judge: the same promises, other witnesses.
 */
import type { History, LedgerEntry } from '../../src/chaos/history.ts';
import type { ParkedRow, ResultRow } from '../../src/ports/index.ts';
import type { Json } from '../../src/wire/index.ts';
import type { AskedLine, DoneLine, Evidence, ProcessLine } from './evidence.ts';

/** A request may lie in a stopped process as long as that is stopped, and in a busy machine. */
const TRANSIT_MS_MAX = 65_000;
/** A server that finds broker or Store away when it starts says so and ends (V1); it is started again. */
export const REFUSED_TO_START = '2';

export function historyOf(evidence: Evidence): History {
  const { campaign, complaints, starts, store, struck, topic } = evidence;
  const { endedAt, healedAt, partitions, rested, skewMsMax } = campaign;
  const applied = Array.from({ length: partitions }, () => 0);
  for (const row of store.fold) applied[row.partition] = row.applied;
  return {
    // What a topic says of a record and no more: the time of its broker is all that anybody knows of when
    // it landed. A second witness, as simulated logs have one, would be believed before it.
    logs: topic.map((records) =>
      records.map(({ bytes, offset, time }) => ({ bytes, offset, time })),
    ),
    store: {
      parked: store.parked.map(({ partition, due, reason, ...row }) => ({
        partition,
        // the oracles judge its columns, not its record
        row: {
          ...row,
          ...(due === null ? {} : { due }),
          ...(reason === null ? {} : { reason }),
        } as unknown as ParkedRow,
      })),
      results: store.result as readonly ResultRow[],
      // its workflow wants none, and a row would be one too many
      journal: [],
      applied,
    },
    index: {
      rows: store.run,
      positions: applied.map((_, of) => store.indexed.find(({ partition }) => partition === of)),
    },
    ledger: callsOf(evidence).map(({ asked, done }) => ledgerEntry(asked, done)),
    client: starts.map(({ at, input, outcome, partition, run }) => {
      return { at, input, outcome, partition, run };
    }),
    fired: struck.map(({ at, failed, fault, kind, target }) => ({
      ...{ at, fault, kind, point: 'process', state: '', process: target },
      said: failed ?? `${kind} of ${target}`,
    })),
    processes: endedByThemselves(evidence).map(({ at, how, process }) => ({
      ...{ at, process, event: 'failed' as const, said: `it ended with ${how}` },
    })),
    complaints,
    ...{ healedAt, endedAt, quiescent: rested, skewMax: skewMsMax, transitMax: TRANSIT_MS_MAX },
  };
}

/** Processes that ended though nobody wanted them to, those apart that refused to start. */
export function endedByThemselves({ processes }: Evidence): readonly ProcessLine[] {
  return processes.filter(
    ({ event, how, process, wanted }) =>
      event === 'ended' &&
      wanted !== true &&
      how !== REFUSED_TO_START &&
      !(process === 'client' && how === '0'),
  );
}

export interface Call {
  readonly asked: AskedLine;
  readonly done: DoneLine | undefined;
}

const calls = new WeakMap<Evidence, readonly Call[]>();

/** What services were asked for, in the order of time. */
export function callsOf(evidence: Evidence): readonly Call[] {
  let found = calls.get(evidence);
  if (found !== undefined) return found;
  found = evidence.services
    .flatMap((lines) => {
      const done = new Map<number, DoneLine>();
      for (const line of lines) if (line.what === 'done') done.set(line.id, line);
      return lines
        .filter((line) => line.what === 'asked')
        .map((asked) => ({ asked, done: done.get(asked.id) }));
    })
    .sort((a, b) => a.asked.at - b.asked.at);
  calls.set(evidence, found);
  return found;
}

function ledgerEntry(asked: AskedLine, done: DoneLine | undefined): LedgerEntry {
  const { at, attempt, key, name, pid, request, run, strand } = asked;
  const answer = done?.answer;
  const heard = done?.heard !== true ? 'nothing' : 'error' in done.answer ? 'error' : 'result';
  return {
    ...{ at, key, role: 'do', name, request, run, strand, attempt, runner: String(pid), heard },
    applied: done?.applied === true,
    ...(done?.applied === true ? { appliedAt: done.at } : {}),
    ...(answer === undefined
      ? {}
      : { answer: 'result' in answer ? answer.result : ({ ...answer.error } as Json) }),
  };
}
