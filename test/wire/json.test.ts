/*
 * Numbers survive or are refused; canonical JSON is RFC 8785.
 */
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { canonicalJson } from '../../src/wire/canonical-json.ts';
import { type Json, JsonError, parseJson } from '../../src/wire/json.ts';

function fault(text: string): JsonError {
  try {
    parseJson(text);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError);
    return error as JsonError;
  }
  throw new Error('it was accepted');
}

describe('parseJson', () => {
  test('is JSON.parse for everything that survives', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['9007199254740993', ''],
    ['-9007199254740993', ''],
    ['{"a":[1,{"b/c":12345678901234567890}]}', '/a/1/b~1c'],
    ['[1e400]', '/0'],
    ['{"~":-1e999}', '/~0'],
    ['{"a":"DE89370400440532013000","b":1e0400}', '/b'],
    ['[1 ,\n9007199254740993\t]', '/1'],
    ['[-123456789012345678]', '/0'],
    ['["2e999",2E+999 ]', '/1'],
    [`[1${'0'.repeat(400)}.5]`, '/0'],
  ])('%s is refused at %s', (text, pointer) => {
    expect(fault(text).pointer).toBe(pointer);
  });

  test.each([
    '9007199254740992',
    '18014398509481984',
    '"9007199254740993"',
    '{"iban":"DE89370400440532013000","key":"a1e1234"}',
    '0.1',
    '1e308',
    '1e21',
  ])('%s is taken', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('takes back what JSON.stringify writes of any double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), (a, b) => {
        const text = JSON.stringify([a, b * 2 ** 40]);
        expect(JSON.stringify(parseJson(text))).toBe(text);
      }),
    );
  });

  test('the message says what to do', () => {
    expect(fault('{"id": 9007199254740993}').message).toBe(
      'at /id: the integer 9007199254740993 is beyond 2^53 and would be rounded; write it as a string',
    );
  });

  test('a syntax error and deep nesting are JsonErrors', () => {
    expect(fault('{').pointer).toBe('');
    expect(fault(`${'['.repeat(200_000)}1234567890123456${']'.repeat(200_000)}`).message).toContain(
      'deep',
    );
  });

  test('a __proto__ key is data', () => {
    const value = parseJson('{"__proto__": {"a": 1234567890123456}}') as Record<string, Json>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('canonicalJson', () => {
  test.each<[name: string, value: Json, text: string]>([
    [
      'sorts keys by UTF-16 code units, at every depth',
      { b: { d: 1, c: 2 }, a: [{ z: 0, y: 0 }] },
      '{"a":[{"y":0,"z":0}],"b":{"c":2,"d":1}}',
    ],
    [
      'sorts surrogate pairs before U+FB33',
      { '\uFB33': 1, '\u{1F600}': 2, '\u20AC': 3, '\r': 4, '1': 5 },
      '{"\\r":4,"1":5,"\u20AC":3,"\u{1F600}":2,"\uFB33":1}',
    ],
    [
      'writes numbers the ECMAScript way',
      [1 / 3, 1e30, 4.5, 2e-3, 1e-27, -0, 1e21, 123456789012345680000],
      '[0.3333333333333333,1e+30,4.5,0.002,1e-27,0,1e+21,123456789012345680000]',
    ],
    [
      'escapes what must be escaped and nothing else',
      '\u20AC$\u000F\nA\'B"\\\\"/\u007f',
      '"\u20AC$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f"',
    ],
    ['writes literals', [null, true, false], '[null,true,false]'],
    ['keeps empty things', { a: {}, b: [], c: '' }, '{"a":{},"b":[],"c":""}'],
  ])('%s', (_name, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('is a fixed point, whatever the key order', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        let text: string;
        try {
          text = canonicalJson(value as Json);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonError); // lone surrogates
          return;
        }
        const again = JSON.parse(text) as Json;
        expect(canonicalJson(again)).toBe(text);
        expect(canonicalJson(shuffled(again))).toBe(text);
      }),
    );
  });

  test.each<[value: unknown, pointer: string]>([
    [{ a: [NaN] }, '/a/0'],
    [{ 'a/b': Infinity }, '/a~1b'],
    [{ a: '\uD800' }, '/a'],
    [{ '\uDC00': 1 }, '/\uDC00'],
    [{ a: undefined }, '/a'],
  ])('refuses what JSON cannot carry (%#)', (value, pointer) => {
    expect(() => canonicalJson(value as Json)).toThrow(JsonError);
    try {
      canonicalJson(value as Json);
    } catch (error) {
      expect((error as JsonError).pointer).toBe(pointer);
    }
  });
});

function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([k, v]) => [k, shuffled(v as Json)]),
  );
}
