/*
 * LogRecord <-> MessageEnvelope bytes.
 *
 * R1 whatever the bytes, the outcome is a record or a WireError that names what is wrong, in time
 *    proportional to their length.
 * R2 the header says what the body is; the envelope's other fields are for people and other tools.
 */
import { decodeBody, encodeBodyPart } from './body-codec.ts';
import { encodeDirect, isDirect } from './direct-encoder.ts';
import { payloadOf } from './envelope.ts';
import { waybill } from './generated/messages.js';
import { decodeHeader, headerToMessage } from './header.ts';
import { isoInstant } from './iso-instant.ts';
import { asBuffer, encodeMessage } from './protobuf.ts';
import type { LogRecord, RecordBody, RecordHeader } from './record.ts';
import { asWireError } from './wire-error.ts';

export type EnvelopeMessage = waybill.v1.MessageEnvelope.$Properties;

export function encodeRecord(record: LogRecord): Uint8Array {
  try {
    if (isDirect(record)) return encodeDirect(record.header, record.body);
    return encodeByMessages(record);
  } catch (error) {
    throw asWireError(`a record of kind ${record.header.kind} cannot be encoded`, error);
  }
}

/** Any record, by the generated code. */
export function encodeByMessages(record: LogRecord): Uint8Array {
  const payload = encodeBodyPart(record.header, record.body);
  return encodeMessage(waybill.v1.MessageEnvelope, envelopeOf(record, payload));
}

export function envelopeOf(record: LogRecord, payload: Uint8Array): EnvelopeMessage {
  const { header, body } = record;
  return {
    messageId: messageId(header),
    messageType: header.kind === 'PARK' ? 'EVENT' : 'COMMAND',
    payload,
    createdAt: isoInstant(header.time),
    correlationId: correlationId(body),
    header: headerToMessage(header),
  };
}

function messageId(header: RecordHeader): string {
  return header.run === ''
    ? `${header.kind}@${header.tenure}.${header.n}`
    : `${header.run}/${header.strand}#${header.hop}`;
}

function correlationId(body: RecordBody): string | null {
  if (body.kind === 'START' || body.kind === 'END') return body.caller?.correlationId ?? null;
  if (body.kind === 'STEP' || body.kind === 'PARK') return body.state.caller?.correlationId ?? null;
  return null;
}

export function decodeRecord(bytes: Uint8Array): LogRecord {
  const header = decodeHeader(bytes);
  return { header, body: decodeRecordBody(header, bytes) };
}

/** The body of a record whose header has been read. */
export function decodeRecordBody(header: RecordHeader, bytes: Uint8Array): RecordBody {
  try {
    return decodeBody(header, payloadOf(asBuffer(bytes)));
  } catch (error) {
    throw asWireError(`not a record of kind ${header.kind}`, error);
  }
}
