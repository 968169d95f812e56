/*
 * A MessageEnvelope as most readers want it: what it is and what it carries, read in place. Its other fields are for
 * people and other tools: they are passed over, not decoded.
 *
 * V1. As in all of protobuf, of a field that comes twice the last one counts, and one that is left out is empty.
 */
import { ExactReader } from './protobuf.ts';

/** 8 * field number + wire type */
const TYPE = 18;
const PAYLOAD = 26;
const NOTHING = Buffer.alloc(0);

/** The type of a message, and where its body stands. Throws RangeErrors. */
export function skimEnvelope(buffer: Buffer): {
  readonly type: string;
  readonly start: number;
  readonly end: number;
} {
  const reader = new ExactReader(buffer);
  let type = '';
  let start = 0;
  let end = 0;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === TYPE) type = reader.string();
    else if (tag === PAYLOAD) {
      const size = reader.size();
      start = reader.pos;
      end = start + size;
      reader.skip(size);
    } else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return { type, start, end };
}

/** The bytes of the body, in place. */
export function payloadOf(buffer: Buffer): Buffer {
  const reader = new ExactReader(buffer);
  let payload: Buffer = NOTHING;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === PAYLOAD) payload = reader.bytes() as Buffer;
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return payload;
}
