/*
 * CloudEvents 1.0 as Waybill carries them: the structured JSON form in a MessageEnvelope of type EVENT.
 *
 * E1 whatever the bytes, the outcome is an event or a WireError that says what is wrong.
 * E2 a plain structured CloudEvent, as other producers write it, is read as well.
 * E3 an event is named by (source, id): copies are told by that, and by that it has its partition.
 */
import { ByteWriter } from './byte-writer.ts';
import { skimEnvelope } from './envelope.ts';
import { hash32, sha256Hex } from './hash.ts';
import { isoInstant } from './iso-instant.ts';
import type { Json, JsonObject } from './json.ts';
import { foreignJson, jsonText } from './json-text.ts';
import { asBuffer } from './protobuf.ts';
import { asWireError, WireError } from './wire-error.ts';

/** An event in its structured JSON form; what is not named here is an extension attribute. */
export interface CloudEvent extends JsonObject {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
}

/** Where the first copy of an event stands in the events log. */
export interface EventPlace {
  readonly partition: number;
  readonly offset: number;
}

export type EventMessageType = 'EVENT' | 'LIFECYCLE';

const writer = new ByteWriter();
const OPENING_BRACE = 0x7b;
const TEXTS = ['time', 'subject', 'datacontenttype', 'dataschema', 'data_base64'] as const;

/** What keeps `value` from being an event, in words; undefined when nothing does. */
export function eventFault(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'an event is an object of CloudEvents attributes';
  }
  const event = value as JsonObject;
  if (event['specversion'] !== '1.0') {
    return `specversion is ${said(event['specversion'])}, and only "1.0" is known`;
  }
  for (const name of ['id', 'source', 'type']) {
    const text = event[name];
    if (typeof text !== 'string' || text === '') {
      return `${name} is ${said(text)}, and a text that is not empty is needed`;
    }
    if (!text.isWellFormed()) return `${name} has half a character`;
  }
  for (const name of TEXTS) {
    const text = event[name];
    if (text !== undefined && typeof text !== 'string') return `${name} is no text`;
  }
  for (const name in event) {
    if (name !== 'data' && typeof event[name] === 'object') {
      return `${name} is ${said(event[name])}, and an attribute is a text, a number or a boolean`;
    }
  }
  return undefined;
}

function said(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}

/** The bytes of an event for the events log; `at` in ms since the epoch. */
export function encodeEvent(
  event: CloudEvent,
  at: number,
  messageType: EventMessageType = 'EVENT',
): Uint8Array {
  const fault = eventFault(event);
  if (fault !== undefined) throw new WireError(`not an event: ${fault}`);
  return encodeEventText(event.id, jsonText(event, 'the event'), at, messageType);
}

/** The same of an event whose text has been made, and is known to be one. */
export function encodeEventText(
  id: string,
  text: string,
  at: number,
  messageType: EventMessageType,
): Uint8Array {
  // A MessageEnvelope: 8 * field number + 2
  writer.begin();
  writer.text(10, id);
  writer.text(18, messageType);
  writer.text(26, text);
  writer.text(34, isoInstant(at));
  return writer.finish();
}

/** The event in these bytes; undefined for what tells of the engine itself (LIFECYCLE). */
export function decodeEvent(bytes: Uint8Array): CloudEvent | undefined {
  try {
    const buffer = asBuffer(bytes);
    if (buffer[0] === OPENING_BRACE) return eventIn(buffer);
    const { end, start, type } = skimEnvelope(buffer);
    if (type === 'LIFECYCLE') return undefined;
    if (type !== 'EVENT') throw new WireError(`a message of type "${type}"`);
    return eventIn(buffer.subarray(start, end));
  } catch (error) {
    throw asWireError('not an event', error);
  }
}

function eventIn(buffer: Buffer): CloudEvent {
  const text = buffer.toString('utf8');
  if (text.includes('\uFFFD') && !Buffer.from(text).equals(buffer)) {
    throw new WireError('its text is not UTF-8');
  }
  const value = foreignJson(text, 'its text');
  const fault = eventFault(value);
  if (fault !== undefined) throw new WireError(fault);
  return value as CloudEvent;
}

/** E3: the partition of the events log in which all copies of an event stand. Frozen (hash.ts, K1). */
export function homeOfEvent({ source, id }: CloudEvent, partitions: number): number {
  return hash32(JSON.stringify([source, id])) % partitions;
}

/** What the event carries: JSON, a text, or in base64 what is neither; null when it carries nothing. */
export function dataOf({ data, data_base64: encoded, datacontenttype: type }: CloudEvent): Json {
  if (data !== undefined || typeof encoded !== 'string') return data ?? null;
  const media = /^[^;\s]*/.exec(typeof type === 'string' ? type : 'application/json')![0];
  if (!/^text\/|[/+](?:json|xml)$/i.test(media)) return encoded;
  const bytes = Buffer.from(encoded, 'base64');
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return encoded;
  if (!/[/+]json$/i.test(media)) return text;
  try {
    return foreignJson(text, 'its data');
  } catch {
    return encoded;
  }
}

/** What all copies of an event have in common, as a short text. */
export function nameOfEvent({ source, id }: CloudEvent): string {
  return sha256Hex(JSON.stringify([source, id])).slice(0, 40);
}

/** The id of the n-th thing that a strand emits: the same whoever runs it again. Frozen (hash.ts, K1). */
export function eventIdOf(run: string, strand: string, activation: number): string {
  return sha256Hex(JSON.stringify([run, strand, activation, 'event'])).slice(0, 32);
}
