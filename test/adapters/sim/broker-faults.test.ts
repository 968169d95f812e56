import { expect, test } from 'vitest';
import { AppendRefused, OffsetOutOfRange, type StoredRecord } from '../../../src/ports/index.ts';
import type { Effect, PointName } from '../../../src/adapters/sim/index.ts';
import { boot, bytes, type Driven, driven, strikeOnce, text } from './driven.ts';

function logOf(world: Driven, partition = 0): string[] {
  return (world.simulation.broker.everything[partition] ?? []).map(text);
}

function at(point: PointName): (seen: { readonly point: PointName }) => boolean {
  return (seen) => seen.point === point;
}

function appendUnder(...effects: readonly Effect[]): { world: Driven; answer: unknown } {
  const world = driven();
  strikeOnce(world.simulation, at('append'), ...effects);
  const answer = world.outcome(world.ports.broker.append(0, [bytes('a'), bytes('b')]), 50);
  return { world, answer };
}

test('calm: a batch lands whole, at consecutive offsets, and is read once in order', () => {
  const world = driven();
  const { broker } = world.ports;
  expect(world.outcome(broker.append(0, [bytes('a'), bytes('b')]))).toMatchObject({ base: 0 });
  expect(world.outcome(broker.append(0, [bytes('c')]))).toMatchObject({ base: 2 });
  const reader = broker.reader(0, 1);
  const read: string[] = [];
  for (let turn = 0; turn < 3 && read.length < 2; turn += 1) {
    const records = world.outcome(reader.next());
    if (Array.isArray(records)) read.push(...records.map(text));
  }
  expect(read).toEqual(['b', 'c']);
  const waiting = reader.next();
  expect(world.outcome(waiting)).toBe('pending');
  void broker.append(0, [bytes('d')]);
  expect((world.outcome(waiting) as readonly StoredRecord[]).map(text)).toEqual(['d']);
});

test('skipTo passes over records that are on their way', () => {
  const world = driven();
  const { broker } = world.ports;
  world.outcome(broker.append(0, [bytes('a'), bytes('b')]));
  const reader = broker.reader(0, 0);
  const next = reader.next();
  reader.skipTo(2);
  expect(world.outcome(next)).toBe('pending');
  void broker.append(0, [bytes('c')]);
  expect((world.outcome(next) as readonly StoredRecord[]).map(text)).toEqual(['c']);
  expect(reader.position).toBe(3);
});

test('nobody shares a buffer with the log', () => {
  const world = driven();
  const mine = bytes('abc');
  const append = world.ports.broker.append(0, [mine]);
  mine.fill(120);
  world.outcome(append);
  const first = world.outcome(world.ports.broker.fetch(0, 0, 1)) as readonly StoredRecord[];
  first[0]?.bytes.fill(120);
  expect(logOf(world)).toEqual(['abc']);
});

test('a batch beyond the limits is refused for good', () => {
  const world = driven();
  const huge = new Uint8Array(900_001);
  const answer = world.outcome(world.ports.broker.append(0, [huge]));
  expect(answer).toBeInstanceOf(AppendRefused);
  expect(answer).toMatchObject({ code: 'too-large', retriable: false });
});

test('crash before: nothing lands; crash after: it lands, nobody hears', () => {
  const before = appendUnder({ kind: 'crash', when: 'before', down: 0 });
  expect(before.answer).toBe('pending');
  expect(logOf(before.world)).toEqual([]);
  const after = appendUnder({ kind: 'crash', when: 'after', down: 0 });
  expect(after.answer).toBe('pending');
  expect(logOf(after.world)).toEqual(['a', 'b']);
  expect(after.world.process.state).toBe('down');
});

