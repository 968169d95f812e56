/*
 * The injector: faults that count from one another strike one call after the other, never the same one.
 */
import { expect, test } from 'vitest';
import type { Point } from '../../src/adapters/sim/index.ts';
import { Injector } from '../../src/chaos/inject.ts';
import { type FaultPlan, PLAN_VERSION, type PlannedFault } from '../../src/chaos/plan.ts';

const CALL: Point = { point: 'activity', process: 'runner-1', incarnation: 1 };

function injector(faults: readonly PlannedFault[]): Injector {
  const plan: FaultPlan = {
    version: PLAN_VERSION,
    seed: 1,
    runners: 1,
    partitions: 1,
    instances: [],
    faults,
  };
  return new Injector(plan, new Map(), { perform: () => undefined, now: () => 0 });
}

function crash(id: number, since?: number): PlannedFault {
  const at = { point: 'activity', nth: 1, ...(since === undefined ? {} : { since }) } as const;
  return { id, at, does: { kind: 'crash', when: 'after', down: 100 } };
}

for (const [order, faults] of [
  ['in order', [crash(0), crash(1, 0), crash(2, 1)]],
  ['backwards', [crash(2, 1), crash(1, 0), crash(0)]],
] as const) {
  test(`a chain of faults strikes one call after the other, ${order}`, () => {
    const strikes = injector(faults);
    const struck = Array.from({ length: 4 }, () => strikes.at(CALL)?.length ?? 0);
    expect(struck).toEqual([1, 1, 1, 0]);
  });
}

test('what follows a fault that was shrunk away counts from the beginning', () => {
  expect(injector([crash(1, 0)]).at(CALL)).toHaveLength(1);
});
