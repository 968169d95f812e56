/* A small trace from a large one says of its runs what the large one says; a test can keep it. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutTrace, kindsOf } from '../../src/trace/cut.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { TraceWriter } from '../../src/trace/write-trace.ts';
import { bytesOf, examined, HEADER, plansOf, recorded, stageOf } from './traces.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const ROOT = join(import.meta.dirname, '../..');
let large: Uint8Array;
let home = '';

beforeAll(async () => {
  const stage = await stageOf('scenarios/order-fulfilment.yaml');
  large = recorded(stage, plansOf(stage, 8, 4));
  home = mkdtempSync(join(tmpdir(), 'waybill-cut-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function cut(instances: readonly string[], most: number): { bytes: Uint8Array; runs: number } {
  const parts: Uint8Array[] = [];
  const writer = new TraceWriter({ ...HEADER, source: 'cut' }, (part) => parts.push(part));
  const trace = (): Trace => new Trace(bytesOf(large));
  const runs = cutTrace(trace(), trace(), { instances, most }, writer);
  writer.finish();
  return { bytes: Buffer.concat(parts), runs };
}

test('one run of each kind', () => {
  const kinds = kindsOf(new Trace(bytesOf(large)).units(), 1_000);
  const { tally } = examined(large);
  expect(kinds.size).toBeGreaterThan(3);
  expect(kinds.size).toBeLessThan(tally.runs);
  const small = cut([], 1_000);
  expect(small.runs).toBe(kinds.size);
  const replayed = examined(small.bytes);
  expect(replayed.tally.groups).toEqual([]);
  expect(replayed.tally.runs).toBe(kinds.size);
  expect(cut([], 2).runs).toBe(2);
});

test('the runs that are named, whole', () => {
  const { judged } = examined(large);
  const run = judged[0]!.record.header.run;
  const { bytes } = cut([run], 1);
  const inLarge = judged.filter(({ record }) => record.header.run === run);
  const inSmall = examined(bytes).judged;
  expect(inSmall.map(({ record }) => record.header.run)).toEqual(inLarge.map(() => run));
});

test(
  'replayTest: passes while it is equal, and says what differs when it is not',
  { timeout: 60_000 },
  (context) => {
    if (!NIGHTLY) return context.skip('it starts a vitest of its own: every night');
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
    copyFileSync(join(ROOT, 'test/trace/golden/first.trace'), join(home, 'kept.trace'));
    const document = new Trace(bytesOf(readFileSync(join(home, 'kept.trace'))));
    document.meetDefinitions();
    const order = [...document.definitions.values()].find(
      ({ name }) => name === 'order-fulfilment',
    )!;
    writeFileSync(join(home, 'order.json'), order.document.replace('| add }', '| add * 2 }'));
    const door = JSON.stringify(join(ROOT, 'src/vitest/index.ts'));
    const suite = (calls: string): string => `import { replayTest } from ${door};\n${calls}\n`;
    const name = 'differs commerce/order-fulfilment/1.0.0';
    writeFileSync(
      join(home, 'kept.test.ts'),
      suite(
        [
          `replayTest('kept.trace');`,
          `replayTest('kept.trace', { against: 'order.json' });`,
          `replayTest('kept.trace', { accept: { '${name} gone': 'it was' } });`,
        ].join('\n'),
      ),
    );
    const { stderr, stdout } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', home],
      { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', CI: '1' } },
    );
    const said = stdout + stderr;
    expect(said).toContain('1 passed');
    expect(said).toContain('2 failed');
    expect(said).toContain('/activity/arguments/amount');
    expect(said).toContain(`accept it as: "${name}`);
    expect(said).toContain('accepted, and it does not differ any more');
  },
);
