/* What is written without messages in between is what the generated code writes, byte by byte. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteWriter } from '../../src/wire/byte-writer.ts';
import { encodeRecord, type LogRecord, WireError } from '../../src/wire/index.ts';
import { ExactWriter } from '../../src/wire/protobuf.ts';
import { encodeByMessages } from '../../src/wire/record-codec.ts';
import { sampleStep } from '../../bench/micro/sample.ts';
import { record } from './records.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('every record there can be', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(record, (value) => {
      kinds.add(value.body.kind);
      expect(hex(encodeRecord(value))).toBe(hex(encodeByMessages(value)));
    }),
    { numRuns: 3_000 },
  );
  for (const kind of ['START', 'STEP', 'END', 'PARK']) expect(kinds).toContain(kind);
});

test('records of any size, with States that are compressed and such that are not', () => {
  for (const size of [1, 100, 1_000, 2_000, 5_000, 20_000, 3_000_000]) {
    const step = sampleStep(size);
    expect(hex(encodeRecord(step))).toBe(hex(encodeByMessages(step)));
  }
});

const said = (encode: (record: LogRecord) => Uint8Array, value: LogRecord): string => {
  try {
    encode(value);
    return 'nothing';
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return (error as WireError).message;
  }
};

test('what cannot be written is refused alike', () => {
  const step = sampleStep(100);
  const { header, body } = step;
  if (body.kind !== 'STEP') throw new Error('the sample is no STEP');
  const frame = body.state.frames[0]!;
  const wrong: readonly LogRecord[] = [
    { header: { ...header, kind: 'END' }, body },
    { header: { ...header, tenure: 1.5 }, body },
    { header: { ...header, targets: [1, 2 ** 60] }, body },
    { header: { ...header, hop: -1 }, body },
    { header: { ...header, run: 'half \ud800' }, body },
    { header: { ...header, definition: 'no hash' }, body },
    { header: { ...header, time: Number.NaN }, body },
    { header, body: { ...body, notBefore: 0.5 } },
    { header, body: { ...body, state: { ...body.state, activation: -1 } } },
    { header, body: { ...body, state: { ...body.state, status: 'idle' as never } } },
    { header, body: { ...body, state: { ...body.state, frames: [frame, frame] } } },
    { header, body: { ...body, state: { ...body.state, context: Number.NaN } } },
    {
      header,
      body: { ...body, cause: { kind: 'activity', key: 'k', attempt: 1, result: [Infinity] } },
    },
    { header, body: { ...body, activity: { ...body.activity!, attempt: 2 ** 32 } } },
    { header, body: { ...body, activity: { ...body.activity!, name: '\udc00' } } },
  ];
  for (const value of wrong) {
    const straight = said(encodeRecord, value);
    expect(straight).not.toBe('nothing');
    expect(straight).toContain(said(encodeByMessages, value));
  }
  // and leaves nothing behind
  expect(hex(encodeRecord(step))).toBe(hex(encodeByMessages(step)));
});

test('numbers and texts of any length', () => {
  const size = fc.oneof(fc.nat(300), fc.constantFrom(16_383, 16_384, 70_000));
  const word = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('é', '😀', 'a'),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(fc.maxSafeInteger(), fc.nat()), word, size, fc.boolean())),
      (fields) => {
        const ours = new ByteWriter();
        const theirs = new ExactWriter();
        ours.begin();
        for (const [value, text, times, long] of fields) {
          ours.number(8, value);
          theirs.uint32(8).int64(value);
          ours.numbers(578, [value, times]);
          theirs.uint32(578).int64s([value, times] as never);
          const repeated = text.repeat(times / Math.max(1, text.length));
          const opened = ours.open(18, long);
          ours.text(642, repeated);
          ours.close(opened);
          theirs.uint32(18).fork().uint32(642).string(repeated).ldelim();
        }
        expect(hex(ours.finish())).toBe(hex(theirs.finish()));
      },
    ),
  );
});
