/*
 * Changes of a fold as the arrays that `fold_2` takes, and rows as the port has them.
 *
 * W1. Arrays are made at once, while the fold is being submitted: what a caller changes later does not
 *     matter, and a repetition sends the same bytes.
 * W2. The columns of a parked row win over its record: a person who moves `due` has moved it.
 */
import type {
  JournalRow,
  ListenRow,
  ParkedRow,
  ResultRow,
  StoreChange,
} from '../../ports/index.ts';
import {
  type EventPlace,
  type Json,
  type ParkReason,
  type RecordKind,
  recordFromJson,
  recordToJson,
} from '../../wire/index.ts';
import { int8Array, textArray } from './array-parameter.ts';
import { STATEMENT_BYTES_MAX } from './limits.ts';
import { fromText, toText } from './text-column.ts';

/** Columns of a parked row in the order of PARKED_COLUMNS; bigint comes as text. */
export type ParkedColumns = [
  identity: string,
  run: string,
  strand: string,
  hop: string,
  definition: string,
  why: string,
  due: string | null,
  reason: string | null,
  record: string,
];

/** `record` as text: pg would parse it, and we want it as it stands. */
export const PARKED_COLUMNS =
  'identity, run, strand, hop, definition, why, due, reason, record::text';

export type ResultColumns = [
  run: string,
  definition: string,
  ended: string,
  value: string,
  endedAt: string,
];

interface Listener {
  readonly row: ParkedRow;
  readonly nth: number;
  readonly listen: ListenRow;
}

interface Wave {
  readonly parks: ParkedRow[];
  /** of the parks, as they are stored */
  readonly records: string[];
  bytes: number;
  readonly gone: Set<number>;
  /** as `gone`, and what is named twice twice: the server then finds one too few */
  readonly resumed: number[];
  readonly listens: Listener[];
  readonly consumed: { readonly identity: number; readonly event: EventPlace }[];
  readonly results: Map<string, ResultRow>;
}

/**
 * What `fold_2` takes from `identities` on, per call. One call adds rows before it removes some, which
 * is the order of every real Log, where an identity is parked once; a strand that is parked again under
 * an identity that was resumed takes another call, and so do more bytes than a statement should have.
 */
export function foldParameters(
  changes: readonly StoreChange[],
  bytesMax = STATEMENT_BYTES_MAX,
): readonly (readonly Buffer[])[] {
  let wave = newWave();
  const waves = [wave];
  const fired = new Map<number, readonly EventPlace[]>();
  for (const change of changes) {
    switch (change.kind) {
      case 'park': {
        const record = recordToJson(change.row.record);
        if (wave.gone.has(change.row.identity) || wave.bytes + record.length > bytesMax) {
          wave = newWave();
          waves.push(wave);
        }
        wave.parks.push(change.row);
        wave.records.push(record);
        wave.bytes += record.length;
        for (const [nth, listen] of (change.listens ?? []).entries()) {
          wave.listens.push({ row: change.row, nth, listen });
        }
        break;
      }
      case 'resume':
        for (const identity of change.identities) {
          wave.gone.add(identity);
          // what it fired by is marked only after all waves
          for (const event of fired.get(identity) ?? []) wave.consumed.push({ identity, event });
        }
        wave.resumed.push(...change.identities);
        for (const event of change.events ?? []) {
          wave.consumed.push({ identity: change.identities[0] ?? -1, event });
        }
        break;
      case 'result':
        // one statement writes a row once: the last one of a run is the one that stays
        wave.results.set(change.row.run, change.row);
        break;
      case 'fired':
        fired.set(change.identity, [...(fired.get(change.identity) ?? []), ...change.events]);
        break;
      case 'rearm':
      case 'journal':
        break;
    }
  }
  return waves.map(arrays);
}

/** Events that schedules have consumed: identity of the schedule, place of the event. */
export function firedParameters(changes: readonly StoreChange[]): readonly Buffer[] | undefined {
  const fired = changes.flatMap((change) =>
    change.kind === 'fired'
      ? change.events.map((event) => ({ identity: change.identity, event }))
      : [],
  );
  if (fired.length === 0) return undefined;
  return [
    int8Array(fired.map(({ identity }) => identity)),
    int8Array(fired.map(({ event }) => event.partition)),
    int8Array(fired.map(({ event }) => event.offset)),
  ];
}

/** The last word on each schedule that the changes rearm: its identity and when it is due. */
export function rearmParameters(changes: readonly StoreChange[]): readonly Buffer[] | undefined {
  const rearmed = new Map<number, number | undefined>();
  for (const change of changes) {
    if (change.kind === 'rearm') rearmed.set(change.identity, change.due);
  }
  if (rearmed.size === 0) return undefined;
  return [
    int8Array([...rearmed.keys()]),
    int8Array([...rearmed.values()].map((due) => (due === undefined ? null : Math.ceil(due)))),
  ];
}

/** Columns of a journal row in the order of JOURNAL_COLUMNS; bigint comes as text. */
export type JournalColumns = [
  offset: string,
  run: string,
  strand: string,
  hop: string,
  definition: string,
  kind: string,
  at: string,
  record: string,
];

