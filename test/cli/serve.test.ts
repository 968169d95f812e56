/*
 * `waybill serve` on an embedded file, end to end: other processes start runs through the file and ask
 * where they are; it drains on SIGTERM and goes on after kill -9. And what it refuses to begin with.
 */
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openEmbedded } from '../../src/adapters/sqlite/index.ts';
import { openClient } from '../../src/presets/client.ts';
import { openGround } from '../../src/presets/cluster.ts';
import { decodeHeader, decodeRecord } from '../../src/wire/index.ts';
import { ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 60_000 });

let world: ServeWorld;

beforeEach(() => {
  world = new ServeWorld();
});
afterEach(() => world.close());

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const AT = ['--store', 'runs.db'];

describe('a server on a file', () => {
  test('other processes start runs and ask where they are; SIGTERM drains', async () => {
    const server = world.serve(...AT, '--partitions', '4', '--drain', '20');
    await server.ready();
    expect(server.log).toContain('deployed shop/order/1.0.0');
    expect(server.log).toContain('owns partitions 0-3');
    expect((await server.get('/healthz')).status).toBe(200);

    const order = ['start', 'shop/order@1.0.0', '--input', '{"id": 7}', ...AT];
    const { code, out, err } = await world.run([...order, '--wait']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [run, result] = out.trim().split('\n') as [string, string];
    expect(run).toMatch(ID);
    expect(JSON.parse(result)).toEqual({ id: 7, step: 2 });
    expect(world.ledger().map(({ run: by, step }) => [by, step])).toEqual([
      [run, 1],
      [run, 2],
    ]);
    const done = await world.run(['get', run, ...AT]);
    expect(done.out).toMatch(new RegExp(`^${run}  completed\n  workflow +shop/order/1.0.0`));
    expect(done.out).toContain('output    {"id":7,"step":2}');

    const long = (await world.run(['start', 'long', ...AT])).out.trim();
    await server.runs(1);
    const there = await world.run(['get', long, ...AT, '--json']);
    expect(JSON.parse(there.out)).toMatchObject({ status: 'running', name: { name: 'long' } });
    const { body } = await server.get('/metrics');
    expect(body).toMatchObject({ partitionsOfLog: 4, ready: true, totals: { owned: 4, open: 1 } });

    // the activity that is running may end
    const over = server.terminate();
    await server.says('SIGTERM: draining');
    world.wake();
    expect(await over).toBe(0);
    expect(server.log).toMatch(/stopped after \d+ ms\n$/);
    const file = await openEmbedded(world.path('runs.db'), { mode: 'client' });
    for (let partition = 0; partition < 4; partition++) {
      const { end } = await file.broker.range(partition);
      const [last] = await file.broker.fetch(partition, end - 1, end);
      expect(decodeHeader(last!.bytes).kind).toBe('CLOSE');
    }
    file.close();
    const parked = await world.run(['get', long, ...AT]);
    expect(parked.out).toMatch(
      / {2}parked\n[^]*\/do\/1\/pause {2}is parked \(wait\) until .* \(in 60 min\)/,
    );
  });

  test('a list of what there is, as the index has it; without an index there is none', async () => {
    const server = world.serve(...AT, '--partitions', '2');
    await server.ready();
    const start = async (...words: string[]): Promise<string> =>
      (await world.run(['start', ...words, ...AT])).out.split('\n')[0]!;
    const order = await start('shop/order', '--input', '{"id": 1}', '--wait');
    const long = await start('long');
    const listed = async (words: string[], wanted: RegExp): Promise<string> => {
      for (const until = Date.now() + 15_000; ; await sleep(100)) {
        const { code, out, err } = await world.run(['list', ...words, ...AT]);
        expect({ code, err }).toEqual({ code: 0, err: '' });
        if (wanted.test(out)) return out;
        if (Date.now() > until) throw new Error(`not listed: ${wanted} in\n${out}`);
      }
    };
    const out = await listed([], /running/);
    const [first, second, ...more] = out.trimEnd().split('\n');
    expect(more).toEqual([]);
    expect(first).toMatch(
      new RegExp(
        `^${long}  running    default/long/1.0.0  /do/0/nap  activity  until .* \\(in 5 min\\)$`,
      ),
    );
    expect(second).toMatch(new RegExp(`^${order}  completed  shop/order/1.0.0  ended .* ago\\)$`));
    expect(await listed(['--workflow', 'shop/order@1.0.0'], /./)).toMatch(
      new RegExp(`^${order} .*\n$`),
    );
    expect((await listed(['--status', 'completed', '--limit', '1'], /./)).split('\n')).toHaveLength(
      2,
    );
    expect(await listed(['--status', 'faulted'], /^$/)).toBe('');
    world.wake();
    const json = await listed(['--workflow', 'long', '--json'], /"waiting"/);
    expect(JSON.parse(json)).toMatchObject({
      run: long,
      position: '/do/1/pause',
      waitsFor: 'wait',
      until: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
    const { body } = await server.get('/metrics');
    expect(body).toMatchObject({ totals: { indexLag: expect.any(Number) as number } });
    expect(body['partitions']).toMatchObject([{ lag: { index: 0 } }, { lag: { index: 0 } }]);
    await server.terminate();

    const without = world.serve('--store', 'other.db', '--index', 'off');
    await without.ready();
    await world.run([
      'start',
      'shop/order',
      '--input',
      '{"id":2}',
      '--store',
      'other.db',
      '--wait',
    ]);
    await sleep(1_500);
    const none = await world.run(['list', '--store', 'other.db']);
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toMatch(/^there is no index of runs here; .*--index on\n$/);
    const wrong = await world.run(['list', '--status', 'done', ...AT]);
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^--status done: expected pending, /) as string,
    });
  });

  test('a key starts one run, and what is written while nobody serves waits', async () => {
    const server = world.serve(...AT);
    await server.ready();
    await server.kill();
    const order = ['start', 'shop/order', '--input', '{"id": 1}', ...AT, '--once', 'k', '--json'];
    const first = JSON.parse((await world.run(order)).out) as { run: string; again: boolean };
    const second = JSON.parse((await world.run(order)).out) as { run: string; again: boolean };
    expect(first.again).toBe(false);
    expect(second).toEqual({ run: first.run, again: true });
    expect((await world.run(['get', first.run, ...AT])).out).toContain('waiting to begin');
    await world.serve(...AT).ready();
    const third = JSON.parse((await world.run([...order, '--wait'])).out) as object;
    expect(third).toMatchObject({ run: first.run, ended: 'completed', output: { step: 2 } });
    expect(world.ledger()).toHaveLength(2);
  });

  test('kill -9 again and again: every run completes, every effect keeps its key', async () => {
    let server = world.serve(...AT, '--partitions', '2');
    await server.ready();
    const target = { prefix: 'waybill', store: world.path('runs.db') };
    const ground = await openGround(target, 'client');
    const client = openClient(ground);
    try {
      const runs: string[] = [];
      for (let id = 0; id < 60; id++) {
        const definition = { namespace: 'shop', name: 'order' };
        runs.push((await client.start({ definition, input: { id } })).run);
        if (id % 20 !== 19) continue;
        await sleep(60);
        await server.kill();
        server = world.serve(...AT);
        await server.says('owns partitions');
      }
      const ends = await Promise.all(runs.map((run) => client.result(run)));
      expect(ends.map(({ ended }) => ended)).toEqual(runs.map(() => 'completed'));
      for (const [id, { value }] of ends.entries()) expect(value).toEqual({ id, step: 2 });
      const keys = Map.groupBy(world.ledger(), ({ key }) => key);
      expect(keys.size).toBe(120);
      for (const [, lines] of keys) {
        expect(new Set(lines.map(({ id, step }) => `${id} ${step}`)).size).toBe(1);
      }
    } finally {
      client.close();
      await ground.close();
    }
  });

  test('a second server waits for the first one, says so once, and takes over', async () => {
    const first = world.serve(...AT);
    await first.ready();
    const second = world.serve(...AT, '--log', 'json');
    await second.says(`is run by another process .pid ${first.child.pid}.`);
    expect((await second.get('/readyz').catch(() => ({ status: 503 }))).status).toBe(503);
    await first.kill();
    await second.says('owns partitions');
    const lines = second.log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(lines.filter(({ event }) => event === 'waiting')).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ level: 'info', event: 'owned', partitions: [0] });
  });

  test('a second signal ends it at once', async () => {
    const server = world.serve(...AT, '--drain', '60');
    await server.ready();
    await world.run(['start', 'long', ...AT]);
    await server.runs(1);
    server.child.kill('SIGTERM');
    await server.says('draining');
    server.child.kill('SIGTERM'); // the same one, passed on by a launcher
    await sleep(700);
    expect(server.running).toBe(true);
    server.child.kill('SIGINT');
    expect(await server.terminate()).not.toBe(0);
  });

  test('a function that is elsewhere: the run waits for who has it', async () => {
    const first = world.serve(...AT);
    await first.ready();
    await first.terminate();
    mkdirSync(world.path('few'));
    const document = '{ dsl: 1.0.3, namespace: default, name: one, version: 1.0.0 }';
    world.write('few/one.yaml', `document: ${document}\ndo: [{ a: { call: other } }]\n`);
    world.write('other.mjs', 'export const other = () => 1;\n');
    const few = ['--workflows', 'few', '--functions', 'other.mjs', '--drain', '0'];
    const poor = world.serve(...AT, ...few);
    await poor.ready();
    const run = (await world.run(['start', 'shop/order', '--input', '{"id":1}', ...AT])).out.trim();
    await poor.says(`run ${run} waits for the function "note", which is not here`);
    await poor.terminate();
    await world.serve(...AT).ready();
    for (;;) {
      const { out } = await world.run(['get', run, ...AT]);
      if (out.includes('completed')) break;
      await sleep(50);
    }
  });
});

