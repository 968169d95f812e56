/*
 * The Store port on one SQLite file: parked strands, results, once-keys, and how far each partition
 * has been folded.
 *
 * T1. A fold is one job of the group's transaction: compared and set there, where nobody else writes.
 * T2. What is due is found by walking the index (partition, due, key): cost grows with what is given
 *     back and what is excepted, never with what waits. Rows are read only for what is given back.
 * T3. The number of parked rows is kept beside `applied` and changes with it: a start counts nothing.
 * T4. A RESUME of a row that is not there, or a PARK of one that is, means that the Store does not
 *     match the Log: the fold is refused and nothing of it is kept.
 */
import type { Database, Statement } from 'better-sqlite3';
import type {
  Due,
  Folded,
  JournalRow,
  ParkedBranch,
  ParkedRow,
  ResultRow,
  Store,
  StoreChange,
} from '../../ports/index.ts';
import {
  type Json,
  type ParkReason,
  type RecordKind,
  recordFromJson,
  recordToJson,
} from '../../wire/index.ts';
import type { GroupCommit } from './commits.ts';
import { SqliteEventStore, type WrittenListens, writeListens } from './event-store.ts';
import { SqliteProjections } from './projections.ts';
import { offsetOf, rowKey } from './schema.ts';
import { StoreFileError, asStoreFileError } from './store-file-error.ts';

/** Columns of `parked`, in their order there. */
type ParkedColumns = [
  key: number,
  run: string,
  strand: string,
  hop: number,
  definition: string,
  why: string,
  due: number | null,
  reason: string | null,
  record: string,
  partition: number,
];

/** Columns of `journal`, in their order there. */
type JournalColumns = [
  key: number,
  run: string,
  strand: string,
  hop: number,
  definition: string,
  kind: string,
  at: number,
  record: string,
];

type ResultColumns = [run: string, definition: string, ended: string, value: string, at: number];

/** A change as columns: made once, although its job may run twice. */
type Written =
  | { readonly kind: 'park'; readonly columns: ParkedColumns; readonly listens: WrittenListens }
  | {
      readonly kind: 'resume';
      readonly keys: readonly number[];
      /** keys of the events that the first one has consumed */
      readonly consumed: readonly number[];
    }
  | { readonly kind: 'result'; readonly columns: ResultColumns }
  | { readonly kind: 'rearm'; readonly key: number; readonly due: number | null }
  | { readonly kind: 'fired'; readonly key: number; readonly consumed: readonly number[] }
  | { readonly kind: 'journal'; readonly columns: JournalColumns };

export interface SqliteStoreOptions {
  readonly path: string;
  readonly db: Database;
  readonly commits: GroupCommit;
  readonly partitions: number;
  /** a client reads, and claims once-keys; only the owner folds */
  readonly client: boolean;
}

