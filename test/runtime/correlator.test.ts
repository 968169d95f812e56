/*
 * The correlator and the owners that look back, in a simulated world: pages of everything, records that
 * are no events, events that are gone, and two that correlate one partition at once.
 */
import { describe, expect, it } from 'vitest';
import { type SimPorts, type SimProcess, Simulation } from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import { Correlator } from '../../src/runtime/correlator.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../src/runtime/index.ts';
import {
  type CloudEvent,
  decodeRecord,
  encodeEvent,
  encodeRecord,
  homeOf,
  homeOfEvent,
  type Json,
  uuidv7,
} from '../../src/wire/index.ts';

const ONE = 'do: [{l: {listen: {to: {one: {with: {type: bell}}}}}}]';
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

class World {
  readonly simulation: Simulation;
  readonly complaints: string[] = [];
  private readonly runner: SimProcess;
  private ports!: SimPorts;
  private runs = 0;

  constructor(body: string, partitions = 1) {
    this.simulation = new Simulation({ seed: 1, partitions, services: new Map() });
    const text = `document: {dsl: '1.0.3', namespace: test, name: walk, version: '1.0.0'}\n${body}`;
    const { definition, problems } = load(text, 'walk.yaml');
    if (definition === undefined) throw new Error(JSON.stringify(problems));
    this.simulation.definitions.deploy(storedDefinition(definition));
    this.runner = this.simulation.process('runner');
    this.simulation.process('client').start((life) => {
      this.ports = this.simulation.portsFor(life);
    });
    this.pass(1);
  }

  serve(): void {
    this.runner.start((life) => {
      new Runner(this.simulation.portsFor(life), {
        name: 'runner',
        prefix: 'test',
        compile: planCompiler(() => () => undefined),
        onComplaint: (said) => this.complaints.push(said),
      }).start();
    });
  }

  stop(): void {
    this.runner.crash('for the test', 0);
  }

  /** Ports of a process of its own. */
  portsOf(name: string): SimPorts {
    let ports: SimPorts | undefined;
    this.simulation.process(name).start((life) => (ports = this.simulation.portsFor(life)));
    this.pass(1);
    return ports!;
  }

  start(): void {
    const { now } = this.simulation.scheduler;
    const random = ++this.runs / 100_000;
    const run = uuidv7(now, () => random);
    const definition = { namespace: 'test', name: 'walk' };
    const record = startRecord({ run, definition, time: now });
    const { broker } = this.ports;
    broker.append(homeOf(run, broker.partitions), [encodeRecord(record)]).then(
      () => undefined,
      () => undefined,
    );
  }

  send(event: Partial<CloudEvent> & { id: string }, type: 'EVENT' | 'LIFECYCLE' = 'EVENT'): void {
    const whole = { specversion: '1.0', source: 'urn:me', type: 'bell', ...event };
    const { events } = this.ports;
    this.bytes(encodeEvent(whole, 0, type), homeOfEvent(whole, events.partitions));
  }

  bytes(bytes: Uint8Array, partition = 0): void {
    this.ports.events.append(partition, [bytes]).then(
      () => undefined,
      () => undefined,
    );
  }

  pass(ms: number): void {
    const { scheduler } = this.simulation;
    scheduler.run({ until: scheduler.now + ms });
  }

  /** Outputs of the runs that have ended. */
  outputs(): readonly (Json | undefined)[] {
    return this.simulation.broker.everything.flat().flatMap(({ bytes }) => {
      const { body, header } = decodeRecord(bytes);
      return body.kind === 'END' && header.strand === '' ? [body.end.output] : [];
    });
  }
}

