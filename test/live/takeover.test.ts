/*
 * A takeover with many open records: how long after the group has assigned the partition does the first
 * of their activities begin? Half of the runs stand in an activity, the others in a fork with one
 * branch in an activity and one that is parked.
 *
 * WAYBILL_OPEN says how many records are open (2,000; 10,000 every night). The bound is 2 s of a machine
 * that has nothing else to do: while others work on it, what the process itself has worked counts.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openGround } from '../../src/presets/cluster.ts';
import { clusterGround, fileGround, type LiveGround } from './runner/grounds.ts';
import { RunnerProcess } from './runner/index.ts';
import { Workload } from './runner/workload.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const OPEN = Number(process.env['WAYBILL_OPEN'] ?? (NIGHTLY ? 10_000 : 2_000));
const BOUND_MS = 2_000;
const TEXT_BYTES = 1_000;
const MS_MAX = 180_000;

const NAP =
  'call: nap, with: { ms: 3600000, text: "${ .text }" }, timeout: { after: { hours: 2 } }';
const ALONE = `
document: { dsl: '1.0.3', namespace: test, name: alone, version: '1.0.0' }
do:
  - nap: { ${NAP} }
`;
const FORKED = `
document: { dsl: '1.0.3', namespace: test, name: forked, version: '1.0.0' }
do:
  - both:
      fork:
        branches:
          - nap: { ${NAP} }
          - pause: { wait: { hours: 3 } }
`;

async function takenOver({ target, directory }: LiveGround): Promise<void> {
  const ledger = `${directory}/ledger`;
  const first = new RunnerProcess({ target, ledger });
  await first.owning(1, MS_MAX);
  const ground = await openGround(target, 'client');
  const text = (): { text: string } => ({ text: randomBytes(TEXT_BYTES / 2).toString('hex') });
  // a fork is two open records: the one that joins and its branch
  const [alone, forked] = [OPEN / 2, OPEN / 4];
  await (await Workload.deploy(ground, ALONE)).start(alone, text);
  const forks = await Workload.deploy(ground, FORKED);
  await forks.start(forked, text);
  const napping = alone + forked;
  await first.until(({ partitions }) => partitions[0]?.running === napping, MS_MAX);
  while ((await forks.parked()) < forked) await sleep(50);
  await first.kill();
  const second = new RunnerProcess({ target, ledger });
  const { assigned, firstCall } = await second.until(
    (said) => said.firstCall !== undefined,
    MS_MAX,
  );
  const tookMs = firstCall!.at - assigned!.at;
  const workedMs = firstCall!.cpu - assigned!.cpu;
  const { partitions, complaints } = await second.until(
    (said) => said.partitions[0]?.running === napping,
    MS_MAX,
  );
  process.stdout.write(
    `takeover with ${partitions[0]?.open} open records: first activity after ${tookMs} ms (${Math.round(workedMs)} ms of work)\n`,
  );
  expect(partitions[0]?.open).toBe(OPEN);
  expect(complaints).toEqual([]);
  expect(workedMs).toBeLessThan(BOUND_MS);
  await second.kill();
  await ground.close();
}

describe(`a takeover with ${OPEN} open records`, () => {
  test('embedded', { timeout: 3 * MS_MAX }, async () => {
    const ground = await fileGround(1);
    try {
      await takenOver(ground);
    } finally {
      await ground.close();
    }
  });

  test('Kafka and PostgreSQL', { timeout: 3 * MS_MAX }, async (context) => {
    const ground = await clusterGround(1);
    if ('missing' in ground) return context.skip(ground.missing);
    try {
      await takenOver(ground);
    } finally {
      await ground.close();
    }
  });
});
