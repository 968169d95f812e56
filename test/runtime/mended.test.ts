/*
 * What a review of the runtime has found, kept as cases: one runner in a simulated world, whose ports
 * can be made to behave.
 */
import { describe, expect, it } from 'vitest';
import {
  EPOCH_MS,
  type ServiceModel,
  type SimPorts,
  Simulation,
} from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../src/runtime/index.ts';
import { draft, numbered } from '../../src/runtime/unit.ts';
import type { ActivityAnswer, ActivityContext } from '../../src/ports/index.ts';
import {
  decodeHeader,
  decodeRecord,
  encodeRecord,
  FORMAT,
  type LogRecord,
  uuidv7,
} from '../../src/wire/index.ts';

const ok: ServiceModel = {
  call: ({ name }) => ({ latency: 10, outcome: { result: name }, applied: true }),
};

type Ports = Pick<
  SimPorts,
  'broker' | 'events' | 'store' | 'clock' | 'entropy' | 'activities' | 'definitions'
>;

/** Rejects a moment later, as ports do. */
function rejected<T>({ clock }: SimPorts): PromiseLike<T> {
  const answer = {
    then(_: unknown, failed: (error: unknown) => void) {
      clock.at(clock.now() + 1, () => failed(new Error('away')));
      return answer;
    },
  };
  return answer as unknown as PromiseLike<T>;
}

/** A call that only ends, with an error, when it is asked to. */
function untilAborted(context: ActivityContext): PromiseLike<ActivityAnswer> {
  const answer = {
    then(_: unknown, failed: (error: unknown) => void) {
      context.onAbort(() => failed(new Error('AbortError')));
      return answer;
    },
  };
  return answer as unknown as PromiseLike<ActivityAnswer>;
}

/** Somebody else begins a tenure. */
function foreignClaim(): LogRecord {
  const mark = { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 };
  const genesis = { prefix: 'test', partitions: 1, format: FORMAT };
  const body = { kind: 'CLAIM', mark, genesis, takeovers: new Map<number, number>() } as const;
  const place = { tenure: 0, nonce: 77, n: 0, unit: 0, unitSize: 1, targets: [], time: EPOCH_MS };
  return numbered(draft('CLAIM', body), place, FORMAT);
}

/** A world of one partition and one runner, which can be restarted. */
function worldOf(body: string, behave: (ports: SimPorts) => Ports = (ports) => ports) {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: mended, version: '1.0.0'}\n${body}`,
    'mended.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  const simulation = new Simulation({ seed: 1, partitions: 1, services: new Map([['a', ok]]) });
  simulation.definitions.deploy(storedDefinition(definition));
  const runner = simulation.process('runner');
  const complaints: string[] = [];
  const boot = (): void => {
    runner.start((life) => {
      new Runner(behave(simulation.portsFor(life)), {
        name: 'runner',
        prefix: 'test',
        compile: planCompiler(() => () => undefined),
        onComplaint: (said) => complaints.push(said),
      }).start();
    });
  };
  boot();
  let client: SimPorts | undefined;
  simulation.process('client').start((life) => {
    client = simulation.portsFor(life);
  });
  const append = (bytes: Uint8Array): void => {
    client!.broker.append(0, [bytes]).then(
      () => undefined,
      () => undefined,
    );
  };
  const until = (ms: number): void => {
    simulation.scheduler.run({ until: EPOCH_MS + ms });
  };
  until(1);
  return {
    complaints,
    until,
    append,
    start(): void {
      const time = simulation.scheduler.now;
      const definitionRef = { namespace: 'test', name: 'mended' };
      append(
        encodeRecord(
          startRecord({ run: uuidv7(time, () => 0.5), definition: definitionRef, time }),
        ),
      );
    },
    restart(): void {
      runner.crash('restarted', 0);
      boot();
    },
    /** with which each run ended */
    errors(): (string | undefined)[] {
      return simulation.broker.everything[0]!.flatMap(({ bytes }) => {
        const { body } = decodeRecord(bytes);
        return body.kind === 'END' ? [body.end.error?.detail] : [];
      });
    },
    ends(): number {
      const records = simulation.broker.everything[0]!;
      return records.filter(({ bytes }) => {
        try {
          return decodeHeader(bytes).kind === 'END';
        } catch {
          return false;
        }
      }).length;
    },
  };
}

describe('a runner', () => {
  it('passes over a record that cannot be decoded, also where it looks for STARTs at a takeover', () => {
    const world = worldOf('do: [{a: {call: a}}]');
    world.start();
    world.until(5_000);
    world.append(new Uint8Array([255, 255, 255, 1, 2, 3]));
    world.until(6_000);
    world.start();
    world.until(20_000);
    world.restart();
    world.until(40_000);
    world.start();
    world.until(80_000);
    expect(world.ends()).toBe(3);
    expect(world.complaints.every((said) => said.includes('was passed over'))).toBe(true);
  });

  it('looks again for a row whose definition could not be had when it was due', () => {
    let failures = 0;
    const world = worldOf('do: [{w: {wait: {hours: 1}}}, {a: {call: a}}]', (ports) => ({
      ...ports,
      definitions: {
        put: (definition) => ports.definitions.put(definition),
        find: (ref) => ports.definitions.find(ref),
        get: (hash) => (failures-- > 0 ? rejected(ports) : ports.definitions.get(hash)),
      },
    }));
    world.start();
    world.until(10_000);
    world.restart();
    failures = 1;
    world.until(2 * 3_600_000);
    expect(world.ends()).toBe(1);
  });

  it('holds what it cannot carry out: no time runs out for it, and nobody counts takeovers', () => {
    let here = false;
    let asked = 0;
    const { append: _, ...world } = worldOf('do: [{x: {call: a}}]', (ports) => ({
      ...ports,
      activities: {
        run(activity, context) {
          asked++;
          if (here) return ports.activities.run(activity, context);
          const absent = { absent: true } as const;
          return {
            then(done) {
              ports.clock.at(ports.clock.now() + 1, () => void done?.(absent));
              return this as never;
            },
          };
        },
      },
    }));
    world.start();
    world.until(10 * 60_000);
    // longer than an attempt may take, and again after each of more restarts than a suspect survives
    for (let i = 0; i < 7; i++) {
      world.restart();
      world.until((11 + i) * 60_000);
    }
    expect(world.ends()).toBe(0);
    expect(asked).toBeGreaterThan(20);
    here = true;
    world.until(30 * 60_000);
    expect(world.errors()).toEqual([undefined]);
    expect(world.complaints).toEqual([]);
  });

  it('does not take what its own abort brings about for the answer of an activity', () => {
    let calls = 0;
    const world = worldOf('do: [{a: {call: a}}]', (ports) => ({
      ...ports,
      activities: {
        run: (activity, context) =>
          calls++ > 0 ? ports.activities.run(activity, context) : untilAborted(context),
      },
    }));
    world.start();
    world.until(2_000);
    world.append(encodeRecord(foreignClaim()));
    world.until(60_000);
    expect(calls).toBe(2);
    expect(world.errors()).toEqual([undefined]);
  });
});
