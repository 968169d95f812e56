/* Batches as bytes: against themselves, against damage, and against kafkajs's own encoder and decoder. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../../src/adapters/kafka/crc32c.ts';
import { decodeBatches, encodeBatch } from '../../../src/adapters/kafka/record-batch.ts';

const require = createRequire(import.meta.url);

interface TheirRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer;
}
const TheirDecoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const theirDecode = require('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: object,
) => Promise<{ records: TheirRecord[] }>;
const theirRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (
  of: object,
) => object;
const { RecordBatch: theirEncode } = require('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch(of: object): Promise<{ buffer: Buffer }>;
};

const NOON = Date.UTC(2026, 5, 1, 12);
const values = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 200 });

/** As the broker stores it. */
function at(batch: Buffer, base: number): Buffer {
  const stored = Buffer.from(batch);
  stored.writeBigInt64BE(BigInt(base), 0);
  return stored;
}

describe('batches', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(values, fc.nat(), (records, base) => {
        const read = decodeBatches(at(encodeBatch(records, NOON), base), base);
        expect(read.map(({ offset }) => offset)).toEqual(records.map((_, i) => base + i));
        expect(read.map(({ bytes }) => bytes)).toEqual(records);
        expect(new Set(read.map(({ time }) => time))).toEqual(new Set([NOON]));
      }),
      { numRuns: 50 },
    );
  });

  test('are given from the wanted offset on, over several of them, the last one cut off', () => {
    const one = [0, 1, 2].map((i) => Uint8Array.of(i));
    const set = Buffer.concat([0, 3, 6].map((base) => at(encodeBatch(one, NOON), base)));
    const offsets = (from: number, bytes = set): number[] =>
      decodeBatches(bytes, from).map(({ offset }) => offset);
    expect(offsets(0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(offsets(4)).toEqual([4, 5, 6, 7, 8]);
    expect(offsets(9)).toEqual([]);
    expect(offsets(0, set.subarray(0, set.length - 1))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(offsets(0, set.subarray(0, 20))).toEqual([]);
  });

  test('that are damaged, compressed or old are refused', () => {
    const batch = encodeBatch([Uint8Array.of(1, 2, 3)], NOON);
    for (let i = 61; i < batch.length; i++) {
      const damaged = Buffer.from(batch);
      damaged[i] = (damaged[i] as number) ^ 1;
      expect(() => decodeBatches(damaged, 0)).toThrow('checksum');
    }
    const compressed = Buffer.from(batch);
    compressed[22] = 1;
    expect(() => decodeBatches(compressed, 0)).toThrow('compressed');
    const old = Buffer.from(batch);
    old[16] = 1;
    expect(() => decodeBatches(old, 0)).toThrow('old format');
  });

  test('are understood by kafkajs', async () => {
    const records = [new Uint8Array(0), Uint8Array.of(7), new Uint8Array(70_000).fill(9)];
    const batch = encodeBatch(records, NOON, new TextEncoder().encode('the key'));
    const { records: theirs } = await theirDecode(new TheirDecoder(batch));
    expect(theirs.map(({ value }) => value.length)).toEqual([0, 1, 70_000]);
    expect(theirs.map(({ key }) => key?.toString())).toEqual(['the key', 'the key', 'the key']);
    expect(theirs.map(({ timestamp }) => Number(timestamp))).toEqual([NOON, NOON, NOON]);
  });

  test('of kafkajs are understood, with keys, headers and times of their own', async () => {
    const records = [0, 1, 2].map((i) =>
      theirRecord({
        offsetDelta: i,
        timestampDelta: i * 5_000_000_000,
        key: i === 1 ? null : Buffer.from(`key ${i}`),
        value: Buffer.from(`value ${i}`),
        headers: { a: 'b', c: Buffer.from('d') },
      }),
    );
    const { buffer } = await theirEncode({
      records,
      firstTimestamp: NOON,
      maxTimestamp: NOON,
      lastOffsetDelta: 2,
    });
    const read = decodeBatches(Buffer.from(buffer), 0);
    expect(read.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
      'value 0',
      'value 1',
      'value 2',
    ]);
    expect(read.map(({ time }) => time - NOON)).toEqual([0, 5_000_000_000, 10_000_000_000]);
  });

  test('the checksum is that of the standard', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32), 0, 32)).toBe(0x8a9136aa);
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i * 7);
    for (let from = 0; from < 20; from++) {
      expect(crc32c(bytes, from, 80)).toBe(crc32c(bytes.slice(from, 80), 0, 80 - from));
    }
  });
});
