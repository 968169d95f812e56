/*
 * Events between processes: `waybill emit` wakes a run that listens, in a server and in `waybill run`, and
 * `waybill get` says what a run listens for.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const PAID = `document: { dsl: 1.0.3, namespace: shop, name: paid, version: 1.0.0 }
do:
  - hear:
      listen:
        to:
          one:
            with: { type: order.paid }
            correlate: { order: { from: .data.order, expect: '\${ .order }' } }
`;

let world: ServeWorld;

beforeEach(() => {
  world = new ServeWorld();
  world.write('flows/paid.yaml', PAID);
});
afterEach(() => world.close());

/** Sends an event about that order from a process of its own. */
async function emit(order: number, store: string): Promise<void> {
  const event = { id: `e-${order}`, source: 'urn:bank', type: 'order.paid', data: { order } };
  world.write('event.json', JSON.stringify(event));
  const said = await world.run(['emit', 'event.json', '--store', store]);
  expect(said).toEqual({ code: 0, err: '', out: `e-${order}\n` });
}

test('a run on a server says what it listens for, and ends when that has come', async () => {
  const at = ['--store', 'runs.db'];
  const server = world.serve(...at, '--partitions', '4');
  await server.ready();
  const started = ['start', 'shop/paid', '--input', '{"order": 7}', ...at];
  const run = (await world.run(started)).out.trim();
  await expect
    .poll(async () => (await world.run(['get', run, ...at])).out, { timeout: 20_000 })
    .toMatch(
      / {2}parked\n[^]*\/do\/0\/hear {2}listens for order\.paid with \.data\.order = 7\n +since 20/,
    );
  const json = JSON.parse((await world.run(['get', run, ...at, '--json'])).out) as object;
  expect(json).toMatchObject({
    strands: [{ waitsFor: { why: 'listen', events: ['order.paid with .data.order = 7'] } }],
  });

  await emit(8, 'runs.db');
  await emit(7, 'runs.db');
  await expect
    .poll(async () => (await world.run(['get', run, ...at])).out, { timeout: 20_000 })
    .toContain('output    [{"order":7}]');
  const { body } = await server.get('/metrics');
  expect(body).toMatchObject({ totals: { eventsLag: 0 } });
  const { events } = body as { events: { partition: number; offset?: number; end: number }[] };
  expect(events.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  expect(events.reduce((sum, { offset = 0 }) => sum + offset, 0)).toBe(2);
  expect(events.every(({ end, offset = 0 }) => offset === end)).toBe(true);
});

test('who waits for the result of a run that listens waits as long as that takes', async () => {
  const at = ['--store', 'runs.db'];
  const server = world.serve(...at);
  await server.ready();
  const waiting = world.run(['start', 'shop/paid', '--input', '{"order": 7}', ...at, '--wait']);
  // longer than anything but the waiting itself would keep the process alive
  await sleep(7_000);
  await emit(7, 'runs.db');
  const said = await waiting;
  expect(said).toMatchObject({ code: 0, err: '' });
  expect(said.out.split('\n')[1]).toBe('[{"order":7}]');
});

test('a run of `waybill run` hears what another process sends to its file', async () => {
  const words = [
    'run',
    'flows/paid.yaml',
    '--input',
    '{"order": 7}',
    '--state',
    'one.db',
    '--quiet',
  ];
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: world.folder,
    env: world.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const closed = once(child, 'close');
  try {
    while (!existsSync(world.path('one.db'))) await sleep(20);
    await emit(7, 'one.db');
    await closed;
    expect(said).toBe('[{"order":7}]\n');
    expect(child.exitCode).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});
