/* R17, R22: keys that are claimed once, and results that are kept. */
import { expect } from 'vitest';
import type { ResultRow } from '../../src/ports/index.ts';
import { HASH, NOON, fold, runId } from './parked-rows.ts';
import type { StoreWorld } from './store-contract.ts';
import type { Cases } from './suite.ts';

function result(n: number, value: ResultRow['value'] = n): ResultRow {
  return { run: runId(n), definition: HASH, ended: 'completed', value, endedAt: NOON };
}

export const onceCases: Cases<StoreWorld> = {
  'a result is kept until it is forgotten': async (world) => {
    const { store } = world;
    expect(await world.settle(store.result(runId(1)))).toBeUndefined();
    const rows = [
      result(1, { nested: [1, 'two', null, { three: 3.5 }] }),
      { ...result(2, null), ended: 'faulted' } as const,
      { ...result(3, 'gone'), ended: 'cancelled' } as const,
    ];
    await fold(world, 0, 0, 9, ...rows.map((row) => ({ kind: 'result', row }) as const));
    for (const row of rows) expect(await world.settle(store.result(row.run))).toEqual(row);
  },

  'a stale fold keeps no result': async (world) => {
    await fold(world, 0, 0, 9);
    await fold(world, 0, 0, 12, { kind: 'result', row: result(1) });
    expect(await world.settle(world.store.result(runId(1)))).toBeUndefined();
  },

  'a key belongs to the first run that claims it': async (world) => {
    const { store } = world;
    expect(await world.settle(store.once('order-7', runId(1)))).toBe(runId(1));
    expect(await world.settle(store.once('order-7', runId(2)))).toBe(runId(1));
    expect(await world.settle(store.once('order-7', runId(1)))).toBe(runId(1));
    expect(await world.settle(store.once('order-8', runId(2)))).toBe(runId(2));
  },

  'a key can be claimed from the one run that is known not to have begun': async (world) => {
    const { store } = world;
    await world.settle(store.once('order-7', runId(1)));
    expect(await world.settle(store.once('order-7', runId(2), runId(3)))).toBe(runId(1));
    expect(await world.settle(store.once('order-7', runId(2), runId(1)))).toBe(runId(2));
    expect(await world.settle(store.once('order-7', runId(4), runId(1)))).toBe(runId(2));
  },

  'claimed keys are listed until they are forgotten': async (world) => {
    const { store } = world;
    await world.settle(store.once('a', runId(1)));
    await world.settle(store.once('b', runId(2)));
    await world.settle(store.forget('a'));
    expect(await world.settle(store.claimed())).toEqual([{ key: 'b', run: runId(2) }]);
  },

  'of many claims at once one wins, and all hear of it': async (world) => {
    const answers = Array.from({ length: 8 }, (_, i) => world.store.once('key', runId(i)));
    const heard = new Set<string>();
    for (const answer of answers) heard.add(await world.settle(answer));
    expect(heard.size).toBe(1);
  },

  'a forgotten key is free, and the result of its run is gone': async (world) => {
    const { store } = world;
    await world.settle(store.once('key', runId(1)));
    await fold(
      world,
      0,
      0,
      9,
      { kind: 'result', row: result(1) },
      { kind: 'result', row: result(2) },
    );
    await world.settle(store.forget('key'));
    expect(await world.settle(store.result(runId(1)))).toBeUndefined();
    expect(await world.settle(store.result(runId(2)))).toEqual(result(2));
    expect(await world.settle(store.once('key', runId(3)))).toBe(runId(3));
  },

  'an unknown key can be forgotten': async (world) => {
    await world.settle(world.store.forget('never heard of'));
    await world.settle(world.store.once('key', runId(1)));
    await world.settle(world.store.forget('key'));
    await world.settle(world.store.forget('key'));
  },
};
