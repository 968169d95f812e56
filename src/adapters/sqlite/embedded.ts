/*
 * openEmbedded: one SQLite file as Log, Store and Definitions of a runtime.
 *
 * Owns: how the parts are put together, in which order they close, and backup.
 *
 * E1. better-sqlite3 is imported when a file is opened, not when this module is.
 * E2. `close` writes what was submitted before it, saves hints, empties the WAL into the file and
 *     releases the owner's lock, in this order.
 */
import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Broker, Definitions, RunIndex, Store } from '../../ports/index.ts';
import { decodeEvent, decodeHeader, isInbox } from '../../wire/index.ts';
import { SqliteBroker } from './broker.ts';
import { GroupCommit, type Memory } from './commits.ts';
import { SqliteDefinitions } from './definitions.ts';
import { IN_MEMORY, type OpenFile, openFile } from './file.ts';
import { EVENTS, Log } from './log.ts';
import { Membership } from './membership.ts';
import { type OpenDatabase, tryOwnerLock } from './owner-lock.ts';
import { SqliteRunIndex } from './run-index.ts';
import { SqliteStore } from './store.ts';
import { StoreFileError, asStoreFileError } from './store-file-error.ts';

export interface EmbeddedOptions {
  /** FULL (default): through power loss; NORMAL: through a crash of the process */
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** fixed when the file is created (default 1); another number is refused later */
  readonly partitions?: number;
  /** 'client': of a file that another process runs; reads, and writes inbox records only */
  readonly mode?: 'owner' | 'client';
  /** the file grows no further than this: appends are refused as if the disk were full */
  readonly bytesMax?: number;
  /** the broker's clock, ms since the epoch; for tests */
  readonly now?: () => number;
}

/** The process that runs the file, as it said when it became the owner; it may be gone. */
export interface OwnerNote {
  readonly pid: number;
  /** ms since the epoch */
  readonly since: number;
}

export interface Embedded {
  readonly path: string;
  readonly broker: Broker;
  /** the events log: as many partitions as the Log has */
  readonly events: Broker;
  readonly store: Store;
  readonly definitions: Definitions;
  readonly index: RunIndex;
  /** this process holds the owner's lock and has told its member so */
  readonly isOwner: boolean;
  /** who became the owner last; undefined before the first */
  lastOwner(): OwnerNote | undefined;
  /** A consistent copy into a new file, while everything goes on. */
  backup(path: string): Promise<void>;
  close(): void;
}

export async function openEmbedded(path: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const { default: Sqlite } = await import('better-sqlite3');
  const open: OpenDatabase = (file, { timeout }) => new Sqlite(file, { timeout });
  const { synchronous = 'FULL', partitions, mode = 'owner', bytesMax } = options;
  const file = openFile(path, { synchronous, partitions, mode, bytesMax }, open);
  return new EmbeddedFile(file, options, open);
}

class EmbeddedFile implements Embedded {
  readonly path: string;
  readonly broker: SqliteBroker;
  readonly events: SqliteBroker;
  readonly store: SqliteStore;
  readonly definitions: SqliteDefinitions;
  readonly index: SqliteRunIndex;
  readonly #db: Database;
  readonly #logs: readonly Log[];
  readonly #commits: GroupCommit;
  readonly #membership: Membership;

