/*
 * Long activities hold nobody up: how long a run of one step takes, from its START to its END in the
 * Log, while a hundred activities of 30 s run in the same partition, and without them. Both are measured
 * in turn, in one process.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Ground, openGround } from '../../src/presets/cluster.ts';
import { decodeHeader } from '../../src/wire/index.ts';
import { clusterGround, fileGround, type LiveGround } from './runner/grounds.ts';
import { RunnerProcess } from './runner/index.ts';
import { Workload } from './runner/workload.ts';

const NAPS = 100;
const NAP_MS = 30_000;
const RUNS = 600;
const EVERY_MS = 10;
const ROUNDS = 2;
const RATIO_MAX = 2;
/** Append times are whole milliseconds: less than this is no difference. */
const FLOOR_MS = 10;

const document = (name: string, call: string): string => `
document: { dsl: '1.0.3', namespace: test, name: ${name}, version: '1.0.0' }
do:
  - only: { ${call} }
`;

/** p99 of the runs that are started now, ms. */
async function p99(ground: Ground, quick: Workload): Promise<number> {
  const { broker } = ground;
  const { end: from } = await broker.range(0);
  for (let i = 0; i < RUNS; i++) {
    await quick.start(1, () => ({}));
    await sleep(EVERY_MS);
  }
  const mine = new Set(quick.runs.slice(-RUNS));
  const started = new Map<string, number>();
  const took: number[] = [];
  for (let at = from; took.length < RUNS;) {
    const { end } = await broker.range(0);
    const records = end > at ? await broker.fetch(0, at, Math.min(end, at + 1_000)) : [];
    for (const { bytes, time } of records) {
      const { kind, run } = decodeHeader(bytes);
      if (kind === 'START') started.set(run, time);
      else if (kind === 'END' && mine.has(run)) took.push(time - started.get(run)!);
    }
    at = (records.at(-1)?.offset ?? at - 1) + 1;
    if (records.length === 0) await sleep(20);
  }
  took.sort((a, b) => a - b);
  return took[Math.floor(0.99 * RUNS)]!;
}

async function measured({ target, directory }: LiveGround): Promise<void> {
  const runner = new RunnerProcess({ target, ledger: `${directory}/ledger` });
  await runner.owning(1);
  const ground = await openGround(target, 'client');
  try {
    const quick = await Workload.deploy(ground, document('quick', 'call: note'));
    const call = `call: nap, with: { ms: ${NAP_MS} }`;
    const long = await Workload.deploy(ground, document('long', call));
    await p99(ground, quick); // warms up
    const [without, beside]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      without.push(await p99(ground, quick));
      await long.start(NAPS, () => ({}));
      await runner.until(({ partitions }) => (partitions[0]?.running ?? 0) >= NAPS);
      beside.push(await p99(ground, quick));
      await runner.until(({ partitions }) => partitions[0]?.open === 0, 2 * NAP_MS);
    }
    const [alone, with100] = [Math.min(...without), Math.min(...beside)];
    process.stdout.write(
      `p99 of one step: ${without.join(', ')} ms alone, ${beside.join(', ')} ms beside ${NAPS} activities of 30 s\n`,
    );
    expect(with100).toBeLessThanOrEqual(Math.max(FLOOR_MS, RATIO_MAX * alone));
  } finally {
    await ground.close();
    await runner.kill();
  }
}

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';

describe('a run of one step beside long activities', () => {
  test('embedded', { timeout: 240_000 }, async (context) => {
    if (!NIGHTLY) return context.skip('two minutes of measuring: every night');
    const ground = await fileGround(1);
    try {
      await measured(ground);
    } finally {
      await ground.close();
    }
  });

  test('Kafka and PostgreSQL', { timeout: 240_000 }, async (context) => {
    if (!NIGHTLY) return context.skip('two minutes of measuring: every night');
    const ground = await clusterGround(1);
    if ('missing' in ground) return context.skip(ground.missing);
    try {
      await measured(ground);
    } finally {
      await ground.close();
    }
  });
});
