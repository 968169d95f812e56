/*
 * What every session of ours begins with: its settings, and a look at who is at the other end.
 *
 * N1. A session works on a primary that is not too old, in UTF-8, or not at all.
 * N2. What the database or the role has as defaults does not matter: isolation, timeouts, and that a
 *     commit is on disk when it is answered (R14: a Store that lost commits stops the partition).
 * N3. Plans use the indexes whatever the statistics say. Tables here go from empty to a million rows
 *     between two ANALYZEs; a plan that was right for the empty one reads all of them for each timer.
 */
import type { ClientBase } from 'pg';
import { SERVER_VERSION_MIN } from './limits.ts';
import { PostgresError, stateOf } from './postgres-error.ts';

/** Which cluster of files this is, and how often it was promoted. */
export interface ServerIdentity {
  /** made by initdb: a copy of the files has it, a restored dump has not */
  readonly system: string;
  readonly timeline: number;
}

export interface Session {
  /** e.g. 180004 */
  readonly version: number;
  /** undefined = the role may not ask */
  readonly identity: ServerIdentity | undefined;
  /** settings that make the server forget what it has committed, if its machine fails */
  readonly unsafe: readonly string[];
}

export interface SessionOptions {
  readonly where: string;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

const SETTINGS = `
  SELECT set_config('default_transaction_isolation', 'read committed', false),
    set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
      THEN 'on' ELSE current_setting('synchronous_commit') END, false),
    set_config('statement_timeout', $1, false),
    set_config('lock_timeout', $2, false),
    set_config('idle_in_transaction_session_timeout', $1, false),
    set_config('enable_seqscan', 'off', false),
    set_config('enable_bitmapscan', 'off', false),
    set_config('enable_sort', 'off', false)`;

const FACTS = `
  SELECT current_setting('server_version_num')::int AS version,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS standby,
    current_setting('server_encoding') AS encoding,
    current_setting('fsync')::boolean AS fsync,
    current_setting('full_page_writes')::boolean AS full_page_writes`;

const IDENTITY = `
  SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system,
    substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline`;

interface Facts {
  readonly version: number;
  readonly standby: boolean;
  readonly encoding: string;
  readonly fsync: boolean;
  readonly full_page_writes: boolean;
}

export async function beginSession(client: ClientBase, options: SessionOptions): Promise<Session> {
  const { where, statementTimeoutMs, lockTimeoutMs } = options;
  await client.query(SETTINGS, [String(statementTimeoutMs), String(lockTimeoutMs)]);
  const { rows } = await client.query<Facts>(FACTS);
  const facts = rows[0] as Facts;
  if (facts.version < SERVER_VERSION_MIN * 10_000) {
    const what = `this is PostgreSQL ${Math.floor(facts.version / 10_000)}, ${SERVER_VERSION_MIN} is the oldest that will do`;
    throw new PostgresError('old-server', where, what);
  }
  if (facts.standby) throw new PostgresError('standby', where, 'this server takes no writes');
  if (facts.encoding !== 'UTF8') {
    const what = `the database has the encoding ${facts.encoding}, which cannot hold every text`;
    throw new PostgresError('encoding', where, what);
  }
  const unsafe = [
    ...(facts.fsync ? [] : ['fsync = off']),
    ...(facts.full_page_writes ? [] : ['full_page_writes = off']),
  ];
  return { version: facts.version, identity: await identityOf(client), unsafe };
}

async function identityOf(client: ClientBase): Promise<ServerIdentity | undefined> {
  try {
    const { rows } = await client.query<{ system: string; timeline: string }>(IDENTITY);
    const { system, timeline } = rows[0] as { system: string; timeline: string };
    return { system, timeline: Number.parseInt(timeline, 16) };
  } catch (error) {
    // a hosted server that keeps these functions to itself, or has none
    if (['42501', '42883', '0A000'].includes(stateOf(error) ?? '')) return undefined;
    throw error;
  }
}
