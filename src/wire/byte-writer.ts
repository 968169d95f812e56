/*
 * ByteWriter: protobuf fields straight into one buffer, for messages that are written so often that making
 * an object of each first would cost more than writing it (direct-encoder.ts).
 *
 * W1. Tags are given as they stand on the wire: 8 * number + type, of one or two bytes.
 * W2. Texts are well-formed: a lone surrogate is refused. Numbers have been checked before (fields.ts).
 * W3. What it has written is good until the next `begin`.
 */
import { WireError } from './wire-error.ts';

const TWO_32 = 2 ** 32;
const VARINT_BYTES_MAX = 10;
const FIRST_BYTES = 4_096;
/** A buffer that has grown beyond this is not kept. */
const KEPT_BYTES_MAX = 1 << 20;
/** A loop over ASCII beats the call into Buffer up to about here. */
const LOOP_MAX = 96;
/** Bytes of UTF-8 that a UTF-16 code unit takes at most. */
const UTF8_MAX = 3;
/** Up to here room for the longest UTF-8 there may be is cheaper than counting how long it is. */
const UNCOUNTED_MAX = 4_096;

export class ByteWriter {
  private buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private at = 0;

  begin(): void {
    this.at = 0;
    if (this.buffer.length > KEPT_BYTES_MAX) this.buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** A copy of what has been written since `begin`. */
  finish(): Buffer {
    const { at, buffer } = this;
    const copy = Buffer.allocUnsafe(at);
    buffer.copy(copy, 0, 0, at);
    return copy;
  }

  private reserve(bytes: number): void {
    const needed = this.at + bytes;
    if (needed > this.buffer.length) this.grow(needed);
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  // -- fields ------------------------------------------------------------------------------------

  /** An integer from 0 to 2^32 - 1, or of 64 bits. */
  number(tag: number, value: number): void {
    this.reserve(2 * VARINT_BYTES_MAX);
    this.tag(tag);
    this.varint(value);
  }

  flag(tag: number, value: boolean): void {
    this.number(tag, value ? 1 : 0);
  }

  /** Integers of 64 bits, packed. */
  numbers(tag: number, values: readonly number[]): void {
    this.reserve(2 * VARINT_BYTES_MAX + VARINT_BYTES_MAX * values.length);
    const length = this.open(tag);
    for (const value of values) this.varint(value);
    this.close(length);
  }

  bytes(tag: number, value: Uint8Array): void {
    this.reserve(2 * VARINT_BYTES_MAX + value.length);
    this.tag(tag);
    this.varint(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  text(tag: number, value: string): void {
    const { length } = value;
    if (length <= LOOP_MAX) {
      this.reserve(VARINT_BYTES_MAX + length);
      const start = this.at;
      this.tag(tag);
      const { at, buffer } = this;
      // Most texts are short and ASCII: they are well-formed, and as many bytes as characters.
      let i = 0;
      for (; i < length; i++) {
        const char = value.charCodeAt(i);
        if (char > 127) break;
        buffer[at + 1 + i] = char;
      }
      if (i === length) {
        buffer[at] = length;
        this.at = at + 1 + length;
        return;
      }
      this.at = start;
    }
    const opened = this.open(tag, length > LOOP_MAX);
    this.piece(value);
    this.close(opened);
  }

  /** Part of a text, between `open` and `close`. */
  piece(value: string): void {
    const { length } = value;
    this.reserve(length <= UNCOUNTED_MAX ? UTF8_MAX * length : Buffer.byteLength(value));
    const { at, buffer } = this;
    if (length <= LOOP_MAX) {
      let i = 0;
      for (; i < length; i++) {
        const char = value.charCodeAt(i);
        if (char > 127) break;
        buffer[at + i] = char;
      }
      if (i === length) {
        this.at = at + length;
        return;
      }
    }
    if (!value.isWellFormed()) throw new WireError(`a text has a lone surrogate`);
    this.at = at + buffer.write(value, at, 'utf8');
  }

  // -- messages ----------------------------------------------------------------------------------

  /**
   * Begins a field of several bytes; what it gives ends it. One that will mostly have 128 bytes or more
   * is `long`: then nothing has to be moved for its length.
   */
  open(tag: number, long = false): number {
    this.reserve(VARINT_BYTES_MAX);
    this.tag(tag);
    const start = this.at;
    this.at = start + (long ? 2 : 1);
    return long ? -start : start;
  }

  /** Ends the field that `opened` was given for. */
  close(opened: number): void {
    const start = Math.abs(opened);
    const room = opened < 0 ? 2 : 1;
    const from = start + room;
    const length = this.at - from;
    const bytes = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4;
    if (bytes !== room) {
      this.reserve(VARINT_BYTES_MAX);
      this.buffer.copyWithin(start + bytes, from, this.at);
    }
    this.at = start;
    this.varint(length);
    this.at += length;
  }

  /** How many bytes have been written since `opened` was given. */
  lengthOf(opened: number): number {
    return this.at - Math.abs(opened) - (opened < 0 ? 2 : 1);
  }

  /** ... and which; good until more is written. */
  since(opened: number): Buffer {
    return this.buffer.subarray(Math.abs(opened) + (opened < 0 ? 2 : 1), this.at);
  }

  /** Takes back the field that `opened` was given for, and all behind it. */
  drop(opened: number, tag: number): void {
    this.at = Math.abs(opened) - (tag < 128 ? 1 : 2);
  }

  // -- without checks of room --------------------------------------------------------------------

  private tag(tag: number): void {
    if (tag > 127) {
      this.buffer[this.at++] = (tag & 127) | 128;
      this.buffer[this.at++] = tag >>> 7;
    } else this.buffer[this.at++] = tag;
  }

  private varint(value: number): void {
    const { buffer } = this;
    let { at } = this;
    // A negative one is its two's complement of 64 bits: ten bytes, as protobuf has it.
    let low = value >>> 0;
    let high = Math.floor(value / TWO_32) >>> 0;
    while (high > 0) {
      buffer[at++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    while (low > 127) {
      buffer[at++] = (low & 127) | 128;
      low >>>= 7;
    }
    buffer[at++] = low;
    this.at = at;
  }
}
