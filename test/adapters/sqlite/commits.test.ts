/* The grouping of commits: what shares one, what fails alone, what is refused when nothing can be written. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendRefused } from '../../../src/ports/index.ts';
import { GroupCommit } from '../../../src/adapters/sqlite/commits.ts';
import { StoreFileError } from '../../../src/adapters/sqlite/index.ts';
import { startRecord } from '../../../src/runtime/index.ts';
import { encodeRecord } from '../../../src/wire/index.ts';
import { eventually } from '../../contracts/suite.ts';
import { NOON, park, resume, runId } from '../../contracts/parked-rows.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';

let world: SqliteWorld;
beforeEach(async () => {
  world = await sqliteWorld({ partitions: 2 });
});
afterEach(() => world.close());

const records = (count: number, size = 100): Uint8Array[] =>
  Array.from({ length: count }, () => new Uint8Array(size));

/** Commits in the WAL: frames that say how large the file is after them, of the newest generation. */
function commits(path: string): number {
  const wal = readFileSync(`${path}-wal`);
  const page = wal.readUInt32BE(8);
  let count = 0;
  for (let at = 32; at + 24 + page <= wal.length; at += 24 + page) {
    if (!wal.subarray(at + 8, at + 16).equals(wal.subarray(16, 24))) break;
    if (wal.readUInt32BE(at + 4) > 0) count++;
  }
  return count;
}

describe('one turn, one commit', () => {
  it('appends, folds, definitions and once-keys share it, and are answered in order', async () => {
    const { broker, store, definitions } = world.embedded;
    const before = commits(world.path);
    const order: string[] = [];
    const note = (what: string) => () => {
      order.push(what);
    };
    const document = { namespace: 'n', name: 'x', version: '1', document: '{}', resources: {} };
    await Promise.all([
      broker.append(0, records(3)).then(note('append 0')),
      store.fold(0, 0, 2, [park(1)]).then(note('fold')),
      definitions.put({ hash: 'a', ...document }).then(note('definition')),
      broker.append(1, records(1)).then(note('append 1')),
      store.once('key', 'run').then(note('once')),
      broker.append(0, records(2)).then(note('append 0 again')),
    ]);
    expect(order.filter((what) => what !== 'fold')).toEqual([
      'append 0',
      'definition',
      'append 1',
      'once',
      'append 0 again',
    ]);
    expect(commits(world.path) - before).toBe(1);
  });

  it('a START lands behind the batches of its commit, whenever it was asked for', async () => {
    const { broker } = world.embedded;
    const before = commits(world.path);
    const start = startRecord({
      run: runId(1),
      definition: { namespace: 'n', name: 'x' },
      hash: '',
      time: NOON,
    });
    const [first, batch, second] = await Promise.all([
      broker.append(0, [encodeRecord(start)]),
      broker.append(0, records(3)),
      broker.append(0, [encodeRecord(start)]),
    ]);
    expect([first.base, batch.base, second.base]).toEqual([3, 0, 4]);
    expect(commits(world.path) - before).toBe(1);
  });

  it('what the next turn of the event loop asks for is in time', async () => {
    const { broker } = world.embedded;
    const before = commits(world.path);
    const first = broker.append(0, records(1));
    await new Promise((turned) => setImmediate(turned));
    await Promise.all([first, broker.append(0, records(1))]);
    expect(commits(world.path) - before).toBe(1);
  });

  it('what follows an answer goes into the next one', async () => {
    const { broker } = world.embedded;
    const before = commits(world.path);
    const chains = [0, 1, 2].map(() =>
      broker.append(0, records(1)).then(() => broker.append(0, records(1))),
    );
    await Promise.all(chains);
    expect(commits(world.path) - before).toBe(2);
    expect(await broker.range(0)).toEqual({ begin: 0, end: 6 });
  });

  it('a reader is woken after the answers of its turn', async () => {
    const { broker } = world.embedded;
    const reader = broker.reader(0, 0);
    const seen: number[] = [];
    const next = reader.next().then((records) => seen.push(...records.map(({ offset }) => offset)));
    await broker.append(0, records(4)).then(({ base }) => reader.skipTo(base + 4));
    await sleep(20);
    expect(seen).toEqual([]);
    await broker.append(0, records(1));
    await next;
    expect(seen).toEqual([4]);
  });
});

