/*
 * metadata.limit in a simulated runner: how many activities are under way at once, what happens to those
 * that wait, and what a MARK says of them.
 */
import { describe, expect, it } from 'vitest';
import {
  EPOCH_MS,
  type ServiceModel,
  type SimProcess,
  Simulation,
} from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import {
  controlRecord,
  planCompiler,
  Runner,
  startRecord,
  storedDefinition,
} from '../../src/runtime/index.ts';
import {
  decodeRecord,
  encodeRecord,
  homeOf,
  type LogRecord,
  uuidv7,
} from '../../src/wire/index.ts';
import { proves } from '../proofs/proves.ts';

const takes = (ms: number): ServiceModel => ({
  call: () => ({ latency: ms, outcome: { result: 'done' }, applied: true }),
});

interface World {
  readonly simulation: Simulation;
  readonly runs: readonly string[];
  /** all records, of all partitions */
  records(): LogRecord[];
  ends(): Record<string, object>;
  control(run: string, at: number): void;
  /** most calls of `name` under way at once */
  most(name?: string): number;
  /** A runner begins, or begins again. */
  runner(name: string): SimProcess;
}

/** So many runs of a document, started at once; nothing happens before the scheduler runs. */
function world(
  body: string,
  {
    latency = 1_000,
    runs: count = 1,
    partitions = 1,
    head = '',
  }: { latency?: number; runs?: number; partitions?: number; head?: string } = {},
): World {
  const text = `document: {dsl: '1.0.3', namespace: test, name: limits, version: '1.0.0'${head}}\n${body}`;
  const { definition, problems } = load(text, 'limits.yaml');
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  const services = new Map(['one', 'two', 'undo'].map((name) => [name, takes(latency)]));
  const simulation = new Simulation({ seed: 1, partitions, services });
  simulation.definitions.deploy(storedDefinition(definition));
  const client = simulation.process('client');
  const runs = Array.from({ length: count }, (_, i) => uuidv7(EPOCH_MS, () => (i + 0.5) / count));
  const send = (run: string, bytes: Uint8Array): void => {
    const { broker } = simulation.portsFor(client.life!);
    broker.append(homeOf(run, partitions), [bytes]).then(
      () => undefined,
      () => undefined,
    );
  };
  client.start(() => {
    for (const run of runs) {
      const definition = { namespace: 'test', name: 'limits' };
      send(run, encodeRecord(startRecord({ run, definition, time: EPOCH_MS })));
    }
  });
  const processes = new Map<string, SimProcess>();
  const made: World = {
    simulation,
    runs,
    records: () =>
      simulation.broker.everything.flatMap((log) => log.map(({ bytes }) => decodeRecord(bytes))),
    ends: () =>
      Object.fromEntries(
        made.records().flatMap(({ header, body }) => {
          return body.kind === 'END' && header.strand === '' ? [[header.run, body.end]] : [];
        }),
      ),
    control: (run, at) => {
      const record = controlRecord({ run, id: `c-${run}`, verb: 'cancel', time: EPOCH_MS + at });
      simulation.scheduler.at(EPOCH_MS + at, () => send(run, encodeRecord(record)));
    },
    most: (name) => {
      const calls = simulation.services.ledger.filter(
        (one) => name === undefined || one.name === name,
      );
      const at = calls.map((call) =>
        calls.filter((one) => one.at <= call.at && (one.leftAt ?? Infinity) > call.at),
      );
      return Math.max(0, ...at.map(({ length }) => length));
    },
    runner: (name) => {
      let process = processes.get(name);
      if (process === undefined) processes.set(name, (process = simulation.process(name)));
      process.start((life) => {
        const compile = planCompiler(() => () => undefined);
        new Runner(simulation.portsFor(life), { name, prefix: 'test', compile }).start();
      });
      return process;
    },
  };
  return made;
}

const LOOP = `do:
  - rows:
      for: {each: row, in: '[range(6)]'}
      metadata: {parallel: {max: 6}}
      do:
        - ask: {call: one, with: {row: '\${ $row }'}, metadata: {limit: {max: 2}}}`;

