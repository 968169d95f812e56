/*
 * R21 in the simulator: what an older build cannot read or run is left to a newer one, and nothing of it
 * is lost. Two real builds side by side are in test/live/versions.
 */
import { describe, expect, it } from 'vitest';
import { EPOCH_MS, type ServiceModel, Simulation } from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import type { ParkedRow, Store } from '../../src/ports/index.ts';
import {
  lookUp,
  type PlanCompiler,
  planCompiler,
  Runner,
  startRecord,
  storedDefinition,
  type Whereabouts,
} from '../../src/runtime/index.ts';
import {
  decodeHeader,
  encodeRecord,
  homeOf,
  READER,
  type RecordHeader,
  uuidv7,
} from '../../src/wire/index.ts';

const ok: ServiceModel = {
  call: ({ name }) => ({ latency: 10, outcome: { result: name }, applied: true }),
};

/** A world of two partitions whose runner can be replaced by one of another build. */
class World {
  readonly simulation = new Simulation({
    seed: 1,
    partitions: 2,
    services: new Map([['a', ok]]),
  });
  readonly complaints: string[] = [];
  runner: Runner | undefined;
  private readonly process = this.simulation.process('runner');
  private clients = 0;

  constructor(body: string) {
    const { definition, problems } = load(
      `document: {dsl: '1.0.3', namespace: test, name: flow, version: '1.0.0'}\n${body}`,
      'flow.yaml',
    );
    if (definition === undefined) throw new Error(JSON.stringify(problems));
    this.simulation.definitions.deploy(storedDefinition(definition));
  }

  serve(
    compile: PlanCompiler = planCompiler(() => () => undefined),
    storeOf: (store: Store) => Store = (store) => store,
  ): this {
    if (this.process.life !== undefined) this.process.crash('replaced', 0);
    this.process.start((life) => {
      const ports = this.simulation.portsFor(life);
      this.runner = new Runner(
        { ...ports, store: storeOf(ports.store) },
        {
          name: 'runner',
          prefix: 'test',
          compile,
          onComplaint: (said) => this.complaints.push(said),
        },
      );
      this.runner.start();
    });
    return this;
  }

  /** As `serve`, but the rows that it writes are for readers of a newer format. */
  serveWithNewerRows(): this {
    const read = (row: ParkedRow, minReader: number): ParkedRow => {
      const { body, header } = row.record;
      return { ...row, record: { header: { ...header, minReader }, body } };
    };
    return this.serve(undefined, (store) => {
      const fold: Store['fold'] = (partition, from, to, changes) => {
        const written = changes.map((change) =>
          change.kind === 'park' ? { ...change, row: read(change.row, READER + 1) } : change,
        );
        return store.fold(partition, from, to, written);
      };
      const due: Store['due'] = (...asked) =>
        store.due(...asked).then((found) => ({
          ...found,
          rows: found.rows.map((row) => read(row, READER)),
        }));
      return Object.create(store, { due: { value: due }, fold: { value: fold } }) as Store;
    });
  }

  to(ms: number): this {
    this.simulation.scheduler.run({ until: EPOCH_MS + ms });
    return this;
  }

  append(partition: number, bytes: Uint8Array): this {
    this.simulation.process(`client ${this.clients++}`).start((life) => {
      this.simulation
        .portsFor(life)
        .broker.append(partition, [bytes])
        .then(
          () => undefined,
          () => undefined,
        );
    });
    return this;
  }

  /** A START of a run whose home is that partition. */
  startBytes(partition: number, minReader = 1): { run: string; bytes: Uint8Array } {
    const time = this.simulation.scheduler.now;
    for (let i = 1; ; i++) {
      const run = uuidv7(time, () => i / 1_000);
      if (homeOf(run, 2) !== partition) continue;
      const definition = { namespace: 'test', name: 'flow' };
      const { header, body } = startRecord({ run, definition, time });
      return { run, bytes: encodeRecord({ header: { ...header, minReader }, body }) };
    }
  }

  start(partition: number): string {
    const { run, bytes } = this.startBytes(partition);
    this.append(partition, bytes);
    return run;
  }

  headers(partition: number): RecordHeader[] {
    return this.simulation.broker.everything[partition]!.flatMap(({ bytes }) => {
      try {
        return [decodeHeader(bytes)];
      } catch {
        return [];
      }
    });
  }

  kinds(run: string): string[] {
    return this.headers(homeOf(run, 2))
      .filter((header) => header.run === run)
      .map(({ kind }) => kind);
  }

  where(run: string): Promise<Whereabouts> {
    return new Promise((found, failed) => {
      this.simulation.process(`asker ${this.clients++}`).start((life) => {
        const { broker, clock, store } = this.simulation.portsFor(life);
        lookUp({ broker, clock, store }, run, found, failed);
      });
      const { now } = this.simulation.scheduler;
      this.simulation.scheduler.run({ until: now + 500 });
    });
  }
}

