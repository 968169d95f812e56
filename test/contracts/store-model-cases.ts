/*
 * The Store against a naive model of it: random folds (some stale, some repeated), claims and
 * questions; every answer must be the one that a few lines over a Map would give. fast-check shrinks.
 */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { ParkedRow, StoreChange } from '../../src/ports/index.ts';
import { HASH, NOON, fold, parkedRow, resume, runId } from './parked-rows.ts';
import type { StoreWorld } from './store-contract.ts';
import type { Cases } from './suite.ts';

interface ModelPartition {
  applied: number;
  readonly rows: Map<number, ParkedRow>;
}

type Action =
  | {
      readonly do: 'fold';
      readonly partition: 0 | 1;
      readonly off: number;
      readonly parks: readonly Park[];
      readonly resumes: readonly number[];
    }
  | {
      readonly do: 'due';
      readonly partition: 0 | 1;
      readonly until: number;
      readonly limit: number;
      readonly except: readonly number[];
    }
  | { readonly do: 'parked'; readonly partition: 0 | 1; readonly run: number }
  | { readonly do: 'load'; readonly partition: 0 | 1 }
  | { readonly do: 'once'; readonly key: string; readonly run: number }
  | { readonly do: 'forget'; readonly key: string };

interface Park {
  readonly run: number;
  readonly due: number | undefined;
}

const partition = fc.constantFrom<0 | 1>(0, 1);
const time = fc.integer({ min: 0, max: 6 }).map((ms) => NOON + ms);
const run = fc.integer({ min: 0, max: 3 });
const key = fc.constantFrom('a', 'b');

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('fold' as const),
      partition,
      // 0 = from where it stands; else stale
      off: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -3, max: 3 })),
      parks: fc.array(fc.record({ run, due: fc.option(time, { nil: undefined }) }), {
        maxLength: 4,
      }),
      // indices into what is parked then
      resumes: fc.array(fc.nat(20), { maxLength: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('due' as const),
      partition,
      until: time,
      limit: fc.integer({ min: 0, max: 5 }),
      except: fc.array(fc.nat(30), { maxLength: 4 }),
    }),
  },
  fc.record({ do: fc.constant('parked' as const), partition, run }),
  fc.record({ do: fc.constant('load' as const), partition }),
  fc.record({ do: fc.constant('once' as const), key, run }),
  fc.record({ do: fc.constant('forget' as const), key }),
);

class Model {
  readonly partitions: readonly ModelPartition[] = [0, 1].map(() => ({
    applied: 0,
    rows: new Map(),
  }));
  readonly keys = new Map<string, string>();
  readonly results = new Map<string, string>();

  of(partition: 0 | 1): ModelPartition {
    return this.partitions[partition] as ModelPartition;
  }
}

/** Runs one action on both; what both say must be equal. */
async function check(world: StoreWorld, model: Model, action: Action): Promise<void> {
  const { store } = world;
  switch (action.do) {
    case 'fold':
      return checkFold(world, model, action);
    case 'due':
      return checkDue(world, model, action);
    case 'parked': {
      const rows = [...model.of(action.partition).rows.values()]
        .filter((row) => row.run === runId(action.run))
        .sort((a, b) => a.identity - b.identity);
      expect(await world.settle(store.parked(action.partition, runId(action.run)))).toEqual(rows);
      return;
    }
    case 'load': {
      const { applied, rows } = model.of(action.partition);
      const loaded = await world.settle(store.load(action.partition));
      expect(loaded).toEqual({ applied, parked: rows.size });
      return;
    }
    case 'once': {
      const has = model.keys.get(action.key) ?? runId(action.run);
      model.keys.set(action.key, has);
      expect(await world.settle(store.once(action.key, runId(action.run)))).toBe(has);
      return;
    }
    case 'forget': {
      const run = model.keys.get(action.key);
      model.keys.delete(action.key);
      if (run !== undefined) model.results.delete(run);
      await world.settle(store.forget(action.key));
      for (const run of [0, 1, 2, 3].map(runId)) {
        const row = await world.settle(store.result(run));
        expect(row?.value).toBe(model.results.get(run));
      }
    }
  }
}

