/*
 * The RunIndex port on PostgreSQL: one row per run, and how far each partition has been indexed.
 *
 * X1. A batch is one statement (`index_1`, migrations.ts), as a fold is: it compares and moves the
 *     position, then inserts or updates one row for each run.
 * X2. A row is written again only when its run has got on. It is as durable as the database; if both are
 *     lost or put back, the Log makes them again from where the position stands then.
 */
import type { PoolClient, QueryConfig } from 'pg';
import type { LogPosition, RunIndex, RunQuery, RunRow, RunRowStatus } from '../../ports/index.ts';
import type { Json } from '../../wire/index.ts';
import { int8Array, textArray } from './array-parameter.ts';
import type { Connections } from './connections.ts';
import { fromText, toText } from './text-column.ts';

/** bigint comes as text */
interface PositionColumns {
  readonly log_offset: string;
  readonly tenure: string;
  readonly nonce: string;
  readonly n: string;
}

interface RunColumns {
  readonly run: string;
  readonly status: string;
  readonly definition: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly position: string | null;
  readonly waits_for: string | null;
  readonly until: string | null;
  readonly started_at: string;
  readonly changed_at: string;
  readonly ended_at: string | null;
  readonly value_text: string | null;
  readonly value_bytes: string | null;
  readonly error_type: string | null;
  readonly last: string;
  readonly detail_text: string | null;
  readonly partition: number;
}

/** JSON as text: pg would parse it, and we want it as it stands. */
const COLUMNS = 'r.*, r.value::text AS value_text, r.detail::text AS detail_text';
/** In the order of what `list` takes: a row after them is looked for from here on. */
const LAST_OF_ALL = { startedAt: Number.MAX_SAFE_INTEGER, run: '' } as const;

export class PostgresRunIndex implements RunIndex {
  readonly #connections: Connections;
  readonly #prefix: string;
  readonly #sql: ReturnType<typeof statements>;

  constructor(connections: Connections, prefix: string) {
    this.#connections = connections;
    this.#prefix = prefix;
    this.#sql = statements(prefix);
  }

  async position(partition: number): Promise<LogPosition | undefined> {
    const rows = await this.#ask<PositionColumns>(this.#sql.position, [partition]);
    return rows[0] === undefined ? undefined : readPosition(rows[0]);
  }

  async write(
    partition: number,
    from: LogPosition | undefined,
    to: LogPosition,
    rows: readonly RunRow[],
  ): Promise<'written' | 'stale'> {
    const { offset, tenure, nonce, n } = to;
    const place = [partition, from?.offset ?? null, offset, tenure, nonce, n];
    const answer = await this.#ask<{ written: boolean }>(this.#sql.write, [
      ...place,
      ...arrays(rows),
    ]);
    return answer[0]?.written === true ? 'written' : 'stale';
  }

  async rows(runs: readonly string[]): Promise<readonly RunRow[]> {
    const found = await this.#ask<RunColumns>(this.#sql.rows, [textArray(runs.map(toText))]);
    return found.map(read);
  }

  async get(run: string): Promise<{ row: RunRow; position: LogPosition } | undefined> {
    const rows = await this.#ask<PositionColumns & RunColumns>(this.#sql.get, [toText(run)]);
    const found = rows[0];
    return found === undefined ? undefined : { row: read(found), position: readPosition(found) };
  }

  async list({ status, workflow, after, limit }: RunQuery): Promise<readonly RunRow[]> {
    const { startedAt, run } = after ?? LAST_OF_ALL;
    const values: unknown[] = [Math.ceil(startedAt), toText(run), limit];
    const where: string[] = [];
    const equal = (column: string, value: string): void => {
      values.push(toText(value));
      where.push(`AND ${column} = $${values.length}`);
    };
    if (status !== undefined) equal('status', status);
    if (workflow !== undefined) {
      equal('namespace', workflow.namespace);
      equal('name', workflow.name);
      if (workflow.version !== undefined) equal('version', workflow.version);
    }
    const text = `SELECT ${COLUMNS} FROM ${this.#prefix}run r
       WHERE (started_at, run) < ($1, $2) ${where.join(' ')}
       ORDER BY started_at DESC, run DESC LIMIT $3`;
    return (await this.#ask<RunColumns>({ text }, values)).map(read);
  }

  async purge(partition: number, before: number, limit: number): Promise<number> {
    const values = [partition, Math.ceil(before), limit];
    const rows = await this.#ask<{ gone: string }>(this.#sql.purge, values);
    return Number(rows[0]?.gone ?? 0);
  }

  #ask<Row extends object>(statement: QueryConfig, values: unknown[]): Promise<Row[]> {
    return this.#connections.run(async (client: PoolClient) => {
      const { rows } = await client.query<Row>({ ...statement, values });
      return rows;
    });
  }
}

