/*
 * Headers of records, read without their bodies: what validity (PROTOCOL.md R4) and openness need.
 *
 * H1 `decodeHeader` neither decodes nor copies the payload. It is the hot path of every reader.
 * H2 a header is frozen: what this build does not know is skipped, and `minReader` tells the runtime
 *    whether it may act on the record (R21).
 */
import { waybill } from './generated/messages.js';
import { integer, uint32 } from './fields.ts';
import { asBuffer, ExactReader } from './protobuf.ts';
import type { RecordHeader, RecordKind } from './record.ts';
import { asWireError, WireError } from './wire-error.ts';

type HeaderMessage = waybill.v1.RecordHeader.$Properties;

/** By the numbers of envelope.proto. */
const KINDS: readonly (RecordKind | undefined)[] = [
  undefined,
  'START',
  'CONTROL',
  'CLAIM',
  'STEP',
  'PARK',
  'RESUME',
  'SCHEDULE',
  'FIRE',
  'CANCELLING',
  'END',
  'ANSWER',
  'CARRY',
  'OUTPUT',
  'MARK',
  'CLOSE',
];
const NUMBERS = new Map<RecordKind | undefined, waybill.v1.RecordKind>(
  KINDS.map((kind, number) => [kind, number]),
);

const LOWER_HEX = /^(?:[0-9a-f]{2})*$/;

export function kindNumber(kind: RecordKind): waybill.v1.RecordKind {
  const number = NUMBERS.get(kind);
  if (number === undefined) throw new WireError(`there is no record kind ${kind}`);
  return number;
}

export function headerToMessage(header: RecordHeader): HeaderMessage {
  return {
    kind: kindNumber(header.kind),
    tenure: integer(header.tenure, 'tenure'),
    nonce: uint32(header.nonce, 'nonce'),
    n: integer(header.n, 'n'),
    unit: integer(header.unit, 'unit'),
    unitSize: uint32(header.unitSize, 'unitSize'),
    targets: header.targets.map((target) => integer(target, 'targets')),
    runId: header.run,
    strand: header.strand,
    hop: uint32(header.hop, 'hop'),
    definition: hashBytes(header.definition),
    time: integer(header.time, 'time'),
    minReader: uint32(header.minReader, 'minReader'),
    joins: uint32(header.joins, 'joins'),
    carries: integer(header.carries + 1, 'carries'),
    journal: header.journal ?? false,
  };
}

// Records in a row mostly run the same Definition.
let cachedHex = '';
let cachedBytes = Buffer.alloc(0);

/** Of a Definition hash in hex; none for an empty one. */
export function hashBytes(hex: string): Buffer {
  if (hex !== cachedHex) {
    if (!LOWER_HEX.test(hex)) {
      throw new WireError(`the definition hash ${JSON.stringify(hex)} is not lower-case hex`);
    }
    cachedBytes = Buffer.from(hex, 'hex');
    cachedHex = hex;
  }
  return cachedBytes;
}

function toHex(bytes: Buffer, start: number, end: number): string {
  if (end - start !== cachedBytes.length || bytes.compare(cachedBytes, 0, undefined, start, end)) {
    cachedBytes = Buffer.from(bytes.subarray(start, end));
    cachedHex = cachedBytes.toString('hex');
  }
  return cachedHex;
}

/** The header of an encoded record. */
export function decodeHeader(bytes: Uint8Array): RecordHeader {
  const buffer = asBuffer(bytes);
  try {
    const reader = new ExactReader(buffer);
    let header: RecordHeader | undefined;
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      if (tag === 50) header = readHeader(reader, reader.size());
      else reader.skipType(tag & 7, 0, tag >>> 3);
    }
    if (header === undefined) throw new WireError('it has no header');
    return header;
  } catch (error) {
    throw asWireError('not a record', error);
  }
}

/** Reads on to the body of an encoded record; gives where that ends. Without one there is nothing to be read. */
function toPayload(reader: ExactReader): number {
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag !== PAYLOAD) reader.skipType(tag & 7, 0, tag >>> 3);
    else {
      const size = reader.size();
      if (size > reader.len - reader.pos) throw new RangeError('the body is cut off');
      return reader.pos + size;
    }
  }
  return reader.len;
}

