/*
 * Counters are held to what they count: commits to the frames of the WAL, records to the write budget of
 * each workload.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { measure } from '../../src/bench/cell.ts';
import { countSqlite } from '../../src/bench/sqlite-writes.ts';
import { refusal, workload, WORKLOADS } from '../../src/bench/workloads.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Commits that a WAL holds: frames that say how large the file is after them. */
function commitsIn(wal: Buffer): number {
  const page = wal.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + 24 + page <= wal.length; at += 24 + page) {
    if (wal.readUInt32BE(at + 4) !== 0) commits++;
  }
  return commits;
}

describe('what is written to SQLite', () => {
  it('has as many commits as the WAL, and the rows that are there', async () => {
    const { stop, writes } = await countSqlite();
    const path = join(folder, 'counted.db');
    const db = new Sqlite(path);
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('wal_autocheckpoint = 0');
      db.exec('CREATE TABLE thing (id INTEGER PRIMARY KEY, text TEXT)');
      const before = commitsIn(readFileSync(`${path}-wal`));
      const insert = db.prepare('INSERT INTO thing VALUES (?, ?)');
      const begin = db.prepare('BEGIN IMMEDIATE');
      const commit = db.prepare('COMMIT');
      for (let at = 0; at < 5; at++) {
        begin.run();
        for (let i = 0; i < 3; i++) insert.run(at * 3 + i, 'x');
        commit.run();
      }
      // changes nothing, and writes nothing
      begin.run();
      commit.run();
      // taken back
      begin.run();
      insert.run(100, 'x');
      db.exec('ROLLBACK');
      // a transaction of its own
      db.prepare('DELETE FROM thing WHERE id < ?').run(2);
      expect(writes.commits).toBe(commitsIn(readFileSync(`${path}-wal`)) - before);
      expect(writes.commits).toBe(6);
      expect(writes.rows).toEqual(new Map([['thing', 15 + 2]]));
    } finally {
      db.close();
      stop();
    }
  });
});

describe('what a workload writes', () => {
  const runnable = WORKLOADS.filter((name) => refusal(name) === undefined);
  const journals = runnable.map((name) => [name, true] as const);
  const plain = runnable.map((name) => [name, false] as const);
  it.each([...plain, ...journals])(
    '%s, journal %s: the records and rows of its write budget, and no others',
    async (name, journal) => {
      const { records, rows, steps } = workload(name, { emit: async () => {} }, journal);
      const { writes, stepsPerRun } = await measure(
        {
          mode: 'memory',
          workload: name,
          concurrency: 3,
          partitions: 1,
          warmUpMs: 0,
          windowMs: 60,
          baseline: false,
        },
        { folder },
        (surroundings) => workload(name, surroundings, journal),
        () => {},
      );
      expect(writes.ownerRecordsPerRun).toBe(records);
      expect(writes.storeRowsPerStep * steps!).toBeCloseTo(rows!, 6);
      expect(writes.records['START']).toBe(writes.runs);
      expect(stepsPerRun).toBe(steps);
      // the rows that SQLite has counted are the records that the Log holds
      const all = Object.values(writes.records).reduce((sum, count) => sum + count, 0);
      expect(writes.rowsByTable['log']! * writes.runs * steps!).toBeCloseTo(all, 3);
    },
  );
});
