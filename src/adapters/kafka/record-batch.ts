/*
 * Kafka's record batches (magic 2): what is appended is one of them, what is fetched is a row of them.
 *
 * E1. One batch per append, uncompressed: the codec of the records has compressed what is worth it.
 * E2. Batches that lie wholly below the wanted offset are passed over without looking at their records.
 * E3. What is read is copied: a record that is kept does not keep the answer of a megabyte it came in.
 */
import type { StoredRecord } from '../../ports/index.ts';
import { crc32c } from './crc32c.ts';
import { KafkaError } from './kafka-error.ts';
import { BATCH_OVERHEAD_BYTES } from './limits.ts';

/** baseOffset, batchLength */
const FRAME_BYTES = 12;
const LEADER_EPOCH_AT = 12;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_DELTA_AT = 23;
const BASE_TIME_AT = 27;
const MAX_TIME_AT = 35;
const PRODUCER_AT = 43;
const COUNT_AT = 57;

const COMPRESSION_BITS = 0x07;
const LOG_APPEND_TIME_BIT = 0x08;
const CONTROL_BIT = 0x20;

/** One batch of `values`, all with the same `key` if there is one. */
export function encodeBatch(values: readonly Uint8Array[], time: number, key?: Uint8Array): Buffer {
  const keyBytes = key === undefined ? 1 : sizeOfVarint(key.length) + key.length;
  // attributes, time delta (0) and number of headers (0) take a byte each
  const bodyOf = (value: Uint8Array, i: number): number =>
    3 + sizeOfVarint(i) + keyBytes + sizeOfVarint(value.length) + value.length;
  let size = BATCH_OVERHEAD_BYTES;
  for (let i = 0; i < values.length; i++) {
    const body = bodyOf(values[i] as Uint8Array, i);
    size += sizeOfVarint(body) + body;
  }
  const batch = Buffer.allocUnsafe(size);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(size - FRAME_BYTES, 8);
  batch.writeInt32BE(-1, LEADER_EPOCH_AT);
  batch.writeInt8(2, MAGIC_AT);
  batch.writeInt16BE(0, ATTRIBUTES_AT);
  batch.writeInt32BE(values.length - 1, LAST_DELTA_AT);
  batch.writeBigInt64BE(BigInt(time), BASE_TIME_AT);
  batch.writeBigInt64BE(BigInt(time), MAX_TIME_AT);
  // no producer id, epoch and sequence: no idempotent producer (R17)
  batch.fill(0xff, PRODUCER_AT, COUNT_AT);
  batch.writeInt32BE(values.length, COUNT_AT);
  let at = BATCH_OVERHEAD_BYTES;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Uint8Array;
    at = writeVarint(batch, at, bodyOf(value, i));
    batch[at++] = 0;
    batch[at++] = 0;
    at = writeVarint(batch, at, i);
    if (key === undefined) batch[at++] = 1;
    else {
      at = writeVarint(batch, at, key.length);
      batch.set(key, at);
      at += key.length;
    }
    at = writeVarint(batch, at, value.length);
    batch.set(value, at);
    at += value.length;
    batch[at++] = 0;
  }
  batch.writeUInt32BE(crc32c(batch, ATTRIBUTES_AT, size), CRC_AT);
  return batch;
}

/** Records of a fetched row of batches, from offset `from` on. The last batch may be cut off. */
export function decodeBatches(set: Buffer, from: number): StoredRecord[] {
  const records: StoredRecord[] = [];
  let at = 0;
  while (at + BATCH_OVERHEAD_BYTES <= set.length) {
    const end = at + FRAME_BYTES + set.readInt32BE(at + 8);
    if (end > set.length) break;
    const base = Number(set.readBigInt64BE(at));
    if (base + set.readInt32BE(at + LAST_DELTA_AT) >= from) {
      decodeBatch(set.subarray(at, end), base, from, records);
    }
    at = end;
  }
  return records;
}

function decodeBatch(batch: Buffer, base: number, from: number, into: StoredRecord[]): void {
  const magic = batch.readInt8(MAGIC_AT);
  const attributes = batch.readInt16BE(ATTRIBUTES_AT);
  if (magic !== 2 || (attributes & COMPRESSION_BITS) !== 0) {
    const what = magic === 2 ? 'is compressed' : `has the old format ${magic}`;
    throw new KafkaError('foreign-batch', `the batch at offset ${base} ${what}`);
  }
  if (crc32c(batch, ATTRIBUTES_AT, batch.length) !== batch.readUInt32BE(CRC_AT)) {
    throw new KafkaError('corrupt', `the batch at offset ${base} does not match its checksum`);
  }
  // markers of transactions are no records
  if ((attributes & CONTROL_BIT) !== 0) return;
  const appended = (attributes & LOG_APPEND_TIME_BIT) !== 0;
  const time = Number(batch.readBigInt64BE(appended ? MAX_TIME_AT : BASE_TIME_AT));
  const cursor = new Cursor(batch, BATCH_OVERHEAD_BYTES);
  for (let count = batch.readInt32BE(COUNT_AT); count > 0; count--) {
    const next = cursor.varint() + cursor.at;
    cursor.at++;
    const delta = cursor.varint();
    const offset = base + cursor.varint();
    if (offset >= from) {
      const keyBytes = cursor.varint();
      if (keyBytes > 0) cursor.at += keyBytes;
      const length = Math.max(0, cursor.varint());
      const bytes = new Uint8Array(length);
      bytes.set(batch.subarray(cursor.at, cursor.at + length));
      into.push({ offset, time: appended ? time : time + delta, bytes });
    }
    cursor.at = next;
  }
}

/** Zigzag varints. As doubles: deltas of time may have more than 32 bits. */
class Cursor {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new KafkaError('corrupt', 'a record ends within a number');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
  }
}

/** Of numbers that are not negative and below 2^30. */
function sizeOfVarint(value: number): number {
  return value < 64 ? 1 : value < 8_192 ? 2 : value < 1_048_576 ? 3 : value < 134_217_728 ? 4 : 5;
}

function writeVarint(into: Uint8Array, from: number, value: number): number {
  let at = from;
  let rest = value * 2;
  while (rest > 127) {
    into[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  into[at++] = rest;
  return at;
}
