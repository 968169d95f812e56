/*
 * Schedules, record for record (PROTOCOL.md, write budget): a firing costs one record besides those of
 * the run, and one row; nobody fires twice, and what was missed fires once.
 */
import { describe, expect, it } from 'vitest';
import { cronNext } from '../../src/adapters/system/calendar.ts';
import { proves } from '../proofs/proves.ts';
import {
  EPOCH_MS,
  type ServiceModel,
  type SimProcess,
  Simulation,
} from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import { controlRecord, planCompiler, Runner, storedDefinition } from '../../src/runtime/index.ts';
import { decodeRecord, encodeRecord, homeOf, scheduleId } from '../../src/wire/index.ts';

const MINUTE = 60_000;
const slow: ServiceModel = {
  call: () => ({ latency: 10_000, outcome: { result: 1 }, applied: true }),
};

interface Asked {
  readonly at: number;
  readonly verb: 'schedule' | 'unschedule';
  readonly version?: string;
}

/** A world of one runner, which is down from `down[0]` to `down[1]` (ms). */
function world(
  schedule: string,
  ms: number,
  asked: readonly Asked[],
  down?: [number, number],
  runners = 1,
) {
  const simulation = new Simulation({ seed: 1, partitions: 1, services: new Map([['a', slow]]) });
  const hashes = new Map<string, string>();
  for (const version of ['1.0.0', '2.0.0']) {
    const { definition, problems } = load(
      `document: {dsl: '1.0.3', namespace: test, name: tick, version: '${version}', metadata: {timezone: Europe/Berlin}}\nschedule: ${schedule}\ndo: [{a: {call: a}}]`,
      'tick.yaml',
    );
    if (definition === undefined) throw new Error(JSON.stringify(problems));
    simulation.definitions.deploy(storedDefinition(definition));
    hashes.set(version, definition.hash);
  }
  const complaints: string[] = [];
  const boot = (process: SimProcess): void => {
    process.start((life) => {
      new Runner(simulation.portsFor(life), {
        name: process.name,
        prefix: 'test',
        compile: planCompiler(() => () => undefined),
        cron: cronNext,
        onComplaint: (said) => complaints.push(said),
      }).start();
    });
  };
  const processes = Array.from({ length: runners }, (_, i) => simulation.process(`runner-${i}`));
  for (const process of processes) boot(process);
  if (down !== undefined) {
    const [first] = processes;
    simulation.scheduler.at(EPOCH_MS + down[0], () => first!.crash('down', 0));
    simulation.scheduler.at(EPOCH_MS + down[1], () => boot(first!));
  }
  simulation.process('client').start((life) => {
    const { broker } = simulation.portsFor(life);
    const run = scheduleId('test', 'tick', 1);
    expect(homeOf(run, 1)).toBe(0);
    asked.forEach(({ at, verb, version = '1.0.0' }, i) => {
      const time = EPOCH_MS + at;
      const hash = hashes.get(version)!;
      const record = controlRecord({ run, id: `s${i}`, verb, arguments: { hash }, time });
      simulation.scheduler.at(time, () => {
        broker.append(0, [encodeRecord(record)]).then(
          () => undefined,
          () => undefined,
        );
      });
    });
  });
  simulation.scheduler.run({ until: EPOCH_MS + ms });
  expect(complaints).toEqual([]);
  const records = simulation.broker.everything[0]!.map(({ bytes }) => decodeRecord(bytes));
  const lines = records.flatMap(({ header, body }) => {
    if (['CLAIM', 'MARK', 'CLOSE'].includes(header.kind)) return [];
    const at = Math.round((header.time - EPOCH_MS) / 1_000);
    return body.kind === 'ANSWER' ? [`ANSWER ${body.outcome}@${at}`] : [`${header.kind}@${at}`];
  });
  const ticks = records.flatMap(({ body }) => (body.kind === 'FIRE' ? [body.tick - EPOCH_MS] : []));
  const runs = new Set(
    records.flatMap(({ header }) => (header.kind === 'END' ? [header.run] : [])),
  );
  return { lines, ticks, runs, writes: simulation.store.writes, records };
}

const schedule = (at: number, version?: string): Asked => ({
  at,
  verb: 'schedule',
  ...(version === undefined ? {} : { version }),
});

