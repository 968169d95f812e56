/* The contract of the RunIndex port (src/ports/run-index.ts), X1-X3 and every sentence of its comments. */
import { expect } from 'vitest';
import type { LogPosition, RunIndex, RunQuery, RunRow } from '../../src/ports/index.ts';
import { HASH, NOON, runId } from './parked-rows.ts';
import { type Cases, type Contract, type World, suite } from './suite.ts';

/** Fresh and empty, of at least two partitions. */
export interface RunIndexWorld extends World {
  readonly index: RunIndex;
}

export function runIndexContract(contract: Contract<RunIndexWorld>): void {
  suite('RunIndex', contract, cases);
}

function place(offset: number): LogPosition {
  return { offset, tenure: 3, nonce: 0xdead_beef, n: offset - 4 };
}

/** A run that goes on; `n` names it and says when it was started. */
function row(n: number, more: Partial<RunRow> = {}): RunRow {
  return {
    run: runId(n),
    partition: 0,
    status: 'running',
    definition: HASH,
    namespace: 'shop',
    name: 'order',
    version: '1.0.0',
    position: '/do/0/pay',
    waitsFor: 'activity',
    until: NOON + 60_000,
    startedAt: NOON + n,
    changedAt: NOON + n + 5,
    last: 10 + n,
    detail: { open: [[10 + n, { kind: 'STEP', strand: '' }]], parked: [] },
    ...more,
  };
}

function ended(n: number, endedAt: number, more: Partial<RunRow> = {}): RunRow {
  const { position: _, waitsFor: _w, until: _u, detail: _d, ...rest } = row(n);
  return { ...rest, status: 'completed', endedAt, value: { n }, valueBytes: 7, ...more };
}

async function write(
  world: RunIndexWorld,
  from: number | undefined,
  to: number,
  rows: readonly RunRow[],
  partition = 0,
): Promise<'written' | 'stale'> {
  const begin = from === undefined ? undefined : place(from);
  return world.settle(world.index.write(partition, begin, place(to), rows));
}

async function list(world: RunIndexWorld, query: Partial<RunQuery> = {}): Promise<string[]> {
  const rows = await world.settle(world.index.list({ limit: 100, ...query }));
  return rows.map(({ run }) => run);
}

