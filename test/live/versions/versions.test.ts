/*
 * Two builds and two versions of a workflow side by side, on a real broker and a real PostgreSQL
 * (PROTOCOL.md R21): a rolling upgrade from an older build to a newer one, and the older one once more.
 *
 * The newer build is a copy of the sources with other constants: it writes records that the older one
 * cannot read, as soon as nobody is there who would have to.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { openClient } from '../../../src/presets/client.ts';
import { openGround, openTopics, type Target } from '../../../src/presets/cluster.ts';
import { decodeHeader, type RecordHeader } from '../../../src/wire/index.ts';
import { type Server, ServeWorld } from '../../cli/serve-world.ts';
import { testBroker } from '../broker/index.ts';
import { postgresServer } from '../postgres/server.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PARTITIONS = 4;
const NEWER = 2;
const broker = await testBroker();
const postgres =
  'missing' in broker
    ? { missing: broker.missing }
    : await postgresServer({ settings: { fsync: 'off' } });

/** The sources of this checkout with another format; gives its main file, and takes it away. */
function newerBuild(): { readonly main: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-newer-'));
  cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const limits = join(folder, 'src', 'wire', 'limits.ts');
  const text = readFileSync(limits, 'utf8');
  const changed = text
    .replace(/^export const FORMAT = 1;$/m, `export const FORMAT = ${NEWER};`)
    .replace(/^export const READER = 1;$/m, `export const READER = ${NEWER};`);
  expect(changed.length).toBe(text.length);
  expect(changed).not.toBe(text);
  writeFileSync(limits, changed);
  return {
    main: join(folder, 'src', 'cli', 'main.ts'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The second version of the order has a third call, of a function that only the newer build brings. */
const ORDER_2 = `document: { dsl: 1.0.3, namespace: shop, name: order, version: 2.0.0 }
do:
  - first: { call: note, with: { id: '\${ .id }', step: 1 }, export: { as: '{ id: .id }' } }
  - pause: { wait: { milliseconds: 50 } }
  - second: { call: note, with: { id: '\${ $context.id }', step: 2 } }
  - third: { call: extra, with: { id: '\${ $context.id }', step: 3 } }
`;

if ('missing' in broker || 'missing' in postgres) {
  const missing =
    'missing' in broker ? broker.missing : 'missing' in postgres ? postgres.missing : '';
  test('two builds side by side', (context) => context.skip(missing));
} else {
  afterAll(async () => {
    await Promise.all([broker.close(), postgres.stop()]);
  });

  test('two builds and two versions side by side: all runs end, each on the version it began with', async () => {
    const world = new ServeWorld();
    const newer = newerBuild();
    const prefix = `versions_${Date.now().toString(36)}_${process.pid}`;
    const { brokers } = broker;
    const log = { brokers, clientId: 'test' };
    const target: Target = { prefix, partitions: PARTITIONS, store: postgres.url(), log };
    const at = [
      '--brokers',
      brokers.join(','),
      '--store',
      postgres.url(),
      '--prefix',
      prefix,
      '--session',
      '6',
    ];
    const admin = await openTopics(target, log);
    await admin.createTopics();
    admin.close();
    mkdirSync(world.path('flows-2'));
    world.write('flows-2/order.yaml', ORDER_2);
    world.write(
      'functions-2.mjs',
      "import { note } from './functions.mjs';\nexport * from './functions.mjs';\nexport const extra = note;\n",
    );
    const second = ['--workflows', 'flows-2', '--functions', 'functions-2.mjs'];
    const ground = await openGround(target, 'client');
    const client = openClient(ground);
    const old = (): Server => world.serve(...at);
    const runs: { readonly run: string; readonly version: string; readonly id: number }[] = [];
    const start = async (count: number, version?: string): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const id = runs.length;
        const definition = {
          namespace: 'shop',
          name: 'order',
          ...(version === undefined ? {} : { version }),
        };
        const found = await ground.definitions.find(definition);
        const { run } = await client.start({ definition, input: { id } });
        runs.push({ run, version: found!.version, id });
      }
    };
    // by what the topic holds: a client of this build must not read what the newer one writes
    const ended = async (some: typeof runs): Promise<void> => {
      for (const until = Date.now() + 60_000; ; await sleep(100)) {
        const ends = (await headers()).filter(
          ({ kind, strand }) => kind === 'END' && strand === '',
        );
        const over = new Set(ends.map(({ run }) => run));
        const left = some.filter(({ run }) => !over.has(run));
        if (left.length === 0) return;
        if (Date.now() > until) throw new Error(`still under way: ${JSON.stringify(left)}`);
      }
    };
    const headersOf = async (partition: number): Promise<RecordHeader[]> => {
      const { begin, end } = await ground.broker.range(partition);
      const records = await ground.broker.fetch(partition, begin, end);
      return records.map(({ bytes }) => decodeHeader(bytes));
    };
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    const headers = async (): Promise<RecordHeader[]> =>
      (await Promise.all(partitions.map(headersOf))).flat();
    const newerPartitions = async (): Promise<Set<number>> => {
      const found = new Set<number>();
      for (const partition of partitions) {
        const all = await headersOf(partition);
        if (all.some(({ minReader }) => minReader === NEWER)) found.add(partition);
      }
      return found;
    };
    const owned = async (server: Server): Promise<number> => {
      const { body } = await server.get('/metrics');
      return (body['totals'] as { owned: number }).owned;
    };
    const owns = async (server: Server, count: number): Promise<void> => {
      await expect.poll(() => owned(server), { timeout: 30_000 }).toBe(count);
    };
    try {
      // the older build alone
      const one = old();
      await one.ready(60_000);
      await start(15);
      expect(runs.map(({ version }) => version)).toEqual(Array(15).fill('1.0.0'));

      // the newer one beside it, with the second version and its function
      const two = world.serveFrom(newer.main, ...second, ...at);
      await owns(two, 2);
      await owns(one, 2);
      await start(15);
      expect(runs.at(-1)?.version).toBe('2.0.0');
      await start(10, '1.0.0');
      await one.says('waits for the function "extra", which is not here');
      const firsts = runs.filter(({ version }) => version === '1.0.0');
      await ended(firsts);
      // nobody writes what the older one could not read
      expect(new Set((await headers()).map(({ minReader }) => minReader))).toEqual(new Set([1]));

      // the older one leaves: what it held goes on
      expect(await one.terminate()).toBe(0);
      await owns(two, PARTITIONS);
      await ended(runs);
      // until every partition has something of the newer format
      for (let more = 0; (await newerPartitions()).size < PARTITIONS; more++) {
        expect(more).toBeLessThan(30);
        await start(5);
        await ended(runs);
      }

      // the older one comes back: it says which build is needed, leaves the partitions, and changes no version
      const again = old();
      await again.says(
        /partition \d is left to others: record \d+ needs a runner that reads format 2, this one reads up to 1/,
        60_000,
      );
      await start(10);
      expect(runs.at(-1)?.version).toBe('2.0.0');
      await owns(two, PARTITIONS);
      await ended(runs);
      expect(await owned(again)).toBe(0);
      const readiness = (await again.get('/readyz')).body as { ready: boolean; why: string[] };
      expect(readiness.ready).toBe(false);
      expect(readiness.why.join('\n')).toMatch(/needs a runner that reads format 2/);
      expect(await again.terminate()).toBe(0);
      expect(await two.terminate()).toBe(0);

      // who reads the Log with the older command line is told; the index says what it knows
      const { run } = runs[40]!;
      const needs = /^record \d+: it needs a newer build \(reader 2, this one is 1\)\n$/;
      const bare = ['--brokers', brokers.join(','), '--prefix', prefix];
      const read = await world.run(['get', run, ...bare]);
      expect(read).toMatchObject({ code: 2, err: expect.stringMatching(needs) as string });
      const known = await world.run(['get', run, ...bare, '--store', postgres.url()]);
      expect(known.out).toMatch(new RegExp(`^${run}  completed\n`));

      // every effect once, by its key; every run on one definition, from its first record to its last
      const keys = Map.groupBy(world.ledger(), ({ key }) => key);
      const steps = runs.reduce((sum, { version }) => sum + (version === '1.0.0' ? 2 : 3), 0);
      expect(keys.size).toBe(steps);
      const all = await headers();
      for (const { run, version } of runs) {
        const definition = { namespace: 'shop', name: 'order', version };
        const { hash } = (await ground.definitions.find(definition))!;
        const hashes = all.filter((header) => header.run === run && header.definition !== '');
        expect(new Set(hashes.map((header) => header.definition))).toEqual(new Set([hash]));
        const ends = all.filter((header) => header.run === run && header.kind === 'END');
        expect(ends).toHaveLength(1);
      }
    } finally {
      client.close();
      await ground.close();
      await world.close();
      newer.remove();
    }
  });
}