export class SqliteStore implements Store {
  readonly events: SqliteEventStore;
  readonly projections: SqliteProjections;
  readonly #options: SqliteStoreOptions;
  readonly #applied: Statement<[number], [applied: number, parked: number]>;
  readonly #advance: Statement<[number, number, number]>;
  readonly #park: Statement<ParkedColumns>;
  readonly #unpark: Statement<[number]>;
  readonly #rearm: Statement<[number | null, number]>;
  readonly #keep: Statement<ResultColumns>;
  readonly #journal: Statement<JournalColumns>;
  readonly #journalOf: Statement<[string, number, number], JournalColumns>;
  readonly #dueKeys: Statement<[number], [key: number, due: number]>;
  readonly #row: Statement<[number], ParkedColumns>;
  readonly #branches: Statement<[string, number, number], [number, string, string]>;
  readonly #ofRun: Statement<[string, number, number], ParkedColumns>;
  readonly #result: Statement<[string], ResultColumns>;
  readonly #claim: Statement<[string, string]>;
  readonly #reclaim: Statement<[string, string, string]>;
  readonly #claimed: Statement<[string], string>;
  readonly #allClaimed: Statement<[], [string, string]>;
  readonly #dropResult: Statement<[string]>;
  readonly #dropKey: Statement<[string]>;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.events = new SqliteEventStore(options);
    this.projections = new SqliteProjections(options);
    const { db } = options;
    this.#applied = db
      .prepare<[number], [number, number]>('SELECT applied, parked FROM fold WHERE partition = ?')
      .raw();
    this.#advance = db.prepare(
      'UPDATE fold SET applied = ?, parked = parked + ? WHERE partition = ?',
    );
    this.#park = db.prepare('INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#unpark = db.prepare('DELETE FROM parked WHERE key = ?');
    this.#rearm = db.prepare('UPDATE parked SET due = ? WHERE key = ?');
    this.#keep = db.prepare('INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?)');
    this.#journal = db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#journalOf = db
      .prepare<[string, number, number], JournalColumns>(
        'SELECT * FROM journal WHERE run = ? AND key >= ? AND key < ? ORDER BY key',
      )
      .raw();
    this.#dueKeys = db
      .prepare<[number], [number, number]>(
        'SELECT key, due FROM parked WHERE partition = ? AND due IS NOT NULL ORDER BY due, key',
      )
      .raw();
    this.#row = db.prepare<[number], ParkedColumns>('SELECT * FROM parked WHERE key = ?').raw();
    this.#branches = db
      .prepare<[string, number, number], [number, string, string]>(
        `SELECT p.key, p.run, p.strand FROM json_each(?) AS wanted JOIN parked AS p ON p.run = wanted.value
          WHERE p.key >= ? AND p.key < ? AND p.strand <> ''`,
      )
      .raw();
    this.#ofRun = db
      .prepare<[string, number, number], ParkedColumns>(
        'SELECT * FROM parked WHERE run = ? AND key >= ? AND key < ? ORDER BY key',
      )
      .raw();
    this.#result = db.prepare<[string], ResultColumns>('SELECT * FROM result WHERE run = ?').raw();
    this.#claim = db.prepare('INSERT INTO once VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#reclaim = db.prepare('UPDATE once SET run = ? WHERE once_key = ? AND run = ?');
    this.#allClaimed = db
      .prepare<[], [string, string]>('SELECT once_key, run FROM once ORDER BY run, once_key')
      .raw();
    this.#claimed = db.prepare<[string], string>('SELECT run FROM once WHERE once_key = ?').pluck();
    this.#dropResult = db.prepare(
      'DELETE FROM result WHERE run = (SELECT run FROM once WHERE once_key = ?)',
    );
    this.#dropKey = db.prepare('DELETE FROM once WHERE once_key = ?');
  }

  async load(partition: number): Promise<{ applied: number; parked: number }> {
    this.#check(partition);
    return this.#reading(() => {
      const [applied, parked] = this.#progress(partition);
      return { applied, parked };
    });
  }

  async fold(
    partition: number,
    from: number,
    to: number,
    changes: readonly StoreChange[],
  ): Promise<Folded> {
    this.#check(partition);
    if (this.#options.client) {
      throw this.#error('client', 'a client of a file does not fold its Store');
    }
    if (!(from <= to)) throw new RangeError(`a fold cannot go back, from ${from} to ${to}`);
    let weight = 0;
    const written = changes.map((change) => {
      const columns = write(partition, change);
      weight += weightOf(columns);
      return columns;
    });
    return this.#options.commits.submit(() => this.#fold(partition, from, to, written), weight);
  }

  /** T1: within a transaction. */
  #fold(partition: number, from: number, to: number, changes: readonly Written[]): Folded {
    const [applied] = this.#progress(partition);
    if (applied !== from) return { stale: applied };
    let parked = 0;
    for (const change of changes) parked += this.#apply(change);
    this.#advance.run(to, parked, partition);
    return 'applied';
  }

  /** Gives by how many rows the parked have grown. */
  #apply(change: Written): number {
    switch (change.kind) {
      case 'park': {
        const [key] = change.columns;
        if (this.#row.get(key) !== undefined) {
          throw this.#error(
            'mismatch',
            `strand ${offsetOf(key)} was to be parked, but it is already`,
          );
        }
        this.#park.run(...change.columns);
        this.events.parked(change.listens);
        return 1;
      }
      case 'resume':
        for (const key of change.keys) {
          if (this.#unpark.run(key).changes === 1) continue;
          throw this.#error(
            'mismatch',
            `strand ${offsetOf(key)} was to be resumed, but is not parked`,
          );
        }
        this.events.resumed(change.keys, change.consumed);
        return -change.keys.length;
      case 'result':
        this.#keep.run(...change.columns);
        return 0;
      case 'rearm':
        this.#rearm.run(change.due, change.key);
        return 0;
      case 'fired':
        this.events.fired(change.key, change.consumed);
        return 0;
      case 'journal':
        this.#journal.run(...change.columns);
        return 0;
    }
  }

  async due(
    partition: number,
    until: number,
    limit: number,
    except: ReadonlySet<number>,
  ): Promise<Due> {
    this.#check(partition);
    // T2: one transaction, because the walk and the rows must be of one moment
    return this.#reading(
      this.#options.db.transaction(() => {
        const { keys, next } = this.#walk(partition, until, limit, except);
        const [applied] = this.#progress(partition);
        return {
          rows: keys.map((key) => read(this.#row.get(key) as ParkedColumns)),
          next,
          applied,
        };
      }),
    );
  }

  #walk(
    partition: number,
    until: number,
    limit: number,
    except: ReadonlySet<number>,
  ): { keys: readonly number[]; next: number | undefined } {
    const keys: number[] = [];
    for (const [key, due] of this.#dueKeys.iterate(partition)) {
      if (except.has(offsetOf(key))) continue;
      if (due > until || keys.length >= limit) return { keys, next: due };
      keys.push(key);
    }
    return { keys, next: undefined };
  }

  async rows(partition: number, identities: readonly number[]): Promise<readonly ParkedRow[]> {
    this.#check(partition);
    const keys = [...new Set(identities)].sort((a, b) => a - b);
    return this.#reading(() =>
      keys.flatMap((identity) => {
        const columns = this.#row.get(rowKey(partition, identity));
        return columns === undefined ? [] : [read(columns)];
      }),
    );
  }

  async branches(partition: number, runs: readonly string[]): Promise<readonly ParkedBranch[]> {
    this.#check(partition);
    return this.#reading(() =>
      this.#branches
        .all(JSON.stringify(runs), rowKey(partition, 0), rowKey(partition + 1, 0))
        .map(([key, run, strand]) => ({ identity: offsetOf(key), run, strand })),
    );
  }

  async parked(partition: number, run: string): Promise<readonly ParkedRow[]> {
    this.#check(partition);
    return this.#reading(() =>
      this.#ofRun.all(run, rowKey(partition, 0), rowKey(partition + 1, 0)).map(read),
    );
  }

  async result(run: string): Promise<ResultRow | undefined> {
    return this.#reading(() => {
      const columns = this.#result.get(run);
      return columns === undefined ? undefined : readResult(columns);
    });
  }

  async journal(partition: number, run: string): Promise<readonly JournalRow[]> {
    this.#check(partition);
    return this.#reading(() =>
      this.#journalOf.all(run, rowKey(partition, 0), rowKey(partition + 1, 0)).map(readJournal),
    );
  }

  once(key: string, run: string, instead?: string): Promise<string> {
    return this.#options.commits.submit(() => {
      this.#claim.run(key, run);
      if (instead !== undefined) this.#reclaim.run(run, key, instead);
      return this.#claimed.get(key) as string;
    }, key.length);
  }

  async claimed(): Promise<readonly { key: string; run: string }[]> {
    return this.#reading(() => this.#allClaimed.all().map(([key, run]) => ({ key, run })));
  }

  forget(key: string): Promise<void> {
    return this.#options.commits.submit(() => {
      this.#dropResult.run(key);
      this.#dropKey.run(key);
    }, key.length);
  }

  #progress(partition: number): [applied: number, parked: number] {
    const progress = this.#applied.get(partition);
    if (progress !== undefined) return progress;
    throw this.#error('corrupt', `its row of partition ${partition} is missing`);
  }

  #reading<T>(read: () => T): T {
    const { db, path } = this.#options;
    if (!db.open) throw this.#error('closed', 'the file was closed');
    try {
      return read();
    } catch (error) {
      throw asStoreFileError(error, path);
    }
  }

  #check(partition: number): void {
    const { partitions } = this.#options;
    if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return;
    throw new RangeError(`there is no partition ${partition}: there are ${partitions}`);
  }

  #error(code: StoreFileError['code'], what: string): StoreFileError {
    return new StoreFileError(code, this.#options.path, what);
  }
}