  constructor(file: OpenFile, options: EmbeddedOptions, open: OpenDatabase) {
    const { path, db, partitions } = file;
    const shared = path !== IN_MEMORY;
    const client = options.mode === 'client';
    const now = options.now ?? Date.now;
    const log = new Log(db, partitions, now);
    const eventLog = new Log(db, partitions, now, EVENTS);
    const commits = new GroupCommit(db, path, both(log, eventLog));
    this.path = path;
    this.#db = db;
    this.#logs = [log, eventLog];
    this.#commits = commits;
    const lock = shareable(() => (shared ? tryOwnerLock(path, open) : () => {}));
    const membership = (owning: () => void): Membership =>
      new Membership({
        partitions: Array.from({ length: partitions }, (_, partition) => partition),
        lock,
        owning,
        settle: () => commits.drain(),
      });
    this.#membership = membership(() => this.#noteOwner(now));
    const common = { path, commits, shared };
    this.broker = new SqliteBroker({
      ...common,
      log,
      membership: this.#membership,
      yields: isForInbox,
      ...(client ? { refuses: notInbox } : {}),
    });
    this.events = new SqliteBroker({
      ...common,
      log: eventLog,
      membership: membership(() => {}),
      ...(client ? { refuses: notEvent } : {}),
    });
    this.store = new SqliteStore({ path, db, commits, partitions, client });
    this.definitions = new SqliteDefinitions(path, db, commits);
    this.index = new SqliteRunIndex({ path, db, commits, client });
  }

  get isOwner(): boolean {
    return this.#membership.isOwner;
  }

  lastOwner(): OwnerNote | undefined {
    const text = this.#db.prepare("SELECT value FROM setting WHERE name = 'owner'").pluck().get();
    return typeof text === 'string' ? (JSON.parse(text) as OwnerNote) : undefined;
  }

  /** Shares the commit of the CLAIM that the assignment brings about. Nothing depends on it. */
  #noteOwner(now: () => number): void {
    const note: OwnerNote = { pid: process.pid, since: now() };
    const save = this.#db.prepare("INSERT OR REPLACE INTO setting VALUES ('owner', ?)");
    this.#commits.submit(() => save.run(JSON.stringify(note)), 0).catch(() => {});
  }

  async backup(path: string): Promise<void> {
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw new StoreFileError(
        'exists',
        path,
        'a backup is written to a new file, this one exists',
      );
    }
    try {
      await this.#db.backup(path);
    } catch (error) {
      throw asStoreFileError(error, path);
    }
  }

  /** E2 */
  close(): void {
    if (!this.#db.open) return;
    if (this.#logs.some((log) => log.hasUnsavedHints))
      this.#commits.submit(() => {}, 0).catch(() => {});
    this.#commits.close();
    try {
      if (this.#membership.isOwner) this.#db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      this.#db.close();
      this.broker.close();
      this.events.close();
    }
  }
}

/** Both are brought up to date by each transaction. */
function both(...logs: readonly Memory[]): Memory {
  return {
    begun: () => logs.forEach((log) => log.begun()),
    committed: () => logs.forEach((log) => log.committed()),
    rolledBack: () => logs.forEach((log) => log.rolledBack()),
  };
}

/** One lock of the process for whoever of it asks: held until the last one unlocks. */
function shareable(lock: () => (() => void) | undefined): () => (() => void) | undefined {
  let unlock: (() => void) | undefined;
  let holders = 0;
  return () => {
    unlock ??= lock();
    if (unlock === undefined) return undefined;
    holders++;
    return () => {
      holders--;
      if (holders > 0) return;
      unlock?.();
      unlock = undefined;
    };
  };
}

/** A START or a request: its place in the Log says nothing to whoever sent it. */
function isForInbox(record: Uint8Array): boolean {
  try {
    return isInbox(decodeHeader(record).kind);
  } catch {
    return false;
  }
}

/** PROTOCOL.md R2: a gateway can write no other kind. */
function notInbox(record: Uint8Array): string | undefined {
  try {
    const { kind } = decodeHeader(record);
    return isInbox(kind) ? undefined : `a client writes START and CONTROL, not ${kind}`;
  } catch (error) {
    return `a client writes START and CONTROL, not ${String(error)}`;
  }
}

function notEvent(record: Uint8Array): string | undefined {
  try {
    return decodeEvent(record) === undefined ? 'a client tells nothing of the engine' : undefined;
  } catch (error) {
    return `a client writes events, not ${String(error)}`;
  }
}
