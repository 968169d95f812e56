import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  effectKey,
  hash32,
  homeOf,
  isoInstant,
  sha256Hex,
  timeOfRunId,
  unit,
  uuidv7,
} from '../../src/wire/index.ts';

const HOMES = [0, 0, 14, 46];
const EFFECT_KEY = '5b97b39c310d57ed61f582ad6accdcd3';
const UNITS = [0.9756164322553533, 0.30837369483107036, 0.5682776382005844, 0.07848039775339966];

describe('frozen values: running instances depend on them', () => {
  test.each([
    ['', 0, 0x0000_0000],
    ['', 1, 0x514e_28b7],
    ['', 0xffff_ffff, 0x81f1_6f39],
    ['test', 0, 0xba6b_d213],
    ['test', 0x9747_b28c, 0x704b_81dc],
    ['Hello, world!', 0, 0xc036_3e43],
    ['The quick brown fox jumps over the lazy dog', 0x9747_b28c, 0x2fa8_26cd],
    ['ππππππππ', 0x9747_b28c, 0xd580_63c1],
  ])('MurmurHash3 of %j with seed %d', (text, seed, hash) => {
    expect(hash32(text, seed)).toBe(hash);
  });

  test('homes', () => {
    const run = '019aa8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b';
    expect([1, 2, 16, 100].map((partitions) => homeOf(run, partitions))).toEqual(HOMES);
    expect(homeOf('order-17', 16)).toBe(hash32('order-17') % 16);
  });

  test('effect keys', () => {
    expect(effectKey('run', '3.0', 7, 'do', sha256Hex('{}'))).toBe(EFFECT_KEY);
  });

  test('jitter', () => {
    expect([0, 1, 2, -1].map((counter) => unit('seed', counter))).toEqual(UNITS);
  });

  test('SHA-256', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256Hex('abc')).toBe(abc);
    expect(sha256Hex(Buffer.from('abc'))).toBe(abc);
  });
});

describe('home', () => {
  test('is a partition, spread evenly', () => {
    const counts = Array.from({ length: 16 }, () => 0);
    for (let n = 0; n < 16_000; n++) {
      const home = homeOf(
        uuidv7(1_763_615_992_345 + n, () => unit('ids', n)),
        16,
      );
      counts[home] = (counts[home] ?? Number.NaN) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  test('stands in a derived id', () => {
    expect(homeOf('child~0', 16)).toBe(0);
    expect(homeOf('child~15', 16)).toBe(15);
    expect(homeOf('a~3~4', 16)).toBe(4);
  });

  test.each(['child~16', 'child~01', 'child~', '~', 'child~-1', 'child~1 ', 'a~99999999999'])(
    'what only looks like one does not count: %s',
    (run) => expect(homeOf(run, 16)).toBe(hash32(run) % 16),
  );

  test('there must be a partition', () => {
    expect(() => homeOf('a', 0)).toThrow(RangeError);
    expect(() => homeOf('a', 1.5)).toThrow(RangeError);
  });
});

describe('effect key', () => {
  test('differs when any part does, however the parts are cut', () => {
    const part = fc.tuple(fc.string(), fc.string(), fc.nat(), fc.string());
    fc.assert(
      fc.property(part, part, (a, b) => {
        const equal = JSON.stringify(a) === JSON.stringify(b);
        expect(key(a) === key(b)).toBe(equal);
      }),
    );
    expect(key(['a', 'bc', 1, ''])).not.toBe(key(['ab', 'c', 1, '']));
    expect(effectKey('a', '', 1, 'do', 'd')).not.toBe(effectKey('a', '', 1, 'compensate', 'd'));
  });

  const key = ([run, strand, activation, digest]: [string, string, number, string]): string =>
    effectKey(run, strand, activation, 'do', digest);
});

describe('unit', () => {
  test('is uniform in [0, 1)', () => {
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 20_000; n++) {
      const value = unit('run/3.0', n);
      expect(value >= 0 && value < 1).toBe(true);
      const bucket = Math.floor(value * 10);
      buckets[bucket] = (buckets[bucket] ?? Number.NaN) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });
});

describe('run ids', () => {
  test('hold their time, sort by it and have the form of RFC 9562', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 48 - 1), fc.nat(), (ms, seed) => {
        let n = 0;
        const id = uuidv7(ms, () => unit(String(seed), n++));
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(timeOfRunId(id)).toBe(ms);
        expect(timeOfRunId(`${id}~3`)).toBe(ms);
      }),
    );
    expect(uuidv7(1, () => 0.999) < uuidv7(2, () => 0)).toBe(true);
    expect(uuidv7(0, () => 0)).toBe('00000000-0000-7000-8000-000000000000');
    expect(uuidv7(2 ** 48 - 1, () => 1 - 2 ** -53)).toBe('ffffffff-ffff-7fff-bfff-ffffffffffff');
  });

  test.each([
    '',
    'order-1',
    '019aa8f0-1c2d-4e3f-8a4b-5c6d7e8f9a0b',
    '019aa8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0bx',
  ])('others do not say when they were made: %j', (run) =>
    expect(timeOfRunId(run)).toBeUndefined(),
  );

  test('a time that does not fit is refused', () => {
    expect(() => uuidv7(-1, () => 0)).toThrow(RangeError);
    expect(() => uuidv7(2 ** 48, () => 0)).toThrow(RangeError);
  });
});

describe('isoInstant', () => {
  test('says what Date says', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        expect(isoInstant(ms)).toBe(new Date(ms).toISOString());
      }),
      { examples: [[0], [-1], [951_782_400_000], [-62_135_596_800_000], [253_402_300_799_999]] },
    );
  });

  test.each([Number.NaN, 1.5, 253_402_300_800_000, -62_135_596_800_001])('refuses %d', (ms) => {
    expect(() => isoInstant(ms)).toThrow('is not a time');
  });
});
