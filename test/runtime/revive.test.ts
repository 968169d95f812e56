/*
 * A run that is dead in two places is let go on by one request (R18): whoever dies after the first of them
 * leaves the request open, and the next owner brings back the rest.
 */
import { expect, it } from 'vitest';
import { EPOCH_MS, type ServiceModel, Simulation } from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import {
  controlRecord,
  planCompiler,
  Runner,
  startRecord,
  storedDefinition,
} from '../../src/runtime/index.ts';
import { decodeRecord, encodeRecord, type LogRecord, uuidv7 } from '../../src/wire/index.ts';

const DOCUMENT = `document: {dsl: '1.0.3', namespace: test, name: two, version: '1.0.0'}
do: [{both: {fork: {branches: [{x: {call: one}}, {y: {call: two}}]}}}]`;
const RUN = uuidv7(EPOCH_MS, () => 0.5);
const slow: ServiceModel = {
  call: ({ name }) => ({ latency: 3_000, outcome: { result: name }, applied: true }),
};

/** Both calls kill whoever makes them until they are given up; then somebody asks for a resume. */
function twoDead(): {
  simulation: Simulation;
  records: () => LogRecord[];
  /** the runner dies, and is there again at once */
  restart: () => void;
} {
  const { definition } = load(DOCUMENT, 'two.yaml');
  const simulation = new Simulation({
    ...{ seed: 1, partitions: 1 },
    services: new Map(['one', 'two'].map((name) => [name, slow])),
  });
  simulation.definitions.deploy(storedDefinition(definition!));
  const { broker, scheduler, services } = simulation;
  const records = (): LogRecord[] =>
    broker.everything.flatMap((log) => log.map(({ bytes }) => decodeRecord(bytes)));
  const client = simulation.process('client');
  const send = (record: LogRecord): void => {
    simulation
      .portsFor(client.life!)
      .broker.append(0, [encodeRecord(record)])
      .then(
        () => undefined,
        () => undefined,
      );
  };
  const ref = { namespace: 'test', name: 'two' };
  client.start(() => send(startRecord({ run: RUN, definition: ref, time: EPOCH_MS })));
  const runner = simulation.process('runner');
  const start = (): void => {
    runner.start((life) => {
      const compile = planCompiler(() => () => undefined);
      new Runner(simulation.portsFor(life), { name: 'runner', prefix: 'test', compile }).start();
    });
  };
  start();
  let calls = 0;
  const dead = (): number =>
    records().filter(({ body }) => body.kind === 'PARK' && body.why === 'dead').length;
  for (let at = 500; dead() < 2 && at < 3_600_000; at += 500) {
    scheduler.run({ until: EPOCH_MS + at });
    if (runner.life === undefined) start();
    else if (services.ledger.length > calls) {
      calls = services.ledger.length;
      runner.crash('poison', 0);
    }
  }
  expect(dead()).toBe(2);
  // What is dead in the Log alone and what is in the Store are asked for differently.
  scheduler.run({ until: scheduler.now + 60_000 });
  if (runner.life === undefined) start();
  send(controlRecord({ run: RUN, id: 'on', verb: 'resume', time: scheduler.now }));
  const restart = (): void => {
    runner.crash('in between', 0);
    start();
  };
  return { simulation, records, restart };
}

const revived = (records: readonly LogRecord[]): number =>
  records.filter(({ body }) => body.kind === 'RESUME' && body.why === 'resumed').length;
const end = (records: readonly LogRecord[]): unknown =>
  records.flatMap(({ body, header }) =>
    body.kind === 'END' && header.strand === '' ? [body.end] : [],
  )[0];

it('brings back all that is dead', () => {
  const { records, simulation } = twoDead();
  simulation.scheduler.run({ until: simulation.scheduler.now + 120_000 });
  expect(revived(records())).toBe(2);
  expect(end(records())).toEqual({ output: ['one', 'two'] });
});

it('asks for the rest when its owner died after the first', () => {
  const { records, restart, simulation } = twoDead();
  const { scheduler } = simulation;
  const until = scheduler.now + 120_000;
  while (revived(records()) === 0 && scheduler.now < until) scheduler.run({ maxEvents: 1 });
  expect(revived(records())).toBe(1);
  restart();
  scheduler.run({ until: scheduler.now + 120_000 });
  expect(revived(records())).toBe(2);
  expect(end(records())).toEqual({ output: ['one', 'two'] });
});
