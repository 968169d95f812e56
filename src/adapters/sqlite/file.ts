/*
 * Opening a Waybill file: checks before the first write, pragmas, schema, number of partitions.
 *
 * Owns: the connection's settings and every error on the way to a usable connection.
 *
 * F4. A file that is not ours, newer than this build, or split otherwise than asked for is left
 *     byte for byte as it was.
 * F5. An existing file is migrated only under the owner's lock: nobody's tables change under its feet.
 */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { type OpenDatabase, tryOwnerLock } from './owner-lock.ts';
import { PARTITIONS_MAX, SCHEMA, migrate, schemaOf } from './schema.ts';
import { StoreFileError, asStoreFileError } from './store-file-error.ts';

export interface FileOptions {
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly partitions: number | undefined;
  readonly mode: 'owner' | 'client';
  readonly bytesMax: number | undefined;
}

export interface OpenFile {
  /** where it really is: the owner's lock must not depend on the name by which it was opened */
  readonly path: string;
  readonly db: Database;
  readonly partitions: number;
}

export const IN_MEMORY = ':memory:';
/** Rows of about 1 KB: 8 KB pages take a fifth more rows/s than 4 KB ones, single rows cost the same. */
const PAGE_BYTES = 8_192;
/**
 * Pages in the WAL before a commit checkpoints them. FULL: 2 MB hold a commit up for 2.5 ms, 8 MB for
 * 8 ms, at equal rows/s. NORMAL syncs at checkpoints alone, so they are rarer there.
 */
const CHECKPOINT_PAGES = { FULL: 256, NORMAL: 1_000 } as const;
/** The WAL is cut back to this once a checkpoint has emptied it. */
const WAL_BYTES_KEPT = 64 * 1024 * 1024;
const CACHE_KIB = 64 * 1024;
/** How long opening waits for another process that creates or recovers the file. */
const OPEN_BUSY_MS = 5_000;
/** Afterwards: a blocking wait stalls the event loop, so it is short; commits.ts tries again later. */
const BUSY_MS = 100;

export function openFile(path: string, options: FileOptions, open: OpenDatabase): OpenFile {
  const { partitions } = options;
  if (partitions !== undefined && !(Number.isInteger(partitions) && partitions >= 1)) {
    throw new RangeError(`partitions must be a whole number from 1, not ${partitions}`);
  }
  if (partitions !== undefined && partitions > PARTITIONS_MAX) {
    throw new RangeError(`partitions must be at most ${PARTITIONS_MAX}, not ${partitions}`);
  }
  checkPath(path, options.mode);
  let db: Database | undefined;
  try {
    // an absolute path is nothing but a path to SQLite, and outlives a change of directory
    db = open(path === IN_MEMORY ? path : resolve(path), { timeout: OPEN_BUSY_MS });
    const real = path === IN_MEMORY ? path : realpathSync(path);
    return { path: real, db, partitions: prepare(db, real, options, open) };
  } catch (error) {
    db?.close();
    throw asStoreFileError(error, path);
  }
}

/** Says in words what SQLite would call "unable to open database file". */
function checkPath(path: string, mode: FileOptions['mode']): void {
  if (path === IN_MEMORY) return;
  if (path === '' || path !== path.trim()) {
    throw new StoreFileError('missing', path, 'a path neither is empty nor begins or ends blank');
  }
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isDirectory()) throw new StoreFileError('directory', path, 'this is a directory');
  if (file !== undefined && !file.isFile()) {
    throw new StoreFileError('not-a-database', path, 'this is not a regular file');
  }
  if (mode === 'owner') checkWritable(path, file !== undefined);
  if (file !== undefined) return;
  if (mode === 'client') throw new StoreFileError('missing', path, 'there is no such file');
  if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) {
    throw new StoreFileError('missing', path, `there is no directory ${dirname(path)}`);
  }
}

/** An owner writes the file, and makes others beside it (WAL, lock). A missing directory is said elsewhere. */
function checkWritable(path: string, exists: boolean): void {
  const directory = dirname(path);
  for (const one of exists ? [path, directory] : [directory]) {
    try {
      accessSync(one, constants.W_OK);
    } catch (error) {
      if (one === directory && !existsSync(directory)) return;
      const what = one === path ? 'the file cannot be written' : `nothing can be made in ${one}`;
      throw new StoreFileError('read-only', path, what, error);
    }
  }
}

function prepare(db: Database, path: string, options: FileOptions, open: OpenDatabase): number {
  const schema = schemaOf(db, path);
  if (schema < SCHEMA) {
    // page_size and WAL count only before the first table
    if (schema === 0) db.pragma(`page_size = ${PAGE_BYTES}`);
    if (schema === 0) db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    if (schema === 0) migrate(db, path, options.partitions ?? 1);
    else migrateAlone(db, path, open);
  }
  db.pragma(`synchronous = ${options.synchronous}`);
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES[options.synchronous]}`);
  db.pragma(`journal_size_limit = ${WAL_BYTES_KEPT}`);
  db.pragma(`cache_size = -${CACHE_KIB}`);
  db.pragma('temp_store = MEMORY');
  db.pragma(`busy_timeout = ${BUSY_MS}`);
  if (options.bytesMax !== undefined) {
    const page = db.pragma('page_size', { simple: true }) as number;
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(options.bytesMax / page))}`);
  }
  return checkPartitions(db, path, options.partitions);
}

/** F5 */
function migrateAlone(db: Database, path: string, open: OpenDatabase): void {
  const unlock = tryOwnerLock(path, open);
  if (unlock === undefined) {
    const what =
      'it must be brought to a newer schema, but a runner of an older version has it open';
    throw new StoreFileError('busy', path, what);
  }
  try {
    migrate(db, path, 1);
  } finally {
    unlock();
  }
}

function checkPartitions(db: Database, path: string, asked: number | undefined): number {
  const setting = db.prepare("SELECT value FROM setting WHERE name = 'partitions'").pluck().get();
  const partitions = Number(setting);
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new StoreFileError('corrupt', path, 'its number of partitions is unreadable');
  }
  if (asked !== undefined && asked !== partitions) {
    const what = `it was created with ${partitions} partition(s), not ${asked}, and that is fixed`;
    throw new StoreFileError('other-partitions', path, what);
  }
  return partitions;
}
