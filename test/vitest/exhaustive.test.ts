/*
 * An exhaustive chaosTest: every fault at every call, in this process and over the pool; what is cut off has
 * not passed, and what breaks is named by its fault.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conduct } from '../../src/vitest/conduct.ts';
import type { ChaosJob } from '../../src/vitest/job.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOOR = JSON.stringify(join(ROOT, 'src/vitest/index.ts'));
/** No fault that nobody sees ends it otherwise; a failing service does. */
const SCENARIO = `name: one-call
summary: One call, and no retry.
workflow:
  document: { dsl: '1.0.3', namespace: test, name: one-call, version: '1.0.0' }
  do: [{ only: { call: only } }]
services:
  only: { latency: 20, answer: '"done"' }
faults: { profile: database, instances: 1, runners: 1, partitions: 1 }
invariants:
  - name: ends-well
    run: .output == "done"
`;
let home = '';
let job: ChaosJob;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-exhaustive-'));
  const scenario = join(home, 'one-call.yaml');
  const suite = join(home, 'one-call.chaos.ts');
  writeFileSync(scenario, SCENARIO);
  writeFileSync(
    suite,
    `import { chaosTest } from ${DOOR};
chaosTest('everything', 'one-call.yaml', { exhaustive: true, seed: 1 });
`,
  );
  job = { test: 'everything', suite, scenario, seed: 1, sizes: {}, exhaustive: 'singles' };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('tries all that there is to try', async () => {
  const { faults, runs, swept, verdict } = await conduct(job);
  expect(verdict).toBe('held');
  expect(swept?.boundaries).toBeGreaterThan(20);
  expect(runs).toBe(swept?.runs);
  expect(faults).toBe(runs);
  // What a database does is seen by nobody.
  expect(swept?.equal).toBe(runs);
});

test('what its time cuts off has shown nothing', async () => {
  const { runs, swept, verdict } = await conduct({ ...job, forMs: 1 });
  expect(verdict).toBe('inconclusive');
  expect(runs).toBeLessThan(swept?.runs ?? 0);
});

test('the first fault that breaks something ends it, with the command that replays it', async () => {
  const { failure, verdict } = await conduct({ ...job, profile: 'flaky' });
  expect(verdict).toBe('broken');
  expect(failure?.where).toMatch(/^fault \d+$/);
  expect(failure?.violations[0]?.said).toMatch(/ends-well/);
  expect(failure?.story).toHaveLength(1);
  expect(failure?.command).toMatch(/--replay wb1\.\S+ .*one-call\.yaml$/);
});

test('waybill chaos says the same of the same suite', () => {
  const words = [join(ROOT, 'src/cli/main.ts'), 'chaos', 'one-call.chaos.ts', '--no-report'];
  const { status, stdout } = spawnSync(process.execPath, [...words, '--workers', '0'], {
    cwd: home,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const told =
    /everything \(seed 1\) {2}(\S+) runs, (\S+) faults at \S+ boundaries, (\S+) of (\S+) equal/;
  const [, runs, ...others] = told.exec(stdout) ?? [];
  expect(runs, stdout).toBeDefined();
  expect(new Set(others)).toEqual(new Set([runs]));
  expect(status).toBe(0);
}, 120_000);
