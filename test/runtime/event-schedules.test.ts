/*
 * Schedules by events: one event, or one set of them, begins one run, whatever crashes and comes twice.
 */
import { describe, expect, it } from 'vitest';
import {
  EPOCH_MS,
  type ServiceModel,
  type SimProcess,
  Simulation,
} from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { controlRecord, planCompiler, Runner, storedDefinition } from '../../src/runtime/index.ts';
import {
  canonicalJson,
  type CloudEvent,
  decodeRecord,
  encodeEvent,
  encodeRecord,
  homeOf,
  homeOfEvent,
  type Json,
  type LogRecord,
  scheduleId,
} from '../../src/wire/index.ts';
import { proves } from '../proofs/proves.ts';

const PARTITIONS = 2;
const slow: ServiceModel = {
  call: () => ({ latency: 2_000, outcome: { result: 1 }, applied: true }),
};

const event = (type: string, id: string, data: Json = { id }): CloudEvent => ({
  ...{ specversion: '1.0', source: '/shop', type, id: `${type}-${id}` },
  data,
});

interface Step {
  readonly at: number;
  readonly emit?: readonly CloudEvent[];
  readonly crash?: string;
  readonly serve?: string;
  readonly verb?: 'schedule' | 'unschedule';
  readonly version?: string;
  /** so many ask for it at once (1) */
  readonly askers?: number;
}

interface Told {
  readonly outputs: readonly Json[];
  readonly runs: readonly string[];
  readonly records: readonly LogRecord[];
  readonly writes: {
    readonly inserted: number;
    readonly updated: number;
    readonly deleted: number;
  };
}

/** What becomes of a workflow with that schedule, which puts out its input and its version. */
function world(schedule: string, steps: readonly Step[], ms = 120_000): Told {
  const simulation = new Simulation({
    seed: 5,
    partitions: PARTITIONS,
    services: new Map([['a', slow]]),
  });
  const { scheduler } = simulation;
  const hashes = new Map<string, string>();
  for (const version of ['1.0.0', '2.0.0']) {
    const { definition, problems, notes } = load(
      `document: {dsl: '1.0.3', namespace: test, name: shop, version: '${version}'}
schedule: ${schedule}
do:
  - ask: {call: a}
  - told: {set: {got: '\${ $workflow.input }', by: '${version}'}}`,
      'shop.yaml',
    );
    expect([...problems, ...notes]).toEqual([]);
    const stored = storedDefinition(definition!);
    hashes.set(version, stored.hash);
    simulation.definitions.deploy(stored);
  }
  const processes = new Map<string, SimProcess>();
  const complaints: string[] = [];
  const serve = (name: string): void => {
    let process = processes.get(name);
    if (process === undefined) processes.set(name, (process = simulation.process(name)));
    process.start((life) => {
      new Runner(simulation.portsFor(life), {
        ...{ name, prefix: 'test', compile: planCompiler(compileSchema) },
        onComplaint: (said) => complaints.push(said),
      }).start();
    });
  };
  const id = scheduleId('test', 'shop', PARTITIONS);
  const client = simulation.process('client');
  const ignore = (): void => undefined;
  client.start(() => undefined);
  for (const step of steps) {
    const { askers = 1, at, crash, emit = [], serve: up, verb, version = '1.0.0' } = step;
    const time = EPOCH_MS + at;
    scheduler.at(time, () => {
      const { broker, events } = simulation.portsFor(client.life!);
      if (crash !== undefined) processes.get(crash)!.crash('in a test', 0);
      if (up !== undefined) serve(up);
      for (const one of emit) {
        const home = homeOfEvent(one, PARTITIONS);
        events.append(home, [encodeEvent(one, time)]).then(ignore, ignore);
      }
      if (verb === undefined) return;
      const hash = hashes.get(version)!;
      const requests = Array.from({ length: askers }, (_, i) => {
        const about = { run: id, id: `${verb}-${at}-${i}`, verb, time, arguments: { hash } };
        return encodeRecord(controlRecord(about));
      });
      broker.append(homeOf(id, PARTITIONS), requests).then(ignore, ignore);
    });
  }
  scheduler.run({ until: EPOCH_MS + ms });
  expect(complaints).toEqual([]);
  const records = simulation.broker.everything.flatMap((log) =>
    log.map(({ bytes }) => decodeRecord(bytes)),
  );
  const ends = records.flatMap(({ body, header }) =>
    body.kind === 'END' && header.strand === '' ? [{ run: header.run, end: body.end }] : [],
  );
  return {
    outputs: ends.map(({ end }) => end.output ?? null),
    runs: ends.map(({ run }) => run),
    records,
    writes: simulation.store.writes,
  };
}

