/*
 * The RunIndex port on one SQLite file: one row per run, and how far each partition has been indexed.
 *
 * X1. A batch is one job of the group's transaction: compared and set there, where nobody else writes.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { LogPosition, RunIndex, RunQuery, RunRow, RunRowStatus } from '../../ports/index.ts';
import type { Json } from '../../wire/index.ts';
import type { GroupCommit } from './commits.ts';
import { StoreFileError, asStoreFileError } from './store-file-error.ts';

interface RunColumns {
  readonly run: string;
  readonly partition: number;
  readonly status: string;
  readonly definition: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly position: string | null;
  readonly waits_for: string | null;
  readonly until: number | null;
  readonly started_at: number;
  readonly changed_at: number;
  readonly ended_at: number | null;
  readonly value: string | null;
  readonly value_bytes: number | null;
  readonly error_type: string | null;
  readonly last: number;
  readonly detail: string | null;
}

const COLUMNS = [
  ...['run', 'partition', 'status', 'definition', 'namespace', 'name', 'version', 'position'],
  ...['waits_for', 'until', 'started_at', 'changed_at', 'ended_at', 'value', 'value_bytes'],
  ...['error_type', 'last', 'detail'],
];
/** A row besides its texts, roughly, bytes. */
const ROW_BYTES = 200;

export interface SqliteRunIndexOptions {
  readonly path: string;
  readonly db: Database;
  readonly commits: GroupCommit;
  /** a client reads only */
  readonly client: boolean;
}

export class SqliteRunIndex implements RunIndex {
  readonly #options: SqliteRunIndexOptions;
  readonly #position: Statement<[number], LogPosition>;
  readonly #move: Statement<[number, number, number, number, number]>;
  readonly #put: Statement<[RunColumns]>;
  readonly #row: Statement<[string], RunColumns>;
  readonly #purge: Statement<[number, number, number]>;

  constructor(options: SqliteRunIndexOptions) {
    this.#options = options;
    const { db } = options;
    this.#position = db.prepare(
      'SELECT "offset", tenure, nonce, n FROM indexed WHERE partition = ?',
    );
    this.#move = db.prepare('INSERT OR REPLACE INTO indexed VALUES (?, ?, ?, ?, ?)');
    // not OR REPLACE: that would take the row out of every index, and put it in again
    const changes = COLUMNS.slice(1).map((column) => `${column} = excluded.${column}`);
    this.#put = db.prepare(
      `INSERT INTO run (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((one) => `@${one}`).join(', ')})
         ON CONFLICT (run) DO UPDATE SET ${changes.join(', ')}`,
    );
    this.#row = db.prepare('SELECT * FROM run WHERE run = ?');
    this.#purge = db.prepare(
      `DELETE FROM run WHERE run IN (
         SELECT run FROM run WHERE partition = ? AND ended_at < ? ORDER BY ended_at LIMIT ?)`,
    );
  }

  async position(partition: number): Promise<LogPosition | undefined> {
    return this.#reading(() => this.#position.get(partition));
  }

  async write(
    partition: number,
    from: LogPosition | undefined,
    to: LogPosition,
    rows: readonly RunRow[],
  ): Promise<'written' | 'stale'> {
    if (this.#options.client) {
      throw new StoreFileError(
        'client',
        this.#options.path,
        'a client of a file does not index it',
      );
    }
    const { offset, tenure, nonce, n } = to;
    const columns = rows.map(columnsOf);
    let weight = 0;
    for (const { detail, value } of columns) {
      weight += ROW_BYTES + (detail?.length ?? 0) + (value?.length ?? 0);
    }
    return this.#options.commits.submit(() => {
      if (this.#position.get(partition)?.offset !== from?.offset) return 'stale';
      for (const row of columns) this.#put.run(row);
      this.#move.run(partition, offset, tenure, nonce, n);
      return 'written';
    }, weight);
  }

  async rows(runs: readonly string[]): Promise<readonly RunRow[]> {
    return this.#reading(() =>
      runs.flatMap((run) => {
        const columns = this.#row.get(run);
        return columns === undefined ? [] : [read(columns)];
      }),
    );
  }

  async get(run: string): Promise<{ row: RunRow; position: LogPosition } | undefined> {
    return this.#reading(
      this.#options.db.transaction(() => {
        const columns = this.#row.get(run);
        const position = columns && this.#position.get(columns.partition);
        return columns && position && { row: read(columns), position };
      }),
    );
  }

  async list({ status, workflow, after, limit }: RunQuery): Promise<readonly RunRow[]> {
    const where: string[] = [];
    const values: (string | number)[] = [];
    const say = (condition: string, ...all: (string | number)[]): void => {
      where.push(condition);
      values.push(...all);
    };
    if (after !== undefined) say('(started_at, run) < (?, ?)', after.startedAt, after.run);
    if (status !== undefined) say('status = ?', status);
    if (workflow !== undefined) {
      say('namespace = ? AND name = ?', workflow.namespace, workflow.name);
      if (workflow.version !== undefined) say('version = ?', workflow.version);
    }
    const condition = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
    const text = `SELECT * FROM run ${condition} ORDER BY started_at DESC, run DESC LIMIT ?`;
    return this.#reading(() =>
      this.#options.db
        .prepare<(string | number)[], RunColumns>(text)
        .all(...values, limit)
        .map(read),
    );
  }

  purge(partition: number, before: number, limit: number): Promise<number> {
    return this.#options.commits.submit(
      () => this.#purge.run(partition, before, limit).changes,
      ROW_BYTES,
    );
  }

  #reading<T>(read: () => T): T {
    const { db, path } = this.#options;
    if (!db.open) throw new StoreFileError('closed', path, 'the file was closed');
    try {
      return read();
    } catch (error) {
      throw asStoreFileError(error, path);
    }
  }
}

function columnsOf(row: RunRow): RunColumns {
  const text = (value: Json | undefined): string | null =>
    value === undefined ? null : JSON.stringify(value);
  return {
    run: row.run,
    partition: row.partition,
    status: row.status,
    definition: row.definition,
    namespace: row.namespace ?? null,
    name: row.name ?? null,
    version: row.version ?? null,
    position: row.position ?? null,
    waits_for: row.waitsFor ?? null,
    until: row.until ?? null,
    started_at: row.startedAt,
    changed_at: row.changedAt,
    ended_at: row.endedAt ?? null,
    value: text(row.value),
    value_bytes: row.valueBytes ?? null,
    error_type: row.errorType ?? null,
    last: row.last,
    detail: text(row.detail),
  };
}

function read(columns: RunColumns): RunRow {
  return {
    run: columns.run,
    partition: columns.partition,
    status: columns.status as RunRowStatus,
    definition: columns.definition,
    ...given('namespace', columns.namespace),
    ...given('name', columns.name),
    ...given('version', columns.version),
    ...given('position', columns.position),
    ...given('waitsFor', columns.waits_for),
    ...given('until', columns.until),
    startedAt: columns.started_at,
    changedAt: columns.changed_at,
    ...given('endedAt', columns.ended_at),
    ...(columns.value === null ? {} : { value: asJson(columns.value) }),
    ...given('valueBytes', columns.value_bytes),
    ...given('errorType', columns.error_type),
    last: columns.last,
    ...(columns.detail === null ? {} : { detail: asJson(columns.detail) }),
  };
}

function asJson(text: string): Json {
  return JSON.parse(text) as Json;
}

function given<Name extends string, T>(
  name: Name,
  column: T | null,
): { readonly [key in Name]?: T } {
  return column === null ? {} : ({ [name]: column } as { [key in Name]: T });
}