test('unknown: lost, landed, late, twice', () => {
  const unknown = (fate: 'lost' | 'landed' | 'late' | 'twice'): Effect => ({
    kind: 'unknown',
    fate,
    ms: 1_000,
    hears: 'error',
  });
  for (const fate of ['lost', 'landed', 'late', 'twice'] as const) {
    const { answer, world } = appendUnder(unknown(fate));
    expect(answer, fate).toBeInstanceOf(Error);
    expect(answer, fate).not.toBeInstanceOf(AppendRefused);
    expect(logOf(world), fate).toEqual(fate === 'lost' || fate === 'late' ? [] : ['a', 'b']);
    world.outcome(world.ports.broker.append(0, [bytes('c')]));
    world.pass(2_000);
    const all = { lost: 'c', landed: 'a b c', late: 'c a b', twice: 'a b c a b' }[fate];
    expect(logOf(world).join(' '), fate).toBe(all);
  }
});

test('twice with an answer reports the last copy', () => {
  const { answer, world } = appendUnder({
    kind: 'unknown',
    fate: 'twice',
    ms: 10,
    hears: 'answer',
  });
  expect(answer).toMatchObject({ base: 2 });
  expect(logOf(world)).toEqual(['a', 'b', 'a', 'b']);
});

test('refused: surely not appended', () => {
  const { answer, world } = appendUnder({ kind: 'refused' });
  expect(answer).toMatchObject({ name: 'AppendRefused', retriable: true });
  expect(logOf(world)).toEqual([]);
});

test('a lagging reader', () => {
  const world = driven();
  world.outcome(world.ports.broker.append(0, [bytes('a')]));
  strikeOnce(world.simulation, at('next'), { kind: 'slow', ms: 5_000 });
  const next = world.ports.broker.reader(0, 0).next();
  expect(world.outcome(next, 4_000)).toBe('pending');
  expect(world.outcome(next, 2_000)).toHaveLength(1);
});

test('trimmed offsets are out of range for readers and fetches, but stay in the history', () => {
  const world = driven();
  const { broker } = world.ports;
  world.outcome(broker.append(0, [bytes('a'), bytes('b'), bytes('c')]));
  world.outcome(broker.trim(0, 2));
  expect(world.outcome(broker.range(0))).toEqual({ begin: 2, end: 3 });
  expect(world.outcome(broker.reader(0, 1).next())).toBeInstanceOf(OffsetOutOfRange);
  expect(world.outcome(broker.fetch(0, 0, 1))).toMatchObject({ begin: 2, end: 3 });
  expect(logOf(world)).toEqual(['a', 'b', 'c']);
});

test('append times come from the clock of the broker', () => {
  const world = driven();
  world.simulation.broker.skew = 60_000;
  const answer = world.outcome(world.ports.broker.append(0, [bytes('a')]));
  expect(answer).toMatchObject({ base: 0 });
  const { time } = answer as { time: number };
  expect(time - world.ports.clock.now()).toBeGreaterThan(59_000);
  world.simulation.broker.skew = 0;
  world.outcome(world.ports.broker.append(0, [bytes('b')]));
  expect(world.outcome(world.ports.broker.offsetAt(0, time + 1))).toBe(2);
  expect(world.outcome(world.ports.broker.offsetAt(0, time))).toBe(0);
});

test('pause before: the append goes out on resume, as the zombie it has become', () => {
  const world = driven();
  strikeOnce(world.simulation, at('append'), {
    kind: 'pause',
    when: 'before',
    ms: 20_000,
    expel: false,
  });
  const answer = world.ports.broker.append(0, [bytes('zombie')]);
  world.pass(19_000);
  expect(logOf(world)).toEqual([]);
  expect(world.process.state).toBe('paused');
  expect(world.outcome(answer, 2_000)).toMatchObject({ base: 0 });
});

test('the bytes of a restarted world are all there is', () => {
  const world = driven();
  world.outcome(world.ports.broker.append(0, [bytes('a')]));
  world.process.crash('test', 0);
  const { ports } = boot(world.simulation, world.process);
  expect(world.outcome(ports.broker.range(0))).toEqual({ begin: 0, end: 1 });
  ports.broker.saveHint(0, 7);
  world.pass(10);
  expect(world.outcome(ports.broker.hint(0))).toBe(7);
});
