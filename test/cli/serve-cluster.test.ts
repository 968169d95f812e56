/*
 * `waybill serve` on a real broker and a real PostgreSQL: two servers share the partitions, one is killed
 * with -9 in the middle, every run completes; and what is refused with one clear error, exit code 2.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openClient } from '../../src/presets/client.ts';
import { openGround, openTopics, type Target } from '../../src/presets/cluster.ts';
import { testBroker, USER } from '../live/broker/index.ts';
import { postgresServer } from '../live/postgres/server.ts';
import { type Server, ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const RUNS = 100;
const broker = await testBroker();
const postgres = 'missing' in broker ? { missing: broker.missing } : await postgresServer();

if ('missing' in broker || 'missing' in postgres) {
  const missing =
    'missing' in broker ? broker.missing : 'missing' in postgres ? postgres.missing : '';
  test('serve on a cluster', (context) => context.skip(missing));
} else {
  const { brokers, sasl } = broker;
  const url = postgres.url();
  let world: ServeWorld;
  let prefix = '';

  afterAll(async () => {
    await Promise.all([broker.close(), postgres.stop()]);
  });
  beforeEach(() => {
    world = new ServeWorld();
    prefix = `serve_${Date.now().toString(36)}_${process.pid}`;
  });
  afterEach(() => world.close());

  const target = (partitions = 4): Target & { log: NonNullable<Target['log']> } => ({
    prefix,
    partitions,
    store: url,
    log: { brokers, clientId: 'test' },
  });
  const create = async (partitions = 4): Promise<void> => {
    const admin = await openTopics(target(partitions), target().log);
    await admin.createTopics();
    admin.close();
  };
  const at = (): string[] => ['--brokers', brokers.join(','), '--store', url, '--prefix', prefix];

  describe(`a cluster (${broker.kind})`, () => {
    test(`two servers, ${RUNS} runs, kill -9 of one: all complete, every effect keeps its key`, async () => {
      await create();
      const servers: Server[] = [
        world.serve(...at(), '--session', '6'),
        world.serve(...at(), '--session', '6'),
      ];
      await Promise.all(servers.map((server) => server.ready(60_000)));
      // dealt out between them, once the group has settled
      for (const server of servers) await server.says(/owns partitions (\d-\d|\d, \d)\n/);
      const ground = await openGround(target(), 'client');
      const client = openClient(ground);
      try {
        const runs: string[] = [];
        for (let id = 0; id < RUNS; id++) {
          const definition = { namespace: 'shop', name: 'order' };
          runs.push((await client.start({ definition, input: { id } })).run);
          if (id === RUNS * 0.6) await servers[0]!.kill();
          await sleep(5);
        }
        const ends = await Promise.all(runs.map((run) => client.result(run)));
        for (const [id, end] of ends.entries()) {
          expect(end).toMatchObject({ ended: 'completed', value: { id, step: 2 } });
        }
        const keys = Map.groupBy(world.ledger(), ({ key }) => key);
        expect(keys.size).toBe(2 * RUNS);
        for (const [, lines] of keys) {
          expect(new Set(lines.map(({ run, id, step }) => `${run} ${id} ${step}`)).size).toBe(1);
        }
        const where = await client.lookUp(runs[0]!);
        expect(where).toMatchObject({
          status: 'completed',
          name: { namespace: 'shop', name: 'order' },
        });
      } finally {
        client.close();
        await ground.close();
      }
      await servers[1]!.says('owns partitions 0-3');
      const { body } = await servers[1]!.get('/metrics');
      expect(body).toMatchObject({
        partitionsOfLog: 4,
        ready: true,
        totals: { open: 0, running: 0 },
      });
      expect(await servers[1]!.terminate()).toBe(0);
    });

    test('started, asked for and waited for from the command line; parked rows survive a restart', async () => {
      await create(2);
      const first = world.serve(...at());
      await first.ready(60_000);
      const order = ['start', 'shop/order', '--input', '{"id": 5}', '--wait', '--once', 'five'];
      const started = await world.run([...order, ...at()]);
      expect({ code: started.code, err: started.err }).toEqual({ code: 0, err: '' });
      const again = await world.run([...order, ...at(), '--json']);
      const [run] = started.out.split('\n');
      expect(JSON.parse(again.out)).toEqual({
        run,
        again: true,
        ended: 'completed',
        output: { id: 5, step: 2 },
      });
      // what has ended is known to the index a second later
      while (!(await world.run(['list', '--status', 'completed', ...at()])).out.startsWith(run!)) {
        await sleep(100);
      }
      const got = (await world.run(['get', run!, ...at()])).out;
      expect(got).toMatch(new RegExp(`^${run}  completed\n  workflow  shop/order/1.0.0`));
      expect(got).toContain('output    {"id":5,"step":2}');
      world.wake();
      const long = (await world.run(['start', 'long', ...at()])).out.trim();
      const get = async (): Promise<string> => (await world.run(['get', long, ...at()])).out;
      while (!(await get()).includes('is parked (wait)')) await sleep(100);
      expect(await first.terminate()).toBe(0);
      expect(await get()).toMatch(/ {2}parked\n[^]*default\/long\/1\.0\.0/);
    });

    test('what is wrong is said once, and nothing begins', async () => {
      const password = `${new URL(url).password}x`;
      const wrong = url.replace(/:[^:@/]*@/, `:${password}@`);
      const with_ = (...words: string[]): string[] => ['serve', ...at(), ...words];
      const log = ['--brokers', brokers.join(','), '--prefix', prefix];
      const login = ['--sasl-mechanism', 'plain', '--sasl-username', USER.username];
      expect(await world.run(with_())).toMatchObject({
        code: 2,
        err: expect.stringMatching(/does not exist.*waybill topics create\n$/) as string,
      });
      const made = await world.run(['topics', 'create', ...log, '--partitions', '2']);
      expect(made).toMatchObject({
        code: 0,
        out: expect.stringContaining('commands  created') as string,
      });
      const table: readonly (readonly [string, readonly string[], RegExp, NodeJS.ProcessEnv?])[] = [
        ['partitions', with_('--partitions', '3'), /has 2 partitions, not 3/],
        ['unreachable', with_('--brokers', '127.0.0.1:1'), /127\.0\.0\.1:1 cannot be reached/],
        ['no TLS there', with_('--tls'), /through TLS/],
        ['password of the database', with_('--store', wrong), /the password is wrong/],
        ['no database', with_('--store', postgres.url(undefined, 'nothere')), /no such database/],
        [
          'no such workflow',
          ['start', 'nothing', ...at()],
          /no workflow default\/nothing has been deployed/,
        ],
        ['topics', ['topics', 'check', ...log, '--partitions', '9'], /^$/],
        ...(sasl === undefined
          ? []
          : [
              [
                'password of the broker',
                with_('--brokers', sasl.join(','), ...login),
                /does not accept the user waybill/,
                { WAYBILL_SASL_PASSWORD: 'geheim' },
              ] as const,
            ]),
      ];
      for (const [name, words, said, environment] of table) {
        const { code, err } = await world.run(words, environment);
        expect(err, name).toMatch(said);
        expect(err.split('\n').length, name).toBeLessThanOrEqual(2);
        expect(err, name).not.toMatch(/geheim|no secret|no%20secret/);
        expect(code, name).toBe(2);
      }
      const unknown = await world.run(['get', '01a1f7c4-15a5-7d2e-abeb-df0c92a9cd3f', ...at()]);
      expect(unknown).toMatchObject({ code: 1, out: expect.stringContaining('unknown') as string });
    });

    test('the Store of another Log is refused', async () => {
      const other = world.serve('--store', 'other.db', '--partitions', '2');
      await other.ready(60_000);
      await world.run([
        'start',
        'shop/order',
        '--input',
        '{"id":1}',
        '--wait',
        '--store',
        'other.db',
      ]);
      // The Store of a Log without parked runs is brought up to date once a second.
      await sleep(2_500);
      await other.terminate();
      await create(2);
      const { code, err } = await world.run(['serve', ...at(), '--store', 'other.db']);
      expect(err).toMatch(/^the Store has applied partition \d up to \d+, but the Log ends at 0: /);
      expect(code).toBe(2);
    });

    test('a login that is right', async (context) => {
      if (sasl === undefined) return context.skip('this broker asks for no login');
      const login = ['--sasl-mechanism', 'scram-sha-256', '--sasl-username', USER.username];
      const words = ['topics', 'create', '--brokers', sasl.join(','), '--prefix', prefix, ...login];
      const { code, err } = await world.run(words, { WAYBILL_SASL_PASSWORD: USER.password });
      expect({ code, err }).toEqual({ code: 0, err: '' });
    });
  });
}
