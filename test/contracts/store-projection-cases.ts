/* J1, J2: how far readers of the Log have got (ports/projections.ts). */
import { expect } from 'vitest';
import type { StoreWorld } from './store-contract.ts';
import type { Cases } from './suite.ts';

const at = (
  offset: number,
  n = 0,
): { offset: number; tenure: number; nonce: number; n: number } => ({
  offset,
  tenure: offset - 1,
  nonce: 4_000_000_000,
  n,
});

export const projectionCases: Cases<StoreWorld> = {
  'a projection goes on from where it was moved to': async (world) => {
    const { projections } = world.store;
    expect(await world.settle(projections.position('a', 0))).toBeUndefined();
    expect(await world.settle(projections.move('a', 0, undefined, at(7, 3)))).toBe('moved');
    expect(await world.settle(projections.position('a', 0))).toEqual(at(7, 3));
    expect(await world.settle(projections.move('a', 0, at(7, 3), at(2 ** 39)))).toBe('moved');
    expect(await world.settle(projections.position('a', 0))).toEqual(at(2 ** 39));
  },

  'a projection is moved by one of two': async (world) => {
    const { projections } = world.store;
    expect(await world.settle(projections.move('a', 0, undefined, at(7)))).toBe('moved');
    expect(await world.settle(projections.move('a', 0, undefined, at(9)))).toBe('stale');
    expect(await world.settle(projections.move('a', 0, at(6), at(9)))).toBe('stale');
    expect(await world.settle(projections.move('a', 0, at(7), at(8)))).toBe('moved');
    expect(await world.settle(projections.move('a', 0, at(7), at(8)))).toBe('stale');
    expect(await world.settle(projections.position('a', 0))).toEqual(at(8));
  },

  'projections of two names and two partitions are apart': async (world) => {
    const { projections } = world.store;
    const move = (name: string, partition: number, offset: number): Promise<string> =>
      world.settle(projections.move(name, partition, undefined, at(offset)));
    expect(await move('a', 0, 1)).toBe('moved');
    expect(await move('a', 1, 2)).toBe('moved');
    expect(await move('b', 0, 3)).toBe('moved');
    expect(await world.settle(projections.position('a', 0))).toEqual(at(1));
    expect(await world.settle(projections.position('a', 1))).toEqual(at(2));
    expect(await world.settle(projections.position('b', 0))).toEqual(at(3));
    expect(await world.settle(projections.position('b', 1))).toBeUndefined();
  },
};
