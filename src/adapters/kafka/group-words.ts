/*
 * What members say to each other, in the envelope of Kafka's own consumers, so that its tools can show
 * who owns what (kafka-consumer-groups --describe --members --verbose).
 *
 * R21: a member says which record format it can read; the assignment carries the lowest of all.
 */
import { KafkaError } from './kafka-error.ts';

export interface Subscription {
  readonly reader: number;
  readonly owned: readonly number[];
  readonly generation: number;
  /** partitions that it cannot run */
  readonly declined: readonly number[];
}

export interface Assignment {
  readonly partitions: readonly number[];
  /** the newest record format that every member can read */
  readonly reader: number;
}

const VERSION = 0;

export function encodeSubscription(topic: string, said: Subscription): Buffer {
  return Buffer.concat([int16(VERSION), int32(1), text(topic), blob(json(said))]);
}

/** A member of another kind has no words of ours: it owns nothing and reads nothing. */
export function decodeSubscription(bytes: Buffer): Subscription {
  const cursor = { bytes, at: 2 };
  for (let topics = readInt32(cursor); topics > 0; topics--) skipText(cursor);
  const said = parse<Subscription>(cursor);
  return {
    reader: said?.reader ?? 0,
    owned: said?.owned ?? [],
    generation: said?.generation ?? -1,
    declined: said?.declined ?? [],
  };
}

export function encodeAssignment(topic: string, { partitions, reader }: Assignment): Buffer {
  const numbers = partitions.map(int32);
  const words = blob(json({ reader }));
  return Buffer.concat([
    int16(VERSION),
    int32(1),
    text(topic),
    int32(partitions.length),
    ...numbers,
    words,
  ]);
}

export function decodeAssignment(bytes: Buffer): Assignment {
  if (bytes.length === 0) return { partitions: [], reader: 0 };
  const cursor = { bytes, at: 2 };
  const partitions: number[] = [];
  for (let topics = readInt32(cursor); topics > 0; topics--) {
    skipText(cursor);
    for (let count = readInt32(cursor); count > 0; count--) partitions.push(readInt32(cursor));
  }
  return { partitions, reader: parse<{ reader: number }>(cursor)?.reader ?? 0 };
}

interface Place {
  readonly bytes: Buffer;
  at: number;
}

function readInt32(place: Place): number {
  if (place.at + 4 > place.bytes.length) {
    throw new KafkaError('refused', 'a member of the group speaks another language');
  }
  const value = place.bytes.readInt32BE(place.at);
  place.at += 4;
  return value;
}

function skipText(place: Place): void {
  place.at += 2 + place.bytes.readInt16BE(place.at);
}

function parse<T>(place: Place): Partial<T> | undefined {
  if (place.at + 4 > place.bytes.length) return undefined;
  const length = readInt32(place);
  if (length <= 0) return undefined;
  try {
    return JSON.parse(place.bytes.toString('utf8', place.at, place.at + length)) as Partial<T>;
  } catch {
    return undefined;
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

function blob(value: Buffer): Buffer {
  return Buffer.concat([int32(value.length), value]);
}
