/*
 * Servers whose workflows begin by events, and which publish what happens to them: on a file, and by night
 * on a real broker and a real PostgreSQL, where one of two is killed with -9.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Broker } from '../../src/ports/index.ts';
import { openGround, openTopics, type Target } from '../../src/presets/cluster.ts';
import { emit } from '../../src/presets/emit.ts';
import { waybill } from '../../src/wire/generated/messages.js';
import { testBroker } from '../live/broker/index.ts';
import { postgresServer } from '../live/postgres/server.ts';
import { ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const HOOK = `document: { dsl: 1.0.3, namespace: shop, name: hook, version: 1.0.0 }
schedule: { on: { one: { with: { type: shop.paid } } } }
do:
  - note: { call: note, with: { id: '\${ .[0].id }', step: 1 } }
`;

let world: ServeWorld;
beforeEach(() => {
  world = new ServeWorld();
  world.write('flows/hook.yaml', HOOK);
});
afterEach(() => world.close());

/** Verbs of lifecycle events so far, by run, copies left out. */
async function told(log: Broker): Promise<string[]> {
  const verbs = new Map<string, Set<string>>();
  for (let partition = 0; partition < log.partitions; partition++) {
    const { begin, end } = await log.range(partition);
    for (const { bytes } of end > begin ? await log.fetch(partition, begin, end) : []) {
      const { messageType, payload } = waybill.v1.MessageEnvelope.decode(bytes);
      if (messageType !== 'LIFECYCLE') continue;
      const { subject, type } = JSON.parse(Buffer.from(payload!).toString()) as {
        readonly subject: string;
        readonly type: string;
      };
      verbs.set(subject, (verbs.get(subject) ?? new Set()).add(type.split('.').at(-2)!));
    }
  }
  return [...verbs.values()].map((one) => [...one].join(' '));
}

/** Emits so many events, each twice, and waits until each has begun a run and that was told. */
async function through(target: Target, count: number, between: () => Promise<void>): Promise<void> {
  const ground = await openGround(target, 'client');
  try {
    for (let id = 0; id < count; id++) {
      const event = { specversion: '1.0', id: `e${id}`, source: '/t', type: 'shop.paid' };
      for (let copy = 0; copy < 2; copy++) await emit(ground.events, { ...event, data: { id } });
      if (id === count >> 1) await between();
    }
    const whole = Array.from({ length: count }, () => 'started completed');
    await expect
      .poll(() => told(ground.events), { timeout: 120_000, interval: 500 })
      .toEqual(whole);
    // One run for each event, however often its call was made.
    const runs = new Map(world.ledger().map(({ id, run }) => [run, id]));
    expect([...runs.values()].map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, id) => id),
    );
  } finally {
    await ground.close();
  }
}

test('events begin runs on a file, and lifecycle events tell of them', async () => {
  const store = world.path('runs.db');
  const server = world.serve('--store', store, '--lifecycle', 'workflow');
  await server.ready();
  expect(server.log).toContain('shop/hook/1.0.0 has a schedule');
  await through({ prefix: 'waybill', partitions: 1, store }, 5, async () => undefined);
  const { body } = await server.get('/metrics');
  expect(body).toMatchObject({ partitions: [{ lag: { lifecycle: expect.any(Number) } }] });
  expect(await server.terminate()).toBe(0);
});

test('... and on a cluster, where a server is killed', async (context) => {
  if (!NIGHTLY) return context.skip('nightly: two servers, a broker and a database take a while');
  const broker = await testBroker();
  if ('missing' in broker) return context.skip(broker.missing);
  const postgres = await postgresServer();
  if ('missing' in postgres) return context.skip(postgres.missing);
  try {
    const prefix = `events_${Date.now().toString(36)}_${process.pid}`;
    const log = { brokers: broker.brokers, clientId: 'test' };
    const target = { prefix, partitions: 2, store: postgres.url(), log };
    const admin = await openTopics(target, log);
    await admin.createTopics();
    admin.close();
    const at = ['--brokers', broker.brokers.join(','), '--store', target.store, '--prefix', prefix];
    const servers = [1, 2].map(() =>
      world.serve(...at, '--session', '6', '--lifecycle', 'workflow'),
    );
    await Promise.all(servers.map((server) => server.ready(60_000)));
    for (const server of servers) await server.says(/owns partitions \d\n/, 60_000);
    await through(target, 40, () => servers[0]!.kill());
    expect(await servers[1]!.terminate()).toBe(0);
  } finally {
    await Promise.all([broker.close(), postgres.stop()]);
  }
});
