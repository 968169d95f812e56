/* What can be wrong at the start: one clear error each, no password in it, nothing left open. */
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import {
  PostgresError,
  type PostgresErrorCode,
  type PostgresOptions,
  openPostgres,
} from '../../../src/adapters/postgres/index.ts';
import { SCHEMA } from '../../../src/adapters/postgres/migrations.ts';
import { park } from '../../contracts/parked-rows.ts';
import { Proxy } from '../../live/postgres/proxy.ts';
import { ServerForTests } from '../../live/postgres/store-world.ts';

const SECRET = 'k%40tze-9f3';
const server = new ServerForTests({ own: true, settings: { fsync: 'off' } });

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Opens what cannot be opened; checks what all such errors have in common. */
async function refusal(
  code: PostgresErrorCode,
  url: string,
  options: Partial<PostgresOptions> = {},
): Promise<string> {
  let refused: unknown;
  try {
    const ports = await openPostgres({ url, schema: 'refused', ...options });
    closing.push(() => ports.close());
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(PostgresError);
  const error = refused as PostgresError;
  expect(error.code).toBe(code);
  expect(error.message).toContain(error.remedy);
  expect(error.message).not.toMatch(/undefined|\bat \w+ \(|\n/);
  for (const secret of [SECRET, decodeURIComponent(SECRET), 'no secret', 'no%20secret']) {
    expect(inspect(error, { depth: 8 })).not.toContain(secret);
  }
  return error.message;
}

async function sessions(): Promise<number> {
  const [row] = await server.sql<{ count: number }>(
    "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'waybill'",
  );
  return row?.count ?? -1;
}

function userUrl(user: string, password: string, database?: string): string {
  return server.here().url({ user, password }, database);
}

describe('a start that cannot succeed says why', () => {
  test('a url that is none', async () => {
    for (const url of ['', 'localhost', `mysql://root:${SECRET}@h/d`, 'postgres://a:k%@h/d']) {
      expect(await refusal('options', url)).toMatch(/^PostgreSQL: the url is not postgres:/);
    }
  });

  test('options that are none', async () => {
    const url = 'postgres://127.0.0.1:1/x';
    expect(await refusal('options', url, { schema: 'a"b' })).toContain('is not a plain name');
    expect(await refusal('options', url, { poolSize: 0 })).toContain('poolSize');
    expect(await refusal('options', url, { lockTimeoutMs: Number.NaN })).toContain('lockTimeoutMs');
  });

  test('no server there, or no such host', async () => {
    const url = `postgres://me:${SECRET}@127.0.0.1:1/shop`;
    expect(await refusal('no-server', url)).toBe(
      'postgres://me@127.0.0.1:1/shop: the server cannot be reached (ECONNREFUSED): ' +
        'check host and port, and that the server runs and listens there',
    );
    const nowhere = `postgres://me:${SECRET}@nowhere.invalid:5432/shop`;
    expect(await refusal('no-server', nowhere)).toMatch(/E(?:NOTFOUND|AI_AGAIN)/);
  });

  test('a wrong password, or no such user', async (context) => {
    server.here(context);
    await refusal('no-login', userUrl('waybill_test', 'wrong'));
    await refusal('no-login', userUrl('nobody_we_know', decodeURIComponent(SECRET)));
    const { port } = server.here();
    await refusal('no-login', `postgres://waybill_test@127.0.0.1:${port}/postgres`);
  });

  test('no such database', async (context) => {
    const url = server.here(context).url(undefined, 'shop_that_is_not');
    expect(await refusal('no-database', url)).toContain('shop_that_is_not');
  });

  test('a server without TLS where TLS is asked for', async (context) => {
    const url = `${server.here(context).url()}?sslmode=verify-full`;
    await refusal('tls', url);
  });

  test('a server that is too old', async (context) => {
    const proxy = await Proxy.before(server.here(context).port);
    closing.push(() => proxy.close());
    const [row] = await server.sql<{ v: string }>("SELECT current_setting('server_version_num') v");
    const now = row?.v ?? '';
    proxy.rewrite = (answer) => {
      const at = answer.indexOf(now);
      if (at < 0) return answer;
      const older = Buffer.from(answer);
      older.write('130018', at);
      return older;
    };
    const said = await refusal('old-server', proxy.url(server.here().url()));
    expect(said).toContain('this is PostgreSQL 13, 14 is the oldest that will do');
  });

  test('a server that takes no writes', async (context) => {
    server.here(context);
    await server.sql('CREATE ROLE reader SUPERUSER LOGIN PASSWORD $$r$$');
    await server.sql('ALTER ROLE reader SET default_transaction_read_only = on');
    await refusal('standby', userUrl('reader', 'r'));
  });

  test('an encoding that cannot hold every text', async (context) => {
    server.here(context);
    await server.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    expect(await refusal('encoding', server.here().url(undefined, 'latin'))).toContain('LATIN1');
  });

  test('a schema that is newer, or is not ours', async (context) => {
    const url = server.here(context).url();
    const ports = await openPostgres({ url, schema: 'newer' });
    await ports.close();
    await server.sql("INSERT INTO newer.migration VALUES (99, now(), 'the future')");
    const said = await refusal('newer-schema', url, { schema: 'newer' });
    expect(said).toContain(`schema newer is version 99, this build knows up to ${SCHEMA}`);
    await server.sql('CREATE SCHEMA foreign_one; CREATE TABLE foreign_one.customers ()');
    await refusal('not-waybill', url, { schema: 'foreign_one' });
    await server.sql('CREATE SCHEMA foreign_two; CREATE TABLE foreign_two.migration (x int)');
    await refusal('not-waybill', url, { schema: 'foreign_two' });
    const [left] = await server.sql<{ tables: number }>(
      "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname LIKE 'foreign_%'",
    );
    expect(left?.tables).toBe(2);
  });

  test('a role that may not migrate, or lacks rights', async (context) => {
    const url = server.here(context).url();
    await server.sql('CREATE ROLE poor LOGIN PASSWORD $$p$$');
    const said = await refusal('old-schema', userUrl('poor', 'p'), { schema: 'not_there' });
    expect(said).toContain(`schema not_there does not exist, this build needs version ${SCHEMA}`);
    const ports = await openPostgres({ url, schema: 'rights' });
    await ports.close();
    const poor = { schema: 'rights' };
    await refusal('privileges', userUrl('poor', 'p'), poor);
    await server.sql('GRANT USAGE ON SCHEMA rights TO poor');
    await server.sql('GRANT SELECT ON ALL TABLES IN SCHEMA rights TO poor');
    expect(await refusal('privileges', userUrl('poor', 'p'), poor)).toMatch(
      /lacks .*INSERT on parked, UPDATE on parked, DELETE on parked/,
    );
  });

  test('no connection left', async (context) => {
    server.here(context);
    await server.sql('CREATE ROLE single LOGIN PASSWORD $$s$$ CONNECTION LIMIT 0');
    await refusal('no-connections', userUrl('single', 's'));
  });

  test('and none of them leaves a session behind', async (context) => {
    server.here(context);
    await expect.poll(sessions, { timeout: 5_000 }).toBe(0);
  });
});

describe('later', () => {
  test('a closed Store says so', async (context) => {
    server.here(context);
    const world = await server.world();
    closing.push(async () => world.close());
    const { store, close } = await world.open();
    await close();
    await expect(store.load(0)).rejects.toMatchObject({ code: 'closed' });
    await close();
  });

  test('a fold that does not match the rows is refused whole, and said', async (context) => {
    server.here(context);
    const world = await server.world();
    closing.push(async () => world.close());
    const { store, notices } = world;
    await store.fold(0, 0, 10, [park(1)]);
    const resumed = { kind: 'resume', identities: [1, 7] } as const;
    for (const change of [resumed, park(1)]) {
      const answer = store.fold(0, 10, 20, [park(12), change]);
      await expect(answer).rejects.toMatchObject({ code: 'mismatch' });
    }
    expect(await store.load(0)).toEqual({ applied: 10, parked: 1 });
    expect(notices.filter(({ kind }) => kind === 'trouble')).toHaveLength(1);
  });

  test('a statement that takes too long is given up', async (context) => {
    server.here(context);
    const world = await server.world();
    closing.push(async () => world.close());
    const { store } = await world.open({ statementTimeoutMs: 50 });
    await server.sql(
      `CREATE FUNCTION "${world.schema}".dawdle() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$;
       CREATE TRIGGER dawdle BEFORE INSERT ON "${world.schema}".parked
         FOR EACH ROW EXECUTE FUNCTION "${world.schema}".dawdle()`,
    );
    await expect(store.fold(0, 0, 10, [park(1)])).rejects.toMatchObject({ code: 'slow' });
    expect(await store.load(0)).toEqual({ applied: 0, parked: 0 });
  });

  test('settings that lose commits are noticed, once', async (context) => {
    server.here(context);
    const world = await server.world();
    closing.push(async () => world.close());
    await Promise.all([1, 2, 3].map((partition) => world.store.load(partition)));
    const unsafe = world.notices.filter(({ kind }) => kind === 'unsafe');
    expect(unsafe).toHaveLength(1);
    expect(unsafe[0]?.message).toContain('with fsync = off the server may forget');
  });

  test('health tells latency, server and connections', async (context) => {
    server.here(context);
    const world = await server.world();
    closing.push(async () => world.close());
    const health = await world.health();
    expect(health).toMatchObject({ up: true, reason: undefined, since: undefined, schema: SCHEMA });
    expect(health.latencyMs).toBeLessThan(1_000);
    expect(health.version).toBeGreaterThan(140_000);
    expect(health.identity?.system).toMatch(/^\d+$/);
    expect(health.connections.waiting).toBe(0);
  });
});
