/*
 * What is written to PostgreSQL, as its own statistics have it: commits, rows, and what its write-ahead
 * log cost. It counts the whole database, whoever writes; the statistics lag by up to a second.
 */
import type { Client } from 'pg';

export interface PostgresWrites {
  readonly commits: number;
  /** rows inserted, updated and deleted, by table, whatever its schema */
  readonly rows: ReadonlyMap<string, number>;
  readonly walBytes: number;
  /** undefined = this version does not tell */
  readonly walSyncs: number | undefined;
}

const STATISTICS_LAG_MS = 1_200;

export class PostgresCounter {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<PostgresCounter> {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return new PostgresCounter(client);
  }

  async read(): Promise<PostgresWrites> {
    await new Promise((done) => setTimeout(done, STATISTICS_LAG_MS));
    await this.#client.query('SELECT pg_stat_clear_snapshot()');
    const row = await this.#one(
      'SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = current_database()',
    );
    const tables = await this.#client.query<{ relname: string; rows: string }>(
      `SELECT relname, sum(n_tup_ins + n_tup_upd + n_tup_del) AS rows
         FROM pg_stat_user_tables GROUP BY relname`,
    );
    const { bytes } = await this.#one('SELECT wal_bytes AS bytes FROM pg_stat_wal');
    return {
      commits: Number(row['commits']),
      rows: new Map(tables.rows.map(({ relname, rows }) => [relname, Number(rows)])),
      walBytes: Number(bytes),
      walSyncs: await this.#syncs(),
    };
  }

  /** Where they are told has moved with version 18. */
  async #syncs(): Promise<number | undefined> {
    const asked = [
      "SELECT sum(fsyncs) AS syncs FROM pg_stat_io WHERE object = 'wal'",
      'SELECT wal_sync AS syncs FROM pg_stat_wal',
    ];
    for (const question of asked) {
      const { syncs } = await this.#one(question).catch(() => ({ syncs: null }));
      if (syncs !== null && syncs !== undefined) return Number(syncs);
    }
    return undefined;
  }

  async #one(question: string): Promise<Record<string, unknown>> {
    const { rows } = await this.#client.query<Record<string, unknown>>(question);
    return rows[0] ?? {};
  }

  async version(): Promise<string> {
    return String((await this.#one('SHOW server_version'))['server_version']);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
