/*
 * Workflows that run workflows, in the runtime: the records that they cost, whose definition is in them,
 * and what becomes of a task whose workflow is not there, or not for this build (needed-plans.ts).
 */
import { expect, test } from 'vitest';
import { EPOCH_MS, type ServiceModel, Simulation } from '../../src/adapters/sim/index.ts';
import { type Definition, load } from '../../src/dsl/index.ts';
import {
  type PlanCompiler,
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

const PARTITIONS = 4;
const ok: ServiceModel = {
  call: ({ name }) => ({ latency: 10, outcome: { result: name }, applied: true }),
};
const compiler = planCompiler(() => () => undefined);

function definition(name: string, body: string, version = '1.0.0'): Definition {
  const head = `document: {dsl: '1.0.3', namespace: test, name: ${name}, version: '${version}'}`;
  const { definition: loaded, problems } = load(`${head}\n${body}`, `${name}.yaml`);
  if (loaded === undefined) throw new Error(JSON.stringify(problems));
  return loaded;
}

const runs = (name: string, more = ''): string =>
  `run: {workflow: {namespace: test, name: ${name}, version: latest, input: {n: 1}}${more}}`;
const parent = (more = ''): Definition =>
  definition('parent', `do: [{x: {${runs('child', more)}}}, {y: {call: b}}]`);
const child = definition('child', 'do: [{p: {call: a}}, {q: {call: a}}, {r: {call: a}}]');

class World {
  readonly simulation = new Simulation({
    seed: 1,
    partitions: PARTITIONS,
    services: new Map([
      ['a', ok],
      ['b', ok],
      ['undo', ok],
    ]),
  });
  readonly complaints: string[] = [];
  readonly run = uuidv7(EPOCH_MS, () => 0.5);
  private readonly process = this.simulation.process('runner');

  deploy(...definitions: readonly Definition[]): this {
    for (const each of definitions) this.simulation.definitions.deploy(storedDefinition(each));
    return this;
  }

  serve(compile: PlanCompiler = compiler): this {
    if (this.process.life !== undefined) this.process.crash('replaced', 0);
    this.process.start((life) => {
      new Runner(this.simulation.portsFor(life), {
        name: 'runner',
        prefix: 'test',
        compile,
        onComplaint: (said) => this.complaints.push(said),
      }).start();
    });
    return this;
  }

  start(): this {
    const ref = { namespace: 'test', name: 'parent' };
    const record = startRecord({ run: this.run, definition: ref, time: EPOCH_MS });
    this.simulation.process('client').start((life) => {
      this.simulation
        .portsFor(life)
        .broker.append(homeOf(this.run, PARTITIONS), [encodeRecord(record)])
        .then(
          () => undefined,
          () => undefined,
        );
    });
    return this;
  }

  to(ms: number): this {
    this.simulation.scheduler.run({ until: EPOCH_MS + ms });
    return this;
  }

  records(): LogRecord[] {
    return this.simulation.broker.everything
      .flat()
      .map(({ bytes }) => decodeRecord(bytes))
      .filter(({ header }) => header.run !== '');
  }

  /** kind, strand, and whose definition it has */
  lines(run = this.run): string[] {
    return this.records()
      .filter(({ header }) => header.run === run)
      .map(({ header: { definition: hash, kind, strand } }) =>
        [kind, strand, hash === child.hash ? 'of the child' : ''].filter(Boolean).join(' '),
      );
  }

  end(run = this.run): unknown {
    const { body } = this.records().findLast(
      ({ header }) => header.run === run && header.kind === 'END',
    )!;
    return body.kind === 'END' ? body.end : undefined;
  }
}

const AWAITED = [
  'START',
  'STEP',
  'STEP 1.0 of the child',
  'STEP 1.0 of the child',
  'STEP 1.0 of the child',
  'STEP',
  'END',
];

test('an awaited child of three steps costs four records, with its own definition in its headers', () => {
  const world = new World().deploy(parent(), child).serve().start().to(60_000);
  expect(world.lines()).toEqual(AWAITED);
  expect(world.end()).toMatchObject({ output: 'b' });
});

test('a runner that begins in the middle of a child finds both definitions', () => {
  const world = new World().deploy(parent(), child).serve().start();
  let ms = 0;
  while (world.lines().length < 5) world.to((ms += 5));
  world.serve().to(120_000);
  expect(world.lines()).toEqual(AWAITED);
});

test('one that is not awaited is a run of its own with the same home, begun in the unit of the hop', () => {
  const world = new World().deploy(parent(', await: false'), child).serve().start().to(60_000);
  expect(world.lines()).toEqual(['START', 'STEP', 'END']);
  const others = new Set(world.records().map(({ header }) => header.run));
  others.delete(world.run);
  const [other] = [...others];
  expect(others.size).toBe(1);
  expect(homeOf(other!, PARTITIONS)).toBe(homeOf(world.run, PARTITIONS));
  const step = 'STEP of the child';
  expect(world.lines(other)).toEqual([step, step, step, 'END of the child']);
  const [first, begun] = world.records().filter(({ header }) => header.kind === 'STEP');
  expect([first!.header.run, begun!.header.run]).toEqual([world.run, other]);
  expect(begun!.header.unit).toBe(first!.header.unit);
  expect(begun!.body).toMatchObject({
    cause: { kind: 'start', input: { n: 1 }, by: { run: world.run, strand: '' } },
  });
});

test('a child in a branch that loses a race undoes what it did before the race is over', () => {
  const saga = definition(
    'child',
    `do: [{s: {metadata: {saga: true}, do: [{p: {call: a, metadata: {compensate: {call: undo}}}}, {w: {wait: {hours: 1}}}]}}]`,
  );
  const race = definition(
    'parent',
    `do: [{f: {fork: {compete: true, branches: [{x: {${runs('child')}}}, {y: {do: [{w: {wait: {seconds: 5}}}, {z: {call: b}}]}}]}}}]`,
  );
  const world = new World().deploy(race, saga).serve().start().to(60_000);
  expect(world.end()).toMatchObject({ output: 'b' });
  const undone = world
    .records()
    .flatMap(({ body }) => (body.kind === 'STEP' ? (body.activity?.role ?? []) : []));
  expect(undone).toEqual(['do', 'do', 'compensate']);
});

test('a child that is deployed while its task waits for it is run', () => {
  const world = new World().deploy(parent()).serve().start().to(20_000);
  expect(world.lines()).toEqual(['START']);
  world.deploy(child).to(60_000);
  expect(world.lines()).toEqual(AWAITED);
});

test('one that nobody deploys is an error of the task, after half a minute', () => {
  const world = new World().deploy(parent()).serve().start().to(29_000);
  expect(world.lines()).toEqual(['START']);
  world.to(40_000);
  expect(world.lines()).toEqual(['START', 'END']);
  expect(world.end()).toMatchObject({
    error: {
      type: expect.stringMatching(/configuration$/) as string,
      detail: 'no definition test/child has been deployed',
      instance: '/do/0/x',
    },
  });
});

test('one that this build cannot run is left to a build that can', () => {
  const older: PlanCompiler = (stored) =>
    stored.name === 'child' ? { unfit: 'such tasks are not known here' } : compiler(stored);
  const world = new World().deploy(parent(), child).serve(older).start().to(300_000);
  expect(world.lines()).toEqual(['START']);
  expect(world.complaints).toEqual([
    'this build cannot run test/child/1.0.0: such tasks are not known here; runs of it wait for a build that can',
  ]);
  world.serve().to(600_000);
  expect(world.lines()).toEqual(AWAITED);
});

test('latest is the highest version when the task begins, and what has begun stays with it', () => {
  const world = new World().deploy(parent(), child).serve().start();
  let ms = 0;
  while (world.lines().length < 3) world.to((ms += 5));
  world.deploy(definition('child', 'do: [{z: {call: b}}]', '2.0.0')).to(60_000);
  expect(world.lines()).toEqual(AWAITED);
  expect(world.end()).toMatchObject({ output: 'b' });
});
