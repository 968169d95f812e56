/*
 * "Where is it?" in the simulator, where every moment of a run can be looked at, and on the embedded
 * file, from a second connection as another process would have it. Each answer from the Log is compared
 * with the one from an index, at whatever moment it stands.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EPOCH_MS, type ServiceModel, Simulation } from '../../src/adapters/sim/index.ts';
import { openEmbedded } from '../../src/adapters/sqlite/index.ts';
import { systemClock } from '../../src/adapters/system/index.ts';
import { load } from '../../src/dsl/index.ts';
import { openEngine } from '../../src/presets/embedded.ts';
import {
  lookUp,
  planCompiler,
  Runner,
  type RuntimeLimits,
  startRecord,
  storedDefinition,
  type Whereabouts,
} from '../../src/runtime/index.ts';
import { decodeRecord, encodeRecord, homeOf, uuidv7 } from '../../src/wire/index.ts';
import { proves } from '../proofs/proves.ts';

const slow: ServiceModel = {
  call: () => ({ latency: 60_000, outcome: { result: 1 }, applied: true }),
};
const quick: ServiceModel = {
  call: ({ name }) => ({ latency: 10, outcome: { result: name }, applied: true }),
};
const refuses: ServiceModel = {
  call: () => ({
    latency: 5,
    outcome: { error: { type: 'x:y', status: 503, title: 'no' } },
    applied: false,
  }),
};

function definitionOf(body: string) {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: walk, version: '1.0.0'}\n${body}`,
    'walk.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

/** One partition, one runner, one run, in a calm world; looked at whenever a test likes. */
class Calm {
  readonly simulation: Simulation;
  readonly run = uuidv7(EPOCH_MS, () => 0.5);
  private readonly limits: Partial<RuntimeLimits>;
  /** processes besides runners, each with a name of its own */
  private others = 0;

  constructor(body: string, limits: Partial<RuntimeLimits> = {}, runner = true) {
    const services = new Map(Object.entries({ slow, quick, refuses }));
    this.simulation = new Simulation({ seed: 1, partitions: 1, services, index: true });
    this.simulation.definitions.deploy(storedDefinition(definitionOf(body)));
    this.limits = limits;
    if (runner) this.serve('runner');
    this.start(this.run);
  }

  /** Starts a runner, or starts it again. */
  serve(name: string): void {
    const { limits } = this;
    this.simulation.process(name).start((life) => {
      const compile = planCompiler(() => () => undefined);
      const ports = this.simulation.portsFor(life);
      new Runner(ports, { name, prefix: 'test', compile, limits }).start();
    });
  }

  start(run: string, time = EPOCH_MS): void {
    const definition = { namespace: 'test', name: 'walk' };
    this.append(encodeRecord(startRecord({ run, definition, time })));
  }

  append(bytes: Uint8Array): void {
    this.simulation.process(`client ${this.others++}`).start((life) => {
      this.simulation
        .portsFor(life)
        .broker.append(0, [bytes])
        .then(
          () => undefined,
          () => undefined,
        );
    });
  }

  to(ms: number): this {
    this.simulation.scheduler.run({ until: EPOCH_MS + ms });
    return this;
  }

  where(run = this.run, withStore = true): Whereabouts {
    // Without a Store the Log alone says less than an index does.
    if (!withStore) return this.ask(run, { withStore });
    // Between the two answers the run may have got on.
    for (let tries = 1; ; tries++) {
      const where = this.ask(run, { withStore });
      const indexed = nameless(where, this.ask(run, { withStore, withIndex: true }));
      if (isDeepStrictEqual(where, indexed)) return where;
      if (tries === 5) expect(indexed).toEqual(where);
    }
  }

  private ask(run: string, asks: { withStore: boolean; withIndex?: boolean }): Whereabouts {
    let where: Whereabouts | undefined;
    let failure: unknown;
    this.simulation.process(`asker ${this.others++}`).start((life) => {
      const { broker, clock, store, index } = this.simulation.portsFor(life);
      lookUp(
        {
          broker,
          clock,
          ...(asks.withStore ? { store } : {}),
          ...(asks.withIndex === true ? { index: index! } : {}),
        },
        run,
        (found) => (where = found),
        (error) => (failure = error),
      );
    });
    const { scheduler } = this.simulation;
    for (let i = 0; where === undefined && failure === undefined && i < 500; i++) {
      scheduler.run({ until: scheduler.now + 1 });
    }
    if (where === undefined) throw new Error(`no answer: ${String(failure)}`);
    return where;
  }
}

/** Only an index knows the name in a START that stands before the mark. */
function nameless(where: Whereabouts, indexed: Whereabouts): Whereabouts {
  const { name: _, ...rest } = indexed;
  return where.name === undefined ? rest : indexed;
}

