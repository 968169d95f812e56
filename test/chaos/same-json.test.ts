/* Values that are equal as JSON, and those that are not, with and without a look at their texts. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameJson } from '../../src/chaos/same-json.ts';
import { anyJson, type Json } from '../../src/wire/index.ts';

it.each([
  ['the order of keys', { a: 1, b: { c: [1, 2], d: null } }, { b: { d: null, c: [1, 2] }, a: 1 }],
  ['-0', { a: [-0] }, { a: [0] }],
  ['what JSON writes as null', [NaN], [null]],
  ['a member that is undefined', { a: 1, b: undefined }, { a: 1 }],
  ['half a character', { a: '\ud800' }, { a: '\ud800' }],
])('%s makes no difference', (_, a, b) => {
  expect(sameJson(a as Json, b as Json)).toBe(true);
  expect(sameJson(b as Json, a as Json)).toBe(true);
});

it.each([
  ['another length', [1, 2], [1, 2, 3]],
  ['an object and an array', {}, []],
  ['the same number of other keys', { a: 1 }, { b: 1 }],
  ['a name that every object has', JSON.parse('{"__proto__":{}}'), { a: {} }],
  ['a name that objects inherit', { toString: 1 }, { a: 1 }],
  ['a number and its text', { a: 1 }, { a: '1' }],
  ['nothing and null', undefined, null],
  ['a difference far down', { a: [{ b: [{ c: 1 }] }] }, { a: [{ b: [{ c: 2 }] }] }],
])('%s does', (_, a, b) => {
  expect(sameJson(a as Json | undefined, b as Json | undefined)).toBe(false);
  expect(sameJson(b as Json | undefined, a as Json | undefined)).toBe(false);
});

it('says what canonical texts say', () => {
  const small = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, 1, '', 'a'),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { maxKeys: 2 }),
    ),
  })).value as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(small, small, (a, b) => sameJson(a, b) === (anyJson(a) === anyJson(b))),
    { numRuns: 2_000 },
  );
});