const BEGIN: readonly Step[] = [
  { at: 0, serve: 'one' },
  { at: 500, verb: 'schedule' },
];
const ONE = '{on: {one: {with: {type: order}}}}';
const got = (...ids: string[]): Json => ({ got: ids.map((id) => ({ id })), by: '1.0.0' });
const sorted = (outputs: readonly Json[]): string[] =>
  outputs.map((one) => canonicalJson(one)).toSorted();

describe('a schedule by events', () => {
  it('begins a run with each event that fits', proves('schedule.on'), () => {
    const emit = [event('order', 'a'), event('order', 'b'), event('other', 'x')];
    const { outputs, records } = world(ONE, [
      ...BEGIN,
      { at: 5_000, emit },
      { at: 9_000, emit: [event('order', 'c')] },
    ]);
    expect(sorted(outputs)).toEqual(sorted([got('a'), got('b'), got('c')]));
    const kinds = records.map(({ header }) => header.kind);
    // The schedule, and for what comes together one record besides those of its runs.
    expect(kinds.filter((kind) => kind === 'SCHEDULE')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'FIRE').length).toBeLessThanOrEqual(3);
    expect(kinds.filter((kind) => kind === 'STEP')).toHaveLength(3);
  });

  it('costs one record and one row change for an event, besides its run and the event itself', () => {
    const budget = (...emit: CloudEvent[]): object => {
      const { records, writes } = world(ONE, [...BEGIN, { at: 5_000, emit }]);
      const count = (kind: string): number =>
        records.filter(({ header }) => header.kind === kind).length;
      const { deleted, inserted, updated } = writes;
      const owned = Object.fromEntries(
        ['SCHEDULE', 'FIRE', 'STEP', 'END'].map((k) => [k, count(k)]),
      );
      return { ...owned, inserted, updated, deleted };
    };
    // The schedule and its subscription; then the event and its match.
    const once = { SCHEDULE: 1, FIRE: 1, STEP: 1, END: 1, inserted: 4, updated: 1, deleted: 0 };
    expect(budget(event('order', 'a'))).toEqual(once);
    // What nobody wants is kept, and that is all.
    const none = { SCHEDULE: 1, FIRE: 0, STEP: 0, END: 0, inserted: 3, updated: 0, deleted: 0 };
    expect(budget(event('other', 'a'))).toEqual(none);
  });

  it('counts copies of an event once', () => {
    const a = event('order', 'a');
    const { outputs } = world(ONE, [
      ...BEGIN,
      { at: 5_000, emit: [a, a] },
      { at: 9_000, emit: [a] },
      { at: 60_000, emit: [a] },
    ]);
    expect(outputs).toEqual([got('a')]);
  });

  it('does not hear what came before it, and hears what came while nobody was there', () => {
    const { outputs } = world(ONE, [
      { at: 100, emit: [event('order', 'early')] },
      { at: 1_000, verb: 'schedule' },
      { at: 2_000, emit: [event('order', 'a')] },
      { at: 5_000, serve: 'one' },
      { at: 20_000, crash: 'one' },
      { at: 21_000, emit: [event('order', 'b')] },
      { at: 22_000, serve: 'one' },
    ]);
    expect(sorted(outputs)).toEqual(sorted([got('a'), got('b')]));
  });

  it('gives the run data, envelopes or what stands there', proves('schedule.on.read'), () => {
    const encoded: CloudEvent = {
      ...{ specversion: '1.0', source: '/s', type: 'order', id: '1' },
      ...{ datacontenttype: 'application/json', data_base64: 'eyJuIjoxfQ==' },
    };
    const read = (more: string): Json => {
      const { outputs } = world(`{on: {one: {with: {type: order}}}${more}}`, [
        ...BEGIN,
        { at: 5_000, emit: [encoded] },
      ]);
      expect(outputs).toHaveLength(1);
      return (outputs[0] as { got: Json }).got;
    };
    expect(read('')).toEqual([{ n: 1 }]);
    expect(read(', read: data')).toEqual([{ n: 1 }]);
    expect(read(', read: raw')).toEqual(['eyJuIjoxfQ==']);
    expect(read(', read: envelope')).toEqual([encoded]);
  });

  it('begins one run with each set of `all`', proves('schedule.on.all'), () => {
    const filter = (type: string): string =>
      `{with: {type: ${type}}, correlate: {order: {from: .data.id}}}`;
    const all = `{on: {all: [${filter('paid')}, ${filter('packed')}]}}`;
    const { outputs } = world(all, [
      ...BEGIN,
      { at: 5_000, emit: [event('paid', 'a'), event('packed', 'b')] },
      { at: 9_000, emit: [event('packed', 'c')] },
      // ... across takeovers
      { at: 12_000, crash: 'one' },
      { at: 13_000, serve: 'one' },
      { at: 60_000, emit: [event('packed', 'a')] },
      { at: 63_000, emit: [event('paid', 'c'), event('paid', 'a2', { id: 'a' })] },
      { at: 70_000, emit: [event('paid', 'b')] },
    ]);
    expect(sorted(outputs)).toEqual(sorted([got('a', 'a'), got('b', 'b'), got('c', 'c')]));
  });

  it('begins a run with any of its filters, and with every event where there are none', () => {
    const any = world('{on: {any: [{with: {type: p}}, {with: {data: "${ .id == \\"z\\" }"}}]}}', [
      ...BEGIN,
      { at: 5_000, emit: [event('p', 'a'), event('q', 'z'), event('q', 'b')] },
    ]);
    expect(sorted(any.outputs)).toEqual(sorted([got('a'), got('z')]));
    const every = world('{on: {any: []}}', [
      ...BEGIN,
      { at: 5_000, emit: [event('p', 'a'), event('q', 'b')] },
    ]);
    expect(sorted(every.outputs)).toEqual(sorted([got('a'), got('b')]));
  });

  it('ends when it is unscheduled, and goes on in a newer version, with each event once', () => {
    const { outputs } = world(ONE, [
      ...BEGIN,
      { at: 5_000, emit: [event('order', 'a')] },
      { at: 9_000, verb: 'schedule', version: '2.0.0' },
      { at: 20_000, emit: [event('order', 'b'), event('order', 'a')] },
      { at: 30_000, verb: 'unschedule' },
      { at: 40_000, emit: [event('order', 'c')] },
    ]);
    expect(sorted(outputs)).toEqual(sorted([got('a'), { ...(got('b') as object), by: '2.0.0' }]));
  });

  it('ends once, however many ask for it at once', () => {
    // While runs end all the time, so that what is asked for waits for a batch, together.
    const busy = Array.from({ length: 40 }, (_, i) => ({
      at: 20_000 + 7 * i,
      emit: [event('order', `b${i}`)],
    }));
    for (let at = 22_100; at < 22_160; at += 4) {
      const end = { at, verb: 'unschedule', askers: 6 } as const;
      const { records } = world(ONE, [...BEGIN, ...busy, end], 30_000);
      expect(records.filter(({ header }) => header.kind === 'RESUME')).toHaveLength(1);
      const answers = records.flatMap(({ body }) => (body.kind === 'ANSWER' ? [body.outcome] : []));
      expect(answers).toEqual(Array.from({ length: 5 }, () => 'refused'));
    }
  });

  it('is replaced by a version that takes what nobody has heard yet', () => {
    const { outputs } = world(ONE, [
      ...BEGIN,
      { at: 5_000, crash: 'one' },
      { at: 6_000, emit: [event('order', 'a')] },
      { at: 7_000, verb: 'schedule', version: '2.0.0' },
      { at: 8_000, emit: [event('order', 'b')] },
      { at: 9_000, serve: 'one' },
    ]);
    expect(outputs.map((one) => JSON.stringify((one as { got: Json }).got)).toSorted()).toEqual([
      ...['[{"id":"a"}]', '[{"id":"b"}]'],
    ]);
  });

  it('goes on beside times', () => {
    const { outputs } = world(
      '{every: PT20S, on: {one: {with: {type: order}}}}',
      [
        ...BEGIN,
        { at: 5_000, emit: [event('order', 'a')] },
        { at: 25_000, emit: [event('order', 'b')] },
      ],
      60_500,
    );
    const byTime = { got: {}, by: '1.0.0' };
    expect(sorted(outputs)).toEqual(sorted([got('a'), got('b'), byTime, byTime]));
  });

  it('begins one run with each event, however runners come and go', () => {
    const ids = Array.from({ length: 120 }, (_, i) => `e${i}`);
    const steps: Step[] = [...BEGIN, { at: 700, serve: 'two' }];
    ids.forEach((id, i) => steps.push({ at: 1_000 + 250 * i, emit: [event('order', id)] }));
    for (let i = 0; i < 8; i++) {
      const name = i % 2 === 0 ? 'one' : 'two';
      steps.push({ at: 3_033 + 3_700 * i, crash: name }, { at: 4_100 + 3_700 * i, serve: name });
    }
    const { outputs, runs } = world(ONE, steps, 600_000);
    expect(sorted(outputs)).toEqual(sorted(ids.map((id) => got(id))));
    expect(new Set(runs).size).toBe(ids.length);
  });
});