describe('where is it, in the simulator', () => {
  it('knows nothing of a run that nobody has started', () => {
    const calm = new Calm('do: [{a: {call: quick}}]').to(1_000);
    const { status, reason, strands } = calm.where(uuidv7(EPOCH_MS, () => 0.1));
    expect({ status, reason, strands }).toEqual({
      status: 'unknown',
      reason: 'no START with this id has come',
      strands: [],
    });
    expect(calm.where('nonsense').reason).toContain('not the id of a run');
  });

  it('tells a START that nobody has taken up', proves('status.phases'), () => {
    const calm = new Calm('do: [{a: {call: quick}}]', {}, false).to(1_000);
    const { status, name, startedAt } = calm.where();
    expect({ status, name }).toEqual({
      status: 'waiting to begin',
      name: { namespace: 'test', name: 'walk' },
    });
    expect(startedAt).toBeGreaterThanOrEqual(EPOCH_MS);
  });

  it('tells a START that came too late', () => {
    const calm = new Calm('do: [{a: {call: quick}}]').to(400_000);
    const late = uuidv7(EPOCH_MS + 1, () => 0.25);
    calm.start(late);
    calm.to(402_000);
    expect(calm.where(late)).toMatchObject({
      status: 'unknown',
      reason: expect.stringMatching(/^its START came 400 s after the time in its id/) as string,
    });
  });

  it('tells the activity, its attempt and when it times out', () => {
    const calm = new Calm('do: [{a: {call: slow}}]\ntimeout: {after: {hours: 1}}').to(1_000);
    const { status, strands, hash } = calm.where();
    expect(status).toBe('running');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const [root, ...others] = strands;
    expect(others).toEqual([]);
    expect(root).toMatchObject({
      strand: '',
      position: '/do/0/a',
      waitsFor: { kind: 'activity', name: 'slow', attempt: 1 },
    });
    expect(root!.deadline! - root!.since).toBe(3_600_000);
  });

  it('tells a retry that is held, a wait that is held, and one that is parked', () => {
    const retry = (delay: string): string =>
      `do: [{t: {try: [{a: {call: refuses}}], catch: {retry: {delay: ${delay}, limit: {attempt: {count: 3}}}}}}]`;
    const held = new Calm(retry('{seconds: 20}')).to(1_000).where();
    expect(held).toMatchObject({
      status: 'waiting',
      strands: [{ waitsFor: { kind: 'activity', name: 'refuses', attempt: 2 } }],
    });
    const waiting = new Calm('do: [{w: {wait: {seconds: 10}}}]').to(1_000).where();
    expect(waiting).toMatchObject({
      status: 'waiting',
      strands: [{ waitsFor: { kind: 'timer' } }],
    });
    const parked = new Calm(retry('{hours: 2}')).to(60_000).where();
    expect(parked).toMatchObject({
      status: 'parked',
      strands: [
        { waitsFor: { kind: 'parked', why: 'retry', activity: { name: 'refuses', attempt: 2 } } },
      ],
    });
    const long = new Calm('do: [{w: {wait: {days: 3}}}]').to(60_000);
    for (const withStore of [true, false]) {
      const { status, strands } = long.where(long.run, withStore);
      expect(status).toBe('parked');
      expect(strands).toMatchObject([{ position: '/do/0/w', waitsFor: { why: 'wait' } }]);
      const { waitsFor, since } = strands[0]!;
      expect(waitsFor.kind === 'parked' && waitsFor.due! - since).toBe(3 * 24 * 3_600_000);
    }
  });

  it('tells every strand of a fork, and how many have ended', () => {
    const calm = new Calm(
      `do: [{f: {fork: {branches: [
        {b0: {call: quick}}, {b1: {call: slow}}, {b2: {wait: {hours: 1}}}, {b3: {wait: {seconds: 20}}}]}}}]`,
    ).to(2_000);
    const { status, strands } = calm.where();
    expect(status).toBe('running');
    expect(strands.map(({ strand, waitsFor }) => [strand, waitsFor.kind])).toEqual([
      ['', 'join'],
      ['1.1', 'activity'],
      ['1.2', 'parked'],
      ['1.3', 'timer'],
    ]);
    expect(strands[0]!.waitsFor).toEqual({ kind: 'join', branches: 4, begun: 4, ended: 1 });
    const later = calm.to(120_000).where();
    expect(later.status).toBe('parked');
    expect(later.strands[0]!.waitsFor).toMatchObject({ ended: 3 });
    expect(calm.to(2 * 3_600_000).where()).toMatchObject({
      status: 'completed',
      strands: [],
      output: ['quick', 1, expect.anything(), expect.anything()],
    });
  });

  it('tells how it ended', () => {
    const done = new Calm('do: [{a: {call: quick}}]').to(5_000);
    expect(done.where()).toMatchObject({
      status: 'completed',
      output: 'quick',
      name: { namespace: 'test', name: 'walk', version: '1.0.0' },
    });
    const failed = new Calm('do: [{a: {call: refuses}}]').to(5_000);
    expect(failed.where()).toMatchObject({
      status: 'faulted',
      error: { type: 'x:y', status: 503 },
    });
  });

  it('believes no record that is void', () => {
    const calm = new Calm('do: [{a: {call: slow}}]').to(1_000);
    const step = calm.simulation.broker.everything[0]!.map(({ bytes }) => decodeRecord(bytes)).find(
      ({ header }) => header.kind === 'STEP',
    )!;
    const { header } = step;
    const end = {
      kind: 'END',
      end: { output: 'forged' },
      cause: { kind: 'timer' },
      definition: { namespace: 'test', name: 'walk' },
    } as const;
    for (const lie of [{ n: header.n + 7 }, { nonce: (header.nonce ^ 1) >>> 0 }]) {
      calm.append(encodeRecord({ header: { ...header, kind: 'END', ...lie }, body: end }));
    }
    calm.to(3_000);
    expect(calm.where()).toMatchObject({ status: 'running' });
    expect(calm.to(90_000).where()).toMatchObject({ status: 'completed', output: 1 });
  });

  it('finds what is carried far from its START, and what ended long before the mark', () => {
    const calm = new Calm('do: [{a: {call: slow}}]', { carryDistance: 5 });
    for (let i = 1; i <= 40; i++) {
      calm.to(i * 1_000);
      calm.start(
        uuidv7(EPOCH_MS + i * 1_000, () => i / 100),
        EPOCH_MS + i * 1_000,
      );
    }
    calm.to(45_000);
    const kinds = calm.simulation.broker.everything[0]!.map(
      ({ bytes }) => decodeRecord(bytes).header.kind,
    );
    expect(kinds).toContain('CARRY');
    for (const withStore of [true, false]) {
      expect(calm.where(calm.run, withStore)).toMatchObject({
        status: 'running',
        strands: [{ position: '/do/0/a', waitsFor: { kind: 'activity', attempt: 1 } }],
      });
    }
    calm.to(600_000);
    for (let i = 1; i <= 40; i++) {
      const run = uuidv7(EPOCH_MS + i * 1_000, () => i / 100);
      expect(calm.where(run)).toMatchObject({ status: 'completed', output: 1 });
    }
  });
});

