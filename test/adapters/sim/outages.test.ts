/* What servers do to their users all at once: leaders that change, tails that are lost, databases that are away. */
import { expect, test } from 'vitest';
import type { ServiceModel } from '../../../src/adapters/sim/index.ts';
import { AppendRefused, OffsetOutOfRange, type StoredRecord } from '../../../src/ports/index.ts';
import { boot, bytes, driven, strikeOnce, text } from './driven.ts';

test('without a leader appends are refused, questions fail and readers wait', () => {
  const world = driven();
  const { broker } = world.ports;
  const server = world.simulation.broker;
  world.outcome(broker.append(0, [bytes('a')]));
  const reader = broker.reader(0, 0);
  server.elect(0, 500);
  const next = reader.next();
  expect(world.outcome(broker.append(0, [bytes('b')]))).toMatchObject({
    code: 'not-leader',
    retriable: true,
  });
  expect(world.outcome(broker.range(0))).toMatchObject({ name: 'Unavailable' });
  expect(world.outcome(next)).toBe('pending');
  // The other partition has its leader still.
  expect(world.outcome(broker.append(1, [bytes('x')]))).toMatchObject({ base: 0 });
  world.pass(500);
  expect((world.outcome(next) as readonly StoredRecord[]).map(text)).toEqual(['a']);
  // Whoever knew the old leader asks it first.
  expect(world.outcome(broker.append(0, [bytes('b')]))).toBeInstanceOf(AppendRefused);
  expect(world.outcome(broker.append(0, [bytes('b')]))).toMatchObject({ base: 1 });
  const { ports } = boot(world.simulation, world.simulation.process('new here'));
  expect(world.outcome(ports.broker.append(0, [bytes('c')]))).toMatchObject({ base: 2 });
});

test('a tail that is lost leaves its offsets to others, and readers beyond it hear so', () => {
  const world = driven();
  const { broker } = world.ports;
  world.outcome(broker.append(0, [bytes('a'), bytes('b'), bytes('c')]));
  const reader = broker.reader(0, 3);
  const next = reader.next();
  expect(world.outcome(next)).toBe('pending');
  expect(world.simulation.broker.loseTail(0, 2).map(text)).toEqual(['b', 'c']);
  expect(world.outcome(next)).toBeInstanceOf(OffsetOutOfRange);
  expect(world.outcome(broker.append(0, [bytes('d')]))).toMatchObject({ base: 1 });
});

test('retention takes what somebody has not read yet', () => {
  const world = driven();
  const { broker } = world.ports;
  world.outcome(broker.append(0, [bytes('a'), bytes('b')]));
  world.simulation.broker.retain(0, 1);
  expect(world.outcome(broker.reader(0, 0).next())).toMatchObject({ begin: 1, end: 2 });
  expect(world.outcome(broker.fetch(0, 0, 2))).toBeInstanceOf(OffsetOutOfRange);
  expect(world.outcome(broker.range(0))).toEqual({ begin: 1, end: 2 });
});

test.each([
  ['no-space', true],
  ['unauthorised', false],
] as const)('an append that is refused because of %s', (why, retriable) => {
  const world = driven();
  strikeOnce(world.simulation, ({ point }) => point === 'append', { kind: 'refused', why });
  const answer = world.outcome(world.ports.broker.append(0, [bytes('a')]));
  expect(answer).toMatchObject({ code: why, retriable });
  expect(world.simulation.broker.everything[0]).toEqual([]);
});

test('a transaction that is rolled back has changed nothing; a deadlock takes its time', () => {
  for (const [why, ms] of [
    ['serialization', 100],
    ['deadlock', 1_100],
  ] as const) {
    const world = driven();
    const { store } = world.ports;
    strikeOnce(world.simulation, ({ point }) => point === 'fold', { kind: 'refused', why });
    const answer = store.fold(0, 0, 5, []);
    expect(world.outcome(answer, ms - 100)).toBe('pending');
    expect(world.outcome(answer, 110)).toMatchObject({ name: 'Unavailable' });
    expect(world.simulation.store.applied(0)).toBe(0);
  }
});

test('a database that is down answers nothing, one with a full disk still answers questions', () => {
  const world = driven();
  const { store } = world.ports;
  world.simulation.store.breakDown(1_000, 'all');
  expect(world.outcome(store.load(0))).toMatchObject({ message: 'the database is down' });
  world.simulation.scheduler.after(1_000, () => {});
  world.pass(1_000);
  expect(world.outcome(store.load(0))).toEqual({ applied: 0, parked: 0 });
  world.simulation.store.breakDown(1_000, 'writes');
  expect(world.outcome(store.fold(0, 0, 5, []))).toMatchObject({ message: 'its disk is full' });
  expect(world.outcome(store.load(0))).toEqual({ applied: 0, parked: 0 });
  world.simulation.scheduler.after(1_000, () => {});
  world.pass(1_000);
  expect(world.outcome(store.fold(0, 0, 5, []))).toBe('applied');
});

test('a failover takes the last commits back, of all partitions, newest first', () => {
  const world = driven();
  const { store } = world.simulation;
  store.remembers = true;
  store.fold(0, 0, 5, []);
  store.fold(1, 0, 3, []);
  store.fold(0, 5, 9, []);
  expect([...store.failover(2)]).toEqual([0, 1]);
  expect([store.applied(0), store.applied(1)]).toEqual([5, 0]);
  expect(store.fold(0, 9, 12, [])).toEqual({ stale: 5 });
  expect(store.fold(0, 5, 9, [])).toBe('applied');
  expect([...store.failover(9)]).toEqual([0]);
});

test('the clock of the broker may stand elsewhere; append times never decrease', () => {
  const world = driven();
  const { broker } = world.ports;
  const times = [0, 300_000, -300_000].map((skew) => {
    world.simulation.broker.skew = skew;
    const answer = world.outcome(broker.append(0, [bytes('a')]));
    return (answer as { time: number }).time;
  });
  expect(times[1]! - times[0]!).toBeGreaterThan(299_000);
  expect(times[2]).toBe(times[1]);
});

test.each([
  ['odd', 0, 500],
  ['huge', 40_000, 40_000],
] as const)('%s answers hold something more, and the ledger says so', (how, size, least) => {
  const ok: ServiceModel = {
    call: () => ({ latency: 1, outcome: { result: { fine: true } }, applied: true }),
  };
  const world = driven({ services: new Map([['a', ok]]) });
  strikeOnce(world.simulation, ({ point }) => point === 'activity', {
    kind: 'answer',
    how,
    bytes: size,
  });
  const activity = {
    kind: 'function',
    name: 'a',
    pointer: '/do/0/a',
    key: 'k',
    attempt: 1,
    role: 'do',
    arguments: {},
    timeout: 1_000,
  } as const;
  const context = {
    run: 'r',
    strand: '',
    definition: '',
    onAbort: () => {},
    heartbeat: () => {},
  };
  const answer = world.outcome(world.ports.activities.run(activity, context));
  expect(answer).toMatchObject({ result: { fine: true } });
  const [entry] = world.simulation.services.ledger;
  expect((answer as { result: unknown }).result).toEqual(entry?.answer);
  expect(Buffer.byteLength(JSON.stringify(entry?.answer))).toBeGreaterThan(least);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