describe('a job that fails', () => {
  it('fails alone: the others of its turn are kept, without gaps', async () => {
    const { broker, store } = world.embedded;
    const outcomes = await Promise.allSettled([
      broker.append(0, records(2)),
      store.fold(0, 0, 10, [park(1), resume(99)]),
      broker.append(0, records(3)),
      store.fold(1, 0, 5, [park(1), park(1)]),
      store.once('key', 'run'),
      broker.append(0, records(1)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    const appends = [outcomes[0], outcomes[2], outcomes[5]] as PromiseFulfilledResult<{
      base: number;
    }>[];
    expect(appends.map(({ value }) => value.base)).toEqual([0, 2, 5]);
    expect(await broker.range(0)).toEqual({ begin: 0, end: 6 });
    expect(await broker.fetch(0, 0, 6)).toHaveLength(6);
    for (const partition of [0, 1]) {
      expect(await store.load(partition)).toEqual({ applied: 0, parked: 0 });
      expect(await store.parked(partition, runId(1))).toEqual([]);
    }
  });

  it('a Store that does not match the Log is said to', async () => {
    const { store } = world.embedded;
    for (const change of [resume(7), park(3)]) {
      const applied = (await store.load(0)).applied;
      const folded = Promise.resolve(store.fold(0, applied, applied + 9, [park(3), change]));
      await expect(folded).rejects.toMatchObject({ name: 'StoreFileError', code: 'mismatch' });
    }
  });
});

describe('when nothing can be written', () => {
  it('a full disk refuses appends for certain, and goes on when there is space', async () => {
    const small = await world.open({ bytesMax: 1_000_000 }, `${world.path}-small`);
    const big = records(40, 5_000);
    let appended = 0;
    let refused: unknown;
    for (; appended < 50; appended++) {
      try {
        await small.broker.append(0, big);
      } catch (error) {
        refused = error;
        break;
      }
    }
    expect(refused).toBeInstanceOf(AppendRefused);
    expect(refused).toMatchObject({ code: 'no-space', retriable: true });
    expect(await small.broker.range(0)).toEqual({ begin: 0, end: appended * 40 });
    await expect(
      Promise.resolve(
        small.store.fold(0, 0, 1, [
          {
            kind: 'result',
            row: {
              run: 'r',
              definition: 'd',
              ended: 'completed',
              value: 'x'.repeat(800_000),
              endedAt: NOON,
            },
          },
        ]),
      ),
    ).rejects.toMatchObject({ code: 'no-space' });
    await small.broker.trim(0, appended * 40);
    expect((await small.broker.append(0, big)).base).toBe(appended * 40);
  });

  it('a file that another process locks delays, and fails nothing', async () => {
    const other = new Sqlite(world.path);
    other.exec('BEGIN IMMEDIATE');
    const { broker } = world.embedded;
    let answered = false;
    const append = broker.append(0, records(1)).then((appended) => {
      answered = true;
      return appended;
    });
    await sleep(400);
    expect(answered).toBe(false);
    expect(await broker.range(0)).toEqual({ begin: 0, end: 0 });
    other.exec('ROLLBACK');
    other.close();
    expect((await append).base).toBe(0);
  });

  it('a commit that fails on the way to the disk is unknown, and the last one', async () => {
    const failed = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    const db = {
      inTransaction: false,
      exec: () => {},
      prepare: (sql: string) => ({
        run: () => {
          if (sql === 'COMMIT') throw failed;
        },
      }),
    };
    const memory = { begun: () => {}, committed: () => {}, rolledBack: () => {} };
    const commits = new GroupCommit(db as unknown as Database, 'a.db', memory);
    const answers = await Promise.allSettled([
      commits.submit(() => 1, 0),
      commits.submit(() => 2, 0),
    ]);
    expect(answers).toMatchObject([
      { status: 'rejected', reason: { code: 'io', cause: failed } },
      { status: 'rejected', reason: { code: 'io' } },
    ]);
    await expect(commits.submit(() => 3, 0)).rejects.toMatchObject({ code: 'closed' });
  });

  it('a closed file refuses everything', async () => {
    const { broker, store, definitions } = world.embedded;
    const last = broker.append(0, records(1));
    world.embedded.close();
    expect((await last).base).toBe(0);
    await expect(broker.append(0, records(1))).rejects.toMatchObject({ code: 'closed' });
    for (const answer of [
      broker.range(0),
      broker.reader(0, 0).next(),
      store.load(0),
      store.fold(0, 0, 1, []),
      store.once('a', 'b'),
      definitions.get('x'),
    ]) {
      await expect(Promise.resolve(answer)).rejects.toBeInstanceOf(StoreFileError);
    }
    world.embedded.close();
  });
});

describe('what is kept', () => {
  it('hints, through a close', async () => {
    world.embedded.broker.saveHint(1, 42);
    expect(await world.embedded.broker.hint(1)).toBe(42);
    world.embedded.close();
    expect(await (await world.open()).broker.hint(1)).toBe(42);
  });

  it('append times never go back, even when the clock does', async () => {
    let now = NOON;
    const embedded = await world.open({ now: () => now });
    const times: number[] = [];
    for (now of [NOON, NOON - 5_000, NOON + 1, NOON - 1]) {
      times.push((await embedded.broker.append(0, records(1))).time);
    }
    expect(times).toEqual([NOON, NOON, NOON + 1, NOON + 1]);
  });

  it('large records are read a few at a time', async () => {
    const { broker } = world.embedded;
    for (let i = 0; i < 12; i++) await broker.append(0, records(1, 900_000));
    const reader = broker.reader(0, 0);
    expect((await reader.next()).length).toBeLessThanOrEqual(5);
    expect(await broker.fetch(0, 0, 12)).toHaveLength(12);
  });

  it('many records are read as they were written, whatever bytes they are', async () => {
    const { broker } = world.embedded;
    const odd = [0, 1, 2, 255, 254, 128, 192, 32, 44].map((byte, i) =>
      new Uint8Array(i === 7 ? 0 : 1 + 37 * i).fill(byte),
    );
    const written: Uint8Array[] = [];
    for (let i = 0; i < 30; i++) {
      const batch = [...odd.slice(i % 9), ...odd.slice(0, i % 9)];
      await broker.append(0, batch);
      written.push(...batch);
    }
    for (const [from, to] of [
      [0, 270],
      [7, 7 + 16],
      [100, 115],
    ] as const) {
      const read = await broker.fetch(0, from, to);
      expect(read.map(({ offset }) => offset)).toEqual(written.map((_, i) => i).slice(from, to));
      expect(read.map(({ bytes }) => [...bytes])).toEqual(
        written.slice(from, to).map((bytes) => [...bytes]),
      );
    }
    const times = (await broker.fetch(0, 0, 270)).map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const one = await Promise.all([0, 8, 269].map((at) => broker.fetch(0, at, at + 1)));
    expect(one.map(([record]) => record!.time)).toEqual([0, 8, 269].map((at) => times[at]));
  });

  it('space of trimmed records is used again', async () => {
    const { broker } = world.embedded;
    const size = new Sqlite(world.path, { readonly: true }).prepare('PRAGMA page_count').pluck();
    const round = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await broker.append(0, records(100, 1_000));
      await broker.trim(0, (await broker.range(0)).end);
    };
    await round();
    const first = size.get() as number;
    for (let i = 0; i < 5; i++) await round();
    expect(size.get()).toBeLessThan(first * 1.2);
  });

  it('two processes that write at once do not disturb one another', async () => {
    const other = await world.open();
    const answers = [];
    for (let i = 0; i < 50; i++) {
      answers.push(world.embedded.broker.append(0, records(3)), other.broker.append(0, records(2)));
      if (i % 10 === 0) await sleep(1);
    }
    await Promise.all(answers);
    await eventually(world, 'all there', () => true);
    expect(await other.broker.range(0)).toEqual({ begin: 0, end: 250 });
    expect(await world.embedded.broker.fetch(0, 0, 250)).toHaveLength(250);
  });
});
