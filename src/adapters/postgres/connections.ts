/*
 * Connections to one PostgreSQL: a bounded number of sessions, and what happens when it is away.
 *
 * Owns: the pool, back-off, notices of outages and failovers. Does not own: SQL.
 *
 * C1. A call whose connection is lost is rejected, never repeated here: it may have been done.
 * C2. A call that the server rolled back because of others (deadlock, serialization) is repeated.
 * C3. An outage is noticed once, and its end once, however many calls and tries lie between. While it
 *     lasts calls wait a while for its end, then are rejected; one probe with back-off looks for it.
 * C4. After an outage no connection of the time before is used again.
 * C5. What else is wrong (no space, a right that was taken away) is noticed once a minute at most: the
 *     runtime repeats such calls for ever, in silence.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase, Pool, PoolClient } from 'pg';
import {
  AWAY_WAIT_MS,
  CONFLICT_TRIES_MAX,
  CONFLICT_WAIT_MS,
  RECONNECT_FIRST_MS,
  RECONNECT_MAX_MS,
  TROUBLE_EVERY_MS,
} from './limits.ts';
import type { Notify } from './notice.ts';
import {
  PostgresError,
  type PostgresErrorCode,
  asPostgresError,
  isConflict,
  isConnectionLoss,
} from './postgres-error.ts';
import type { ServerIdentity, Session } from './session.ts';

export interface ConnectionsOptions {
  /** user, host, port, database: for messages */
  readonly where: string;
  readonly size: number;
  /** a pool whose sessions begin with `begin`, which rejects what cannot be used */
  readonly pool: (begin: (client: ClientBase) => Promise<void>) => Pool;
  readonly session: (client: ClientBase) => Promise<Session>;
  readonly notify: Notify;
}

interface Outage {
  readonly since: number;
  /** what the last try met */
  reason: string;
  readonly over: Promise<void>;
  readonly end: () => void;
}

