/*
 * What runs emit reaches the events log: after the record that carries it, in order, at least once, and
 * the mark waits for it.
 */
import { describe, expect, it } from 'vitest';
import { EPOCH_MS, type Point, Simulation } from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../src/runtime/index.ts';
import {
  type CloudEvent,
  decodeEvent,
  decodeRecord,
  encodeRecord,
  type LogRecord,
  uuidv7,
} from '../../src/wire/index.ts';

interface Options {
  readonly partitions?: number;
  readonly carryDistance?: number;
}

/** A world of one runner, and a workflow that emits. */
function worldOf(body: string, { partitions = 1, carryDistance = 10_000 }: Options = {}) {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: emits, version: '1.0.0'}\n${body}`,
    'emits.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  const a = { call: () => ({ latency: 10, outcome: { result: 1 }, applied: true }) };
  const simulation = new Simulation({ seed: 2, partitions, services: new Map([['a', a]]) });
  simulation.definitions.deploy(storedDefinition(definition));
  const process = simulation.process('runner');
  const complaints: string[] = [];
  let runner: Runner | undefined;
  const boot = (): void => {
    process.start((life) => {
      runner = new Runner(simulation.portsFor(life), {
        name: 'runner',
        prefix: 'test',
        compile: planCompiler(() => () => undefined),
        limits: { carryDistance },
        onComplaint: (said) => complaints.push(said),
      });
      runner.start();
    });
  };
  boot();
  const until = (ms: number): void => {
    simulation.scheduler.run({ until: EPOCH_MS + ms });
  };
  let starts = 0;
  return {
    simulation,
    complaints,
    until,
    start(home = 0): void {
      simulation.process(`client-${starts++}`).start((life) => {
        const { broker } = simulation.portsFor(life);
        const time = simulation.scheduler.now;
        const run = `${uuidv7(time, () => starts / 1_000)}~${home}`;
        const name = { namespace: 'test', name: 'emits' };
        broker.append(home, [encodeRecord(startRecord({ run, definition: name, time }))]).then(
          () => undefined,
          () => undefined,
        );
      });
    },
    crash(): void {
      process.crash('crashed', 0);
      boot();
    },
    stop(): void {
      process.life?.deliver(() => void runner!.stop());
    },
    /** what nobody answers from now on */
    cut(fits: ((point: Point) => boolean) | undefined): void {
      simulation.gate.faults =
        fits === undefined
          ? undefined
          : { at: (point) => (fits(point) ? [{ kind: 'refused' }] : undefined) };
    },
    records(partition = 0): LogRecord[] {
      return simulation.broker.everything[partition]!.map(({ bytes }) => decodeRecord(bytes));
    },
    events(partition = 0): CloudEvent[] {
      return simulation.events.everything[partition]!.map(({ bytes }) => decodeEvent(bytes)!);
    },
    /** the first offset above which the newest mark promises nothing */
    mark(): number {
      const marks = this.records().flatMap(({ body }) => (body.kind === 'MARK' ? [body.mark] : []));
      return marks.at(-1)?.offset ?? 0;
    },
  };
}

const emit = (name: string): string => `{${name}: {emit: {event: {with: {type: ${name}}}}}}`;
const isEventsAppend = ({ point }: Point): boolean => point === 'events-append';

describe('publishing', () => {
  it('costs no record, and gives the events in their order', () => {
    const world = worldOf(`do: [${emit('x')}, {c: {call: a}}, ${emit('y')}, ${emit('z')}]`);
    world.start();
    world.until(10_000);
    expect(world.events().map(({ type }) => type)).toEqual(['x', 'y', 'z']);
    const kinds = world.records().map(({ header }) => header.kind);
    expect(kinds.filter((kind) => !['CLAIM', 'MARK'].includes(kind))).toEqual([
      'START',
      'STEP',
      'END',
    ]);
    const [step, end] = world
      .records()
      .flatMap(({ body }) => ('emitted' in body ? [body.emitted?.map(({ type }) => type)] : []));
    expect([step, end]).toEqual([['x'], ['y', 'z']]);
    expect(world.complaints).toEqual([]);
  });

  it('keeps the order of a run across the partitions of the events log', () => {
    const tasks = Array.from(
      { length: 40 },
      (_, i) => `{e${i}: {emit: {event: {with: {type: e, n: ${i}, run: '\${ $workflow.id }'}}}}}`,
    );
    const world = worldOf(`do: [${tasks.join(', ')}]`, { partitions: 4 });
    world.start(1);
    world.start(2);
    world.until(20_000);
    const all = world.simulation.events.everything.flatMap((log, partition) =>
      log.map(({ bytes, time }) => ({ partition, time, event: decodeEvent(bytes)! })),
    );
    expect(all.length).toBe(80);
    expect(new Set(all.map(({ partition }) => partition)).size).toBe(4);
    for (const own of Map.groupBy(all, ({ event }) => event['run']).values()) {
      const inOrder = own.sort((x, y) => Number(x.event['n']) - Number(y.event['n']));
      const times = inOrder.map(({ time }) => time);
      // What was emitted later is never durable before what was emitted earlier.
      expect(times).toEqual(times.toSorted((x, y) => x - y));
      expect(times.length).toBe(40);
    }
  });

  it('holds the mark back while the events log is away, and writes it once that is over', () => {
    const world = worldOf(`do: [${emit('x')}]`);
    world.until(2_000);
    world.cut(isEventsAppend);
    world.start();
    world.until(60_000);
    const end = world.records().findIndex(({ header }) => header.kind === 'END');
    expect(end).toBeGreaterThan(0);
    expect(world.mark()).toBeLessThanOrEqual(end);
    expect(world.events()).toEqual([]);
    expect(world.complaints).toEqual([expect.stringContaining('events wait to be published')]);
    world.cut(undefined);
    world.until(80_000);
    expect(world.events().map(({ type }) => type)).toEqual(['x']);
    expect(world.mark()).toBeGreaterThan(end);
  });

  it('publishes again what lies above the mark after a crash, with the same ids', () => {
    const world = worldOf(`do: [${emit('x')}, ${emit('y')}]`);
    world.until(2_000);
    world.start();
    // The END is there, its events are not.
    world.cut(isEventsAppend);
    world.until(2_200);
    expect(world.records().at(-1)?.header.kind).toBe('END');
    world.crash();
    world.until(20_000);
    expect(world.events()).toEqual([]);
    world.cut(undefined);
    world.until(60_000);
    const events = world.events();
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['x', 'y']);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    world.crash();
    world.until(90_000);
    expect(world.events().length).toBe(events.length);
  });

  it('carries what is unsent along, in one record, and the mark goes on', () => {
    const world = worldOf(`do: [{c: {call: a}}, ${emit('x')}]`, { carryDistance: 16 });
    world.until(2_000);
    world.cut(isEventsAppend);
    for (let i = 0; i < 60; i++) {
      world.start();
      world.until(2_000 + 1_000 * i);
    }
    world.until(70_000);
    const outputs = world.records().filter(({ header }) => header.kind === 'OUTPUT');
    expect(outputs.length).toBeGreaterThan(1);
    expect(outputs.length).toBeLessThan(30);
    expect(world.mark()).toBeGreaterThan(world.records().length - 3 * 64);
    // The next owner knows of all of them, in order, by what stands above its mark.
    world.crash();
    world.until(100_000);
    expect(world.events()).toEqual([]);
    world.cut(undefined);
    world.until(140_000);
    const ended = world
      .records()
      .flatMap(({ body }) => (body.kind === 'END' ? (body.emitted ?? []).map(({ id }) => id) : []));
    const published = world.events().map(({ id }) => id);
    expect(ended.length).toBe(60);
    expect([...new Set(published)]).toEqual(ended);
  });

  it('ends a tenure gracefully only once its events are out', () => {
    const world = worldOf(`do: [${emit('x')}]`);
    world.until(2_000);
    world.cut(isEventsAppend);
    world.start();
    world.until(3_000);
    world.stop();
    world.until(5_000);
    expect(world.records().some(({ header }) => header.kind === 'CLOSE')).toBe(false);
    world.cut(undefined);
    world.until(20_000);
    expect(world.events().map(({ type }) => type)).toEqual(['x']);
    expect(world.records().at(-1)?.header.kind).toBe('CLOSE');
  });
});
