/*
 * One server per test file, and Stores on it: each in a schema of its own, dropped afterwards.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type TestContext, afterAll, beforeAll } from 'vitest';
import {
  type PostgresNotice,
  type PostgresOptions,
  type PostgresPorts,
  openPostgres,
} from '../../../src/adapters/postgres/index.ts';
import type { World } from '../../contracts/suite.ts';
import { type PostgresServer, type ServerOptions, postgresServer } from './server.ts';

export interface PostgresWorld extends World, Omit<PostgresPorts, 'close'> {
  readonly schema: string;
  readonly notices: PostgresNotice[];
  /** another process, as far as the server can tell */
  open(options?: Partial<PostgresOptions>): Promise<PostgresPorts>;
  /** closes what was opened; the schema stays */
  end(): Promise<void>;
}

export class ServerForTests {
  #server: PostgresServer | undefined;
  #missing = 'the server was not started';
  #schemas = 0;

  constructor(options: ServerOptions = {}) {
    beforeAll(async () => {
      const found = await postgresServer(options);
      if ('missing' in found) this.#missing = found.missing;
      else this.#server = found;
    }, 60_000);
    afterAll(async () => {
      await this.#server?.stop();
    }, 30_000);
  }

  /** The server; without one the test is skipped and says why. */
  here(context?: TestContext): PostgresServer {
    if (this.#server === undefined) {
      context?.skip(this.#missing);
      throw new Error(this.#missing);
    }
    return this.#server;
  }

  get missing(): string | undefined {
    return this.#server === undefined ? this.#missing : undefined;
  }

  newSchema(): string {
    this.#schemas += 1;
    return `test_${process.pid}_${Date.now().toString(36)}_${this.#schemas}`;
  }

  async world(options: Partial<PostgresOptions> = {}): Promise<PostgresWorld> {
    const server = this.here();
    const schema = options.schema ?? this.newSchema();
    const notices: PostgresNotice[] = [];
    const opened: PostgresPorts[] = [];
    const open: PostgresWorld['open'] = async (more = {}) => {
      const ports = await openPostgres({
        url: server.url(),
        schema,
        poolSize: 4,
        onNotice: (notice) => notices.push(notice),
        ...options,
        ...more,
      });
      opened.push(ports);
      return ports;
    };
    const ports = await open();
    const end = async (): Promise<void> => {
      await Promise.all(opened.map((one) => one.close()));
    };
    return {
      ...ports,
      schema,
      notices,
      open,
      settle: (answer) => Promise.resolve(answer),
      pass: (ms) => sleep(ms),
      end,
      close: async () => {
        await end();
        await this.sql(`DROP SCHEMA "${schema}" CASCADE`);
      },
    };
  }

  /** As the superuser, on a connection of its own. */
  async sql<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    url = this.here().url(),
  ): Promise<Row[]> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      const { rows } = await client.query<Row>(text, values.length > 0 ? [...values] : undefined);
      return rows;
    } finally {
      await client.end();
    }
  }
}
