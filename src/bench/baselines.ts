/*
 * What the ground bears without an engine on it, with equal bytes: a bare loop of SQLite commits, and a
 * bare loop of a Kafka client that reads records and appends as many.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Baseline {
  readonly what: string;
  readonly rowsPerSecond: number;
  readonly bytesPerRow: number;
  readonly rowsPerCommit: number;
}

export interface Rows {
  readonly bytes: number;
  /** in one commit, or one append */
  readonly together: number;
}

/** Not compressible, as what is compressed already. */
export function noise(bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at++) made[at] = Math.floor(Math.random() * 256);
  return made;
}

/** One row after the other into a table of keys and bytes, `together` in a transaction, as fast as it goes. */
export async function bareSqlite(
  folder: string | undefined,
  synchronous: 'FULL' | 'NORMAL',
  { bytes, together }: Rows,
  forMs: number,
): Promise<Baseline> {
  const { default: Sqlite } = await import('better-sqlite3');
  const where = folder === undefined ? undefined : mkdtempSync(join(folder, 'bare-'));
  const db = new Sqlite(where === undefined ? ':memory:' : join(where, 'bare.db'));
  try {
    db.pragma('page_size = 8192');
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${synchronous}`);
    db.exec(
      'CREATE TABLE log (key INTEGER PRIMARY KEY, time INTEGER NOT NULL, bytes BLOB NOT NULL)',
    );
    const insert = db.prepare('INSERT INTO log VALUES (?, ?, ?)');
    const row = noise(bytes);
    const perCommit = Math.max(1, Math.round(together));
    let rows = 0;
    const begin = db.prepare('BEGIN IMMEDIATE');
    const commit = db.prepare('COMMIT');
    const begun = performance.now();
    while (performance.now() - begun < forMs) {
      begin.run();
      for (let i = 0; i < perCommit; i++) insert.run(rows++, begun, row);
      commit.run();
    }
    const seconds = (performance.now() - begun) / 1_000;
    return {
      what: `bare SQLite, ${where === undefined ? 'in memory' : synchronous}`,
      rowsPerSecond: rows / seconds,
      bytesPerRow: bytes,
      rowsPerCommit: perCommit,
    };
  } finally {
    db.close();
    if (where !== undefined) rmSync(where, { recursive: true, force: true });
  }
}