function statements(s: string) {
  const types = [
    ...['text', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'bigint', 'bigint'],
    ...['bigint', 'bigint', 'json', 'bigint', 'text', 'bigint', 'json'],
  ].map((type, i) => `$${i + 7}::${type}[]`);
  const place = 'log_offset, tenure, nonce, n';
  return {
    position: {
      name: 'waybill_indexed',
      text: `SELECT ${place} FROM ${s}indexed WHERE partition = $1`,
    },
    write: {
      name: 'waybill_index',
      text: `SELECT ${s}index_1($1, $2, $3, $4, $5, $6, ${types.join(', ')}) AS written`,
    },
    rows: {
      name: 'waybill_run_rows',
      text: `SELECT ${COLUMNS} FROM unnest($1::text[]) AS wanted (id) JOIN ${s}run r ON run = id`,
    },
    get: {
      name: 'waybill_run',
      text: `SELECT ${place}, ${COLUMNS} FROM ${s}run r JOIN ${s}indexed USING (partition) WHERE run = $1`,
    },
    purge: {
      name: 'waybill_purge',
      text: `WITH gone AS (DELETE FROM ${s}run WHERE run IN (
          SELECT run FROM ${s}run WHERE partition = $1 AND ended_at < $2 ORDER BY ended_at LIMIT $3)
          RETURNING 1)
        SELECT count(*) AS gone FROM gone`,
    },
  };
}

/** What `index_1` takes from `runs` on. */
function arrays(rows: readonly RunRow[]): readonly Buffer[] {
  const texts = (of: (row: RunRow) => string | undefined): Buffer =>
    textArray(
      rows.map((row) => {
        const text = of(row);
        return text === undefined ? null : toText(text);
      }),
    );
  const numbers = (of: (row: RunRow) => number | undefined): Buffer =>
    int8Array(
      rows.map((row) => {
        const number = of(row);
        return number === undefined ? null : Math.ceil(number);
      }),
    );
  const json = (of: (row: RunRow) => Json | undefined): Buffer =>
    textArray(
      rows.map((row) => {
        const value = of(row);
        return value === undefined ? null : JSON.stringify(value);
      }),
      'json',
    );
  return [
    texts(({ run }) => run),
    texts(({ status }) => status),
    texts(({ definition }) => definition),
    texts(({ namespace }) => namespace),
    texts(({ name }) => name),
    texts(({ version }) => version),
    texts(({ position }) => position),
    texts(({ waitsFor }) => waitsFor),
    numbers(({ until }) => until),
    numbers(({ startedAt }) => startedAt),
    numbers(({ changedAt }) => changedAt),
    numbers(({ endedAt }) => endedAt),
    json(({ value }) => value),
    numbers(({ valueBytes }) => valueBytes),
    texts(({ errorType }) => errorType),
    numbers(({ last }) => last),
    json(({ detail }) => detail),
  ];
}

function readPosition({ log_offset, tenure, nonce, n }: PositionColumns): LogPosition {
  return { offset: Number(log_offset), tenure: Number(tenure), nonce: Number(nonce), n: Number(n) };
}

function read(columns: RunColumns): RunRow {
  return {
    run: fromText(columns.run),
    partition: columns.partition,
    status: columns.status as RunRowStatus,
    definition: fromText(columns.definition),
    ...given('namespace', columns.namespace, fromText),
    ...given('name', columns.name, fromText),
    ...given('version', columns.version, fromText),
    ...given('position', columns.position, fromText),
    ...given('waitsFor', columns.waits_for, fromText),
    ...given('until', columns.until, Number),
    startedAt: Number(columns.started_at),
    changedAt: Number(columns.changed_at),
    ...given('endedAt', columns.ended_at, Number),
    ...given('value', columns.value_text, asJson),
    ...given('valueBytes', columns.value_bytes, Number),
    ...given('errorType', columns.error_type, fromText),
    last: Number(columns.last),
    ...given('detail', columns.detail_text, asJson),
  };
}

function asJson(text: string): Json {
  return JSON.parse(text) as Json;
}

function given<Name extends string, T>(
  name: Name,
  column: string | null,
  as: (column: string) => T,
): { readonly [key in Name]?: T } {
  return column === null ? {} : ({ [name]: as(column) } as { [key in Name]: T });
}
