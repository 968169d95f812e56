/*
 * Bytes and texts from an enemy. The rule: a record or a WireError, never anything else, in time.
 */
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { waybill } from '../../src/wire/generated/messages.js';
import {
  decodeHeader,
  decodeRecord,
  decodeState,
  encodeRecord,
  type LogRecord,
  recordFromJson,
  recordToJson,
  STATE_BYTES_MAX,
  WireError,
} from '../../src/wire/index.ts';
import { goldens } from './golden/samples.ts';

const GOLDEN_BYTES = goldens().map(({ hex }) => Buffer.from(hex, 'hex'));
const TIMES = process.env['WAYBILL_TIER'] === 'nightly' ? 20 : 1;

/** What `work` throws, which may only be a WireError; undefined when it does not. */
function wireError(work: () => unknown): WireError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}

function tryAll(bytes: Uint8Array): void {
  wireError(() => decodeHeader(bytes));
  wireError(() => decodeState(bytes));
  const record = { value: undefined as LogRecord | undefined };
  if (wireError(() => (record.value = decodeRecord(bytes))) !== undefined) return;
  // What could be read can be shown, and what could be read is refused or written, never mangled.
  wireError(() => encodeRecord(record.value as LogRecord));
  wireError(() => recordToJson(record.value as LogRecord));
}

const golden = fc.constantFrom(...GOLDEN_BYTES);

describe('hostile bytes', () => {
  test('noise', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), tryAll), { numRuns: 2_000 * TIMES });
  });

  test('every record cut off everywhere', () => {
    for (const bytes of GOLDEN_BYTES) {
      for (let length = 0; length < bytes.length; length++) {
        tryAll(bytes.subarray(0, length));
        // Cut off, it may not pass for a whole one: the header stands at the end.
        expect(wireError(() => decodeRecord(bytes.subarray(0, length)))).toBeInstanceOf(WireError);
      }
    }
  });

  test('a few bytes changed', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(golden, fc.array(change, { minLength: 1, maxLength: 4 }), (bytes, changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        tryAll(copy);
      }),
      { numRuns: 5_000 * TIMES },
    );
  });

  test('parts of records put together', () => {
    fc.assert(
      fc.property(golden, golden, fc.nat(), fc.nat(), (a, b, i, j) => {
        tryAll(Buffer.concat([a.subarray(0, i % a.length), b.subarray(j % b.length)]));
        tryAll(Buffer.concat([a, b]));
      }),
      { numRuns: 2_000 * TIMES },
    );
  });

  test('shapes that make a naive reader slow or deep take seconds, not minutes', () => {
    const million = 1_000_000;
    const size = [...varint(million)];
    const shapes: readonly Buffer[] = [
      Buffer.alloc(million, 0x0b), // groups in groups
      Buffer.alloc(million, 0x80), // a number that never ends
      Buffer.alloc(million, 0x32), // headers in headers
      Buffer.concat([Buffer.from([0x32, ...size]), Buffer.alloc(million, Buffer.from([0x38, 1]))]),
      Buffer.concat([Buffer.from([0x32, ...size]), Buffer.alloc(million, Buffer.from([0x42, 0]))]),
      Buffer.concat([Buffer.from([0x1a, ...size]), Buffer.alloc(million, Buffer.from([0x2a, 0]))]),
      Buffer.alloc(million, Buffer.from([0x32, 0])), // a million headers
    ];
    for (const shape of shapes) {
      const before = performance.now();
      tryAll(shape);
      expect(performance.now() - before).toBeLessThan(5_000);
    }
  });

  test('a bomb is refused before it is unpacked', () => {
    const bomb = zstdCompressSync(Buffer.alloc(STATE_BYTES_MAX * 4));
    expect(bomb.length).toBeLessThan(20_000);
    const error = wireError(() =>
      decodeRecord(stepWith({ workflowState: bomb, stateEncoding: ZSTD })),
    );
    expect(error?.message).toContain(`unpacks to more than ${STATE_BYTES_MAX} bytes`);
  });

  test.each([
    ['no State', { stateEncoding: 0 }, 'there is no status 0'],
    [
      'an unknown encoding',
      { workflowState: Buffer.of(1), stateEncoding: 9 },
      'not known here (9)',
    ],
    ['not zstd', { workflowState: Buffer.from('hello'), stateEncoding: 1 }, 'cannot be unpacked'],
    ['a State of nonsense', { workflowState: Buffer.from('hello') }, 'not a State'],
  ])('%s is named', (_, command, message) => {
    const error = wireError(() => decodeRecord(stepWith(command)));
    expect(error?.message).toContain('not a record of kind STEP');
    expect(error?.message).toContain(message);
  });

  test('a kind of record that came later says which reader it needs', () => {
    const header = { kind: 99 as number, minReader: 7 };
    const bytes = waybill.v1.MessageEnvelope.encode({ header }).finish();
    const error = wireError(() => decodeHeader(bytes));
    expect(error?.message).toContain('no record kind 99');
    expect(error?.minReader).toBe(7);
  });

  test('fields that came later are skipped', () => {
    const [bytes] = GOLDEN_BYTES;
    const later = Buffer.concat([bytes as Buffer, Buffer.from([0xf8, 0x7f, 1, 0xa2, 0x7d, 1, 0])]);
    expect(decodeRecord(later)).toEqual(decodeRecord(bytes as Buffer));
  });
});

describe('hostile text', () => {
  test('a few characters changed', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom('', '0', '"', '{', '}', '[', 'x', '-', '\\'));
    fc.assert(
      fc.property(
        fc.constantFrom(...goldens().map(({ json }) => json)),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (json, changes) => {
          let text = json;
          for (const [at, piece] of changes) {
            const place = at % text.length;
            text = text.slice(0, place) + piece + text.slice(place + 1);
          }
          wireError(() => recordFromJson(text));
        },
      ),
      { numRuns: 3_000 * TIMES },
    );
  });

  test('any JSON at all', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(wireError(() => recordFromJson(text))).toBeInstanceOf(WireError);
      }),
    );
  });

  test.each([
    ['', 'not JSON'],
    ['[]', 'an object is expected'],
    ['{}', '/header is missing'],
    ['{"headr":1}', '/headr: MessageEnvelope has no such member'],
    [
      '{"header":{"kind":"STEP"}}',
      '/header/kind: one of RECORD_KIND_UNSPECIFIED, RECORD_KIND_START',
    ],
    ['{"header":{"n":"1"}}', '/header/n: a number is expected'],
    ['{"header":{"n":1.5}}', '/header/n is 1.5'],
    ['{"header":{"n":12345678901234567890}}', 'beyond 2^53'],
    ['{"header":{"__proto__":1}}', '/header/__proto__: RecordHeader has no such member'],
    ['{"header":{"kind":"RECORD_KIND_CLOSE"}}', '/payload: an object is expected'],
    ['{"header":{"kind":"RECORD_KIND_STEP"},"payload":{}}', 'the State is missing'],
    ['['.repeat(100_000), 'nested deeper than'],
  ])('%s', (text, message) => {
    expect(wireError(() => recordFromJson(text))?.message).toContain(message);
  });
});

const { STATE_ENCODING_ZSTD: ZSTD } = waybill.v1.StateEncoding;
const { RECORD_KIND_STEP: STEP } = waybill.v1.RecordKind;

type Command = Parameters<typeof waybill.v1.WorkflowCommand.encode>[0];

function stepWith(command: Command): Uint8Array {
  const payload = waybill.v1.WorkflowCommand.encode(command).finish();
  return waybill.v1.MessageEnvelope.encode({ payload, header: { kind: STEP } }).finish();
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
