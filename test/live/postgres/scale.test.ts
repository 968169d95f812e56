/* Many rows at once, many rows due, several owners, and what the server counted of all that. */
import { afterEach, describe, expect, test } from 'vitest';
import type { StoreChange } from '../../../src/ports/index.ts';
import { HASH, NOON, park, resume, runId } from '../../contracts/parked-rows.ts';
import { type PostgresWorld, ServerForTests } from './store-world.ts';

const server = new ServerForTests({ settings: { fsync: 'off' } });

let opened: PostgresWorld | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function world(): Promise<PostgresWorld> {
  opened = await server.world();
  return opened;
}

const MB = 1024 * 1024;

describe('many rows', () => {
  test('10,000 parks are one fold in one transaction', async (context) => {
    server.here(context);
    const { store, schema } = await world();
    const changes = Array.from({ length: 10_000 }, (_, i) => park(i, { due: NOON + i }));
    expect(await store.fold(0, 0, 10_000, changes)).toBe('applied');
    expect(await store.load(0)).toEqual({ applied: 10_000, parked: 10_000 });
    const [counted] = await server.sql<{ rows: number; transactions: number }>(
      `SELECT count(*)::int AS rows, count(DISTINCT xmin::text)::int AS transactions FROM "${schema}".parked`,
    );
    expect(counted).toEqual({ rows: 10_000, transactions: 1 });
    expect(await store.fold(0, 0, 10_000, changes)).toEqual({ stale: 10_000 });
  }, 30_000);

  test('a fold of more bytes than a statement takes is one transaction, too', async (context) => {
    server.here(context);
    const { store } = await world();
    const text = 'x'.repeat(4 * MB);
    const changes = Array.from({ length: 18 }, (_, i) => park(i, { data: text }));
    const spoilt = [...changes, resume(99)];
    await expect(store.fold(0, 0, 20, spoilt)).rejects.toMatchObject({ code: 'mismatch' });
    expect(await store.load(0)).toEqual({ applied: 0, parked: 0 });
    expect(await store.fold(0, 0, 20, changes)).toBe('applied');
    expect(await store.load(0)).toEqual({ applied: 20, parked: 18 });
    expect(await store.fold(0, 0, 20, changes)).toEqual({ stale: 20 });
  }, 60_000);

  test('100,000 due rows are drained in pages, in bounded memory, none twice', async (context) => {
    server.here(context);
    const { store, schema } = await world();
    const waiting = 100_000;
    const page = 500;
    await store.fold(0, 0, 1, [park(0, { due: NOON })]);
    // copies of one true row, made in the server: the time is for draining
    await server.sql(
      `INSERT INTO "${schema}".parked SELECT partition, n, run || n, strand, hop, definition, why, due + n % 7, reason, record
         FROM "${schema}".parked, generate_series(1, ${waiting - 1}) AS n`,
    );
    await server.sql(`UPDATE "${schema}".fold SET applied = ${waiting}, parked = ${waiting}`);
    const seen = new Set<number>();
    const offered = new Set<number>();
    const heap = process.memoryUsage().heapUsed;
    let highest = 0;
    let applied = waiting;
    for (;;) {
      const { rows, next } = await store.due(0, NOON + 10, page, offered);
      highest = Math.max(highest, process.memoryUsage().heapUsed - heap);
      if (rows.length === 0) {
        expect(next).toBeUndefined();
        break;
      }
      const identities = rows.map(({ identity }) => identity);
      for (const identity of identities) {
        expect(seen.has(identity)).toBe(false);
        seen.add(identity);
        offered.add(identity);
      }
      // resumes are folded some pages later, as they are when a Log lies between
      if (offered.size < 4 * page) continue;
      const done = [...offered];
      expect(await store.fold(0, applied, applied + done.length, [resume(...done)])).toBe(
        'applied',
      );
      applied += done.length;
      offered.clear();
    }
    expect(seen.size).toBe(waiting);
    // all rows at once are several hundred MB
    expect(highest / MB).toBeLessThan(150);
    expect((await store.load(0)).parked).toBe(offered.size);
  }, 120_000);

  test('a page costs what it gives, not what waits', async (context) => {
    server.here(context);
    const { store, schema, open } = await world();
    await store.fold(0, 0, 1, [park(0, { due: NOON })]);
    await server.sql(
      `INSERT INTO "${schema}".parked SELECT partition, n, run, strand, hop, definition, why, due, reason, record
         FROM "${schema}".parked, generate_series(1, 100000) AS n`,
    );
    const read = async (asks: (store: PostgresWorld['store']) => Promise<void>) => {
      const before = await entriesRead(schema);
      const { store, close } = await open();
      await asks(store);
      // a session hands its counts in when it ends
      await close();
      await expect.poll(() => entriesRead(schema), { timeout: 10_000 }).not.toEqual(before);
      return (await entriesRead(schema)) - before;
    };
    const pages = await read(async (store) => {
      for (let i = 0; i < 10; i++) await store.due(0, NOON, 100, new Set());
    });
    expect(pages).toBeGreaterThanOrEqual(1_010);
    expect(pages).toBeLessThanOrEqual(1_100);
    // what is excepted is passed over once
    const excepted = new Set(Array.from({ length: 20_000 }, (_, i) => i));
    const beside = await read(async (store) => {
      await store.due(0, NOON, 100, excepted);
    });
    expect(beside).toBeGreaterThanOrEqual(20_101);
    expect(beside).toBeLessThanOrEqual(20_200);
  }, 60_000);
});