describe('every', () => {
  it(
    'fires at whole multiples, one record and one row each, whatever the run before it does',
    proves('schedule.every'),
    () => {
      const { lines, runs, writes } = world('{every: PT5S}', 18_000, [schedule(1_000)]);
      expect(lines).toEqual([
        'CONTROL@1',
        'SCHEDULE@1',
        'FIRE@6',
        'STEP@6',
        'FIRE@11',
        'STEP@11',
        'FIRE@16',
        'STEP@16',
        'END@16',
      ]);
      expect(runs.size).toBe(1);
      expect(writes).toMatchObject({ inserted: 1, updated: 3, deleted: 0 });
    },
  );
  it('is scheduled once, however often it is asked for', () => {
    const { lines } = world('{every: PT1M}', 30_000, [
      schedule(1_000),
      schedule(1_010),
      schedule(9_000),
    ]);
    expect(lines.filter((line) => line.startsWith('SCHEDULE'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('ANSWER done'))).toHaveLength(2);
  });
  it('is scheduled once, however many ask for it while a batch is on its way', () => {
    const nobody = { verb: 'unschedule' } as const;
    for (let at = 1_000; at < 1_020; at += 1) {
      const asked = [{ ...nobody, at }, schedule(at), schedule(at), schedule(at)];
      const { lines } = world('{every: PT1M}', 30_000, asked);
      expect(lines.filter((line) => line.startsWith('SCHEDULE'))).toHaveLength(1);
    }
  });
  it(
    'fires once for all that was missed, and then as if nothing had been',
    proves('schedule.missed'),
    () => {
      const { ticks } = world('{every: PT1M}', 10 * MINUTE, [schedule(0)], [90_000, 290_000]);
      const seconds = ticks.map((tick) => Math.round(tick / 1_000));
      expect(seconds).toEqual([60, 120, 300, 360, 420, 480, 540]);
    },
  );
  it(
    'fires each tick once, though runners take over from one another',
    proves('schedule.once'),
    () => {
      const { ticks, runs } = world(
        '{every: PT1M}',
        10 * MINUTE,
        [schedule(0)],
        [60_005, 61_000],
        2,
      );
      expect(ticks.map((tick) => Math.round(tick / MINUTE))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(runs.size).toBe(9);
    },
  );
  it('ends when it is asked to', () => {
    const asked = [schedule(0), { at: 150_000, verb: 'unschedule' } as const];
    const { ticks, lines, writes } = world('{every: PT1M}', 10 * MINUTE, asked);
    expect(ticks).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/^RESUME/);
    expect(writes).toMatchObject({ inserted: 1, deleted: 1 });
  });
  it('goes over to a newer version and not back', () => {
    const asked = [schedule(0), schedule(90_000, '2.0.0'), schedule(100_000)];
    const { lines, ticks, records } = world('{every: PT1M}', 5 * MINUTE, asked);
    expect(lines.filter((line) => line.startsWith('SCHEDULE'))).toHaveLength(2);
    expect(lines).toContain('ANSWER refused@100');
    // the second one counts from when it was scheduled
    expect(ticks.map((tick) => Math.round(tick / 1_000))).toEqual([60, 150, 210, 270]);
    const versions = records.flatMap(({ header, body }) =>
      body.kind === 'SCHEDULE' ? [header.definition] : [],
    );
    expect(new Set(versions).size).toBe(2);
  });
});

describe('after', () => {
  it('begins at once, then so long after the end of each run', proves('schedule.after'), () => {
    const { ticks } = world('{after: PT20S}', 100_000, [schedule(1_000)]);
    expect(ticks.map((tick) => Math.round(tick / 1_000))).toEqual([1, 31, 61, 91]);
  });
});

describe('cron', () => {
  it(
    'goes by the clock of its zone, also when that is changed',
    proves('schedule.cron.zone'),
    () => {
      // 02:30 does not exist on 30 March 2025 in Berlin: it is due right after the gap.
      const next = (iso: string): string =>
        new Date(cronNext('30 2 * * *', 'Europe/Berlin', Date.parse(iso))!).toISOString();
      expect(next('2025-03-29T00:00:00Z')).toBe('2025-03-29T01:30:00.000Z');
      expect(next('2025-03-29T02:00:00Z')).toBe('2025-03-30T01:00:00.000Z');
      expect(next('2025-03-30T02:00:00Z')).toBe('2025-03-31T00:30:00.000Z');
      // ... and comes twice on 26 October: it is due once.
      expect(next('2025-10-25T12:00:00Z')).toBe('2025-10-26T00:30:00.000Z');
      expect(next('2025-10-26T00:31:00Z')).toBe('2025-10-27T01:30:00.000Z');
    },
  );
  it('fires', proves('schedule.cron'), () => {
    const { ticks } = world("{cron: '*/2 * * * *'}", 7 * MINUTE, [schedule(1_000)]);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    for (const tick of ticks) expect((EPOCH_MS + tick) % (2 * MINUTE)).toBe(0);
  });
});
