/*
 * A herd: many runs are parked, everything is stopped and started again, and all of them are due at once.
 * None is lost, none comes twice, and the memory of the runner does not know how many there are.
 *
 * WAYBILL_HERD says how many (5,000; 100,000 every night).
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openGround } from '../../src/presets/cluster.ts';
import { clusterGround, fileGround, type LiveGround } from './runner/grounds.ts';
import { RunnerProcess } from './runner/index.ts';
import { Workload } from './runner/workload.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const HERD = Number(process.env['WAYBILL_HERD'] ?? (NIGHTLY ? 100_000 : 5_000));
const PARTITIONS = 2;
/** State of each, bytes; what has been parked is several times what the heap may hold. */
const TEXT_BYTES = 2_000;
const HEAP_MB = NIGHTLY ? 128 : 96;
const HOUR_MS = 3_600_000;
const MS_MAX = 60_000 + HERD * 20;
/** Rows on their way back are STEPs soon; both are bounded, for each partition. */
const LIMITS = { activeMax: 400 };
const OPEN_MAX = PARTITIONS * (LIMITS.activeMax + 1_000);

const HERD_WORKFLOW = `
document: { dsl: '1.0.3', namespace: test, name: herd, version: '1.0.0' }
do:
  - pause: { wait: { minutes: 50 } }
  - after: { call: note, with: { text: '\${ .text }' } }
`;

async function drained({ target, directory, restart }: LiveGround): Promise<void> {
  const ledger = `${directory}/ledger`;
  const first = new RunnerProcess({ target, ledger, limits: LIMITS }, HEAP_MB);
  await first.owning(PARTITIONS);
  let ground = await openGround(target, 'client');
  const herd = await Workload.deploy(ground, HERD_WORKFLOW);
  const begun = Date.now();
  await herd.start(HERD, () => ({ text: randomBytes(TEXT_BYTES / 2).toString('hex') }));
  while ((await herd.parked()) < HERD) {
    first.mustLive();
    expect(Date.now() - begun).toBeLessThan(MS_MAX);
    await sleep(100);
  }
  const parkedIn = Date.now() - begun;
  await first.stop();
  await ground.close();
  await restart();
  // An hour later, for the next runner: all of them are due.
  const words = { target, ledger, limits: LIMITS, aheadMs: HOUR_MS };
  const second = new RunnerProcess(words, HEAP_MB);
  await second.owning(PARTITIONS, MS_MAX);
  ground = await openGround(target, 'client');
  const after = herd.on(ground);
  const from = Date.now();
  while ((await after.parked()) > 0) {
    second.mustLive();
    expect(Date.now() - from).toBeLessThan(MS_MAX);
    await sleep(100);
  }
  await second.until(({ partitions }) => partitions.every(({ open }) => open === 0), MS_MAX);
  const drainedIn = Date.now() - from;
  expect(first.says?.complaints).toEqual([]);
  expect(second.says?.complaints).toEqual([]);
  expect(second.openMax).toBeLessThanOrEqual(OPEN_MAX);
  await second.stop();
  const ends = await after.ends();
  const calls = readFileSync(ledger, 'utf8').split('\n').slice(0, -1);
  await ground.close();
  expect([...ends.keys()].sort()).toEqual([...herd.runs].sort());
  expect([...ends.values()].every((count) => count === 1)).toBe(true);
  expect(calls.length).toBe(HERD);
  expect(new Set(calls.map((line) => line.split(' ')[0])).size).toBe(HERD);
  const { heapMax, rssMax } = second.says!;
  const mb = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;
  process.stdout.write(
    `herd of ${HERD}: parked in ${parkedIn} ms, drained in ${drainedIn} ms, at most ${second.openMax} open, heap ${mb(heapMax)}, resident ${mb(rssMax)}\n`,
  );
}

describe(`${HERD} parked runs, all due at once`, () => {
  test('embedded', { timeout: 4 * MS_MAX }, async () => {
    const ground = await fileGround(PARTITIONS);
    try {
      await drained(ground);
    } finally {
      await ground.close();
    }
  });

  test('Kafka and PostgreSQL', { timeout: 4 * MS_MAX }, async (context) => {
    const ground = await clusterGround(PARTITIONS);
    if ('missing' in ground) return context.skip(ground.missing);
    try {
      await drained(ground);
    } finally {
      await ground.close();
    }
  });
});