export class Connections {
  readonly where: string;
  /** what the newest session said */
  session: Session | undefined;
  readonly #options: ConnectionsOptions;
  readonly #stop = new AbortController();
  /** calls that wait for one of the `size` places */
  readonly #queue: (() => void)[] = [];
  #places: number;
  #pool: Pool;
  #outage: Outage | undefined;
  /** false until the first session: what fails before is an error of `open`, not an outage */
  #opened = false;
  #warned = false;
  /** when each kind of trouble was noticed last, ms since the epoch */
  readonly #noticed = new Map<PostgresErrorCode, number>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.where = options.where;
    this.#places = options.size;
    this.#pool = this.#newPool();
  }

  /** Why it is away, and since when, ms since the epoch. */
  get outage(): { readonly since: number; readonly reason: string } | undefined {
    return this.#outage;
  }

  get counts(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    const { totalCount, idleCount } = this.#pool;
    return { open: totalCount, idle: idleCount, waiting: this.#queue.length };
  }

  /** The first session, or why there can be none. */
  async open(): Promise<void> {
    try {
      (await this.#pool.connect()).release();
      this.#opened = true;
    } catch (error) {
      const known = asPostgresError(error, this.where);
      if (!(known instanceof PostgresError) || known.code !== 'away') throw known;
      throw new PostgresError('no-server', this.where, known.what, error);
    }
  }

  /** Does `work` on a connection of its own. */
  async run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await this.#place();
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#once(work);
        } catch (error) {
          if (!isConflict(error) || tries === CONFLICT_TRIES_MAX) throw this.#trouble(error);
        }
        await sleep(CONFLICT_WAIT_MS * 2 ** tries * (0.5 + Math.random()));
      }
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#places += 1;
      else next();
    }
  }

  /** The same within BEGIN and COMMIT. */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.run(async (client) => {
      await client.query('BEGIN');
      try {
        const answer = await work(client);
        await client.query('COMMIT');
        return answer;
      } catch (error) {
        if (!isConnectionLoss(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  /** One round trip on any connection, in an outage as well. */
  async ping(): Promise<void> {
    const client = await this.#pool.connect();
    let failed = true;
    try {
      await client.query('SELECT 1');
      failed = false;
    } finally {
      client.release(failed);
    }
  }

  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#outage?.end();
    await this.#pool.end();
  }

  #place(): Promise<void> {
    if (this.#places > 0) {
      this.#places -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }

  async #once<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await this.#present();
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      this.#away(error);
      throw error;
    }
    let lost = false;
    try {
      return await work(client);
    } catch (error) {
      lost = isConnectionLoss(error);
      if (lost) this.#away(error);
      throw error;
    } finally {
      client.release(lost);
    }
  }

  /** C3 */
  async #present(): Promise<void> {
    const outage = this.#outage;
    if (outage !== undefined) {
      const waited = new AbortController();
      const late = sleep(AWAY_WAIT_MS, undefined, { signal: waited.signal }).catch(() => {});
      await Promise.race([outage.over, late]);
      waited.abort();
      if (this.#outage === outage) throw new PostgresError('away', this.where, outage.reason);
    }
    if (this.#stop.signal.aborted) {
      throw new PostgresError('closed', this.where, 'this Store was closed');
    }
  }

  /** C5 */
  #trouble(error: unknown): unknown {
    const known = asPostgresError(error, this.where);
    if (!(known instanceof PostgresError)) return known;
    const { code, message } = known;
    if (code === 'away' || code === 'closed' || this.#outage !== undefined) return known;
    const now = Date.now();
    if (this.#opened && now - (this.#noticed.get(code) ?? -Infinity) >= TROUBLE_EVERY_MS) {
      this.#noticed.set(code, now);
      this.#options.notify({ kind: 'trouble', message });
    }
    return known;
  }

  #away(error: unknown): void {
    if (this.#outage !== undefined || this.#stop.signal.aborted) return;
    const reason = this.#said(error);
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#outage = { since: Date.now(), reason, over, end };
    this.#options.notify({ kind: 'away', message: reason });
    // C4: those in use end with their calls
    this.#pool.end().catch(() => {});
    this.#pool = this.#newPool();
    void this.#probe(this.#outage);
  }

  async #probe(outage: Outage): Promise<void> {
    const { signal } = this.#stop;
    for (let delay = RECONNECT_FIRST_MS; !signal.aborted;) {
      try {
        await this.ping();
        break;
      } catch (error) {
        // C3: said once, when it began; the calls that wait hear of the last one
        outage.reason = this.#said(error);
        const jittered = delay * (0.5 + Math.random() / 2);
        await sleep(jittered, undefined, { signal }).catch(() => {});
        delay = Math.min(2 * delay, RECONNECT_MAX_MS);
      }
    }
    this.#outage = undefined;
    outage.end();
    if (signal.aborted) return;
    const seconds = ((Date.now() - outage.since) / 1_000).toFixed(1);
    this.#options.notify({
      kind: 'back',
      message: `${this.where}: the server is back after ${seconds} s`,
    });
  }

  #said(error: unknown): string {
    const known = asPostgresError(error, this.where);
    return known instanceof Error ? known.message : String(known);
  }

  #newPool(): Pool {
    const pool = this.#options.pool(async (client) => {
      const session = await this.#options.session(client);
      this.#compare(this.session?.identity, session.identity);
      this.session = session;
      if (session.unsafe.length > 0 && !this.#warned) {
        this.#warned = true;
        const which = session.unsafe.join(', ');
        const message = `${this.where}: with ${which} the server may forget what it has committed if its machine fails`;
        this.#options.notify({ kind: 'unsafe', message });
      }
    });
    // an idle connection that ends is replaced by the next call; one in use ends with its call
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  }

  #compare(before: ServerIdentity | undefined, now: ServerIdentity | undefined): void {
    if (!this.#opened || before === undefined || now === undefined) return;
    const message = failover(this.where, before, now);
    if (message !== undefined) this.#options.notify({ kind: 'failover', message });
  }
}

/** What to say when another server answers than the one before. */
export function failover(
  where: string,
  before: ServerIdentity,
  now: ServerIdentity,
): string | undefined {
  if (before.system === now.system && before.timeline === now.timeline) return undefined;
  const what =
    before.system === now.system
      ? `a standby was promoted, or a backup restored (timeline ${before.timeline}, now ${now.timeline})`
      : `this is another cluster than before (system ${before.system}, now ${now.system})`;
  return `${where}: ${what}: commits may be lost; each partition compares its mark with the Store when it is taken over`;
}
