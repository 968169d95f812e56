/* `durability: journal` on a server of an embedded file: every transition is a row, and `get --journal` tells it. */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 60_000 });

let world: ServeWorld;

beforeEach(() => {
  world = new ServeWorld();
});
afterEach(() => world.close());

const AT = ['--store', 'runs.db'];
const HEAD = `document: {dsl: '1.0.3', namespace: default, name: NAME, version: '1.0.0'`;

test('a workflow with durability: journal has its transitions in the Store, another has none', async () => {
  const body = `do:
  - first: {wait: PT0.2S}
  - both: {fork: {branches: [{a: {wait: PT0.1S}}, {b: {do: [{c: {wait: PT0.1S}}, {d: {raise: {error: {type: 'https://x/bad', status: 418, title: Teapot}}}}]}}]}}
`;
  const kept = `${HEAD.replace('NAME', 'kept')}, metadata: {durability: journal}}\n${body}`;
  writeFileSync(world.path('flows/kept.yaml'), kept);
  writeFileSync(world.path('flows/plain.yaml'), `${HEAD.replace('NAME', 'plain')}}\n${body}`);
  const server = world.serve(...AT);
  await server.ready();
  const start = async (name: string): Promise<string> => {
    const run = (await world.run(['start', name, ...AT])).out.trim();
    await vi.waitFor(
      async () => expect((await world.run(['get', run, ...AT])).out).toContain('faulted'),
      { timeout: 30_000, interval: 200 },
    );
    return run;
  };
  const run = await start('kept');
  const { code, out } = await world.run(['get', run, '--journal', ...AT]);
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toMatch(/Z {2}root +started; at \/do\/0\/first; waits until /);
  expect(lines.at(-1)).toMatch(/root +.*; faulted: Teapot$/);
  const json = await world.run(['get', run, '--journal', '--json', ...AT]);
  const rows = json.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; record: { header: object } });
  expect(rows).toHaveLength(lines.length);
  expect(rows.at(-1)).toMatchObject({ kind: 'END', run, record: { header: { runId: run } } });
  const none = await world.run(['get', await start('plain'), '--journal', ...AT]);
  expect(none).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no journal of') });
});
