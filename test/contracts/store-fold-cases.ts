/* S1, S2: compare and set on `applied`, all or nothing. */
import { expect } from 'vitest';
import { HASH, NOON, due, fold, journal, park, parkedRow, resume, runId } from './parked-rows.ts';
import type { StoreWorld } from './store-contract.ts';
import type { Cases } from './suite.ts';

export const foldCases: Cases<StoreWorld> = {
  'nothing is applied and nothing parked at first': async (world) => {
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 0, parked: 0 });
    expect(await world.settle(world.store.load(1))).toEqual({ applied: 0, parked: 0 });
  },

  'a fold moves `applied` and counts what is parked': async (world) => {
    expect(await fold(world, 0, 0, 10, park(3), park(7, { due: NOON }))).toBe('applied');
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 10, parked: 2 });
    expect(await fold(world, 0, 10, 12, resume(3))).toBe('applied');
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 12, parked: 1 });
  },

  'a journal keeps every transition as it was, in order, by run and partition': async (world) => {
    const data = { text: 'häßlich \u0000 "quoted"', number: 1.5, list: [null, true] };
    const first = journal(3, { run: runId(1), data });
    const branch = journal(5, { run: runId(1), strand: '0/1', due: NOON + 7 });
    const other = journal(4, { run: runId(2) });
    expect(await fold(world, 0, 0, 10, first, other, park(5), branch)).toBe('applied');
    expect(await fold(world, 0, 10, 20, resume(5), journal(12, { run: runId(1) }))).toBe('applied');
    expect(await fold(world, 1, 0, 10, journal(3, { run: runId(1), reason: 'no' }))).toBe(
      'applied',
    );
    const rows = await world.settle(world.store.journal(0, runId(1)));
    expect(rows.map(({ identity }) => identity)).toEqual([3, 5, 12]);
    expect(rows[0]).toEqual(first.kind === 'journal' && first.row);
    expect(rows[1]).toEqual(branch.kind === 'journal' && branch.row);
    expect(await world.settle(world.store.journal(1, runId(1)))).toHaveLength(1);
    expect(await world.settle(world.store.journal(0, runId(9)))).toEqual([]);
  },

  'a fold that is refused keeps nothing in the journal': async (world) => {
    await fold(world, 0, 0, 10, journal(3));
    expect(await fold(world, 0, 5, 20, journal(12))).toEqual({ stale: 10 });
    expect(await fold(world, 0, 0, 10, journal(3))).toEqual({ stale: 10 });
    expect(await world.settle(world.store.journal(0, runId(1)))).toHaveLength(1);
  },

  'a fold without changes advances': async (world) => {
    expect(await fold(world, 0, 0, 500)).toBe('applied');
    expect(await fold(world, 0, 500, 500)).toBe('applied');
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 500, parked: 0 });
  },

  'a fold from elsewhere is stale, says where it stands, and changes nothing': async (world) => {
    await fold(world, 0, 0, 10, park(3));
    expect(await fold(world, 0, 5, 20, park(12), resume(3))).toEqual({ stale: 10 });
    expect(await fold(world, 0, 11, 20, park(12), resume(3))).toEqual({ stale: 10 });
    expect(await fold(world, 0, 0, 20, park(12), resume(3))).toEqual({ stale: 10 });
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 10, parked: 1 });
    const rows = await world.settle(world.store.parked(0, runId(1)));
    expect(rows.map(({ identity }) => identity)).toEqual([3]);
  },

  'a committed fold that is repeated is stale, and done once': async (world) => {
    expect(await fold(world, 0, 0, 10, park(3))).toBe('applied');
    expect(await fold(world, 0, 0, 10, park(3))).toEqual({ stale: 10 });
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 10, parked: 1 });
  },

  'of two folds from one place one is applied': async (world) => {
    const answers = [world.store.fold(0, 0, 10, [park(1)]), world.store.fold(0, 0, 20, [park(2)])];
    const outcomes = [];
    for (const answer of answers) outcomes.push(await world.settle(answer));
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
    const { applied, parked } = await world.settle(world.store.load(0));
    expect(parked).toBe(1);
    expect(outcomes).toContainEqual({ stale: applied });
  },

  'folds one after the other need not wait for answers': async (world) => {
    const first = world.store.fold(0, 0, 10, [park(1)]);
    expect(await world.settle(first)).toBe('applied');
    expect(await fold(world, 0, 10, 20, resume(1), park(15))).toBe('applied');
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 20, parked: 1 });
  },

  'partitions are folded apart': async (world) => {
    await fold(world, 0, 0, 10, park(3, { due: NOON }));
    expect(await fold(world, 1, 0, 5, park(3, { due: NOON + 1, run: runId(2) }))).toBe('applied');
    await fold(world, 0, 10, 11, resume(3));
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 11, parked: 0 });
    expect(await world.settle(world.store.load(1))).toEqual({ applied: 5, parked: 1 });
    expect((await due(world, 1, NOON * 2)).due).toEqual([[3, NOON + 1]]);
  },

  'parked and resumed in one range leaves nothing': async (world) => {
    await fold(world, 0, 0, 10, park(3, { due: NOON }), park(4), resume(3));
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 10, parked: 1 });
    expect(await due(world, 0, NOON * 2)).toEqual({ due: [], next: undefined });
  },

  'changes are applied in their order': async (world) => {
    const result = { run: runId(1), definition: HASH, endedAt: NOON } as const;
    await fold(
      world,
      0,
      0,
      10,
      { kind: 'result', row: { ...result, ended: 'faulted', value: 1 } },
      park(3),
      resume(3),
      { kind: 'result', row: { ...result, ended: 'completed', value: 2 } },
    );
    expect(await world.settle(world.store.result(runId(1)))).toMatchObject({ value: 2 });
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 10, parked: 0 });
  },

  'several strands are resumed by one change': async (world) => {
    await fold(world, 0, 0, 10, park(1), park(2), park(3), park(4));
    await fold(world, 0, 10, 20, resume(1, 3, 4));
    const rows = await world.settle(world.store.parked(0, runId(1)));
    expect(rows.map(({ identity }) => identity)).toEqual([2]);
  },

  'what a fold was given is its own': async (world) => {
    const identities = [1];
    await fold(world, 0, 0, 10, park(1), park(2));
    const changes = [{ kind: 'resume', identities } as const];
    const answer = world.store.fold(0, 10, 20, changes);
    identities.push(2);
    changes.length = 0;
    await world.settle(answer);
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 20, parked: 1 });
  },

  'a row comes back as it was': async (world) => {
    const rows = [
      parkedRow(1),
      parkedRow(2, { due: NOON, why: 'retry' }),
      parkedRow(3, { why: 'dead', reason: 'the "service"\nsaid: não 💥' }),
      parkedRow(4, { why: 'suspend', strand: '2.0/1.3' }),
      parkedRow(5, { why: 'listen', due: NOON, data: ['a', null, 1.5, true, { '': 'ü\u0000' }] }),
      parkedRow(6, { data: null }),
    ];
    await fold(world, 0, 0, 10, ...rows.map((row) => ({ kind: 'park', row }) as const));
    expect(await world.settle(world.store.parked(0, runId(1)))).toEqual(rows);
    const { rows: due } = await world.settle(world.store.due(0, NOON, 10, new Set()));
    expect([...due].sort((a, b) => a.identity - b.identity)).toEqual([rows[1], rows[4]]);
  },

  'what is due says how far the partition was folded then': async (world) => {
    const due = async (partition: number, until: number) =>
      (await world.settle(world.store.due(partition, until, 5, new Set()))).applied;
    expect(await due(0, NOON)).toBe(0);
    await fold(world, 0, 0, 10, park(1, { due: NOON }));
    await fold(world, 1, 0, 7);
    expect([await due(0, NOON), await due(0, NOON - 1), await due(1, NOON)]).toEqual([10, 10, 7]);
    await fold(world, 0, 10, 12, resume(1));
    expect(await due(0, NOON)).toBe(12);
  },

  'a large row comes back as it was': async (world) => {
    const row = parkedRow(1, { due: NOON, data: { text: 'größer '.repeat(60_000) } });
    await fold(world, 0, 0, 10, { kind: 'park', row });
    expect((await world.settle(world.store.due(0, NOON, 1, new Set()))).rows).toEqual([row]);
  },

  'ten thousand changes are one fold': async (world) => {
    const identities = Array.from({ length: 5_000 }, (_, i) => i * 2);
    const changes = identities.map((identity) => park(identity, { due: NOON + identity }));
    const resumed = identities.map((identity) => resume(identity));
    expect(await fold(world, 0, 0, 10_000, ...changes)).toBe('applied');
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 10_000, parked: 5_000 });
    expect(await fold(world, 0, 10_000, 20_000, ...resumed, ...changes)).toBe('applied');
    expect(await world.settle(world.store.load(0))).toEqual({ applied: 20_000, parked: 5_000 });
  },
};
