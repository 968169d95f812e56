/*
 * What a broker or a database has lost although it had confirmed it (PROTOCOL.md R12, R14): a Store that
 * has lost commits is folded again from the Log, a Log that has lost its tail stops the partition.
 */
import { expect, it } from 'vitest';
import { EPOCH_MS, type ServiceModel, Simulation } from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../src/runtime/index.ts';
import { decodeHeader, encodeRecord, uuidv7 } from '../../src/wire/index.ts';

const ok: ServiceModel = {
  call: ({ name }) => ({ latency: 10, outcome: { result: name }, applied: true }),
};
const { definition } = load(
  `document: {dsl: '1.0.3', namespace: test, name: lossy, version: '1.0.0'}
do: [{a: {call: a}}, {night: {wait: {minutes: 2}}}, {b: {call: a}}, {day: {wait: {minutes: 2}}}]`,
  'lossy.yaml',
);

class World {
  readonly simulation = new Simulation({ seed: 1, partitions: 1, services: new Map([['a', ok]]) });
  readonly complaints: string[] = [];
  readonly process = this.simulation.process('runner');
  private starts = 0;

  constructor() {
    this.simulation.definitions.deploy(storedDefinition(definition!));
    this.simulation.store.remembers = true;
    this.serve();
  }

  serve(): this {
    if (this.process.life !== undefined) this.process.crash('replaced', 0);
    this.process.start((life) => {
      new Runner(this.simulation.portsFor(life), {
        name: 'runner',
        prefix: 'test',
        compile: planCompiler(() => () => undefined),
        onComplaint: (said) => this.complaints.push(said),
      }).start();
    });
    return this;
  }

  start(): this {
    const time = this.simulation.scheduler.now;
    const run = uuidv7(time, () => (this.starts += 0.01));
    const { namespace, name, version } = definition!;
    const request = { run, definition: { namespace, name, version }, time };
    this.simulation.broker.land(0, [encodeRecord(startRecord(request))]);
    return this;
  }

  /** Runs on to so many seconds after the beginning. */
  to(seconds: number): this {
    this.simulation.scheduler.run({ until: EPOCH_MS + seconds * 1_000 });
    return this;
  }

  get kinds(): string[] {
    return this.simulation.broker.everything[0]!.map(({ bytes }) => decodeHeader(bytes).kind);
  }

  /** How often each run had its wait ended. */
  get resumes(): number {
    return this.kinds.filter((kind) => kind === 'RESUME').length;
  }
}

it('folds again what a Store has lost, when the next owner takes over', () => {
  const world = new World().to(1).start().to(20);
  const { store } = world.simulation;
  expect(store.parkedRows(0)).toHaveLength(1);
  const had = store.applied(0);
  store.failover(99);
  expect(store.applied(0)).toBe(0);
  world.serve().to(110);
  expect(store.applied(0)).toBeGreaterThanOrEqual(had);
  expect(store.parkedRows(0)).toHaveLength(1);
  expect(world.complaints.join()).toMatch(
    /partition 0: the Store has applied the Log up to 0 and had \d+: it has lost commits; they are folded again/,
  );
  world.to(400);
  expect(world.kinds.filter((kind) => kind === 'END')).toHaveLength(1);
  expect(world.resumes).toBe(2);
});

it('does not bring a row back that was resumed before the Store lost that', () => {
  const world = new World().to(1).start().to(20);
  const { store } = world.simulation;
  const applied = store.applied(0);
  // Another run is due a minute later: so the Store is asked again soon after the failover.
  world.to(60).start().to(125);
  expect(world.resumes).toBe(1);
  while (store.applied(0) > applied) store.failover(1);
  expect(store.parkedRows(0).map(({ due }) => due! < EPOCH_MS + 125_000)).toEqual([true]);
  world.to(600);
  expect(world.complaints.join()).toMatch(/lost commits/);
  expect(world.resumes).toBe(4);
  expect(world.kinds.filter((kind) => kind === 'END')).toHaveLength(2);
  expect(store.parkedRows(0)).toEqual([]);
});

it('misses a row that was lost with nobody to ask for it', () => {
  const world = new World().to(1).start().to(20);
  const { store } = world.simulation;
  while (store.parkedRows(0).length > 0) store.failover(1);
  world.to(900);
  expect(world.complaints.join()).toMatch(/lost commits/);
  expect(world.kinds.filter((kind) => kind === 'END')).toHaveLength(1);
});

it('stops when the Log does not have any more what the Store lost', () => {
  const world = new World().to(1).start().to(20);
  const { broker, store } = world.simulation;
  store.failover(99);
  broker.retain(0, broker.log(0).end - 1);
  world.serve().to(90);
  expect(world.complaints.join()).toMatch(/the Log begins at \d+ and does not have that any more/);
  expect(store.applied(0)).toBe(0);
});

it('stops when the Log has lost what it had read', () => {
  const world = new World().to(1).start().to(20);
  const { broker } = world.simulation;
  const { end } = broker.log(0);
  broker.elect(0, 300);
  broker.loseTail(0, 2);
  world.to(30);
  expect(broker.log(0).end).toBeLessThan(end + 5);
  expect(world.complaints[0]).toMatch(/does not have what comes next|lost its tail/);
});

it('stops when others have written over what it had read', () => {
  const world = new World().to(1).start().to(20);
  const { broker } = world.simulation;
  broker.elect(0, 300);
  const lost = broker.loseTail(0, 2);
  // Somebody is quick: what this owner reads next is where it should be.
  for (const _ of lost) world.start();
  world.start().to(40);
  expect(world.complaints[0]).toMatch(/offset \d+ has other content .*the Log has lost its tail/);
});

it('goes on when a leader has changed and nothing was lost', () => {
  const world = new World().to(1).start().to(10);
  world.simulation.broker.elect(0, 2_000);
  world.start().to(400);
  expect(world.complaints).toEqual([]);
  expect(world.kinds.filter((kind) => kind === 'END')).toHaveLength(2);
});
