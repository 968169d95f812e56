/* The line to the server is cut in the middle of a fold, by a proxy of our own. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { PostgresError, type PostgresPorts } from '../../../src/adapters/postgres/index.ts';
import { park, resume } from '../../contracts/parked-rows.ts';
import { Proxy } from './proxy.ts';
import { type PostgresWorld, ServerForTests } from './store-world.ts';

const server = new ServerForTests();

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A Store behind a proxy, and one that reaches the server directly. */
async function world(): Promise<{ proxy: Proxy; far: PostgresPorts; near: PostgresWorld }> {
  const near = await server.world();
  closing.push(async () => near.close());
  const proxy = await Proxy.before(server.here().port);
  const far = await near.open({ url: proxy.url(server.here().url()) });
  closing.push(() => proxy.close());
  near.notices.length = 0;
  return { proxy, far, near };
}

function code(error: unknown): string {
  return error instanceof PostgresError ? error.code : String(error);
}

const large = Array.from({ length: 500 }, (_, i) => park(i));

describe('a fold whose line is cut', () => {
  test('in the middle of the question: nothing happened', async (context) => {
    server.here(context);
    const { proxy, far, near } = await world();
    proxy.bytesLeft = 100_000;
    await expect(far.store.fold(0, 0, 500, large)).rejects.toSatisfy(
      (error) => code(error) === 'away',
    );
    expect(await near.store.load(0)).toEqual({ applied: 0, parked: 0 });
    expect(await far.store.fold(0, 0, 500, large)).toBe('applied');
    expect(await near.store.load(0)).toEqual({ applied: 500, parked: 500 });
    expect(near.notices.map(({ kind }) => kind)).toEqual(['away', 'back']);
  });

  test('before the answer: it is done, rejected, and stale when repeated', async (context) => {
    server.here(context);
    const { proxy, far, near } = await world();
    proxy.holding = true;
    const answer = far.store.fold(0, 0, 500, large);
    answer.then(
      () => {},
      () => {},
    );
    await expect
      .poll(() => near.store.load(0), { timeout: 10_000 })
      .toEqual({ applied: 500, parked: 500 });
    proxy.cut();
    proxy.holding = false;
    await expect(answer).rejects.toSatisfy((error) => code(error) === 'away');
    expect(await far.store.fold(0, 0, 500, large)).toEqual({ stale: 500 });
    expect(await near.store.load(0)).toEqual({ applied: 500, parked: 500 });
  });

  test('while it waits for a lock: it lands late, and once', async (context) => {
    server.here(context);
    const { proxy, far, near } = await world();
    await near.store.fold(0, 0, 10, [park(1), park(2)]);
    const person = new pg.Client({ connectionString: server.here().url() });
    await person.connect();
    closing.push(() => person.end());
    await person.query('BEGIN');
    await person.query(`SELECT FROM "${near.schema}".fold FOR UPDATE`);
    const answer = far.store.fold(0, 10, 20, [resume(1), park(12)]);
    answer.then(
      () => {},
      () => {},
    );
    await sleep(300);
    proxy.cut();
    await expect(answer).rejects.toSatisfy((error) => code(error) === 'away');
    // repeated while the first one still waits in the server: one of the two does it
    const repeated = far.store.fold(0, 10, 20, [resume(1), park(12)]);
    await sleep(300);
    await person.query('COMMIT');
    expect(await repeated).toEqual({ stale: 20 });
    expect(await near.store.load(0)).toEqual({ applied: 20, parked: 2 });
  });

  test('a person who holds the rows locked delays it, not for ever', async (context) => {
    server.here(context);
    const { near } = await world();
    const impatient = await near.open({ lockTimeoutMs: 200 });
    await near.store.fold(0, 0, 10, [park(1)]);
    const person = new pg.Client({ connectionString: server.here().url() });
    await person.connect();
    closing.push(() => person.end());
    await person.query('BEGIN');
    await person.query(`UPDATE "${near.schema}".parked SET due = 5`);
    const resumed = impatient.store.fold(0, 10, 20, [resume(1)]);
    await expect(resumed).rejects.toSatisfy((error) => code(error) === 'busy');
    expect(near.notices.map(({ kind }) => kind)).toEqual(['trouble']);
    await person.query('COMMIT');
    expect(await impatient.store.fold(0, 10, 20, [resume(1)])).toBe('applied');
  });
});

describe('a deadlock with a person', () => {
  test('costs time, nothing else: the server gives up the fold, and it is repeated', async (context) => {
    server.here(context);
    const { near } = await world();
    await near.store.fold(0, 0, 10, [park(1)]);
    const person = new pg.Client({ connectionString: server.here().url() });
    await person.connect();
    closing.push(() => person.end());
    await person.query('BEGIN');
    await person.query("SET LOCAL deadlock_timeout = '60s'");
    await person.query(`UPDATE "${near.schema}".parked SET reason = 'seen'`);
    // has the row of `fold`, waits for the parked one
    const answer = near.store.fold(0, 10, 20, [resume(1), park(12)]);
    await sleep(300);
    await person.query(`SELECT FROM "${near.schema}".fold FOR UPDATE`);
    await person.query('COMMIT');
    expect(await answer).toBe('applied');
    expect(await near.store.load(0)).toEqual({ applied: 20, parked: 1 });
    expect(near.notices).toEqual([]);
    const [stats] = await server.sql<{ deadlocks: number }>(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(stats?.deadlocks).toBeGreaterThanOrEqual(1);
  });
});

describe('a line that is dead without a word', () => {
  test('is given up after the timeouts, and replaced', { timeout: 30_000 }, async (context) => {
    server.here(context);
    const { proxy, near } = await world();
    const url = proxy.url(server.here().url());
    const far = await near.open({ url, statementTimeoutMs: 200 });
    proxy.holding = true;
    const begun = performance.now();
    await expect(far.store.load(0)).rejects.toSatisfy((error) => code(error) === 'away');
    expect(performance.now() - begun).toBeLessThan(8_000);
    proxy.holding = false;
    await expect.poll(() => far.store.load(0), { timeout: 15_000 }).toBeDefined();
    expect(near.notices.map(({ kind }) => kind)).toEqual(['away', 'back']);
  });
});

describe('a server that refuses connections for a while', () => {
  test('is asked with back-off, by one', { timeout: 30_000 }, async (context) => {
    server.here(context);
    const { proxy, far, near } = await world();
    proxy.refusing = true;
    proxy.cut();
    const before = proxy.accepted;
    const asks = Array.from({ length: 50 }, () => Promise.resolve(far.store.load(0)).catch(code));
    await sleep(3_000);
    // 50 ms, doubled up to 2 s: about seven tries in three seconds
    expect(proxy.accepted - before).toBeGreaterThanOrEqual(4);
    expect(proxy.accepted - before).toBeLessThanOrEqual(16);
    proxy.refusing = false;
    const answers = await Promise.all(asks);
    expect(answers.every((one) => one === 'away' || typeof one === 'object')).toBe(true);
    expect(await far.store.load(0)).toEqual({ applied: 0, parked: 0 });
    expect(near.notices.map(({ kind }) => kind)).toEqual(['away', 'back']);
  });
});
