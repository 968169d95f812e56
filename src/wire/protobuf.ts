/*
 * protobufjs as Waybill uses it. Owns: how numbers and strings cross the wire, and the one scratch
 * buffer that messages are encoded into. Does not own: what the messages mean.
 *
 * B1 64-bit integers are plain numbers: what is not a safe integer is refused, both ways. (protobufjs
 *    would otherwise use Long objects as soon as anything in the process has loaded that package.)
 * B2 strings are well-formed: a lone surrogate, or bytes that are not UTF-8, are refused, both ways.
 */
import protobuf from 'protobufjs/minimal.js';
import { WireError } from './wire-error.ts';

const TWO_32 = 2 ** 32;
/** A scratch buffer that has grown beyond this is not kept. */
const SCRATCH_BYTES_MAX = 1 << 20;
/** Up to so many bytes two loops over ASCII beat the call into Buffer. */
const SHORT_TEXT = 64;
/** So many short texts are at hand; a power of two. */
const AT_HAND = 4_096;
/** Likewise on the way out, as long as the length is one byte. */
const SHORT_ASCII = 128;
const VARINT_BYTES_MAX = 10;

export class ExactReader extends protobuf.BufferReader {
  override int64(): never {
    const { buf, len } = this;
    let pos = this.pos;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= len) throw new RangeError(`a number is cut off at offset ${pos}`);
      const byte = buf[pos++] as number;
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 127) << 28;
        high = (byte & 127) >>> 4;
      } else high |= (byte & 127) << (shift - 32);
      if (byte < 128) {
        this.pos = pos;
        const value = (high | 0) * TWO_32 + (low >>> 0);
        if (!Number.isSafeInteger(value)) throw new RangeError(`a number is beyond 2^53`);
        return value as never; // the types know 64 bits only as Long
      }
    }
    throw new RangeError(`a number has more than 10 bytes at offset ${pos}`);
  }

  override string(): string {
    return this.stringVerify();
  }

  override stringVerify(): string {
    const length = this.size();
    const start = this.pos;
    const end = start + length;
    if (end > this.len) throw new RangeError(`a text of ${length} bytes is cut off at ${start}`);
    this.pos = end;
    return utf8(this.buf as Buffer, start, end);
  }
}

/** The text in these bytes; throws when they are not UTF-8. */
export function utf8(bytes: Buffer, start: number, end: number): string {
  const short = end - start <= SHORT_TEXT ? shortAscii(bytes, start, end) : undefined;
  if (short !== undefined) return short;
  const text = bytes.toString('utf8', start, end);
  // U+FFFD stands for what was not UTF-8, unless it was really written.
  if (text.includes('\uFFFD') && !Buffer.from(text).equals(bytes.subarray(start, end))) {
    throw new RangeError(`a text at offset ${start} is not UTF-8`);
  }
  return text;
}

/** Short texts that were read, each in a place that its bytes give. */
const atHand = Array.from({ length: AT_HAND }, () => '');

/**
 * What records say in short texts - ids of runs, pointers, names - they say over and over: mostly it is at hand, and
 * nothing is made. Undefined: there is more than ASCII.
 */
function shortAscii(bytes: Buffer, start: number, end: number): string | undefined {
  const length = end - start;
  let place = length;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 127) return undefined;
    place = (Math.imul(place, 31) + byte) | 0;
  }
  place = (place ^ (place >>> 12)) & (AT_HAND - 1);
  const known = atHand[place] as string;
  if (known.length === length) {
    let at = 0;
    while (at < length && known.charCodeAt(at) === bytes[start + at]) at++;
    if (at === length) return known;
  }
  return (atHand[place] = bytes.toString('latin1', start, end));
}

export class ExactWriter extends protobuf.BufferWriter {
  override int64(value: number): this {
    if (!Number.isSafeInteger(value)) throw new WireError(`${value} is not an integer below 2^53`);
    const { buf } = this;
    let { pos } = this;
    if (value < 0 || pos + VARINT_BYTES_MAX > buf.length) return super.int64(value) as this;
    // As protobufjs does, but for its object of two halves: times take this way in every record.
    let low = value >>> 0;
    let high = Math.floor(value / TWO_32);
    while (high > 0) {
      buf[pos++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    while (low > 127) {
      buf[pos++] = (low & 127) | 128;
      low >>>= 7;
    }
    buf[pos++] = low;
    this.pos = pos;
    return this;
  }

  override string(value: string): this {
    const { length } = value;
    const { buf, pos } = this;
    if (length < SHORT_ASCII && pos + length < buf.length) {
      // Most texts are short and ASCII: they are well-formed, and as many bytes as characters.
      let at = 0;
      for (; at < length; at++) {
        const char = value.charCodeAt(at);
        if (char > 127) break;
        buf[pos + 1 + at] = char;
      }
      if (at === length) {
        buf[pos] = length;
        this.pos = pos + 1 + length;
        return this;
      }
    }
    if (!value.isWellFormed()) throw new WireError(`a text has a lone surrogate`);
    return super.string(value) as this;
  }
}

/** What protobufjs generates for a message, as far as it is used here. */
export interface MessageType<Props, Message> {
  encode(message: Props, writer: protobuf.Writer): protobuf.Writer;
  decode(reader: protobuf.Reader): Message;
}

let scratch = new ExactWriter();

export function encodeMessage<Props>(type: MessageType<Props, unknown>, message: Props): Buffer {
  const writer = scratch;
  begin(writer);
  type.encode(message, writer);
  if (writer.buf.length > SCRATCH_BYTES_MAX) scratch = new ExactWriter();
  return writer.finish() as Buffer;
}

/**
 * Encodes messages that become part of another one at once: what it gives is overwritten by its next
 * `encode`, and copied by nobody before.
 */
export class PartEncoder {
  private writer = new ExactWriter();

  encode<Props>(type: MessageType<Props, unknown>, message: Props): Buffer {
    if (this.writer.buf.length > SCRATCH_BYTES_MAX) this.writer = new ExactWriter();
    const { writer } = this;
    begin(writer);
    type.encode(message, writer);
    return writer.buf.subarray(0, writer.pos) as Buffer;
  }
}

function begin(writer: ExactWriter): void {
  writer.states = null;
  writer.pos = 0;
}

export function decodeMessage<Message>(
  type: MessageType<never, Message>,
  bytes: Uint8Array,
): Message {
  return type.decode(new ExactReader(asBuffer(bytes)));
}

/** The same bytes, seen as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
