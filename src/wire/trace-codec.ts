/*
 * The messages of a trace file (proto/waybill/v1/trace.proto) to bytes and back. Within a block they
 * stand one after the other, each with its length in front.
 */
import { integer, uint32 } from './fields.ts';
import { waybill } from './generated/messages.js';
import { asBuffer, decodeMessage, encodeMessage, ExactReader, ExactWriter } from './protobuf.ts';
import { asWireError } from './wire-error.ts';

const v1 = waybill.v1;

export type TraceSource = 'kafka' | 'embedded' | 'simulator' | 'cut' | 'record';

/** What a file says of itself. */
export interface TraceHeader {
  /** version of the engine that has recorded it */
  readonly engine: string;
  readonly source: TraceSource;
  readonly prefix: string;
  readonly partitions: number;
  /** ms since the epoch */
  readonly recordedAt: number;
  /** JSON pointers of what was taken out before it was written */
  readonly redacted: readonly string[];
  /** names the key of the digests in it; '' = none */
  readonly keyName: string;
  /** what was asked for, in words */
  readonly selection: readonly string[];
  /** of the simulated run that it is of; '' = none */
  readonly token: string;
}

/** A Definition as it was deployed. */
export interface TraceDefinition {
  /** lower-case hex */
  readonly hash: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  /** canonical JSON */
  readonly document: string;
  readonly resources: { readonly [uri: string]: string };
}

/** Valid records that count together; an inbox record is a unit of its own. */
export interface TraceUnit {
  readonly partition: number;
  /** of the first record; the others follow it */
  readonly offset: number;
  /** append time, ms since the epoch */
  readonly time: number;
  readonly records: readonly Uint8Array[];
  /** of a campaign of the simulator: which of its worlds; else 0 */
  readonly world: number;
}

/** A block of units, and whose they are. */
export interface TracePlace {
  /** where the block begins in the file */
  readonly at: number;
  /** hash32 of run ids, ascending */
  readonly runs: readonly number[];
}

export interface TraceFooter {
  /** where the index blocks begin in the file */
  readonly indexes: readonly number[];
  readonly units: number;
  readonly records: number;
  /** records of the Logs that count for no reader, and were left out */
  readonly voidRecords: number;
}

export function encodeTraceHeader(header: TraceHeader): Buffer {
  return encodeMessage(v1.TraceHeader, {
    ...header,
    redacted: [...header.redacted],
    selection: [...header.selection],
  });
}

export function decodeTraceHeader(bytes: Uint8Array): TraceHeader {
  return read('the header of a trace', () => {
    const { engine, source, prefix, partitions, recordedAt, redacted, keyName, selection, token } =
      decodeMessage(v1.TraceHeader, bytes);
    return {
      engine,
      source: source as TraceSource,
      prefix,
      partitions,
      recordedAt,
      redacted,
      keyName,
      selection,
      token,
    };
  });
}

export function encodeTraceDefinition(definition: TraceDefinition): Buffer {
  return encodeMessage(v1.TraceDefinition, {
    ...definition,
    hash: Buffer.from(definition.hash, 'hex'),
    resources: { ...definition.resources },
  });
}

export function decodeTraceDefinition(bytes: Uint8Array): TraceDefinition {
  return read('a definition of a trace', () => {
    const { hash, namespace, name, version, document, resources } = decodeMessage(
      v1.TraceDefinition,
      bytes,
    );
    const hex = asBuffer(hash).toString('hex');
    return { hash: hex, namespace, name, version, document, resources: { ...resources } };
  });
}

export function encodeTraceUnit({ partition, offset, time, records, world }: TraceUnit): Buffer {
  return encodeMessage(v1.TraceUnit, {
    partition: uint32(partition, 'partition'),
    offset: integer(offset, 'offset'),
    time: integer(time, 'time'),
    records: records as Uint8Array[],
    world: uint32(world, 'world'),
  });
}

export function decodeTraceUnit(bytes: Uint8Array): TraceUnit {
  return read('a unit of a trace', () => {
    const { partition, offset, time, records, world } = decodeMessage(v1.TraceUnit, bytes);
    return { partition, offset, time, records, world };
  });
}

export function encodeTraceIndex(places: readonly TracePlace[]): Buffer {
  const blocks = places.map(({ at, runs }) => ({ at, runs: [...runs] }));
  return encodeMessage(v1.TraceIndex, { blocks });
}

export function decodeTraceIndex(bytes: Uint8Array): readonly TracePlace[] {
  return read('an index of a trace', () =>
    decodeMessage(v1.TraceIndex, bytes).blocks.map(({ at, runs }) => ({
      at: at ?? 0,
      runs: runs ?? [],
    })),
  );
}

export function encodeTraceFooter(footer: TraceFooter): Buffer {
  return encodeMessage(v1.TraceFooter, { ...footer, indexes: [...footer.indexes] });
}

export function decodeTraceFooter(bytes: Uint8Array): TraceFooter {
  return read('the footer of a trace', () => {
    const { indexes, units, records, voidRecords } = decodeMessage(v1.TraceFooter, bytes);
    return { indexes, units, records, voidRecords };
  });
}

/** A message with its length in front, as it stands in a block. */
export function delimited(message: Uint8Array): Buffer {
  const length = new ExactWriter().uint32(message.length).finish();
  return Buffer.concat([length, message]);
}

/** The messages of a block, in place. */
export function messagesIn(raw: Uint8Array): Uint8Array[] {
  return read('a block of a trace', () => {
    const reader = new ExactReader(asBuffer(raw));
    const messages: Uint8Array[] = [];
    while (reader.pos < reader.len) messages.push(reader.bytes());
    return messages;
  });
}

function read<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw asWireError(`not ${what}`, error);
  }
}
