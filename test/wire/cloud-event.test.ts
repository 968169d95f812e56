import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CloudEvent,
  decodeEvent,
  encodeEvent,
  encodeRecord,
  eventFault,
  eventIdOf,
  homeOfEvent,
  type Json,
  WireError,
} from '../../src/wire/index.ts';
import { jsonText } from '../../src/wire/json-text.ts';
import { waybill } from '../../src/wire/generated/messages.js';
import { skimEnvelope } from '../../src/wire/envelope.ts';
import { asBuffer, decodeMessage, encodeMessage } from '../../src/wire/protobuf.ts';
import { json, record } from './records.ts';

const event = (more: { readonly [name: string]: Json } = {}): CloudEvent => ({
  specversion: '1.0',
  id: 'e-1',
  source: '/shop',
  type: 'paid',
  ...more,
});

const HOMES = [6, 1, 11, 5];
const ID = '3df5e13e23063c54d75d6d34aaf346b3';

describe('frozen values: copies of an event meet in one partition, and are told by their id', () => {
  test('homes', () => {
    const homes = ['a', 'b', 'c', 'd'].map((id) => homeOfEvent(event({ id }), 16));
    expect(homes).toEqual(HOMES);
    expect(homeOfEvent(event({ id: 'a', data: 1 }), 16)).toBe(homes[0]);
  });
  test('ids', () => {
    expect(eventIdOf('run', '3.0', 7)).toBe(ID);
  });
});

describe('the events log', () => {
  test('an event comes back as it was', () => {
    fc.assert(
      fc.property(json, (data) => {
        const one = event({ data, time: '2026-01-01T00:00:00Z', ext: true });
        expect(decodeEvent(encodeEvent(one, 1_767_225_600_000))).toEqual(one);
      }),
    );
  });
  test('it is written as the generated code writes it, and skimmed as that reads it', () => {
    fc.assert(
      fc.property(json, fc.string({ minLength: 1, unit: 'grapheme' }), (data, id) => {
        const one = event({ data, id });
        const bytes = asBuffer(encodeEvent(one, 1_767_225_600_000, 'LIFECYCLE'));
        const payload = Buffer.from(jsonText(one, 'it'));
        const message = {
          ...{ messageId: id, messageType: 'LIFECYCLE', payload },
          createdAt: '2026-01-01T00:00:00.000Z',
        };
        expect(bytes.equals(encodeMessage(waybill.v1.MessageEnvelope, message))).toBe(true);
        const read = decodeMessage(waybill.v1.MessageEnvelope, bytes);
        const { end, start, type } = skimEnvelope(bytes);
        expect({ type, payload: bytes.subarray(start, end) }).toEqual({
          type: read.messageType,
          payload: read.payload,
        });
      }),
    );
  });
  test('a plain structured event of somebody else is read', () => {
    const text = JSON.stringify(event({ data: { naïve: '💥' } }));
    expect(decodeEvent(Buffer.from(text))).toEqual(event({ data: { naïve: '💥' } }));
  });
  test('what tells of the engine is none of the workflows', () => {
    expect(decodeEvent(encodeEvent(event(), 0, 'LIFECYCLE'))).toBeUndefined();
  });
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['half an event', Buffer.from('{"specversion":"1.0"')],
    ['an event without a source', Buffer.from('{"specversion":"1.0","id":"1","type":"t"}')],
    ['another version', Buffer.from('{"specversion":"0.3","id":"1","type":"t","source":"s"}')],
    [
      'rounded numbers',
      Buffer.from(JSON.stringify(event()).replace('}', ',"data":9007199254740993}')),
    ],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
  ])('%s is a WireError', (_, bytes) => {
    expect(() => decodeEvent(bytes)).toThrow(WireError);
  });
  test('a record of the Log is no event, and whatever comes is an event or a WireError', () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(() => decodeEvent(encodeRecord(one))).toThrow(WireError);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          decodeEvent(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
  test('what is no event is not written', () => {
    expect(() => encodeEvent(event({ id: '' }), 0)).toThrow('id is ""');
    expect(eventFault([])).toContain('an object');
    expect(eventFault(event({ subject: 5 }))).toBe('subject is no text');
    expect(eventFault(event({ id: '\ud800' }))).toBe('id has half a character');
  });
});
