/* Which version is the latest: the order of SemVer 2.0, with releases after pre-releases. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, isLater } from '../../src/ports/index.ts';

/** Each comes after the ones before it. */
const ORDER = [
  'another',
  'one',
  '0.0.1-alpha',
  '1.0.0-0',
  '1.0.0-2',
  '1.0.0-11',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '9.0.0-rc.1',
  '0.0.1',
  '0.9.0',
  '0.10.0',
  '1.0.0',
  '1.0.1',
  '1.2.0',
  '2.0.0',
  '10.0.0',
  '10.0.90071992547409919',
  '10.0.90071992547409921',
];

test('every version comes after the ones before it', () => {
  for (const [i, one] of ORDER.entries()) {
    for (const [k, other] of ORDER.entries()) {
      expect(Math.sign(compareVersions(one, other)), `${one} ${other}`).toBe(Math.sign(i - k));
    }
  }
});

test('metadata of a build says nothing; the later deployment decides', () => {
  expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0);
  const [first, last] = [
    { version: '1.0.0+a', deployed: 1 },
    { version: '1.0.0', deployed: 2 },
  ];
  expect([isLater(last, first), isLater(first, last)]).toEqual([true, false]);
  expect(isLater({ version: '0.9.0', deployed: 3 }, last)).toBe(false);
});

test('it is an order', () => {
  const version = fc.oneof(
    fc.constantFrom(...ORDER),
    fc.stringMatching(/^\d{1,2}\.\d\.\d(-[a-c0-2]{1,3}(\.\d)?)?$/),
  );
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) >= 0 && compareVersions(b, c) >= 0) {
        expect(compareVersions(a, c)).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