describe('two owners of one partition', () => {
  test('of two folds of one range exactly one is applied', async (context) => {
    server.here(context);
    const first = await world();
    const second = await first.open();
    const won = [0, 0];
    const rows: number[] = [];
    for (let from = 0; from < 2_000; from += 10) {
      // they differ, so that the rows tell who it was
      const answers = await Promise.all([
        first.store.fold(0, from, from + 10, [park(from)]),
        second.store.fold(0, from, from + 10, [park(from + 1)]),
      ]);
      const winner = answers.indexOf('applied');
      expect(answers[1 - winner]).toEqual({ stale: from + 10 });
      won[winner] = (won[winner] ?? 0) + 1;
      rows.push(from + winner);
    }
    const stored = await server.sql<{ identity: string }>(
      `SELECT identity FROM "${first.schema}".parked ORDER BY identity`,
    );
    expect(stored.map(({ identity }) => Number(identity))).toEqual(rows);
    expect(await second.store.load(0)).toEqual({ applied: 2_000, parked: 200 });
    expect((won[0] ?? 0) + (won[1] ?? 0)).toBe(200);
  }, 60_000);

  test('processes that start together migrate once', async (context) => {
    server.here(context);
    const schema = server.newSchema();
    const worlds = await Promise.all(Array.from({ length: 5 }, () => server.world({ schema })));
    opened = worlds[0];
    const migrated = worlds.flatMap(({ notices }) =>
      notices.filter(({ kind }) => kind === 'migrated'),
    );
    expect(migrated).toHaveLength(1);
    for (const one of worlds.slice(1)) await one.end();
  });
});

describe('what the server counted', () => {
  test('is the write budget, row for row', { timeout: 30_000 }, async (context) => {
    server.here(context);
    const { open, schema } = await world();
    const { store, close } = await open();
    const { folds, parks, resumes, results } = await workload(store);
    await store.once('a', runId(5));
    await store.once('b', runId(2));
    await store.once('a', runId(3));
    await store.once('b', runId(4), runId(2));
    await store.forget('a');
    await store.forget('a');
    // a session hands its counts in when it ends
    await close();
    const counts = async (): Promise<{ [table: string]: readonly number[] }> => {
      const rows = await server.sql<{ table: string; i: number; u: number; d: number }>(
        `SELECT relname AS table, n_tup_ins::int AS i, n_tup_upd::int AS u, n_tup_del::int AS d
           FROM pg_stat_user_tables WHERE schemaname = $1`,
        [schema],
      );
      return Object.fromEntries(rows.map(({ table, i, u, d }) => [table, [i, u, d]]));
    };
    await expect.poll(counts, { timeout: 15_000 }).toMatchObject({
      parked: [parks, 0, resumes],
      // the first fold of a partition inserts its row
      fold: [2, folds - 2, 0],
      result: [results, 0, 1],
      // claimed, claimed; one handed on to another run; one forgotten
      once: [2, 1, 1],
    });
  });
});

/** Entries of the index of due times that were read so far, and rows read without an index. */
async function entriesRead(schema: string): Promise<number> {
  const [row] = await server.sql<{ entries: number }>(
    `SELECT (i.idx_tup_read + t.seq_tup_read)::int AS entries
       FROM pg_stat_user_indexes AS i JOIN pg_stat_user_tables AS t USING (relid)
      WHERE i.schemaname = $1 AND i.indexrelname = 'parked_due'`,
    [schema],
  );
  return row?.entries ?? 0;
}

interface Counted {
  folds: number;
  parks: number;
  resumes: number;
  results: number;
}

/** Folds with every kind of change, some of them stale or repeated: those must cost nothing. */
async function workload(store: PostgresWorld['store']): Promise<Counted> {
  const counted: Counted = { folds: 0, parks: 0, resumes: 0, results: 0 };
  for (const partition of [0, 1]) {
    const waiting: number[] = [];
    for (let from = 0; from < 500; from += 10) {
      const changes: StoreChange[] = [];
      const parks = from % 7;
      for (let i = 0; i < parks; i++) {
        changes.push(park(from + i, i % 2 === 0 ? { due: NOON + from } : {}));
        waiting.push(from + i);
      }
      // the newest, too: parked and resumed in one range costs both rows
      const gone = from % 3 === 0 ? waiting.splice(-2) : [];
      if (gone.length > 0) changes.push(resume(...gone));
      const run = runId(from / 10 + 50 * partition);
      const row = {
        run,
        definition: HASH,
        ended: 'completed',
        value: from,
        endedAt: NOON,
      } as const;
      if (from % 50 === 0) changes.push({ kind: 'result', row });
      expect(await store.fold(partition, from, from + 10, changes)).toBe('applied');
      expect(await store.fold(partition, from, from + 10, changes)).toEqual({ stale: from + 10 });
      counted.folds += 1;
      counted.parks += parks;
      counted.resumes += gone.length;
      counted.results += from % 50 === 0 ? 1 : 0;
    }
  }
  return counted;
}
