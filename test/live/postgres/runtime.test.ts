/*
 * The engine on a PostgreSQL that dies: runs that wait are parked there while it is killed
 * and restarted. Their clock runs 100 times as fast; the Log is a SQLite file in memory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { functionActivities } from '../../../src/activities/function.ts';
import { openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { systemClock, systemEntropy } from '../../../src/adapters/system/index.ts';
import { load } from '../../../src/dsl/index.ts';
import type { Clock } from '../../../src/ports/index.ts';
import { schemas } from '../../../src/presets/schemas.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../../src/runtime/index.ts';
import { encodeRecord, homeOf, uuidv7 } from '../../../src/wire/index.ts';
import { ServerForTests } from './store-world.ts';

const SPEED = 100;
const RUNS = 60;
const server = new ServerForTests({ own: true });

const begun = Date.now();
const clock: Clock = {
  now: () => begun + Math.floor((Date.now() - begun) * SPEED),
  elapsed: () => performance.now() * SPEED,
  at: (at, fire) => systemClock.at(begun + Math.ceil((at - begun) / SPEED), fire),
};

const TEXT = `
document: { dsl: '1.0.3', namespace: test, name: patient, version: '1.0.0' }
do:
  - before: { call: note, with: { at: before, run: '\${ $workflow.id }' } }
  - pause: { wait: { minutes: 15 } }
  - after: { call: note, with: { at: after, run: '\${ $workflow.id }' } }
`;

test('runs that wait outlive it, and go on once each', { timeout: 90_000 }, async (context) => {
  const { own } = server.here(context);
  const world = await server.world();
  const embedded = await openEmbedded(':memory:', { partitions: 4, now: clock.now });
  const { broker, events } = embedded;
  const noted = new Map<string, number>();
  const complaints: string[] = [];
  const ended = new Set<string>();
  const note = ({ at, run }: { at: string; run: string }): null => {
    noted.set(`${at} ${run}`, (noted.get(`${at} ${run}`) ?? 0) + 1);
    return null;
  };
  const { store, definitions } = world;
  const activities = functionActivities({ note: note as never });
  const runner = new Runner(
    { broker, events, store, definitions, clock, entropy: systemEntropy, activities },
    {
      name: 'patient',
      prefix: 'patient',
      compile: planCompiler(schemas),
      onComplaint: (said) => complaints.push(said),
      onEnd: (run) => ended.add(run),
    },
  );
  const { definition, problems } = load(TEXT, 'patient.yaml');
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  await definitions.put(storedDefinition(definition));
  runner.start();
  const runs: string[] = [];
  const { namespace, name, version, hash } = definition;
  for (let i = 0; i < RUNS; i++) {
    const run = uuidv7(clock.now(), () => systemEntropy.uint32() / 2 ** 32);
    const named = { namespace, name, version };
    const record = startRecord({ run, definition: named, hash, time: clock.now() });
    await broker.append(homeOf(run, broker.partitions), [encodeRecord(record)]);
    runs.push(run);
  }
  const parked = async (): Promise<number> => {
    const all = await Promise.all([0, 1, 2, 3].map((partition) => store.load(partition)));
    return all.reduce((sum, one) => sum + one.parked, 0);
  };
  await expect.poll(parked, { timeout: 15_000 }).toBe(RUNS);
  // gone when they are due, back later
  await own?.kill();
  await sleep(10_000);
  expect(ended.size).toBe(0);
  await own?.start();
  await expect.poll(() => ended.size, { timeout: 30_000 }).toBe(RUNS);
  expect([...ended].sort()).toEqual([...runs].sort());
  expect([...noted.values()].filter((times) => times !== 1)).toEqual([]);
  expect(noted.size).toBe(2 * RUNS);
  await expect.poll(parked, { timeout: 15_000 }).toBe(0);
  expect(complaints).toEqual([]);
  const kinds = world.notices.map(({ kind }) => kind).filter((kind) => kind !== 'migrated');
  expect(kinds).toEqual(['away', 'back']);
  await runner.stop();
  embedded.close();
  await world.close();
});
