/* Where a mark may stand, so that nobody who begins there counts takeovers differently (R10, R20). */
import { describe, expect, it } from 'vitest';
import { MarkPlaces } from '../../src/runtime/mark-places.ts';
import type { Entry } from '../../src/runtime/open-records.ts';
import { Takeovers } from '../../src/runtime/takeovers.ts';
import type { Position } from '../../src/runtime/validity.ts';

const at = (offset: number): Position => ({ offset, tenure: 3, nonce: 7, n: offset });

describe('the place of a mark', () => {
  it('is what it must not pass, if nothing was carried beyond', () => {
    const places = new MarkPlaces(at(0));
    places.passed(at(10));
    expect(places.upTo(at(15), false)).toEqual(at(15));
  });

  it('is the last MARK or CLAIM there, if something was', () => {
    const places = new MarkPlaces(at(0));
    for (const offset of [10, 20, 30]) places.passed(at(offset));
    expect(places.upTo(at(25), true)).toEqual(at(20));
    expect(places.upTo(at(30), true)).toEqual(at(30));
    expect(places.upTo(at(40), true)).toEqual(at(30));
  });

  it('never goes back behind the one before, nor behind where reading began', () => {
    const places = new MarkPlaces(at(5));
    expect(places.upTo(at(8), true)).toEqual(at(5));
    places.passed(at(10));
    expect(places.upTo(at(15), false)).toEqual(at(15));
    expect(places.upTo(at(18), true)).toEqual(at(15));
  });
});

describe('a takeover', () => {
  const counted = (identity: number, notBefore: number): number => {
    const takeovers = new Takeovers({ offset: 0, tenure: -1, nonce: 0, n: 0 });
    takeovers.claim(8, 1_000, 1_000, []);
    takeovers.mark(13, 2_000, () => ({
      kind: 'MARK',
      mark: { ...at(9), computedAt: 13 },
      running: [],
    }));
    const header = { kind: 'STEP', joins: 0, tenure: 8 };
    const wants = { activity: 'pay', notBefore };
    const entry = { identity, header, wants, takeovers: 0 } as unknown as Entry;
    takeovers.claim(20, 3_000, 3_000, [entry]);
    return entry.takeovers;
  };

  it('counts for what a slow append has put behind the MARK by whose time it was due', () => {
    expect(counted(14, 1_500)).toBe(1);
    expect(counted(14, 3_500)).toBe(0);
  });

  it('does not count for what was due before the MARK, and was there, and is not listed', () => {
    expect(counted(12, 1_500)).toBe(0);
    expect(counted(12, 2_500)).toBe(1);
  });
});