describe('what a server refuses', () => {
  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no Store', ['--brokers', '127.0.0.1:1'], /a server needs a Store/],
    ['PostgreSQL alone', ['--store', 'postgres://a:geheim@b/c'], /a Store and no Log/],
    ['a file of others', ['--store', 'functions.mjs'], /not ours and was left as it is/],
    ['a broken workflow', [...AT, '--workflows', 'broken'], /broken.a\.yaml:2:\d+ {2}error/],
    ['no functions', [...AT, '--workflows', 'flows'], /"note", which is not among the functions/],
    ['a wrong setting', [...AT, '--config', 'wrong.yaml'], /wrong\.yaml:1:1 {2}error/],
  ];

  test('what it says, and that it says nothing else', async () => {
    world.write('wrong.yaml', 'stroe: x\n');
    mkdirSync(world.path('broken'));
    const document = '{ dsl: 1.0.3, namespace: a, name: b, version: 1.0.0 }';
    world.write('broken/a.yaml', `document: ${document}\ndo: 7\n`);
    for (const [name, words, said] of mistakes) {
      const { code, out, err } = await world.run(['serve', ...words]);
      expect(err, name).toMatch(said);
      expect(err, name).not.toContain('geheim');
      expect({ code, out }, name).toEqual({ code: 2, out: '' });
    }
  });

  test('a file with another number of partitions, and a port that is taken', async () => {
    const server = world.serve(...AT, '--partitions', '2');
    await server.ready();
    await server.terminate();
    const other = await world.run(['serve', ...AT, '--partitions', '3']);
    expect(other).toMatchObject({
      code: 2,
      err: expect.stringContaining('created with 2 partition') as string,
    });
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    const refused = await world.run(['serve', ...AT, '--health', `127.0.0.1:${port}`]);
    taken.close();
    expect(refused.err).toContain('another process has this port');
    expect(refused.code).toBe(2);
  });

  test('nothing was written by a server that did not begin', async () => {
    await world.run(['serve', ...AT, '--workflows', 'flows']);
    await expect(openEmbedded(world.path('runs.db'), { mode: 'client' })).rejects.toThrow(
      'no such file',
    );
  });

  test('the Log of a server has a CLAIM with its prefix', async () => {
    const server = world.serve(...AT, '--prefix', 'mine');
    await server.ready();
    await server.terminate();
    const file = await openEmbedded(world.path('runs.db'), { mode: 'client' });
    const [first] = await file.broker.fetch(0, 0, 1);
    file.close();
    expect(decodeRecord(first!.bytes).body).toMatchObject({
      genesis: { prefix: 'mine', partitions: 1 },
    });
  });
});
