/*
 * A body that was read and not decoded. Who takes over reads many records that others have resolved since:
 * only of what is still open will anybody want to know what it says.
 *
 * U1. Whoever asks for what it says gets it, or a WireError: nobody else must know that it was not decoded.
 */
import { decodeRecordBody, type RecordBody, type RecordHeader, WireError } from '../wire/index.ts';

/** Bytes that are part of so much larger a buffer are copied: else they would hold all of that. */
const PART_OF = 2;
/** What an undecoded body weighs besides its bytes, about. */
const HOLDER_BYTES = 200;

export class Unread {
  /** of the record: a CARRY, or what it is about */
  private readonly header: RecordHeader;
  private readonly bytes: Uint8Array;

  constructor(header: RecordHeader, bytes: Uint8Array) {
    this.header = header;
    this.bytes = bytes.buffer.byteLength > PART_OF * bytes.length ? new Uint8Array(bytes) : bytes;
  }

  /** bytes in memory */
  get weight(): number {
    return this.bytes.length + HOLDER_BYTES;
  }

  /** What it says; of a CARRY, what is carried. Throws a WireError. */
  decode(): RecordBody {
    const body = decodeRecordBody(this.header, this.bytes);
    if (this.header.kind !== 'CARRY') return body;
    if (body.kind === 'CARRY') return body.body;
    throw new WireError('it carries nothing');
  }
}
