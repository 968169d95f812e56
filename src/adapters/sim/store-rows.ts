/*
 * Rows of the simulated database as they are kept and as they travel: text, so that what comes out never
 * shares anything with what went in.
 */
import type { JournalRow, ListenRow, ParkedRow, StoreChange } from '../../ports/index.ts';
import { type EventPlace, recordFromJson, recordToJson } from '../../wire/index.ts';

export interface KeptRow {
  readonly identity: number;
  readonly run: string;
  readonly strand: string;
  readonly due: number | undefined;
  /** all but the record, and the record, as JSON */
  readonly columns: string;
  readonly payload: string;
}

export interface Transition {
  readonly run: string;
  /** all but the record, and the record, as JSON */
  readonly columns: string;
  readonly payload: string;
}

/** A change as it goes over the wire to the database. */
export type KeptChange =
  | { readonly kind: 'park'; readonly row: KeptRow; readonly listens: readonly ListenRow[] }
  | {
      readonly kind: 'resume';
      readonly identities: readonly number[];
      readonly events: readonly EventPlace[];
    }
  | { readonly kind: 'result'; readonly run: string; readonly text: string }
  | { readonly kind: 'rearm'; readonly identity: number; readonly due: number | undefined }
  | Extract<StoreChange, { kind: 'fired' }>
  | { readonly kind: 'journal'; readonly row: Transition };

export function write(change: StoreChange): KeptChange {
  switch (change.kind) {
    case 'park': {
      const { record, ...columns } = change.row;
      return {
        kind: 'park',
        row: {
          identity: columns.identity,
          run: columns.run,
          strand: columns.strand,
          due: columns.due,
          columns: JSON.stringify(columns),
          payload: recordToJson(record),
        },
        listens: JSON.parse(JSON.stringify(change.listens ?? [])) as readonly ListenRow[],
      };
    }
    case 'resume':
      return {
        kind: 'resume',
        identities: [...change.identities],
        events: [...(change.events ?? [])],
      };
    case 'result':
      return { kind: 'result', run: change.row.run, text: JSON.stringify(change.row) };
    case 'fired':
      return { ...change, events: change.events.map((event) => ({ ...event })) };
    case 'rearm':
      return { kind: 'rearm', identity: change.identity, due: change.due };
    case 'journal': {
      const { record, ...columns } = change.row;
      const { run } = columns;
      const row = { run, columns: JSON.stringify(columns), payload: recordToJson(record) };
      return { kind: 'journal', row };
    }
  }
}

export function read(kept: KeptRow): ParkedRow {
  const columns = JSON.parse(kept.columns) as Omit<ParkedRow, 'record'>;
  return { ...columns, record: recordFromJson(kept.payload) };
}

export function readJournal({ columns, payload }: Transition): JournalRow {
  const row = JSON.parse(columns) as Omit<JournalRow, 'record'>;
  return { ...row, record: recordFromJson(payload) };
}
