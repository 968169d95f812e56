/*
 * The owner's lock: an exclusive lock of SQLite on the companion file `<path>-owner`, held for life.
 *
 * L1. The operating system releases it when the process ends, kill -9 included.
 * L2. It is beside the file, not on it: others still read, and write inbox records, while it is held.
 * The companion stays behind, empty: removing it could take the lock's file away under another owner.
 */
import type { Database } from 'better-sqlite3';
import { asStoreFileError, isBusy } from './store-file-error.ts';

/** How a database is opened: the library is imported lazily, by embedded.ts. */
export type OpenDatabase = (path: string, options: { readonly timeout: number }) => Database;

/** Gives back how to unlock; undefined when another connection (of any process) has it. */
export function tryOwnerLock(path: string, open: OpenDatabase): (() => void) | undefined {
  const companion = `${path}-owner`;
  try {
    const db = open(companion, { timeout: 0 });
    try {
      db.pragma('journal_mode = MEMORY');
      db.exec('BEGIN EXCLUSIVE');
      return () => db.close();
    } catch (error) {
      db.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
  } catch (error) {
    throw asStoreFileError(error, companion);
  }
}
