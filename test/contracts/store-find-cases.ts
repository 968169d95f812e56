/* S3: what is due, and what a run has parked. */
import { expect } from 'vitest';
import { NOON, due, fold, park, resume, runId } from './parked-rows.ts';
import type { StoreWorld } from './store-contract.ts';
import type { Cases } from './suite.ts';

export const findCases: Cases<StoreWorld> = {
  'nothing is due in an empty Store': async (world) => {
    expect(await due(world, 0, NOON)).toEqual({ due: [], next: undefined });
  },

  'what is due comes oldest first, up to and including `until`': async (world) => {
    const at = [5, 1, 9, 3, 7, 2];
    await fold(world, 0, 0, 10, ...at.map((ms, i) => park(i, { due: NOON + ms })));
    expect(await due(world, 0, NOON + 5)).toEqual({
      due: [
        [1, NOON + 1],
        [5, NOON + 2],
        [3, NOON + 3],
        [0, NOON + 5],
      ],
      next: NOON + 7,
    });
    expect(await due(world, 0, NOON)).toEqual({ due: [], next: NOON + 1 });
    expect((await due(world, 0, NOON + 100)).next).toBeUndefined();
  },

  'rows without a due time are never due': async (world) => {
    await fold(world, 0, 0, 10, park(1), park(2, { due: NOON }), park(3));
    expect(await due(world, 0, Number.MAX_SAFE_INTEGER)).toEqual({
      due: [[2, NOON]],
      next: undefined,
    });
  },

  'at most `limit` rows, and `next` is the one after them': async (world) => {
    await fold(world, 0, 0, 10, ...[0, 1, 2, 3, 4].map((i) => park(i, { due: NOON + i })));
    expect(await due(world, 0, NOON + 3, 2)).toEqual({
      due: [
        [0, NOON],
        [1, NOON + 1],
      ],
      next: NOON + 2,
    });
    expect((await due(world, 0, NOON + 3, 4)).next).toBe(NOON + 4);
    expect(await due(world, 0, NOON + 3, 0)).toEqual({ due: [], next: NOON });
  },

  'rows that are due together all come': async (world) => {
    await fold(world, 0, 0, 50, ...Array.from({ length: 40 }, (_, i) => park(i, { due: NOON })));
    const first = await due(world, 0, NOON, 25);
    expect(first.due).toHaveLength(25);
    expect(first.next).toBe(NOON);
    const seen = first.due.map(([identity]) => identity);
    const rest = await due(world, 0, NOON, 25, seen);
    expect(rest.next).toBeUndefined();
    const all = [...seen, ...rest.due.map(([identity]) => identity)];
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  },

  'what is excepted counts neither as a row nor as `next`': async (world) => {
    await fold(world, 0, 0, 10, ...[0, 1, 2, 3].map((i) => park(i, { due: NOON + i })));
    expect(await due(world, 0, NOON + 1, 10, [0, 2])).toEqual({
      due: [[1, NOON + 1]],
      next: NOON + 3,
    });
    expect(await due(world, 0, NOON + 9, 10, [0, 1, 2, 3])).toEqual({ due: [], next: undefined });
    expect((await due(world, 0, NOON, 10, [99])).due).toEqual([[0, NOON]]);
  },

  'what is resumed is not due any more': async (world) => {
    await fold(world, 0, 0, 10, park(1, { due: NOON }), park(2, { due: NOON + 1 }));
    await fold(world, 0, 10, 20, resume(1));
    expect((await due(world, 0, NOON + 5)).due).toEqual([[2, NOON + 1]]);
  },

  'partitions have their own due rows': async (world) => {
    await fold(world, 0, 0, 10, park(1, { due: NOON }));
    await fold(world, 1, 0, 10, park(1, { due: NOON - 5 }), park(2, { due: NOON + 5 }));
    expect(await due(world, 0, NOON)).toEqual({ due: [[1, NOON]], next: undefined });
    expect(await due(world, 1, NOON)).toEqual({ due: [[1, NOON - 5]], next: NOON + 5 });
  },

  'the rows of a run come in order of identity, and no others': async (world) => {
    await fold(
      world,
      0,
      0,
      50,
      park(30, { run: runId(1), strand: '1.0' }),
      park(4, { run: runId(1), strand: '1.1', due: NOON }),
      park(9, { run: runId(2) }),
      park(17, { run: runId(1), strand: '1.2' }),
    );
    await fold(world, 1, 0, 50, park(5, { run: runId(1) }));
    const of = async (partition: number, run: string): Promise<number[]> =>
      (await world.settle(world.store.parked(partition, run))).map(({ identity }) => identity);
    expect(await of(0, runId(1))).toEqual([4, 17, 30]);
    expect(await of(0, runId(2))).toEqual([9]);
    expect(await of(0, runId(3))).toEqual([]);
    expect(await of(1, runId(1))).toEqual([5]);
    await fold(world, 0, 50, 60, resume(17));
    expect(await of(0, runId(1))).toEqual([4, 30]);
  },

  'the branches of runs come without their State, and without roots': async (world) => {
    await fold(
      world,
      0,
      0,
      50,
      park(30, { run: runId(1), strand: '1.0' }),
      park(4, { run: runId(1) }),
      park(9, { run: runId(2), strand: '1.0/2.3', due: NOON }),
      park(17, { run: runId(3), strand: '1.2' }),
    );
    await fold(world, 1, 0, 50, park(5, { run: runId(1), strand: '1.1' }));
    const of = async (partition: number, ...runs: string[]): Promise<unknown[]> =>
      [...(await world.settle(world.store.branches(partition, runs)))].sort(
        (a, b) => a.identity - b.identity,
      );
    const [first, second] = [
      { identity: 30, run: runId(1), strand: '1.0' },
      { identity: 9, run: runId(2), strand: '1.0/2.3' },
    ];
    expect(await of(0, runId(1), runId(2), runId(4))).toEqual([second, first]);
    expect(await of(0)).toEqual([]);
    expect(await of(1, runId(2), runId(1))).toEqual([
      { identity: 5, run: runId(1), strand: '1.1' },
    ]);
    await fold(world, 0, 50, 60, resume(30));
    expect(await of(0, runId(1), runId(2))).toEqual([second]);
  },
};
