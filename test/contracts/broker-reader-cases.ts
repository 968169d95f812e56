/* B3: readers see records in offset order, each once, as soon as there are any. */
import { expect } from 'vitest';
import { type LogReader, OffsetOutOfRange } from '../../src/ports/index.ts';
import type { BrokerWorld } from './broker-contract.ts';
import { append, fill, names, read, records, texts } from './log-driver.ts';
import { type Cases, failure, watched } from './suite.ts';

/** How a second `next` is refused is left open: it throws, or its answer fails. */
async function refusesNext(world: BrokerWorld, reader: LogReader): Promise<void> {
  let answer: PromiseLike<unknown>;
  try {
    answer = reader.next();
  } catch {
    return;
  }
  await failure(world, answer);
}

export const readerCases: Cases<BrokerWorld> = {
  'a reader gives every record once, in order, and knows its position': async (world) => {
    await fill(world, 0, 20);
    const reader = world.broker.reader(0, 0);
    expect(reader.position).toBe(0);
    const seen = await read(world, reader, 20);
    expect(seen.map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(texts(seen)).toEqual(names(0, 20));
    expect(reader.position).toBe(20);
    reader.close();
  },

  'a reader begins where it is told': async (world) => {
    await fill(world, 0, 10);
    const reader = world.broker.reader(0, 7);
    expect(reader.position).toBe(7);
    expect(texts(await read(world, reader, 3))).toEqual(names(7, 3));
    reader.close();
  },

  'a reader at the end waits, and is woken by the next append': async (world) => {
    await fill(world, 0, 4);
    const reader = world.broker.reader(0, 4);
    const next = reader.next();
    const seen = watched(next);
    await world.pass(60);
    expect(seen.settled).toBe(false);
    await append(world, 0, records(4, 2));
    expect(texts(await world.settle(next))[0]).toBe('record 4');
    reader.close();
  },

  'an append to another partition does not wake a reader': async (world) => {
    const seen = watched(world.broker.reader(0, 0).next());
    await append(world, 1, records(0, 3));
    await world.pass(60);
    expect(seen.settled).toBe(false);
  },

  'records of another process wake a reader': async (world) => {
    const reader = world.broker.reader(0, 0);
    const next = reader.next();
    await world.pass(60);
    const other = await world.another();
    await world.settle(other.append(0, records(0, 3)));
    expect(texts(await world.settle(next))[0]).toBe('record 0');
    reader.close();
  },

  'appends of two processes interleave without gaps': async (world) => {
    const other = await world.another();
    for (let i = 0; i < 5; i++) {
      await append(world, 0, records(i * 2, 1));
      await world.settle(other.append(0, records(i * 2 + 1, 1)));
    }
    const reader = world.broker.reader(0, 0);
    const seen = await read(world, reader, 10);
    expect(texts(seen)).toEqual(names(0, 10));
    expect(seen.map(({ offset }) => offset)).toEqual(Array.from({ length: 10 }, (_, i) => i));
  },

  'readers do not disturb one another': async (world) => {
    await fill(world, 0, 6);
    const one = world.broker.reader(0, 0);
    const two = world.broker.reader(0, 3);
    expect(texts(await read(world, two, 3))).toEqual(names(3, 3));
    expect(texts(await read(world, one, 6))).toEqual(names(0, 6));
    one.close();
    const three = two.next();
    await append(world, 0, records(6, 1));
    expect(texts(await world.settle(three))).toEqual(names(6, 1));
  },

  'a reader that waits at the end holds up no other one of its partition': async (world) => {
    await fill(world, 0, 4);
    const first = world.broker.reader(0, 4);
    const second = world.broker.reader(0, 0);
    const waits = watched(first.next());
    const behind = watched(second.next());
    for (let passed = 0; !behind.settled && passed < 3_000; passed += 50) await world.pass(50);
    expect(texts(behind.value ?? [])[0]).toBe('record 0');
    expect(waits.settled).toBe(false);
    first.close();
    second.close();
  },

  '`skipTo` passes over records, and never goes back': async (world) => {
    await fill(world, 0, 10);
    const reader = world.broker.reader(0, 0);
    reader.skipTo(4);
    expect(reader.position).toBe(4);
    reader.skipTo(2);
    expect(reader.position).toBe(4);
    expect(texts(await read(world, reader, 6))).toEqual(names(4, 6));
    reader.skipTo(5);
    expect(reader.position).toBe(10);
    reader.close();
  },

  '`skipTo` holds for a `next` that is still unanswered': async (world) => {
    await fill(world, 0, 5);
    const reader = world.broker.reader(0, 0);
    const next = reader.next();
    reader.skipTo(3);
    const seen = await world.settle(next);
    expect(texts(seen)[0]).toBe('record 3');
    reader.close();
  },

  'a reader skips what its owner has appended itself': async (world) => {
    const reader = world.broker.reader(0, 0);
    const next = reader.next();
    const own = world.broker.append(0, records(0, 3)).then(({ base }) => reader.skipTo(base + 3));
    await world.settle(own);
    await append(world, 0, records(3, 1));
    const seen = texts(await world.settle(next));
    expect(seen.at(-1)).toBe('record 3');
    // The answer may have crossed the records on their way: then they come, but each once.
    expect(names(0, 4).slice(-seen.length)).toEqual(seen);
    reader.close();
  },

  'one `next` at a time': async (world) => {
    const reader = world.broker.reader(0, 0);
    const first = reader.next();
    await refusesNext(world, reader);
    await append(world, 0, records(0, 1));
    expect(texts(await world.settle(first))).toEqual(names(0, 1));
    reader.close();
  },

  'a closed reader gives nothing, not even for a `next` that waits': async (world) => {
    const reader = world.broker.reader(0, 0);
    const seen = watched(reader.next());
    await world.pass(20);
    reader.close();
    await append(world, 0, records(0, 3));
    await world.pass(60);
    expect(seen.value).toBeUndefined();
  },

  'a long log is read to its end in bounded pieces': async (world) => {
    await fill(world, 0, 6_000, 1_000);
    const reader = world.broker.reader(0, 0);
    const first = await world.settle(reader.next());
    expect(first.length).toBeLessThan(6_000);
    const seen = [...first, ...(await read(world, reader, 6_000 - first.length))];
    expect(texts(seen)).toEqual(names(0, 6_000));
  },

  'a position past the end is out of range': async (world) => {
    await fill(world, 0, 3);
    const error = await failure(world, world.broker.reader(0, 5).next());
    expect(error).toBeInstanceOf(OffsetOutOfRange);
    expect(error).toMatchObject({ begin: 0, end: 3 });
  },

  'a position that was trimmed away is out of range': async (world) => {
    await fill(world, 0, 10);
    await world.settle(world.broker.trim(0, 6));
    const error = await failure(world, world.broker.reader(0, 2).next());
    expect(error).toBeInstanceOf(OffsetOutOfRange);
    expect(error).toMatchObject({ end: 10 });
  },
};
