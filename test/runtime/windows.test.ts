/* Windows (PROTOCOL.md R8): what is held in memory, what is fetched again, and that nobody can tell. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import { checkAll, readLogs } from '../../src/chaos/oracles/index.ts';
import { type FaultPlan, PLAN_VERSION } from '../../src/chaos/plan.ts';
import { loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { type Bodies, bodyOf, HeldBodies } from '../../src/runtime/held-bodies.ts';
import type { Entry } from '../../src/runtime/open-records.ts';
import { DEFAULT_LIMITS } from '../../src/runtime/runner.ts';
import { weightOf, weightOfBody } from '../../src/runtime/weight.ts';
import type { RecordBody, RecordKind } from '../../src/wire/index.ts';
import { record } from '../wire/records.ts';

const BODY: RecordBody = { kind: 'CLOSE' };

function entryOf(identity: number, kind: RecordKind, weight: number): Entry {
  const position = { offset: identity, tenure: 0, nonce: 0, n: 0 };
  const header = { kind } as Entry['header'];
  return {
    identity,
    header,
    body: undefined,
    weight,
    wants: undefined,
    unread: undefined,
    position,
    time: 0,
    carryAt: 0,
    takeovers: 0,
    work: undefined,
  };
}

describe('held bodies', () => {
  it('never hold more than they may, and know what they hold', () => {
    const kinds = fc.constantFrom<RecordKind>('STEP', 'END', 'START');
    const steps = fc.array(
      fc.record({ entry: fc.nat(9), kind: kinds, weight: fc.nat(60), drop: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.nat(5), fc.nat(100), steps, (bodiesMax, bodiesBytesMax, all) => {
        const held = new HeldBodies({ bodiesMax, bodiesBytesMax });
        const entries = new Map<number, Entry>();
        for (const { entry: id, kind, weight, drop } of all) {
          const entry = entries.get(id) ?? entryOf(id, kind, weight);
          entries.set(id, entry);
          if (drop) held.letGo(entry);
          else held.keep(entry, BODY);
          const there = [...entries.values()].filter(({ body }) => body !== undefined);
          const bytes = there.reduce((sum, one) => sum + one.weight, 0);
          expect(held.size).toEqual({ count: there.length, bytes });
          expect(there.length).toBeLessThanOrEqual(bodiesMax);
          expect(bytes).toBeLessThanOrEqual(bodiesBytesMax);
        }
      }),
    );
  });

  it('let ends of branches go first, then STARTs, then what was used longest ago', () => {
    const held = new HeldBodies({ bodiesMax: 4, bodiesBytesMax: 1_000 });
    const [a, b] = [entryOf(1, 'STEP', 1), entryOf(2, 'STEP', 1)];
    const [start, end] = [entryOf(3, 'START', 1), entryOf(4, 'END', 1)];
    for (const entry of [a, b, start, end]) held.keep(entry, BODY);
    const gone = (): number[] =>
      [a, b, start, end].filter(({ body }) => body === undefined).map(({ identity }) => identity);
    held.touch(a);
    const order = [5, 6, 7, 8].map((identity) => {
      held.keep(entryOf(identity, 'STEP', 1), BODY);
      return gone();
    });
    expect(order).toEqual([[4], [3, 4], [2, 3, 4], [1, 2, 3, 4]]);
    const control = entryOf(9, 'CONTROL', 5_000);
    held.keep(control, BODY);
    expect(control.body).toBe(BODY);
    const waiting = entryOf(10, 'START', 1);
    held.keep(waiting, BODY);
    expect(waiting.body).toBeUndefined();
  });

  it('do not believe an older copy', () => {
    const entry = entryOf(7, 'STEP', 1);
    const fetched: Bodies = new Map([[7, { at: 7, body: BODY }]]);
    expect(bodyOf(entry, fetched)).toBe(BODY);
    entry.position = { ...entry.position, offset: 30 };
    expect(bodyOf(entry, fetched)).toBeUndefined();
  });
});

it('weighs what it is made of', () => {
  const text = 'x'.repeat(1_000);
  expect(weightOf({ a: [text, { b: text }] })).toBeGreaterThan(2_000);
  expect(weightOf({ a: [text, { b: text }] })).toBeLessThan(2_600);
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(weightOf(deep)).toBeGreaterThan(100_000);
});

it('weighs a STEP as all else, by what differs in it', () => {
  for (const { body } of fc.sample(record, 2_000)) {
    const ratio = weightOfBody(body) / weightOf(body);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.3);
  }
});

it('lends the room of a strand to others that a clock far ahead holds for longer than any is held', () => {
  const { scenario } = loadScenarioFile('scenarios/budget/short-wait.yaml');
  const plan: FaultPlan = {
    version: PLAN_VERSION,
    seed: 3,
    runners: 2,
    partitions: 1,
    window: { bodies: 4, refetch: 2, active: 1 },
    instances: [5_000, 20_000].map((at, id) => ({ id, at, draw: id })),
    faults: [
      { id: 0, at: { point: 'timer', nth: 1 }, does: { kind: 'jump', ms: 300_000 } },
      { id: 1, at: { point: 'append', kind: 'STEP', nth: 1 }, does: { kind: 'rebalance' } },
    ],
  };
  const { history } = runPlan(currentEngine(compileSchema), scenarioSubject(scenario!), plan);
  expect(history.fired.map(({ kind }) => kind)).toEqual(['jump', 'rebalance']);
  const runs = [...readLogs(history.logs).runs.values()];
  const lives = runs.map(({ ends, start }) => ends[0]!.landed - start!.landed);
  // The first is held until what its first owner took for half a minute later; the other has its half minute.
  expect(lives[0]).toBeGreaterThan(300_000);
  expect(lives[1]).toBeLessThan(31_000);
  expect(checkAll(history, scenario!).violations).toEqual([]);
});

describe('a window that holds nothing', () => {
  const { scenario } = loadScenarioFile('chaos/sabotage/scenarios/crowded.yaml');
  const subject = scenarioSubject(scenario!);
  const plan: FaultPlan = {
    version: PLAN_VERSION,
    seed: 11,
    runners: 1,
    partitions: 1,
    instances: Array.from({ length: 40 }, (_, id) => ({ id, at: 10 * id, draw: id })),
    faults: [],
  };
  const ends = (limits: object): { fetched: number; ended: string[] } => {
    const engine = currentEngine(compileSchema, { carryDistance: 20, ...limits });
    let fetched = 0;
    const { history } = runPlan(engine, subject, plan, {}, ({ point }) => {
      if (point === 'fetch') fetched++;
    });
    expect(history.complaints).toEqual([]);
    expect(checkAll(history, scenario!).violations).toEqual([]);
    const ended = [...readLogs(history.logs).runs].map(([run, { ends: told }]) =>
      JSON.stringify([run, told.map(({ body }) => body.kind === 'END' && body.end)]),
    );
    return { fetched, ended: ended.sort() };
  };

  it('ends every run as a large one does', () => {
    const large = ends({});
    expect(large.ended).toHaveLength(40);
    // STARTs that came before it was known which of them count
    expect(large.fetched).toBeLessThan(10);
    const none = ends({ bodiesMax: 0, refetchMax: 1 });
    expect(none.fetched).toBeGreaterThan(500);
    expect(none.ended).toEqual(large.ended);
    const light = ends({ bodiesBytesMax: 100, refetchBytesMax: 1, refetchMax: 7 });
    expect(light.fetched).toBeGreaterThan(100);
    expect(light.ended).toEqual(large.ended);
    expect(ends({ activeMax: 1, bodiesMax: 1 }).ended).toEqual(large.ended);
    expect(ends({ activeBytesMax: 1, unfoldedBytesMax: 1 }).ended).toEqual(large.ended);
    expect(DEFAULT_LIMITS.refetchMax).toBeLessThan(DEFAULT_LIMITS.bodiesMax);
  });
});
