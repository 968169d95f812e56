/*
 * P12 from outside: a token gives the same run alone and after thousands of others, in another process and
 * on another Node; and runs leave nothing behind. WAYBILL_TIER=nightly means thousands.
 */
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/chaos/campaign.ts';
import { currentEngine } from '../../src/chaos/engine.ts';
import { DEFAULT_BOUNDS, planArbitrary } from '../../src/chaos/generate.ts';
import { checkAll, readLogs } from '../../src/chaos/oracles/index.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { noSchemas, smallSubject } from './small-subject.ts';
import { corpusFiles } from './corpus-scenarios.ts';
import { traceOf } from './trace-of.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const OTHERS = NIGHTLY ? 10_000 : 100;
const MANY = 100_000;
/** Memory is looked at so often on the way. */
const PARTS = 20;
const TIMEOUT_MS = NIGHTLY ? 3_600_000 : 120_000;

const engine = currentEngine(noSchemas);
const subject = smallSubject();
const bounds = {
  ...DEFAULT_BOUNDS,
  tasks: subject.tasks,
  instances: { from: 1, to: 3 },
  faults: { from: 0, to: 4 },
};

/** Runs made on the way, with everything that an oracle keeps of them. */
function others(from: number, count: number): void {
  const arbitrary = planArbitrary(profileOf('everything'), bounds);
  for (let index = from; index < from + count; index += 1) {
    const { history } = runPlan(engine, subject, planOf(arbitrary, 77, index));
    expect(checkAll(history).violations).toEqual([]);
  }
}

/** Traces as another Node has them, by file. */
function elsewhere(command: string, before: readonly string[], files: readonly string[]): string[] {
  const script = join(import.meta.dirname, 'trace-of.ts');
  const options: ExecFileSyncOptionsWithStringEncoding = {
    encoding: 'utf8',
    timeout: 600_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  };
  return execFileSync(command, [...before, script, ...files], options)
    .trim()
    .split('\n');
}

describe('one token, one run', () => {
  const cases = corpusFiles().slice(0, NIGHTLY ? undefined : 2);
  const here = (): string[] => cases.map((file) => `${file} ${traceOf(file)}`);

  it('after many others, and in another process', { timeout: TIMEOUT_MS }, () => {
    expect(cases.length).toBeGreaterThan(1);
    const alone = here();
    others(0, OTHERS);
    expect(here()).toEqual(alone);
    expect(elsewhere(process.execPath, [], cases)).toEqual(alone);
  });

  it.runIf(NIGHTLY)('on Node 26', { timeout: TIMEOUT_MS }, (context) => {
    const npx = ['-y', 'node@26'];
    try {
      execFileSync('npx', [...npx, '--version'], { timeout: 300_000, stdio: 'ignore' });
    } catch {
      context.skip('Node 26 cannot be fetched here');
    }
    expect(elsewhere('npx', npx, cases)).toEqual(here());
  });
});

it('simulates a week of timers in few events', () => {
  const text = `document: {dsl: '1.0.3', namespace: test, name: week, version: '1.0.0'}
do:
  - days:
      for: { in: '\${ [range(0; 84)] }' }
      do: [{ pause: { wait: { hours: 2 } } }, { tick: { call: ship } }]`;
  const week = smallSubject(text);
  const plan: FaultPlan = {
    version: 1,
    seed: 1,
    runners: 2,
    partitions: 4,
    instances: [0, 1, 2, 3].map((id) => ({ id, at: 0, draw: id })),
    faults: [],
  };
  const { counts, history } = runPlan(engine, week, plan, { faultyMs: 8 * 86_400_000 });
  const ends = [...readLogs(history.logs).runs.values()].map((run) => run.ends.length);
  expect(ends).toEqual([1, 1, 1, 1]);
  expect(history.endedAt - history.client[0]!.at).toBeGreaterThan(7 * 86_400_000);
  expect(history.ledger).toHaveLength(4 * 84);
  // Some 60 for each wait and call; idle time costs a heartbeat a minute and a question every five.
  expect(counts.events).toBeLessThan(150_000);
});

it.runIf(NIGHTLY)(
  'leaves nothing behind in 100,000 runs',
  { timeout: TIMEOUT_MS },
  async ({ annotate }) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used: { heap: number; resident: number }[] = [];
    for (let from = 0; from < MANY; from += MANY / PARTS) {
      others(from, MANY / PARTS);
      collect();
      const { heapUsed, rss } = process.memoryUsage();
      used.push({ heap: heapUsed / 1_048_576, resident: rss / 1_048_576 });
    }
    const told = used.map(
      ({ heap, resident }, part) =>
        `${((part + 1) * MANY) / PARTS} runs: heap ${heap.toFixed(1)} MiB, process ${resident.toFixed(0)} MiB`,
    );
    await annotate(told.filter((_, part) => (part + 1) % (PARTS / 4) === 0).join('; '));
    // The first fifth fills caches of definitions and code.
    const filled = PARTS / 5;
    const later = used.slice(filled).map(({ heap }) => heap);
    expect(Math.max(...later), told.join('\n')).toBeLessThan(used[filled - 1]!.heap + 8);
  },
);
