/*
 * A record with its State as it is, uncompressed: what a trace holds. Its blocks are compressed as a
 * whole, which saves more, and a reader unpacks each block once instead of each State.
 */
import { decompress } from './compress.ts';
import { asBuffer, ExactReader, ExactWriter } from './protobuf.ts';
import { asWireError } from './wire-error.ts';

/** Tags: 8 * number + 2 (length-delimited) or + 0 (varint). */
const PAYLOAD = 26;
const WORKFLOW_STATE = 42;
const STATE_ENCODING = 72;

/** The same record; these very bytes if there is nothing to unpack. Its kind must be a command's. */
export function unpackedRecord(bytes: Uint8Array): Uint8Array {
  try {
    const buffer = asBuffer(bytes);
    const envelope = fieldsOf(buffer);
    const payload = envelope.find(({ tag }) => tag === PAYLOAD);
    if (payload?.content === undefined) return bytes;
    const command = fieldsOf(payload.content);
    const state = command.find(({ tag }) => tag === WORKFLOW_STATE)?.content;
    if (state === undefined || !command.some(({ tag }) => tag === STATE_ENCODING)) return bytes;
    const plain = new ExactWriter();
    for (const field of command) {
      if (field.tag === WORKFLOW_STATE) plain.uint32(WORKFLOW_STATE).bytes(decompress(state));
      else if (field.tag !== STATE_ENCODING) write(plain, field);
    }
    const unpacked = plain.finish();
    const whole = new ExactWriter();
    for (const field of envelope) {
      if (field.tag === PAYLOAD) whole.uint32(PAYLOAD).bytes(unpacked);
      else write(whole, field);
    }
    return whole.finish();
  } catch (error) {
    throw asWireError('not a record', error);
  }
}

interface Field {
  readonly tag: number;
  /** of what has a length */
  readonly content: Buffer | undefined;
  /** tag and all, as it stands */
  readonly raw: Buffer;
}

function fieldsOf(buffer: Buffer): Field[] {
  const reader = new ExactReader(buffer);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.tag();
    let content: Buffer | undefined;
    if ((tag & 7) === 2) {
      const size = reader.size();
      const from = reader.pos;
      reader.skip(size);
      content = buffer.subarray(from, from + size);
    } else reader.skipType(tag & 7, 0, tag >>> 3);
    fields.push({ tag, content, raw: buffer.subarray(start, reader.pos) });
  }
  return fields;
}

/** As it was: the writer knows bytes with a length in front only, so that is taken off again. */
function write(writer: ExactWriter, { content, raw, tag }: Field): void {
  if (content !== undefined) {
    writer.uint32(tag).bytes(content);
    return;
  }
  const reader = new ExactReader(raw);
  reader.tag();
  if ((tag & 7) === 0) writer.uint32(tag).int64(reader.int64());
  else throw new RangeError(`a field of wire type ${tag & 7} is not expected`);
}
