/* range, fetch, offsetAt, trim, hint. */
import { expect } from 'vitest';
import { OffsetOutOfRange } from '../../src/ports/index.ts';
import type { BrokerWorld } from './broker-contract.ts';
import { append, everything, fill, names, records, texts } from './log-driver.ts';
import { type Cases, failure } from './suite.ts';

export const randomAccessCases: Cases<BrokerWorld> = {
  'fetch gives [from, to)': async (world) => {
    await fill(world, 0, 10);
    const { broker } = world;
    expect(texts(await world.settle(broker.fetch(0, 3, 6)))).toEqual(names(3, 3));
    expect(texts(await world.settle(broker.fetch(0, 0, 10)))).toEqual(names(0, 10));
    expect(texts(await world.settle(broker.fetch(0, 9, 10)))).toEqual(names(9, 1));
  },

  'fetch of nothing gives nothing': async (world) => {
    expect(await world.settle(world.broker.fetch(0, 0, 0))).toEqual([]);
    await fill(world, 0, 3);
    expect(await world.settle(world.broker.fetch(0, 1, 1))).toEqual([]);
    expect(await world.settle(world.broker.fetch(0, 3, 3))).toEqual([]);
  },

  'fetch of a long range gives all of it': async (world) => {
    await fill(world, 0, 2_500, 2_500);
    const stored = await world.settle(world.broker.fetch(0, 100, 2_400));
    expect(texts(stored)).toEqual(names(100, 2_300));
  },

  'fetch outside of the log is out of range': async (world) => {
    await fill(world, 0, 10);
    await world.settle(world.broker.trim(0, 5));
    for (const [from, to] of [
      [0, 7],
      [8, 11],
      [12, 13],
    ] as const) {
      const error = await failure(world, world.broker.fetch(0, from, to));
      expect(error).toBeInstanceOf(OffsetOutOfRange);
    }
  },

  'offsetAt finds the first record at or after a time': async (world) => {
    const appended = [];
    for (let i = 0; i < 6; i++) {
      appended.push(await append(world, 0, records(i * 3, 3)));
      await world.pass(5);
    }
    const at = (time: number): Promise<number> => world.settle(world.broker.offsetAt(0, time));
    const times = (await everything(world, 0)).map(({ time }) => time);
    for (const { time } of appended) {
      expect(await at(time)).toBe(times.indexOf(time));
      const later = times.findIndex((other) => other > time);
      expect(await at(time + 1)).toBe(later === -1 ? 18 : later);
    }
    expect(await at(0)).toBe(0);
    expect(await at((times.at(-1) as number) + 60_000)).toBe(18);
  },

  'offsetAt of an empty log is its end': async (world) => {
    expect(await world.settle(world.broker.offsetAt(1, 0))).toBe(0);
    expect(await world.settle(world.broker.offsetAt(1, Date.now() * 2))).toBe(0);
  },

  'trim drops only what is below, and offsets go on': async (world) => {
    await fill(world, 0, 3_000);
    await world.settle(world.broker.trim(0, 2_500));
    const { begin, end } = await world.settle(world.broker.range(0));
    expect(begin).toBeLessThanOrEqual(2_500);
    expect(end).toBe(3_000);
    expect(texts(await world.settle(world.broker.fetch(0, 2_500, 3_000)))).toEqual(
      names(2_500, 500),
    );
    expect((await append(world, 0, records(3_000, 1))).base).toBe(3_000);
  },

  'trim to the end and beyond keeps the end': async (world) => {
    await fill(world, 0, 10);
    await world.settle(world.broker.trim(0, 10));
    await world.settle(world.broker.trim(0, 500));
    expect((await world.settle(world.broker.range(0))).end).toBe(10);
    const reader = world.broker.reader(0, 10);
    const next = reader.next();
    expect((await append(world, 0, records(10, 1))).base).toBe(10);
    expect(texts(await world.settle(next))).toEqual(names(10, 1));
  },

  'a process that comes after a trim finds the same end': async (world) => {
    await fill(world, 0, 10);
    await world.settle(world.broker.trim(0, 10));
    const other = await world.another();
    const { begin, end } = await world.settle(other.range(0));
    expect(begin).toBeLessThanOrEqual(10);
    expect(end).toBe(10);
    expect((await world.settle(other.append(0, records(10, 1)))).base).toBe(10);
  },

  'trim backwards and of an empty log does nothing': async (world) => {
    await world.settle(world.broker.trim(0, 5));
    await fill(world, 0, 10);
    await world.settle(world.broker.trim(0, 8));
    await world.settle(world.broker.trim(0, 2));
    const { begin, end } = await world.settle(world.broker.range(0));
    expect(begin).toBeLessThanOrEqual(8);
    expect(end).toBe(10);
    expect(texts(await world.settle(world.broker.fetch(0, 8, 10)))).toEqual(names(8, 2));
  },

  'trim leaves other partitions alone': async (world) => {
    await fill(world, 0, 10);
    await fill(world, 1, 10);
    await world.settle(world.broker.trim(0, 9));
    expect(texts(await everything(world, 1))).toEqual(names(0, 10));
  },

  'appends and readers go on during a trim': async (world) => {
    await fill(world, 0, 4_000);
    const trimmed = world.broker.trim(0, 3_999);
    const appended = world.broker.append(0, records(4_000, 5));
    const reader = world.broker.reader(0, 3_999);
    expect((await world.settle(appended)).base).toBe(4_000);
    expect(texts(await world.settle(reader.next()))[0]).toBe('record 3999');
    await world.settle(trimmed);
    expect((await world.settle(world.broker.range(0))).end).toBe(4_005);
  },

  'a hint is one that was saved, or none': async (world) => {
    expect(await world.settle(world.broker.hint(0))).toBeUndefined();
    world.broker.saveHint(0, 7);
    expect([undefined, 7]).toContain(await world.settle(world.broker.hint(0)));
    world.broker.saveHint(0, 9);
    await append(world, 0, records(0, 1));
    await world.pass(50);
    expect([undefined, 7, 9]).toContain(await world.settle(world.broker.hint(0)));
    expect(await world.settle(world.broker.hint(1))).toBeUndefined();
  },
};