describe('metadata.limit', () => {
  it('lets so many activities of a task be under way at once', proves('limit'), () => {
    const one = world(LOOP);
    one.runner('a');
    one.simulation.scheduler.run({ until: EPOCH_MS + 20_000 });
    expect(one.most()).toBe(2);
    expect(Object.values(one.ends())).toEqual([{ output: Array(6).fill('done') }]);
  });

  it('counts those of all runs and partitions of a runner together', () => {
    const many = world('do: [{a: {call: one, metadata: {limit: {max: 3}}}}]', {
      runs: 20,
      partitions: 4,
    });
    many.runner('a');
    many.simulation.scheduler.run({ until: EPOCH_MS + 60_000 });
    expect(many.most()).toBe(3);
    expect(Object.keys(many.ends())).toHaveLength(20);
  });

  it('counts those of a workflow, whatever they call, beside those of a task', () => {
    const text = `do:
  - both:
      fork:
        branches:
          - x: {call: one, metadata: {limit: {max: 1}}}
          - y: {call: two}`;
    const many = world(text, { runs: 8, head: ', metadata: {limit: {max: 3}}' });
    many.runner('a');
    many.simulation.scheduler.run({ until: EPOCH_MS + 60_000 });
    expect(many.most('one')).toBe(1);
    expect(many.most('two')).toBe(3);
    expect(many.most()).toBe(3);
    expect(Object.keys(many.ends())).toHaveLength(8);
  });

  it('is one for all calls of a function in which it is written', () => {
    const call = '{call: f}';
    const text = `use: {functions: {f: {call: one, metadata: {limit: {max: 1}}}}}
do: [{both: {fork: {branches: [{x: ${call}}, {y: ${call}}, {z: {do: [{deep: ${call}}]}}]}}}]`;
    const one = world(text);
    one.runner('a');
    one.simulation.scheduler.run({ until: EPOCH_MS + 20_000 });
    expect(one.most()).toBe(1);
    expect(Object.values(one.ends())).toEqual([{ output: ['done', 'done', 'done'] }]);
  });

  it('lets a task wait no longer than its timeout', proves('limit.timeout'), () => {
    const text = `do:
  - both:
      fork:
        branches:
          - x: {call: one, metadata: {limit: {max: 1}}}`;
    const timed = text.replace('call: one', 'call: one, timeout: {after: PT2S}');
    const many = world(timed, { runs: 4, latency: 1_500 });
    many.runner('a');
    many.simulation.scheduler.run({ until: EPOCH_MS + 60_000 });
    const ends = Object.values(many.ends());
    expect(ends.filter((end) => 'output' in end)).toHaveLength(1);
    expect(ends.filter((end) => 'error' in end)).toHaveLength(3);
    // The second one was under way when its time was over; the others never were.
    expect(many.simulation.services.ledger).toHaveLength(2);
  });

  it('lets who is cancelled wait no longer', () => {
    const many = world('do: [{a: {call: one, metadata: {limit: {max: 1}}}}]', {
      runs: 4,
      latency: 10_000,
    });
    many.runner('a');
    many.simulation.scheduler.run({ until: EPOCH_MS + 2_000 });
    const asked = many.simulation.services.ledger[0]!.run;
    const stays = many.runs.find((run) => run !== asked)!;
    for (const run of many.runs) if (run !== stays) many.control(run, 3_000);
    many.simulation.scheduler.run({ until: EPOCH_MS + 3_500 });
    // Those that waited have ended; the one that was asked is waited for.
    expect(Object.values(many.ends())).toEqual([{ cancelled: true }, { cancelled: true }]);
    many.simulation.scheduler.run({ until: EPOCH_MS + 60_000 });
    const { [stays]: last, ...others } = many.ends();
    const cancelled = { cancelled: true };
    expect(Object.values(others)).toEqual([cancelled, cancelled, cancelled]);
    expect(last).toEqual({ output: 'done' });
    expect(many.simulation.services.ledger).toHaveLength(2);
  });

  it('waits for what goes on after it was told to stop, but not for ever', () => {
    const text = `do:
  - both:
      fork:
        branches:
          - x: {try: [{a: {call: one, timeout: {after: PT2S}}}], catch: {do: [{b: {set: {late: true}}}]}}
          - y: {do: [{w: {wait: PT1S}}, {c: {call: two}}]}`;
    const one = world(text, { latency: 3_600_000, head: ', metadata: {limit: {max: 1}}' });
    one.runner('a');
    one.simulation.scheduler.run({ until: EPOCH_MS + 60_000 });
    const [first, second] = one.simulation.services.ledger;
    expect(first!.leftAt! - EPOCH_MS).toBeCloseTo(2_000, -2);
    expect(second!.at - EPOCH_MS).toBeCloseTo(7_000, -2);
  });

  it('gives places back when a runner loses its tenures and goes on', () => {
    const many = world('do: [{a: {call: one, metadata: {limit: {max: 1}}}}]', {
      runs: 6,
      partitions: 2,
      latency: 4_000,
    });
    const a = many.runner('a');
    const { scheduler, services } = many.simulation;
    // Frozen in the middle of a call, taken for dead, and back when another one has begun ...
    let b: SimProcess | undefined;
    scheduler.at(EPOCH_MS + 2_000, () => a.pause(true));
    scheduler.at(EPOCH_MS + 2_500, () => (b = many.runner('b')));
    scheduler.at(EPOCH_MS + 6_000, () => a.resume());
    scheduler.run({ until: EPOCH_MS + 12_000 });
    expect(new Set(services.ledger.map(({ runner }) => runner))).toEqual(new Set(['a', 'b']));
    const before = services.ledger.length;
    // ... which dies, so that the first one has everything to do.
    b!.crash('test', 0);
    scheduler.run({ until: EPOCH_MS + 180_000 });
    expect(Object.keys(many.ends())).toHaveLength(6);
    expect(services.ledger.slice(before).every(({ runner }) => runner === 'a')).toBe(true);
    expect(services.ledger.length).toBeGreaterThan(before);
  });
});

