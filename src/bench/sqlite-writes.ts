/*
 * What is written to SQLite, counted where it is handed over: each statement of better-sqlite3 that
 * changes something, with the number of rows that SQLite says it has changed.
 *
 * W1. Nothing is derived: rows are the `changes` of each statement that ran, by its table; commits are the
 *     COMMITs that ran. What was rolled back is not counted.
 * W2. It counts every connection of this process that is opened after it, and nothing of others.
 * W3. Syncs are not SQLite's to tell: flushes.ts asks the kernel.
 */
import type { Database } from 'better-sqlite3';

export interface SqliteWrites {
  commits: number;
  /** rows inserted, updated and deleted, by table */
  readonly rows: Map<string, number>;
}

const WRITES =
  /^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)/i;

interface Patched {
  prepare(this: Database, source: string): { run(...values: unknown[]): { changes: number } };
  exec(this: Database, source: string): Database;
}

/** Begins to count; `stop` ends it. */
export async function countSqlite(): Promise<{ writes: SqliteWrites; stop: () => void }> {
  const { default: Sqlite } = await import('better-sqlite3');
  const prototype = Sqlite.prototype as unknown as Patched;
  // The originals are called on the connection that asks for them.
  // oxlint-disable-next-line unbound-method
  const { prepare, exec } = prototype;
  const writes: SqliteWrites = { commits: 0, rows: new Map() };
  /** of transactions that go on */
  const pending = new WeakMap<Database, Map<string, number>>();
  const changed = (db: Database, table: string, rows: number): void => {
    let tables = pending.get(db);
    if (tables === undefined) pending.set(db, (tables = new Map()));
    tables.set(table, (tables.get(table) ?? 0) + rows);
    // one statement that is a transaction of its own
    if (!db.inTransaction) committed(db);
  };
  const committed = (db: Database): void => {
    // one that has changed nothing writes nothing
    for (const [table, rows] of pending.get(db) ?? []) {
      writes.rows.set(table, (writes.rows.get(table) ?? 0) + rows);
    }
    if (pending.delete(db)) writes.commits++;
  };
  prototype.prepare = function counted(source) {
    const statement = prepare.call(this, source);
    const run = statement.run.bind(statement);
    const table = WRITES.exec(source)?.[1];
    const isCommit = /^\s*COMMIT\b/i.test(source);
    if (table === undefined && !isCommit) return statement;
    statement.run = (...values) => {
      const told = run(...values);
      if (table === undefined) committed(this);
      else if (told.changes > 0) changed(this, table, told.changes);
      return told;
    };
    return statement;
  };
  prototype.exec = function counted(source) {
    const said = exec.call(this, source);
    if (/^\s*ROLLBACK\s*$/i.test(source)) pending.delete(this);
    return said;
  };
  return { writes, stop: () => Object.assign(prototype, { prepare, exec }) };
}