/**
 * Whether the body of a STEP, PARK or END may hold events that its hop has emitted: nothing of it is decoded.
 * Throws a WireError where it is cut off.
 */
export function mayCarryEvents(bytes: Uint8Array): boolean {
  try {
    const reader = new ExactReader(asBuffer(bytes));
    const end = toPayload(reader);
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === EMITTED) return true;
      reader.skipType(tag & 7, 0, tag >>> 3);
    }
    return false;
  } catch (error) {
    throw asWireError('not a record', error);
  }
}

/** What a CARRY says of what it carries, whose body is not decoded. Throws a WireError. */
export function decodeCarried(bytes: Uint8Array): {
  readonly header: RecordHeader;
  readonly takeovers: number;
} {
  try {
    const reader = new ExactReader(asBuffer(bytes));
    const end = toPayload(reader);
    let header: RecordHeader | undefined;
    let takeovers = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === CARRIED_HEADER) header = readHeader(reader, reader.size());
      else if (tag === CARRIED_TAKEOVERS) takeovers = reader.uint32();
      else reader.skipType(tag & 7, 0, tag >>> 3);
    }
    if (header === undefined) throw new WireError('the header is missing');
    return { header, takeovers };
  } catch (error) {
    throw asWireError('what is carried', error);
  }
}

// 8 * field number + wire type: of MessageEnvelope, WorkflowCommand and CarryRecord
const PAYLOAD = 26;
const EMITTED = 322;
const CARRIED_HEADER = 10;
const CARRIED_TAKEOVERS = 24;

/** A header on its own, as a CARRY holds it. */
export function decodeBareHeader(bytes: Uint8Array): RecordHeader {
  const buffer = asBuffer(bytes);
  return readHeader(new ExactReader(buffer), buffer.length);
}

function readHeader(reader: ExactReader, length: number): RecordHeader {
  const buffer = reader.buf as Buffer;
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('the header is cut off');
  const outer = reader.len;
  reader.len = end;
  let kind = 0;
  let tenure = 0;
  let nonce = 0;
  let n = 0;
  let unit = 0;
  let unitSize = 0;
  let targets: number[] | undefined;
  let run = '';
  let strand = '';
  let hop = 0;
  let definition = '';
  let time = 0;
  let minReader = 0;
  let joins = 0;
  let carries = 0;
  let journal = false;
  while (reader.pos < end) {
    const tag = reader.tag();
    // field number and wire type at once: 8 * number + (0 varint, 2 length-delimited)
    switch (tag) {
      case 8:
        kind = reader.uint32();
        break;
      case 16:
        tenure = reader.int64();
        break;
      case 24:
        nonce = reader.uint32();
        break;
      case 32:
        n = reader.int64();
        break;
      case 40:
        unit = reader.int64();
        break;
      case 48:
        unitSize = reader.uint32();
        break;
      case 56:
        (targets ??= []).push(reader.int64());
        break;
      case 58:
        targets = reader.int64s(targets) as number[];
        break;
      case 66:
        run = reader.stringVerify();
        break;
      case 74:
        strand = reader.stringVerify();
        break;
      case 80:
        hop = reader.uint32();
        break;
      case 90: {
        const size = reader.size();
        const start = reader.pos;
        reader.skip(size);
        definition = toHex(buffer, start, start + size);
        break;
      }
      case 96:
        time = reader.int64();
        break;
      case 104:
        minReader = reader.uint32();
        break;
      case 112:
        joins = reader.uint32();
        break;
      case 120:
        carries = reader.int64();
        break;
      case 128:
        journal = reader.bool();
        break;
      default:
        reader.skipType(tag & 7, 0, tag >>> 3);
    }
  }
  if (reader.pos !== end) throw new RangeError('the header is cut off');
  reader.len = outer;
  const name = KINDS[kind];
  if (name === undefined) throw new WireError(`there is no record kind ${kind}`, { minReader });
  const header: RecordHeader = {
    kind: name,
    tenure,
    nonce,
    n,
    unit,
    unitSize,
    targets: targets ?? NONE,
    run,
    strand,
    hop,
    definition,
    time,
    minReader,
    joins,
    carries: carries - 1,
  };
  return journal ? { ...header, journal } : header;
}

const NONE: readonly number[] = Object.freeze([]);