describe('what waits for a place', () => {
  /** What MARKs list as running, and when, by identity. */
  const marks = (records: readonly LogRecord[]): number[][] =>
    records.flatMap(({ body }) => (body.kind === 'MARK' ? [[...body.running]] : []));

  it('is not listed as running, and is listed before it begins if a MARK was written meanwhile', () => {
    const many = world('do: [{a: {call: one, metadata: {limit: {max: 1}}}}]', {
      runs: 3,
      latency: 5_000,
    });
    many.runner('a');
    many.simulation.scheduler.run({ until: EPOCH_MS + 60_000 });
    const records = many.records();
    const steps = records.flatMap(({ body }, offset) => (body.kind === 'STEP' ? [offset] : []));
    expect(steps).toHaveLength(3);
    const listed = marks(records);
    for (const running of listed) expect(running.length).toBeLessThanOrEqual(1);
    for (const step of steps.slice(1)) {
      const call = many.simulation.services.ledger.find(
        ({ run }) => run === records[step]!.header.run,
      )!;
      const mark = records.find(({ body }) => body.kind === 'MARK' && body.running.includes(step));
      expect(mark!.header.time).toBeLessThanOrEqual(call.at);
    }
  });

  it('counts a takeover as soon as it has begun', () => {
    const many = world('do: [{a: {call: one, metadata: {limit: {max: 1}}}}]', {
      runs: 2,
      latency: 8_000,
    });
    const a = many.runner('a');
    const { scheduler, services } = many.simulation;
    // The second call kills whoever makes it, each time.
    const victim = (): string => services.ledger[1]?.run ?? '';
    let killed = 1;
    for (let at = 500; at < 900_000; at += 500) {
      scheduler.at(EPOCH_MS + at, () => {
        const calls = services.ledger.length;
        if (a.life === undefined) many.runner('a');
        else if (calls > killed && services.ledger.at(-1)?.run === victim()) {
          killed = calls;
          a.crash('poison', 0);
        }
      });
    }
    scheduler.run({ until: EPOCH_MS + 900_000 });
    // K takeovers, and it is parked: it does not kill runners for ever.
    expect(services.ledger.filter(({ run }) => run === victim())).toHaveLength(5);
    const dead = many.records().filter(({ body }) => body.kind === 'PARK' && body.why === 'dead');
    expect(dead.map(({ header }) => header.run)).toEqual([victim()]);
  });
});
