import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeCarried,
  decodeHeader,
  decodeRecord,
  decodeState,
  encodeRecord,
  encodeState,
  happenedIn,
  mayCarryEvents,
  recordFromJson,
  recordToJson,
} from '../../src/wire/index.ts';
import { record, state } from './records.ts';

describe('whatever goes in comes out, absent members and all', () => {
  test('State to bytes and back', () => {
    fc.assert(
      fc.property(state, (value) => deepStrictEqual(decodeState(encodeState(value)), value)),
      { numRuns: 1_000 },
    );
  });

  test('record to bytes and back', () => {
    fc.assert(
      fc.property(record, (value) => deepStrictEqual(decodeRecord(encodeRecord(value)), value)),
      { numRuns: 2_000 },
    );
  });

  test('the header alone equals the header of the whole', () => {
    fc.assert(
      fc.property(record, (value) =>
        deepStrictEqual(decodeHeader(encodeRecord(value)), value.header),
      ),
      { numRuns: 500 },
    );
  });

  test('what is looked for without decoding is what decoding finds', () => {
    fc.assert(
      fc.property(record, (value) => {
        const bytes = encodeRecord(value);
        const { body } = value;
        if (body.kind === 'CARRY') {
          deepStrictEqual(decodeCarried(bytes), { header: body.header, takeovers: body.takeovers });
        } else if (body.kind === 'STEP' || body.kind === 'PARK' || body.kind === 'END') {
          expect(mayCarryEvents(bytes)).toBe((body.emitted ?? []).length > 0);
          if (body.kind === 'STEP') deepStrictEqual(happenedIn(bytes), body.happened);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('record to readable JSON and back', () => {
    fc.assert(
      fc.property(record, (value) => {
        const text = recordToJson(value);
        deepStrictEqual(recordFromJson(text), value);
        deepStrictEqual(recordToJson(recordFromJson(text)), text);
      }),
      { numRuns: 1_000 },
    );
  });

  test('bytes do not depend on what was encoded before', () => {
    fc.assert(
      fc.property(record, record, (first, second) => {
        const bytes = Buffer.from(encodeRecord(first));
        encodeRecord(second);
        expect(Buffer.compare(encodeRecord(first), bytes)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
