/*
 * The readable form of a record: what database columns hold and people edit.
 *
 * It is the protobuf JSON of MessageEnvelope with three liberties, so that a person can read it: the
 * payload and the State in it stand open instead of as bytes, JSON texts of user data stand as the
 * values they are, and hashes are hex. What the encoder derives (messageId, messageType, createdAt,
 * correlationId) is shown and ignored when read; the derived WorkflowEvent is left out.
 *
 * F1 recordFromJson(recordToJson(record)) equals the record.
 */
import { BODY_MESSAGE, bodyFromMessage, bodyToMessage } from './body-codec.ts';
import { commandToMessage, isCommand } from './command-codec.ts';
import { waybill } from './generated/messages.js';
import { decodeBareHeader, headerToMessage } from './header.ts';
import type { Json } from './json.ts';
import { foreignJson } from './json-text.ts';
import { JSON_DEPTH_MAX } from './limits.ts';
import { messageFromJson, type MessageName, messageToJson, objectAt } from './message-json.ts';
import { encodeMessage, type MessageType } from './protobuf.ts';
import type { LogRecord, RecordBody, RecordHeader } from './record.ts';
import { envelopeOf } from './record-codec.ts';
import { stateToMessage } from './state-codec.ts';
import { asWireError, WireError } from './wire-error.ts';

/** Levels that the form itself may add around user data. */
const OWN_DEPTH = 64;
const NOTHING = new Uint8Array();

export function recordToJson(record: LogRecord): string {
  const { header, body } = record;
  try {
    return messageToJson('MessageEnvelope', envelopeOf(record, NOTHING), {
      header: headerText(header),
      payload: bodyText(header, body),
    });
  } catch (error) {
    throw asWireError(`a record of kind ${header.kind} cannot be written as JSON`, error);
  }
}

function headerText(header: RecordHeader): string {
  return messageToJson('RecordHeader', headerToMessage(header));
}

function bodyText(header: RecordHeader, body: RecordBody): string {
  const name = bodyMessage(header);
  if (body.kind === 'CARRY') {
    // bodyToMessage checks what is carried; its bytes are shown open.
    return messageToJson(name, bodyToMessage(header, body), {
      header: headerText(body.header),
      payload: bodyText(body.header, body.body),
    });
  }
  if (!isCommand(body) || !('state' in body)) {
    return messageToJson(name, bodyToMessage(header, body));
  }
  const message = { ...commandToMessage(header, body, ''), event: null };
  return messageToJson(name, message, {
    workflowState: messageToJson('InstanceState', stateToMessage(body.state)),
  });
}

export function recordFromJson(text: string): LogRecord {
  try {
    const value = foreignJson(text, 'the text', JSON_DEPTH_MAX + OWN_DEPTH);
    const envelope = messageFromJson('MessageEnvelope', value, '', {
      header: headerBytes,
      payload: (payload) => payload,
    });
    if (!('header' in envelope)) throw new WireError('/header is missing');
    const header = decodeBareHeader(envelope['header'] as Uint8Array);
    const message = bodyMessageFromJson(header, envelope['payload'] as Json, '/payload');
    return { header, body: bodyFromMessage(header, message) };
  } catch (error) {
    throw asWireError('not the JSON form of a record', error);
  }
}

function headerBytes(value: Json, at: string): Uint8Array {
  return bytesOf('RecordHeader', messageFromJson('RecordHeader', value, at));
}

function bodyMessageFromJson(header: RecordHeader, value: Json, at: string): object {
  const name = bodyMessage(header);
  if (name !== 'CarryRecord') {
    return messageFromJson(name, value, at, {
      workflowState: (state, place) =>
        bytesOf('InstanceState', messageFromJson('InstanceState', state, place)),
    });
  }
  const { header: carried, payload } = objectAt(value, at);
  const inner = headerBytes(carried ?? null, `${at}/header`);
  return messageFromJson(name, value, at, {
    header: () => inner,
    payload: () => {
      const header = decodeBareHeader(inner);
      // one level only: what carries is never carried
      if (header.kind === 'CARRY') throw new WireError(`${at}: a CARRY cannot be carried`);
      return bytesOf(
        bodyMessage(header),
        bodyMessageFromJson(header, payload ?? null, `${at}/payload`),
      );
    },
  });
}

function bodyMessage(header: RecordHeader): MessageName {
  const name = BODY_MESSAGE[header.kind];
  if (name !== undefined) return name;
  throw new WireError(`records of kind ${header.kind} are not supported yet`);
}

function bytesOf(name: MessageName, message: object): Uint8Array {
  return encodeMessage(waybill.v1[name] as unknown as MessageType<object, object>, message);
}
