/* The assignment: whole, even, sticky, and the same for all who compute it (assigner.ts, S1-S4). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, type MemberSays } from '../../../src/adapters/kafka/assigner.ts';

const members = (max: number, partitions: number): fc.Arbitrary<MemberSays[]> =>
  fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      owned: fc.uniqueArray(fc.integer({ min: -1, max: partitions })),
      generation: fc.integer({ min: -1, max: 3 }),
      declined: fc.constant([]),
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: max },
  );

function fresh(...ids: string[]): MemberSays[] {
  return ids.map((id) => ({ id, owned: [], generation: -1, declined: [] }));
}

function says(id: string, owned: readonly number[], generation = 1): MemberSays {
  return { id, owned, generation, declined: [] };
}

describe('assign', () => {
  test('gives every partition to one member, in shares that differ by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), members(8, 20), (partitions, all) => {
        const shares = assign(all, partitions);
        const given = [...shares.values()].flat().sort((a, b) => a - b);
        expect(given).toEqual(Array.from({ length: partitions }, (_, i) => i));
        const sizes = [...shares.values()].map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(shares.size).toBe(all.length);
      }),
    );
  });

  test('depends on what was said, not on who says it first', () => {
    fc.assert(
      fc.property(members(6, 16), (all) => {
        expect(assign([...all].reverse(), 16)).toEqual(assign(all, 16));
      }),
    );
  });

  test('moves nothing that need not move', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 16 }), (count, P) => {
        const before = assign(fresh(...['a', 'b', 'c', 'd', 'e', 'f'].slice(0, count)), P);
        const again = [...before].map(([id, owned]) => says(id, owned));
        expect(assign(again, P)).toEqual(before);
        // one more: it takes its share, the others keep the rest of theirs
        const joined = assign([...again, ...fresh('z')], P);
        for (const [id, share] of joined) {
          if (id !== 'z') for (const one of share) expect(before.get(id)).toContain(one);
        }
        // one less: the others keep what they have
        if (count === 1) return;
        const left = assign(again.slice(1), P);
        for (const { id, owned } of again.slice(1)) {
          for (const one of owned) expect(left.get(id)).toContain(one);
        }
      }),
    );
  });

  test('believes the newer generation', () => {
    const shares = assign([says('a', [0, 1], 3), says('b', [0, 1, 2, 3], 7)], 4);
    expect(shares).toEqual(
      new Map([
        ['a', [2, 3]],
        ['b', [0, 1]],
      ]),
    );
  });

  test('gives nobody what he declines, and nothing to two', () => {
    const declining = fc.array(fc.uniqueArray(fc.nat(15)), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(members(8, 16), declining, (all, declined) => {
        const said = all.map((one, i) => ({ ...one, declined: declined[i]! }));
        const shares = assign(said, 16);
        const given = [...shares.values()].flat();
        expect(new Set(given).size).toBe(given.length);
        for (const { id, declined } of said) {
          for (const one of declined) expect(shares.get(id)).not.toContain(one);
        }
        for (let partition = 0; partition < 16; partition++) {
          const wanted = said.some((one) => !one.declined.includes(partition));
          expect(given.includes(partition)).toBe(wanted);
        }
      }),
    );
  });

  test('leaves those without a share without one', () => {
    expect(assign(fresh('a', 'b', 'c'), 2)).toEqual(
      new Map([
        ['a', [0]],
        ['b', [1]],
        ['c', []],
      ]),
    );
    expect(assign([], 3).size).toBe(0);
  });
});