describe('pages', () => {
  it('many listen for one event: each hears it, once', () => {
    const world = new World(ONE, 2);
    world.serve();
    for (let i = 0; i < 700; i++) world.start();
    world.pass(20 * SECOND);
    expect(world.simulation.store.events.subscriptionRows()).toHaveLength(700);
    world.send({ id: '1', data: 7 });
    world.pass(60 * SECOND);
    expect(world.outputs()).toEqual(Array.from({ length: 700 }, () => [7]));
    expect(world.simulation.store.events.heardRows()).toHaveLength(700);
    expect(world.complaints).toEqual([]);
  });

  it('many events are there before their listener: it hears them all, in their order', () => {
    const until = "until: '(. | length) > 119'";
    const body = `do: [{w: {wait: PT1H}}, {l: {listen: {to: {any: [{with: {type: bell}}], ${until}}}}}]`;
    const world = new World(body);
    world.serve();
    world.start();
    world.pass(SECOND);
    for (let i = 0; i < 120; i++) {
      world.send({ id: String(i), data: i });
      world.pass(10);
    }
    world.pass(2 * HOUR);
    expect(world.outputs()).toEqual([Array.from({ length: 120 }, (_, i) => i)]);
  });

  it('of many that are there, one is enough for who waits for one', () => {
    const world = new World(
      'do: [{w: {wait: PT1H}}, {l: {listen: {to: {one: {with: {type: bell}}}}}}]',
    );
    world.serve();
    world.start();
    world.pass(SECOND);
    for (let i = 0; i < 120; i++) world.send({ id: String(i), data: i });
    world.pass(2 * HOUR);
    expect(world.outputs()).toEqual([[expect.any(Number)]]);
    expect(world.simulation.store.events.heardRows()).toHaveLength(1);
  });
});

describe('records of others', () => {
  it('what is no event is passed over, what tells of the engine too; plain CloudEvents are read', () => {
    const world = new World(ONE);
    world.serve();
    world.start();
    world.pass(SECOND);
    world.bytes(new Uint8Array([1, 2, 3]));
    world.bytes(Buffer.from('{"specversion": "1.0", "type": "bell"}'));
    world.send({ id: 'own', data: 'lifecycle' }, 'LIFECYCLE');
    world.pass(SECOND);
    expect(world.outputs()).toEqual([]);
    const plain = { specversion: '1.0', id: '1', source: 's', type: 'bell', data: 'plain' };
    world.bytes(Buffer.from(JSON.stringify(plain)));
    world.pass(60 * SECOND);
    expect(world.outputs()).toEqual([['plain']]);
    expect(world.complaints).toHaveLength(2);
    expect(world.complaints.join()).toMatch(/record 0 .*passed over.*record 1 .*id is missing/);
  });

  it('what was dropped before it was read is said, and the rest is heard', () => {
    const world = new World(ONE);
    world.serve();
    world.start();
    world.pass(SECOND);
    world.send({ id: 'other', type: 'x' });
    world.pass(SECOND);
    world.stop();
    world.send({ id: 'gone' });
    world.send({ id: 'there', data: 'there' });
    world.pass(SECOND);
    world
      .portsOf('retention')
      .events.trim(0, 2)
      .then(
        () => undefined,
        () => undefined,
      );
    world.pass(SECOND);
    world.serve();
    world.pass(2 * 60 * SECOND);
    expect(world.outputs()).toEqual([['there']]);
    expect(world.complaints).toEqual([
      expect.stringMatching(/goes on at 2: events 1-1 are not in the events log any more/),
    ]);
  });
});

describe('events that are always there before their listener', () => {
  it('are kept by what those who came later looked for, so that each finds his', () => {
    const correlate = 'correlate: {id: {from: .subject, expect: one}}';
    const world = new World(`do: [{l: {listen: {to: {one: {with: {type: bell}, ${correlate}}}}}}]`);
    world.serve();
    for (const id of ['first', 'second']) {
      world.send({ id, subject: 'one', data: id });
      world.pass(5 * SECOND);
      world.start();
      world.pass(60 * SECOND);
    }
    expect(world.outputs()).toEqual([['first'], ['second']]);
    const kept = world.simulation.store.events.keptEvents();
    expect(kept.map(({ lookup }) => lookup.from)).toEqual(['', '.subject']);
  });
});

describe('two at once', () => {
  it('of one partition match each event once, and both get on', () => {
    const world = new World(ONE);
    world.serve();
    const complaints: string[] = [];
    for (const name of ['one', 'two']) {
      const correlator = new Correlator(0, world.portsOf(name), {
        matched: () => undefined,
        complain: (said) => complaints.push(said),
      });
      correlator.begin();
    }
    for (let i = 0; i < 20; i++) {
      world.start();
      world.pass(500);
      world.send({ id: String(i), data: i });
      world.pass(500);
    }
    world.pass(2 * 60 * SECOND);
    expect(world.outputs()).toHaveLength(20);
    const { events } = world.simulation.store;
    expect(events.heardRows()).toHaveLength(20);
    expect(events.keptEvents()).toHaveLength(20);
    expect(complaints).toEqual([]);
    expect(world.complaints).toEqual([]);
  });
});