/** The bytes of a record, as if of a kind that this build does not know. */
function ofUnknownKind(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  // the header is field 6 of the envelope, and the kind its first field
  const at = copy.findIndex((byte, i) => byte === 50 && copy[i + 2] === 8);
  copy[at + 3] = 99;
  return copy;
}

describe('a definition that this build cannot run', () => {
  const older: PlanCompiler = () => ({ unfit: 'such tasks are not known here' });

  it('is left to a newer build: runs that wait to begin, go on, or are parked', () => {
    const world = new World('do: [{x: {call: a}}, {w: {wait: {minutes: 5}}}, {y: {call: a}}]');
    world.serve().to(1_000);
    const parked = world.start(0);
    world.to(10_000);
    const stepped = world.start(0);
    world.to(10_005);
    world.serve(older).to(60_000);
    const waits = world.start(0);
    world.to(20 * 60_000);
    expect(world.kinds(parked)).toEqual(['START', 'STEP', 'PARK']);
    expect(world.kinds(stepped)).toEqual(['START', 'STEP']);
    expect(world.kinds(waits)).toEqual(['START']);
    expect(world.complaints).toEqual([
      'this build cannot run test/flow/1.0.0: such tasks are not known here; runs of it wait for a build that can',
    ]);
    world.serve().to(40 * 60_000);
    for (const run of [parked, stepped, waits]) expect(world.kinds(run).at(-1)).toBe('END');
    expect(world.complaints).toHaveLength(1);
  });
});

describe('a row of a record that needs a newer build', () => {
  it('is left to one, though no record in the Log says so any more', () => {
    const world = new World('do: [{x: {call: a}}, {w: {wait: {minutes: 5}}}, {y: {call: a}}]');
    world.serveWithNewerRows().to(20_000);
    const run = world.start(0);
    world
      .to(120_000)
      .serve()
      .to(10 * 60_000);
    expect(world.kinds(run)).toEqual(['START', 'STEP', 'PARK']);
    expect(world.complaints).toEqual([
      expect.stringMatching(
        `^partition 0 is left to others: the row of record \\d+ needs a runner that reads format ${READER + 1}`,
      ),
    ]);
    world.serveWithNewerRows().to(15 * 60_000);
    expect(world.kinds(run).at(-1)).toBe('END');
  });
});

describe('a record that needs a newer build', () => {
  const body = 'do: [{x: {call: a}}]';

  it.each([
    ['of a kind that is known', (bytes: Uint8Array) => bytes],
    ['of a kind that is not', ofUnknownKind],
  ])('%s: the runner closes and leaves the partition, and runs the others', async (_, made) => {
    const world = new World(body).serve().to(1_000);
    const before = world.start(0);
    world.to(5_000);
    const { run: newer, bytes } = world.startBytes(0, READER + 1);
    world.append(0, made(bytes)).to(6_000);
    const after = world.start(0);
    const elsewhere = world.start(1);
    world.to(60_000);
    expect(world.kinds(before)).toEqual(['START', 'STEP', 'END']);
    expect(world.kinds(after)).toEqual(['START']);
    expect(world.kinds(elsewhere)).toEqual(['START', 'STEP', 'END']);
    const needs = `needs a runner that reads format ${READER + 1}, this one reads up to ${READER}`;
    expect(world.complaints).toEqual([
      expect.stringMatching(`^partition 0 is left to others: record \\d+ ${needs}$`),
    ]);
    expect(world.headers(0).at(-1)?.kind).toBe('START');
    expect(world.headers(0).map(({ kind }) => kind)).toContain('CLOSE');
    const [zero, one] = world.runner!.status();
    expect(zero).toMatchObject({
      partition: 0,
      assigned: false,
      stopped: expect.stringContaining(needs) as string,
    });
    expect(one).toMatchObject({ partition: 1, phase: 'owning' });
    // who only looks is told as well, and is not told half of it
    await expect(world.where(newer)).rejects.toThrow(
      /needs a newer build \(reader 2, this one is 1\)/,
    );
    expect(await world.where(elsewhere)).toMatchObject({ status: 'completed' });
    // started again it finds the same
    world.serve().to(120_000);
    expect(world.complaints).toHaveLength(2);
    expect(world.kinds(after)).toEqual(['START']);
  });

  it('what is merely broken is passed over', () => {
    const world = new World(body).serve().to(1_000);
    world.append(0, ofUnknownKind(world.startBytes(0).bytes)).to(2_000);
    const run = world.start(0);
    world.to(60_000);
    expect(world.kinds(run)).toEqual(['START', 'STEP', 'END']);
    expect(world.complaints).toEqual([
      expect.stringMatching(/^partition 0: record \d+ cannot be read and was passed over/),
    ]);
  });
});
