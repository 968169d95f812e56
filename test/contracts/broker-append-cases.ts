/* B1, B2: batches, offsets, limits, append times. */
import { expect } from 'vitest';
import { AppendRefused } from '../../src/ports/index.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from '../../src/wire/limits.ts';
import type { BrokerWorld } from './broker-contract.ts';
import { append, everything, names, records, texts } from './log-driver.ts';
import { type Cases, failure } from './suite.ts';

async function expectTooLarge(world: BrokerWorld, batch: readonly Uint8Array[]): Promise<void> {
  const error = await failure(world, world.broker.append(0, batch));
  expect(error).toBeInstanceOf(AppendRefused);
  expect(error).toMatchObject({ code: 'too-large', retriable: false });
  expect(await world.settle(world.broker.range(0))).toEqual({ begin: 0, end: 0 });
}

export const appendCases: Cases<BrokerWorld> = {
  'an empty partition begins and ends at 0': async (world) => {
    expect(world.broker.partitions).toBeGreaterThanOrEqual(2);
    expect(await world.settle(world.broker.range(0))).toEqual({ begin: 0, end: 0 });
  },

  'batches take consecutive offsets in the order of their answers': async (world) => {
    expect((await append(world, 0, records(0, 3))).base).toBe(0);
    expect((await append(world, 0, records(3, 1))).base).toBe(3);
    expect((await append(world, 0, records(4, 20))).base).toBe(4);
    const stored = await everything(world, 0);
    expect(stored.map(({ offset }) => offset)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(texts(stored)).toEqual(names(0, 24));
  },

  'bytes come back as they went in': async (world) => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const large = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251);
    await append(world, 0, [all, large, Uint8Array.of(0)]);
    const stored = await everything(world, 0);
    expect(stored.map(({ bytes }) => Array.from(bytes.subarray(0, 300)))).toEqual(
      [all, large, Uint8Array.of(0)].map((bytes) => Array.from(bytes.subarray(0, 300))),
    );
    expect(Buffer.compare(stored[1]?.bytes ?? new Uint8Array(), large)).toBe(0);
  },

  'what was read belongs to the reader': async (world) => {
    await append(world, 0, records(0, 1));
    const [first] = await everything(world, 0);
    first?.bytes.fill(0);
    expect(texts(await everything(world, 0))).toEqual(names(0, 1));
  },

  'batches that are appended at once land whole, none within another': async (world) => {
    const answers = [];
    for (let i = 0; i < 30; i++)
      answers.push(world.broker.append(0, records(i * 100, 1 + (i % 9))));
    const bases: number[] = [];
    for (const answer of answers) bases.push((await world.settle(answer)).base);
    const stored = texts(await everything(world, 0));
    bases.forEach((base, i) => {
      const count = 1 + (i % 9);
      expect(stored.slice(base, base + count)).toEqual(names(i * 100, count));
    });
    expect(stored).toHaveLength(
      Array.from({ length: 30 }, (_, i) => 1 + (i % 9)).reduce((a, b) => a + b),
    );
  },

  'partitions are logs of their own': async (world) => {
    const answers = [world.broker.append(0, records(0, 2)), world.broker.append(1, records(10, 3))];
    for (const answer of answers) expect((await world.settle(answer)).base).toBe(0);
    expect(texts(await everything(world, 0))).toEqual(names(0, 2));
    expect(texts(await everything(world, 1))).toEqual(names(10, 3));
  },

  'an answered append is seen at once': async (world) => {
    const { base } = await append(world, 1, records(0, 5));
    expect(await world.settle(world.broker.range(1))).toEqual({ begin: base, end: base + 5 });
    expect(texts(await world.settle(world.broker.fetch(1, base, base + 5)))).toEqual(names(0, 5));
    expect(texts(await world.settle(world.broker.reader(1, base).next()))[0]).toBe('record 0');
  },

  'append times never decrease, and are those of the answers': async (world) => {
    const times: number[] = [];
    for (let i = 0; i < 10; i++) {
      const { time } = await append(world, 0, records(i * 2, 2));
      times.push(time, time);
      if (i % 3 === 0) await world.pass(3);
    }
    const stored = await everything(world, 0);
    expect(stored.map(({ time }) => time)).toEqual(times);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  },

  'the largest record and the largest batch are taken': async (world) => {
    await append(world, 0, [new Uint8Array(RECORD_BYTES_MAX).fill(7)]);
    await append(world, 0, records(0, BATCH_RECORDS_MAX));
    const stored = await everything(world, 0);
    expect(stored).toHaveLength(BATCH_RECORDS_MAX + 1);
    expect(stored[0]?.bytes).toHaveLength(RECORD_BYTES_MAX);
  },

  'a record over the limit is refused': async (world) => {
    await expectTooLarge(world, [...records(0, 2), new Uint8Array(RECORD_BYTES_MAX + 1)]);
  },

  'a batch of too many bytes is refused whole': async (world) => {
    const half = new Uint8Array(BATCH_BYTES_MAX / 2);
    await expectTooLarge(world, [half, half, Uint8Array.of(1)]);
  },

  'a batch of too many records is refused whole': async (world) => {
    await expectTooLarge(world, records(0, BATCH_RECORDS_MAX + 1));
  },

  'a refused batch does not fail the others': async (world) => {
    const before = world.broker.append(0, records(0, 2));
    const refused = world.broker.append(0, [new Uint8Array(RECORD_BYTES_MAX + 1)]);
    const after = world.broker.append(0, records(2, 2));
    expect(await failure(world, refused)).toBeInstanceOf(AppendRefused);
    await world.settle(before);
    await world.settle(after);
    expect(texts(await everything(world, 0)).sort()).toEqual(names(0, 4));
  },

  'nothing is answered before `append` has returned': async (world) => {
    let returned = false;
    let early = false;
    const answer = world.broker.append(0, records(0, 1)).then(() => {
      early ||= !returned;
    });
    returned = true;
    await world.settle(answer);
    expect(early).toBe(false);
  },
};