export const JOURNAL_COLUMNS = 'log_offset, run, strand, hop, definition, kind, at, record::text';

/** What a journal takes, statement by statement: as many rows as one statement should have. */
export function journalParameters(
  changes: readonly StoreChange[],
  bytesMax = STATEMENT_BYTES_MAX,
): readonly (readonly Buffer[])[] {
  const statements: Buffer[][] = [];
  let rows: JournalRow[] = [];
  let records: string[] = [];
  let bytes = 0;
  const finish = (): void => {
    if (rows.length > 0) statements.push(journalArrays(rows, records));
    [rows, records, bytes] = [[], [], 0];
  };
  for (const change of changes) {
    if (change.kind !== 'journal') continue;
    const record = recordToJson(change.row.record);
    if (bytes + record.length > bytesMax) finish();
    rows.push(change.row);
    records.push(record);
    bytes += record.length;
  }
  finish();
  return statements;
}

function journalArrays(rows: readonly JournalRow[], records: readonly string[]): Buffer[] {
  return [
    int8Array(rows.map(({ identity }) => identity)),
    textArray(rows.map(({ run }) => toText(run))),
    textArray(rows.map(({ strand }) => toText(strand))),
    int8Array(rows.map(({ hop }) => hop)),
    textArray(rows.map(({ definition }) => toText(definition))),
    textArray(rows.map(({ kind }) => kind)),
    int8Array(rows.map(({ at }) => Math.ceil(at))),
    textArray(records, 'json'),
  ];
}

export function readJournal(columns: JournalColumns): JournalRow {
  const [offset, run, strand, hop, definition, kind, at, record] = columns;
  return {
    identity: Number(offset),
    run: fromText(run),
    strand: fromText(strand),
    hop: Number(hop),
    definition: fromText(definition),
    kind: kind as RecordKind,
    at: Number(at),
    record: recordFromJson(record),
  };
}

function newWave(): Wave {
  return {
    parks: [],
    records: [],
    bytes: 0,
    gone: new Set(),
    resumed: [],
    listens: [],
    consumed: [],
    results: new Map(),
  };
}

function arrays(wave: Wave): readonly Buffer[] {
  const { parks, records, resumed, results } = wave;
  const ended = [...results.values()];
  return [
    int8Array(parks.map(({ identity }) => identity)),
    textArray(parks.map(({ run }) => toText(run))),
    textArray(parks.map(({ strand }) => toText(strand))),
    int8Array(parks.map(({ hop }) => hop)),
    textArray(parks.map(({ definition }) => toText(definition))),
    textArray(parks.map(({ why }) => why)),
    int8Array(parks.map(({ due }) => (due === undefined ? null : Math.ceil(due)))),
    textArray(parks.map(({ reason }) => (reason === undefined ? null : toText(reason)))),
    textArray(records, 'json'),
    int8Array(resumed),
    textArray(ended.map(({ run }) => toText(run))),
    textArray(ended.map(({ definition }) => toText(definition))),
    textArray(ended.map((row) => row.ended)),
    textArray(
      ended.map(({ value }) => JSON.stringify(value)),
      'json',
    ),
    int8Array(ended.map(({ endedAt }) => Math.ceil(endedAt))),
    ...listenArrays(wave),
  ];
}

function listenArrays({ listens, consumed }: Wave): readonly Buffer[] {
  return [
    int8Array(listens.map(({ row }) => row.identity)),
    int8Array(listens.map(({ nth }) => nth)),
    textArray(listens.map(({ listen }) => toText(listen.lookup.type))),
    textArray(listens.map(({ listen }) => toText(listen.lookup.from))),
    textArray(listens.map(({ listen }) => toText(listen.lookup.key))),
    textArray(listens.map(({ row }) => toText(row.run))),
    textArray(listens.map(({ row }) => toText(row.strand))),
    int8Array(listens.map(({ listen }) => Math.floor(listen.since))),
    textArray(
      listens.map(({ listen }) => JSON.stringify(listen.subscription)),
      'json',
    ),
    int8Array(consumed.map(({ identity }) => identity)),
    int8Array(consumed.map(({ event }) => event.partition)),
    int8Array(consumed.map(({ event }) => event.offset)),
  ];
}

export function readParked(columns: ParkedColumns): ParkedRow {
  const [identity, run, strand, hop, definition, why, due, reason, record] = columns;
  return {
    identity: Number(identity),
    run: fromText(run),
    strand: fromText(strand),
    hop: Number(hop),
    definition: fromText(definition),
    why: why as ParkReason,
    ...(due === null ? {} : { due: Number(due) }),
    ...(reason === null ? {} : { reason: fromText(reason) }),
    record: recordFromJson(record),
  };
}

export function readResult([run, definition, ended, value, endedAt]: ResultColumns): ResultRow {
  return {
    run: fromText(run),
    definition: fromText(definition),
    ended: ended as ResultRow['ended'],
    value: JSON.parse(value) as Json,
    endedAt: Number(endedAt),
  };
}
