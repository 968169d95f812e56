/*
 * openPostgres: a PostgreSQL database as Store and Definitions of a runtime.
 *
 * Owns: how the parts are put together, what is checked before the first call, and health.
 *
 * P1. pg is imported when a database is opened, not when this module is.
 * P2. What cannot work is said at once, by one PostgresError, and nothing is left open: no half start.
 * P3. Which cluster answered last is kept in the database itself, so that a failover between two runs of
 *     a process is noticed, too. It is only a hint for people; the runtime goes by `applied`.
 */
import type { ClientBase, Pool } from 'pg';
import type { Definitions, RunIndex, Store } from '../../ports/index.ts';
import { Connections, failover } from './connections.ts';
import { PostgresDefinitions } from './definitions.ts';
import {
  CONNECT_TIMEOUT_MS,
  LOCK_TIMEOUT_MS,
  POOL_SIZE,
  SILENCE_MS,
  STATEMENT_TIMEOUT_MS,
} from './limits.ts';
import { SCHEMA } from './migrations.ts';
import type { Notify, PostgresNotice } from './notice.ts';
import { PostgresError, asPostgresError } from './postgres-error.ts';
import { prepareSchema, schemaPrefix } from './schema.ts';
import { PostgresRunIndex } from './run-index.ts';
import { type ServerIdentity, beginSession } from './session.ts';
import { PostgresStore } from './store.ts';

export interface PostgresOptions {
  /** postgres://user:password@host:port/database?sslmode=... */
  readonly url: string;
  /** default waybill; several Stores may share a database, each in a schema of its own */
  readonly schema?: string;
  /** connections of this process */
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** what a person should hear; each thing is said once, not per try */
  readonly onNotice?: (notice: PostgresNotice) => void;
}

export interface PostgresHealth {
  readonly up: boolean;
  /** of one round trip; undefined if it is not up */
  readonly latencyMs: number | undefined;
  /** why it is not up, and since when, ms since the epoch */
  readonly reason: string | undefined;
  readonly since: number | undefined;
  /** of the server, e.g. 180004 */
  readonly version: number | undefined;
  readonly identity: ServerIdentity | undefined;
  readonly schema: number;
  readonly connections: { readonly open: number; readonly idle: number; readonly waiting: number };
}

export interface PostgresPorts {
  readonly store: Store;
  readonly definitions: Definitions;
  readonly index: RunIndex;
  /** Never rejects. */
  health(): Promise<PostgresHealth>;
  /** Ends when the calls that are under way have ended. */
  close(): Promise<void>;
}

export async function openPostgres(options: PostgresOptions): Promise<PostgresPorts> {
  const where = placeOf(options.url);
  const { schema = 'waybill', onNotice } = options;
  const notify: Notify = (notice) => onNotice?.(notice);
  const prefix = schemaPrefix(schema, where);
  const connections = await connect(options, where, notify);
  try {
    await connections.open();
    await prepareSchema(connections, schema, notify);
    await rememberServer(connections, prefix, notify);
  } catch (error) {
    await connections.close();
    throw error;
  }
  return {
    store: new PostgresStore(connections, prefix, notify),
    definitions: new PostgresDefinitions(connections, prefix),
    index: new PostgresRunIndex(connections, prefix),
    health: () => healthOf(connections),
    close: () => connections.close(),
  };
}

/** Who and where, without the password and without what stands behind the question mark. */
function placeOf(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
    if (!/^postgres(?:ql)?:$/.test(parsed.protocol)) throw new Error('another protocol');
    decodeURIComponent(parsed.username + parsed.password);
  } catch {
    // not as `cause`: that error quotes the url, and the password in it
    const what = 'the url is not postgres://user:password@host:port/database (escape with %XX)';
    throw new PostgresError('options', 'PostgreSQL', what);
  }
  const user = parsed.username === '' ? '' : `${decodeURIComponent(parsed.username)}@`;
  return `postgres://${user}${parsed.host}${parsed.pathname}`;
}

async function connect(
  options: PostgresOptions,
  where: string,
  notify: Notify,
): Promise<Connections> {
  const {
    url,
    poolSize = POOL_SIZE,
    statementTimeoutMs = STATEMENT_TIMEOUT_MS,
    lockTimeoutMs = LOCK_TIMEOUT_MS,
  } = options;
  for (const [name, value] of Object.entries({ poolSize, statementTimeoutMs, lockTimeoutMs })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new PostgresError('options', where, `${name} is to be a whole number above 0`);
  }
  const { Pool: NewPool } = await library(where);
  const pool = (begin: (client: ClientBase) => Promise<void>): Pool =>
    new NewPool({
      connectionString: url,
      application_name: 'waybill',
      // one more than there are calls: an outage is probed, and health asked, beside them
      max: poolSize + 1,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: statementTimeoutMs + SILENCE_MS,
      keepAlive: true,
      // the pool waits for it, whatever its types say
      // oxlint-disable-next-line typescript/no-misused-promises
      onConnect: begin,
    });
  return new Connections({
    where,
    size: poolSize,
    pool,
    session: (client) => beginSession(client, { where, statementTimeoutMs, lockTimeoutMs }),
    notify,
  });
}

async function library(where: string): Promise<{ Pool: typeof Pool }> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    throw new PostgresError('no-library', where, 'the package pg cannot be loaded', error);
  }
}

/** P3 */
async function rememberServer(
  connections: Connections,
  prefix: string,
  notify: Notify,
): Promise<void> {
  const identity = connections.session?.identity;
  if (identity === undefined) return;
  const text = JSON.stringify(identity);
  const before = await connections.run(async (client) => {
    const { rows } = await client.query<{ value: string }>(
      `SELECT value FROM ${prefix}setting WHERE name = 'server'`,
    );
    const value = rows[0]?.value;
    if (value !== text) {
      await client.query(
        `INSERT INTO ${prefix}setting VALUES ('server', $1)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        [text],
      );
    }
    return value;
  });
  if (before === undefined) return;
  const message = failover(connections.where, JSON.parse(before) as ServerIdentity, identity);
  if (message !== undefined) notify({ kind: 'failover', message });
}

async function healthOf(connections: Connections): Promise<PostgresHealth> {
  const begun = performance.now();
  let failed: string | undefined;
  try {
    await connections.ping();
  } catch (error) {
    const known = asPostgresError(error, connections.where);
    failed = known instanceof Error ? known.message : String(known);
  }
  const { outage, session, counts } = connections;
  const up = failed === undefined;
  return {
    up,
    latencyMs: up ? performance.now() - begun : undefined,
    reason: failed,
    since: up ? undefined : (outage?.since ?? Date.now()),
    version: session?.version,
    identity: session?.identity,
    schema: SCHEMA,
    connections: counts,
  };
}
