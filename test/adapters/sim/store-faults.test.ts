import { expect, test } from 'vitest';
import type { Effect } from '../../../src/adapters/sim/index.ts';
import type { ParkedRow, StoreChange } from '../../../src/ports/index.ts';
import type { LogRecord } from '../../../src/wire/index.ts';
import { type Driven, driven, strikeOnce } from './driven.ts';

function parkRecord(run: string, due: number): LogRecord {
  return {
    header: {
      kind: 'PARK',
      tenure: 0,
      nonce: 1,
      n: 1,
      unit: 1,
      unitSize: 1,
      targets: [3],
      run,
      strand: '',
      hop: 2,
      definition: 'ab'.repeat(32),
      time: 1_767_225_600_000,
      minReader: 1,
      joins: 0,
      carries: -1,
    },
    body: {
      kind: 'PARK',
      state: {
        status: 'waiting',
        position: '/do/0/pause',
        entering: false,
        frames: [],
        data: { list: [1, 2.5, 'x', null] },
        startedAt: 1_767_225_600_000,
        activation: 1,
        pureHops: 0,
      },
      cause: { kind: 'timer' },
      why: 'wait',
      due,
    },
  };
}

function row(identity: number, run: string, due: number): ParkedRow {
  return {
    identity,
    run,
    strand: '',
    hop: 2,
    definition: 'ab'.repeat(32),
    why: 'wait',
    due,
    record: parkRecord(run, due),
  };
}

const park = (identity: number, run: string, due: number): StoreChange => ({
  kind: 'park',
  row: row(identity, run, due),
});

test('a row comes out as it went in, through text', () => {
  const { outcome, ports } = driven();
  const mine = row(5, 'r1', 2_000);
  expect(outcome(ports.store.fold(0, 0, 6, [{ kind: 'park', row: mine }]))).toBe('applied');
  const rows = outcome(ports.store.parked(0, 'r1')) as readonly ParkedRow[];
  expect(rows).toEqual([mine]);
  expect(rows[0]?.record).not.toBe(mine.record);
  expect(outcome(ports.store.load(0))).toEqual({ applied: 6, parked: 1 });
});

test('a fold from another place is stale and changes nothing', () => {
  const { outcome, ports } = driven();
  outcome(ports.store.fold(0, 0, 6, [park(5, 'r1', 2_000)]));
  expect(outcome(ports.store.fold(0, 0, 9, [park(7, 'r2', 2_000)]))).toEqual({ stale: 6 });
  expect(outcome(ports.store.load(0))).toEqual({ applied: 6, parked: 1 });
  expect(outcome(ports.store.fold(0, 6, 9, [{ kind: 'resume', identities: [5] }]))).toBe('applied');
  expect(outcome(ports.store.load(0))).toEqual({ applied: 9, parked: 0 });
});

test('due rows come oldest first, without those excepted, and say when the next is due', () => {
  const { outcome, ports } = driven();
  const changes = [park(1, 'a', 300), park(2, 'b', 100), park(3, 'c', 200), park(4, 'd', 900)];
  outcome(ports.store.fold(0, 0, 5, changes));
  const due = outcome(ports.store.due(0, 300, 2, new Set([2])));
  expect(due).toMatchObject({ rows: [{ identity: 3 }, { identity: 1 }], next: 900 });
  expect(outcome(ports.store.due(0, 300, 1, new Set([2])))).toMatchObject({ next: 300 });
});

function foldUnder(effect: Effect): { world: Driven; answer: unknown } {
  const world = driven();
  strikeOnce(world.simulation, (point) => point.point === 'fold', effect);
  return { world, answer: world.outcome(world.ports.store.fold(0, 0, 4, [park(1, 'a', 5)])) };
}

test('commit unknown: committed or not, a repetition tells', () => {
  const committed = foldUnder({ kind: 'unknown', fate: 'landed', ms: 0, hears: 'error' });
  expect(committed.answer).toBeInstanceOf(Error);
  const again = committed.world.ports.store.fold(0, 0, 4, [park(1, 'a', 5)]);
  expect(committed.world.outcome(again)).toEqual({ stale: 4 });
  const lost = foldUnder({ kind: 'unknown', fate: 'lost', ms: 0, hears: 'error' });
  expect(lost.answer).toBeInstanceOf(Error);
  expect(lost.world.outcome(lost.world.ports.store.fold(0, 0, 4, []))).toBe('applied');
});

test('a commit that lands late is compared before it sets', () => {
  const { world } = foldUnder({ kind: 'unknown', fate: 'late', ms: 1_000, hears: 'error' });
  expect(world.outcome(world.ports.store.fold(0, 0, 2, []))).toBe('applied');
  world.pass(2_000);
  expect(world.outcome(world.ports.store.load(0))).toEqual({ applied: 2, parked: 0 });
});

test('a conflict is an error and nothing happened', () => {
  const { answer, world } = foldUnder({ kind: 'refused' });
  expect(answer).toBeInstanceOf(Error);
  expect(world.outcome(world.ports.store.load(0))).toEqual({ applied: 0, parked: 0 });
});

test('once-keys and results', () => {
  const { outcome, ports } = driven();
  expect(outcome(ports.store.once('order-7', 'r1'))).toBe('r1');
  expect(outcome(ports.store.once('order-7', 'r2'))).toBe('r1');
  const result = {
    run: 'r1',
    definition: 'd',
    ended: 'completed',
    value: { ok: true },
    endedAt: 7,
  } as const;
  outcome(ports.store.fold(0, 0, 1, [{ kind: 'result', row: result }]));
  expect(outcome(ports.store.result('r1'))).toEqual(result);
  outcome(ports.store.forget('order-7'));
  expect(outcome(ports.store.result('r1'))).toBeUndefined();
});