async function checkFold(
  world: StoreWorld,
  model: Model,
  { partition, off, parks, resumes }: Extract<Action, { do: 'fold' }>,
): Promise<void> {
  const table = model.of(partition);
  const from = table.applied + off;
  const to = from + 10;
  const rows = parks.map((one, i) =>
    parkedRow(Math.max(from, 0) + i, {
      run: runId(one.run),
      ...(one.due === undefined ? {} : { due: one.due }),
    }),
  );
  const parked = [...table.rows.keys()];
  const resumed = [...new Set(resumes)].flatMap((index) => parked[index] ?? []);
  const changes: StoreChange[] = rows.map((row) => ({ kind: 'park', row }));
  if (resumed.length > 0) changes.push(resume(...resumed));
  const last = rows.at(-1);
  if (last !== undefined && parks.length === 4) {
    changes.push(resume(last.identity));
    const value = `ended at ${to}`;
    const row = {
      run: last.run,
      definition: HASH,
      ended: 'completed',
      value,
      endedAt: to,
    } as const;
    changes.push({ kind: 'result', row });
  }
  // One that stays, one that is gone, one that never was.
  const stays = parked.findLast((identity) => !resumed.includes(identity));
  if (parks.length === 3) {
    for (const identity of [stays, resumed[0], 9_999]) {
      if (identity !== undefined) changes.push({ kind: 'rearm', identity, due: to + 5 });
    }
    if (stays !== undefined && off === 0) changes.push({ kind: 'rearm', identity: stays });
  }
  const answer = await fold(world, partition, from, to, ...changes);
  if (off !== 0) {
    expect(answer).toEqual({ stale: table.applied });
    return;
  }
  expect(answer).toBe('applied');
  table.applied = to;
  for (const change of changes) {
    if (change.kind === 'park') table.rows.set(change.row.identity, change.row);
    else if (change.kind === 'resume') for (const id of change.identities) table.rows.delete(id);
    else if (change.kind === 'result') {
      model.results.set(change.row.run, change.row.value as string);
    } else if (change.kind === 'rearm') rearm(table, change);
  }
  expect(await fold(world, partition, from, to, ...changes)).toEqual({ stale: to });
}

function rearm(
  table: ModelPartition,
  { identity, due }: Extract<StoreChange, { kind: 'rearm' }>,
): void {
  const row = table.rows.get(identity);
  if (row === undefined) return;
  const { due: _, ...rest } = row;
  table.rows.set(identity, due === undefined ? rest : { ...rest, due });
}

async function checkDue(
  world: StoreWorld,
  model: Model,
  { partition, until, limit, except }: Extract<Action, { do: 'due' }>,
): Promise<void> {
  const answer = await world.settle(world.store.due(partition, until, limit, new Set(except)));
  const waiting = [...model.of(partition).rows.values()]
    .filter((row) => row.due !== undefined && !except.includes(row.identity))
    .map((row) => row.due as number)
    .sort((a, b) => a - b);
  const times = waiting.filter((due) => due <= until).slice(0, limit);
  // among rows that are due together any may come first: times are compared, and each row with its own
  expect(answer.rows.map((row) => row.due)).toEqual(times);
  expect(answer.next).toBe(waiting[times.length]);
  expect(answer.applied).toBe(model.of(partition).applied);
  const identities = answer.rows.map((row) => row.identity);
  expect(new Set(identities).size).toBe(identities.length);
  for (const row of answer.rows) {
    expect(except).not.toContain(row.identity);
    expect(row).toEqual(model.of(partition).rows.get(row.identity));
  }
}

export const modelCases: Cases<StoreWorld> = {
  'random histories are answered as a naive model answers them': async (_, open) => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
        const world = await open();
        try {
          const model = new Model();
          for (const one of actions) await check(world, model, one);
        } finally {
          await world.close();
        }
      }),
      { numRuns: Number(process.env['WAYBILL_MODEL_RUNS'] ?? 60) },
    );
  },
};