function write(partition: number, change: StoreChange): Written {
  switch (change.kind) {
    case 'park': {
      const { identity, run, strand, hop, definition, why, due, reason, record } = change.row;
      const key = rowKey(partition, identity);
      const text = recordToJson(record);
      return {
        kind: 'park',
        columns: [
          key,
          run,
          strand,
          hop,
          definition,
          why,
          due ?? null,
          reason ?? null,
          text,
          partition,
        ],
        listens: writeListens(key, change.row, change.listens ?? []),
      };
    }
    case 'resume':
      return {
        kind: 'resume',
        keys: change.identities.map((identity) => rowKey(partition, identity)),
        consumed: (change.events ?? []).map((event) => rowKey(event.partition, event.offset)),
      };
    case 'result': {
      const { run, definition, ended, value, endedAt } = change.row;
      return {
        kind: 'result',
        columns: [run, definition, ended, JSON.stringify(value), endedAt],
      };
    }
    case 'rearm': {
      const { identity, due } = change;
      return { kind: 'rearm', key: rowKey(partition, identity), due: due ?? null };
    }
    case 'fired':
      return {
        kind: 'fired',
        key: rowKey(partition, change.identity),
        consumed: change.events.map((event) => rowKey(event.partition, event.offset)),
      };
    case 'journal': {
      const { identity, run, strand, hop, definition, kind, at, record } = change.row;
      const key = rowKey(partition, identity);
      const text = recordToJson(record);
      return { kind: 'journal', columns: [key, run, strand, hop, definition, kind, at, text] };
    }
  }
}

function weightOf(change: Written): number {
  switch (change.kind) {
    case 'park':
      return change.columns[8].length;
    case 'resume':
      return change.keys.length * 100;
    case 'result':
      return change.columns[3].length;
    case 'rearm':
      return 16;
    case 'fired':
      return 16 * change.consumed.length;
    case 'journal':
      return change.columns[7].length;
  }
}

function read(columns: ParkedColumns): ParkedRow {
  const [key, run, strand, hop, definition, why, due, reason, record] = columns;
  return {
    identity: offsetOf(key),
    run,
    strand,
    hop,
    definition,
    why: why as ParkReason,
    ...(due === null ? {} : { due }),
    ...(reason === null ? {} : { reason }),
    record: recordFromJson(record),
  };
}

function readJournal(columns: JournalColumns): JournalRow {
  const [key, run, strand, hop, definition, kind, at, record] = columns;
  const about = { run, strand, hop, definition, kind: kind as RecordKind, at };
  return { identity: offsetOf(key), ...about, record: recordFromJson(record) };
}

function readResult([run, definition, ended, value, endedAt]: ResultColumns): ResultRow {
  return {
    run,
    definition,
    ended: ended as ResultRow['ended'],
    value: JSON.parse(value) as Json,
    endedAt,
  };
}
