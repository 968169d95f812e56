/*
 * What an engine has written so far, each in what it counts by, asked for before and after a window: records and
 * rows of the file, rows and commits of PostgreSQL, bytes that a process gave to its files.
 */
import { readFileSync } from 'node:fs';

/** Of a Waybill file; `pid` is the process that runs it. */
export async function ofFile(path, pid) {
  const { default: Sqlite } = await import('better-sqlite3');
  const file = new Sqlite(path, { readonly: true });
  const one = (sql) => file.prepare(sql).pluck().get();
  return () => ({
    // one partition, and offsets have no gaps
    records: one('SELECT coalesce(max(key), -1) + 1 FROM log'),
    'rows of a Store': one(
      'SELECT (SELECT count(*) FROM parked) + (SELECT count(*) FROM result) + (SELECT count(*) FROM once)',
    ),
    ...ofProcess(pid)(),
  });
}

/** `write` calls to files are counted by Linux alone. */
export function ofProcess(pid) {
  return () => {
    try {
      const found = /^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'));
      return found === null ? {} : { bytes: Number(found[1]) };
    } catch {
      return {};
    }
  };
}

/** `client`: of node-postgres. The server tells its numbers a second late. */
export function ofPostgres(client) {
  return async () => {
    await new Promise((done) => setTimeout(done, 1_500));
    const { rows } = await client.query(
      `SELECT sum(tup_inserted + tup_updated + tup_deleted) AS rows, sum(xact_commit) AS commits,
              (SELECT wal_bytes FROM pg_stat_wal) AS bytes FROM pg_stat_database`,
    );
    const [found] = rows;
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, Number(value)]));
  };
}

/** How much more there is of each, per step. */
export function perStep(before, after, steps) {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, (value - before[name]) / steps]),
  );
}