const cases: Cases<RunIndexWorld> = {
  'nothing is indexed at first': async (world) => {
    expect(await world.settle(world.index.position(0))).toBeUndefined();
    expect(await world.settle(world.index.get(runId(1)))).toBeUndefined();
    expect(await world.settle(world.index.rows([runId(1)]))).toEqual([]);
    expect(await list(world)).toEqual([]);
  },

  'rows and position come together': async (world) => {
    expect(await write(world, undefined, 20, [row(1), row(2)])).toBe('written');
    expect(await world.settle(world.index.position(0))).toEqual(place(20));
    expect(await world.settle(world.index.position(1))).toBeUndefined();
    expect(await world.settle(world.index.get(runId(1)))).toEqual({
      row: row(1),
      position: place(20),
    });
  },

  'a position moves without rows': async (world) => {
    await write(world, undefined, 20, []);
    expect(await write(world, 20, 25, [])).toBe('written');
    expect(await world.settle(world.index.position(0))).toEqual(place(25));
  },

  'what does not go on from where it stands is stale, and changes nothing': async (world) => {
    await write(world, undefined, 20, [row(1)]);
    const other = row(1, { status: 'waiting' });
    for (const from of [undefined, 0, 19, 21]) {
      expect(await write(world, from, 30, [other, row(2)])).toBe('stale');
    }
    expect(await write(world, 5, 30, [other], 1)).toBe('stale');
    expect(await world.settle(world.index.position(0))).toEqual(place(20));
    expect(await list(world)).toEqual([runId(1)]);
    expect((await world.settle(world.index.get(runId(1))))?.row).toEqual(row(1));
  },

  'a batch that was written is stale when it comes again': async (world) => {
    await write(world, undefined, 20, []);
    expect(await write(world, 20, 30, [row(1)])).toBe('written');
    expect(await write(world, 20, 30, [row(1)])).toBe('stale');
  },

  'of two that go on from one place one is written': async (world) => {
    const answers = [
      world.index.write(0, undefined, place(10), [row(1)]),
      world.index.write(0, undefined, place(20), [row(2)]),
    ];
    const outcomes = [];
    for (const answer of answers) outcomes.push(await world.settle(answer));
    expect(outcomes.toSorted()).toEqual(['stale', 'written']);
    expect(await list(world)).toHaveLength(1);
  },

  'a row takes the place of the one of its run, whole': async (world) => {
    await write(world, undefined, 20, [row(1), row(2)]);
    const over = ended(1, NOON + 99);
    await write(world, 20, 30, [over]);
    expect((await world.settle(world.index.get(runId(1))))?.row).toEqual(over);
    expect((await world.settle(world.index.get(runId(2))))?.row).toEqual(row(2));
    expect(await list(world)).toEqual([runId(2), runId(1)]);
  },

  'a row comes back as it was': async (world) => {
    const rows: RunRow[] = [
      row(1),
      { run: runId(2), partition: 0, status: 'pending', definition: '', ...at(2) },
      ended(3, NOON, { value: { text: 'größer 💥\u0000', list: [1.5, null, true, '\ud800'] } }),
      ended(4, NOON, { value: null, valueBytes: 4 }),
      ended(5, NOON, { status: 'faulted', errorType: 'https://x.y/"z"', value: { status: 500 } }),
      ended(6, NOON, { status: 'cancelled' }),
      row(7, { position: '/do/0/a~1b "c"\u0000', name: 'ü\u0000', waitsFor: 'listen' }),
      row(8, { detail: { deep: ['x'.repeat(200_000), { '': [] }] } }),
    ];
    await write(world, undefined, 20, rows);
    for (const one of rows) {
      expect((await world.settle(world.index.get(one.run)))?.row).toEqual(one);
    }
    const runs = rows.map(({ run }) => run);
    const found = await world.settle(world.index.rows([...runs, runId(99)]));
    expect(found.toSorted((a, b) => (a.run < b.run ? -1 : 1))).toEqual(rows);
  },

  'what was given is its own': async (world) => {
    const rows = [row(1)];
    const answer = world.index.write(0, undefined, place(20), rows);
    rows.push(row(2));
    await world.settle(answer);
    expect(await list(world)).toEqual([runId(1)]);
  },

  'the position of `get` is that of the partition of the run': async (world) => {
    await write(world, undefined, 20, [row(1)]);
    await write(world, undefined, 50, [row(2, { partition: 1 })], 1);
    expect((await world.settle(world.index.get(runId(1))))?.position).toEqual(place(20));
    expect((await world.settle(world.index.get(runId(2))))?.position).toEqual(place(50));
  },

  'what was started last comes first; among equals the greater run id': async (world) => {
    const same = { startedAt: NOON };
    await write(world, undefined, 20, [row(1, same), row(3, same), row(9), row(2, same)]);
    await write(world, undefined, 20, [row(5, { partition: 1 })], 1);
    expect(await list(world)).toEqual([9, 5, 3, 2, 1].map(runId));
    expect(await list(world, { limit: 2 })).toEqual([9, 5].map(runId));
    expect(await list(world, { limit: 0 })).toEqual([]);
  },

  'a list goes on after its last row': async (world) => {
    const all = Array.from({ length: 25 }, (_, n) => row(n, { startedAt: NOON + (n % 5) }));
    await write(world, undefined, 20, all);
    const seen: string[] = [];
    for (let after: RunQuery['after']; ;) {
      const page = await world.settle(
        world.index.list({ limit: 7, ...(after === undefined ? {} : { after }) }),
      );
      seen.push(...page.map(({ run }) => run));
      after = page.at(-1);
      if (page.length < 7) break;
    }
    expect(seen).toEqual(await list(world));
    expect(new Set(seen).size).toBe(25);
  },

  'a list has what was asked for only': async (world) => {
    await write(world, undefined, 20, [
      row(1),
      row(2, { status: 'waiting' }),
      row(3, { status: 'waiting', name: 'return' }),
      row(4, { version: '2.0.0' }),
      row(5, { namespace: 'depot' }),
      ended(6, NOON),
    ]);
    const order = { namespace: 'shop', name: 'order' };
    expect(await list(world, { status: 'waiting' })).toEqual([3, 2].map(runId));
    expect(await list(world, { status: 'faulted' })).toEqual([]);
    expect(await list(world, { workflow: order })).toEqual([6, 4, 2, 1].map(runId));
    expect(await list(world, { workflow: { ...order, version: '2.0.0' } })).toEqual([runId(4)]);
    expect(await list(world, { workflow: order, status: 'waiting' })).toEqual([runId(2)]);
    expect(await list(world, { workflow: order, after: row(4) })).toEqual([2, 1].map(runId));
  },

  'rows of runs that ended before are dropped, oldest first, at most so many': async (world) => {
    await write(world, undefined, 20, [
      row(1),
      ended(2, NOON - 300),
      ended(3, NOON - 200),
      ended(4, NOON - 100),
      ended(5, NOON),
    ]);
    await write(world, undefined, 20, [ended(6, NOON - 300, { partition: 1 })], 1);
    const purge = (before: number, limit: number): Promise<number> =>
      world.settle(world.index.purge(0, before, limit));
    expect(await purge(NOON - 300, 10)).toBe(0);
    expect(await purge(NOON, 2)).toBe(2);
    expect(await list(world)).toEqual([6, 5, 4, 1].map(runId));
    expect(await purge(NOON, 10)).toBe(1);
    expect(await purge(NOON, 10)).toBe(0);
    expect(await list(world)).toEqual([6, 5, 1].map(runId));
  },

  'two thousand rows are one batch': async (world) => {
    const run = (n: number): string => `${runId(0)}${String(n).padStart(4, '0')}`;
    const rows = Array.from({ length: 2_000 }, (_, n) => row(n, { run: run(n) }));
    expect(await write(world, undefined, 9_000, rows)).toBe('written');
    expect(await write(world, 9_000, 10_000, rows)).toBe('written');
    expect(await world.settle(world.index.rows(rows.map((one) => one.run)))).toHaveLength(2_000);
  },
};

function at(n: number): Pick<RunRow, 'startedAt' | 'changedAt' | 'last'> {
  return { startedAt: NOON + n, changedAt: NOON + n, last: n };
}