describe('where is it, while runners crash', () => {
  const body = `do:
    - a: {call: quick}
    - w: {wait: {seconds: 5}}
    - f: {fork: {branches: [{b: {call: quick}}, {c: {wait: {seconds: 40}}}, {d: {call: quick}}]}}
    - e: {call: quick}`;

  it.each([1, 2, 3, 4, 5])('seed %d: what was started is known, and never goes back', (seed) => {
    const random = mulberry32(seed);
    const calm = new Calm(body, { carryDistance: 20 });
    calm.serve('second');
    const runs: string[] = [calm.run];
    const order = ['waiting to begin', 'running', 'waiting', 'parked', 'completed'];
    const ended = new Map<string, Whereabouts>();
    const turns = 60;
    for (let turn = 1; turn <= turns; turn++) {
      const now = turn * 2_000;
      calm.to(now);
      if (turn < 20) {
        const run = uuidv7(EPOCH_MS + now, random);
        calm.start(run, EPOCH_MS + now);
        runs.push(run);
      }
      if (turn < 40 && random() < 0.3) {
        const name = random() < 0.5 ? 'runner' : 'second';
        calm.simulation.process(name).crash('at random', 0);
        calm.serve(name);
      }
      const run = runs[Math.floor(random() * (runs.length - 1))]!;
      const found = calm.where(run, random() < 0.5);
      expect(order).toContain(found.status);
      expect(found.strands.length > 0).toBe(
        !['completed', 'waiting to begin'].includes(found.status),
      );
      if (ended.has(run)) expect(found).toEqual(ended.get(run));
      else if (found.status === 'completed') ended.set(run, found);
    }
    calm.to(1_000_000);
    for (const run of runs) {
      const [one, other] = [calm.where(run), calm.where(run, false)];
      expect(one).toMatchObject({ status: 'completed', output: 'quick' });
      expect(other).toEqual(one);
    }
  });
});

/** Random numbers of a seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('where is it, on the embedded file', () => {
  it('from another connection, while it runs and after', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-look-up-'));
    const file = join(folder, 'a.db');
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const engine = await openEngine({
      file,
      partitions: 4,
      functions: { hold: () => gate.then(() => 'held') },
    });
    try {
      const definition = definitionOf('do: [{a: {call: hold}}, {b: {wait: {hours: 1}}}]');
      await engine.deploy(definition);
      const run = await engine.start({ definition });
      const client = await openEmbedded(file, { mode: 'client' });
      const where = (): Promise<Whereabouts> =>
        new Promise((found, failed) => {
          const { broker, store } = client;
          lookUp({ broker, store, clock: systemClock }, run, found, failed);
        });
      const until = async (status: string): Promise<Whereabouts> => {
        for (;;) {
          const found = await where();
          if (found.status === status) return found;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      };
      expect(await until('running')).toMatchObject({
        strands: [{ waitsFor: { kind: 'activity', name: 'hold' } }],
      });
      release!();
      expect(await until('parked')).toMatchObject({
        partition: homeOf(run, 4),
        strands: [{ position: '/do/1/b', waitsFor: { kind: 'parked', why: 'wait' } }],
      });
      client.close();
    } finally {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
