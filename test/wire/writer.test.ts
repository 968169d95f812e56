/* The writer takes short cuts for integers and short texts: the bytes are those of protobufjs. */
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { expect, test } from 'vitest';
import { ExactWriter } from '../../src/wire/protobuf.ts';

type Value = number | string;

const integers = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -1),
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => text.isWellFormed()),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), `${'x'.repeat(126)}é`),
);

function written(writer: protobuf.Writer, values: readonly Value[]): Buffer {
  for (const value of values) {
    if (typeof value === 'number') writer.int64(value);
    else writer.string(value);
  }
  return Buffer.from(writer.finish());
}

test('writes what protobufjs writes, wherever in its buffer', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(integers, texts), { maxLength: 60 }), (values) => {
      const expected = written(new protobuf.BufferWriter(), values);
      expect(written(new ExactWriter(), values).equals(expected)).toBe(true);
    }),
  );
});
