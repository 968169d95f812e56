/*
 * Suites of chaosTests as their authors meet them: the same file under `waybill chaos` and under vitest,
 * what a failure says, and that it comes first from then on.
 */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/cli/main.ts');
const DOOR = JSON.stringify(join(ROOT, 'src/vitest/index.ts'));
/**
 * A run that a failing service ends breaks the invariant: nothing in it retries. It calls each service as often
 * as faults count calls, and has many faults: what breaks it is found with any seed, however plans are drawn.
 */
const SCENARIO = `name: two-steps
summary: Two calls, over and over, and no retry.
workflow:
  document: { dsl: '1.0.3', namespace: test, name: two-steps, version: '1.0.0' }
  do:
    - over:
        for: { in: '\${ [range(8)] }' }
        do:
          - first: { call: first }
          - second: { call: second }
services:
  first: {} # answers at once
  second: { latency: 20, answer: '"done"' }
faults: { profile: everything, instances: [1, 2], runners: [1, 2], partitions: 1, faults: [0, 16] }
invariants:
  - name: ends-well
    run: .output == "done"
`;
const SUITE = `import { chaosTest, describe } from ${DOOR};
describe('orders', () => {
  chaosTest('survive crashes', 'two-steps.yaml', { profile: 'crashy', runs: 20, seed: 3 });
  chaosTest('survive failing services', './two-steps.yaml', { profile: 'flaky', runs: 40, seed: 3 });
});
`;
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-suites-'));
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  const write = (file: string, text: string): void => writeFileSync(join(home, file), text);
  const suite = (call: string): string => `import { chaosTest } from ${DOOR};\n${call}\n`;
  write('two-steps.yaml', SCENARIO);
  write('orders.chaos.ts', SUITE);
  write('typo.yaml', SCENARIO.replace('latency: 20', 'latncy: 20'));
  write('profile.chaos.ts', suite(`chaosTest('a', 'two-steps.yaml', { profile: 'evil' });`));
  write('missing.chaos.ts', suite(`chaosTest('a', 'nowhere.yaml');`));
  write('runs.chaos.ts', suite(`chaosTest('a', 'two-steps.yaml', { runs: 0.5 });`));
  write(
    'sweep.chaos.ts',
    suite(`chaosTest('a', 'two-steps.yaml', { exhaustive: true, runs: 3 });`),
  );
  write('size.chaos.ts', suite(`chaosTest('a', 'two-steps.yaml', { runners: [3, 1] });`));
  write('typo.chaos.ts', suite(`chaosTest('a', 'typo.yaml');`));
  write('empty.chaos.ts', 'export {};\n');
  write('broken.chaos.ts', 'export const = 1;\n');
  // As in a project that has installed the package: vitest leaves what it imports as it is.
  const runner = JSON.stringify(join(ROOT, 'src/vitest/runner.ts'));
  const inside = `include: ['orders.chaos.ts'], runner: ${runner}, watch: false`;
  const outside = 'server: { deps: { external: [/\\/src\\//] } }';
  write('vitest.config.ts', `export default { test: { ${inside}, ${outside} } };\n`);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function run(...args: readonly string[]): { code: number; out: string; err: string } {
  const { CI: _, ...env } = process.env;
  const { status, stderr, stdout } = spawnSync(process.execPath, args, {
    cwd: home,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
  return { code: status ?? -1, out: stdout, err: stderr };
}

const chaos = (...args: readonly string[]): ReturnType<typeof run> =>
  run(MAIN, 'chaos', ...args, '--workers', '0', '--no-report');

interface Verdicts {
  readonly [name: string]: string;
}

/** Name -> state and message, in the order in which vitest ran them. */
function underVitest(...args: readonly string[]): Verdicts {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const file = join(home, 'vitest.json');
  const { out } = run(vitest, 'run', '--reporter=json', `--outputFile=${file}`, ...args);
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    testResults: {
      assertionResults: { title: string; status: string; failureMessages: string[] }[];
    }[];
  };
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(tests, out).not.toEqual([]);
  return Object.fromEntries(
    tests.map(({ failureMessages, status, title }) => [
      title,
      `${status} ${failureMessages.join()}`,
    ]),
  );
}

const FOUND = /"ends-well" does not hold in (seed 3, run \d+)\./;

/** A guard against hangs: most tests here start a process or two, on whatever machine. */
const PATIENCE_MS = 120_000;

describe('a suite', { timeout: PATIENCE_MS }, () => {
  let found = '';

  test('says what broke, how, and how to see it again; exit code 1', () => {
    const { code, out } = chaos('orders.chaos.ts', '--json', 'figures.json');
    expect(code).toBe(1);
    expect(out).toMatch(/✓ orders > survive crashes \(seed 3\) {2}20 runs, \d+ faults/);
    expect(out).toMatch(/✗ orders > survive failing services \(seed 3\)/);
    found = FOUND.exec(out)?.[1] ?? '';
    expect(found).not.toBe('');
    expect(out).toContain('ends-well: run 0: ');
    expect(out).toMatch(/1\. at \d+\.\d+ s .*calling (?:first|second)/);
    expect(out).toMatch(/--replay wb1\.\S+ two-steps\.yaml/);
    expect(out).toContain('1 passed, 1 failed');
    expect(readdirSync(join(home, '__chaos__'))).toHaveLength(1);
    const { campaigns } = JSON.parse(readFileSync(join(home, 'figures.json'), 'utf8')) as {
      campaigns: { suite: string; test: string; verdict: string }[];
    };
    expect(campaigns.map(({ suite, test: name, verdict }) => [suite, name, verdict])).toEqual([
      ['orders.chaos.ts', 'orders > survive crashes', 'held'],
      ['orders.chaos.ts', 'orders > survive failing services', 'broken'],
    ]);
  });

  test('means the same under vitest, where what failed comes first', () => {
    const verdicts = underVitest();
    expect(Object.keys(verdicts)).toEqual([
      'survive crashes (seed 3)',
      `survive failing services (failed with ${found})`,
      'survive failing services (seed 3)',
    ]);
    const [crashes = '', kept = '', fresh = ''] = Object.values(verdicts);
    // Whatever the order on paper: it is the first to be run, so nothing comes before its failure.
    expect(Object.values(underVitest('--bail=1')).map((one) => one.split(' ')[0])).toEqual([
      'pending',
      'failed',
      'pending',
    ]);
    expect(crashes).toMatch(/^passed/);
    expect(kept).toMatch(/^failed [\s\S]*kept in __chaos__\//);
    expect(fresh).toMatch(/^failed/);
    expect(FOUND.exec(fresh)?.[1]).toBe(found);
    // Words for people: no stack that leads into the engine.
    expect(fresh).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  test('once it is mended the kept failure is a test that passes', () => {
    writeFileSync(
      join(home, 'two-steps.yaml'),
      SCENARIO.replace('run: .output == "done"', 'run: .output == "done" or true'),
    );
    const { code, out } = chaos('orders.chaos.ts');
    writeFileSync(join(home, 'two-steps.yaml'), SCENARIO);
    expect(code, out).toBe(0);
    expect(out).toMatch(/✓ orders > survive failing services \(failed with .*\) {2}one run/);
    expect(out).toContain('3 passed');
  });

  test('the command line wins over what the suite says', () => {
    const words = ['--test', 'survive crashes', '--runs', '2', '--seed', '9'];
    const { code, out } = chaos('orders.chaos.ts', ...words);
    expect(out).toMatch(/✓ orders > survive crashes \(seed 9\) {2}2 runs/);
    expect(out).not.toContain('failing services');
    expect(code).toBe(0);
  });
});

describe(
  'what is wrong with a suite is one line with its place; exit code 2',
  { timeout: PATIENCE_MS },
  () => {
    test('of all suites that were named', () => {
      const names = ['profile', 'missing', 'runs', 'sweep', 'size', 'empty', 'broken'];
      const { code, err, out } = chaos(
        'orders.chaos.ts',
        ...names.map((name) => `${name}.chaos.ts`),
      );
      const lines = err.trimEnd().split('\n');
      expect(lines).toEqual([
        expect.stringMatching(
          /^profile\.chaos\.ts: chaosTest\("a"\): there is no profile "evil"; there are /,
        ),
        expect.stringMatching(
          /^missing\.chaos\.ts: chaosTest\("a"\): there is no scenario at nowhere\.yaml/,
        ),
        expect.stringMatching(/^runs\.chaos\.ts: .* runs is a whole number from 1/),
        expect.stringMatching(
          /^sweep\.chaos\.ts: .* as many runs as there are faults: leave out runs/,
        ),
        expect.stringMatching(
          /^size\.chaos\.ts: .* runners is a number from 1 or a pair such as \[2, 5\]/,
        ),
        'empty.chaos.ts: there is no chaosTest in this file',
        expect.stringMatching(/broken\.chaos\.ts/),
      ]);
      expect(out).toBe('');
      expect(code).toBe(2);
    });

    test('a file that is not there', () => {
      const { code, err } = chaos('nowhere.chaos.ts');
      expect(err).toBe('nowhere.chaos.ts: there is no such file\n');
      expect(code).toBe(2);
    });

    test('a mistake in the scenario fails the test, with its line', () => {
      const { code, out } = chaos('typo.chaos.ts');
      expect(out).toMatch(/typo\.yaml:\d+:\d+.*latncy/);
      expect(code).toBe(1);
    });

    test('a project of CommonJS hears what to do', () => {
      const folder = join(home, 'common');
      mkdirSync(folder);
      writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
      writeFileSync(join(folder, 'a.chaos.ts'), SUITE);
      const { code, err } = chaos('common/a.chaos.ts');
      expect(err).toContain('run "npm pkg set type=module", or name the file NAME.chaos.mts');
      expect(code).toBe(2);
    });

    test('a test that is not there', () => {
      const { code, err } = chaos('orders.chaos.ts', '--test', 'nothing');
      expect(err).toContain('--test: no test of these suites has "nothing" in its name');
      expect(code).toBe(2);
    });

    test('a suite is not a program', () => {
      const { code, err } = run(join(home, 'orders.chaos.ts'));
      expect(err).toContain('run it with `npx waybill chaos FILE.chaos.ts` or with vitest');
      expect(code).not.toBe(0);
    });
  },
);
