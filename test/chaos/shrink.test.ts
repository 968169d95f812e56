import { expect, test } from 'vitest';
import type { FaultPlan, PlannedFault } from '../../src/chaos/plan.ts';
import { shrink } from '../../src/chaos/shrink.ts';

function planWith(faults: number, instances = 9): FaultPlan {
  return {
    version: 1,
    seed: 1,
    runners: 3,
    partitions: 4,
    instances: Array.from({ length: instances }, (_, id) => ({ id, at: id, draw: id, again: 5 })),
    faults: Array.from({ length: faults }, (_, id): PlannedFault => ({
      id,
      at: { point: 'append', nth: 9, ...(id === 4 ? { run: 7 } : {}) },
      does: { kind: 'refused' },
    })),
  };
}

const has = (plan: FaultPlan, id: number): boolean => plan.faults.some((one) => one.id === id);

test('keeps exactly the faults that are needed, and a small world', () => {
  const fails = (plan: FaultPlan): boolean => has(plan, 2) && has(plan, 11) && plan.runners >= 2;
  const { calls, minimal, plan } = shrink(planWith(16), { fails });
  expect(plan.faults.map(({ id }) => id)).toEqual([2, 11]);
  expect(plan).toMatchObject({ runners: 2, partitions: 1 });
  expect(plan.instances).toHaveLength(1);
  expect(plan.instances[0]).not.toHaveProperty('again');
  expect(plan.faults.map(({ at }) => at.nth)).toEqual([1, 1]);
  expect(minimal).toBe(true);
  expect(calls).toBeLessThan(200);
});

test('an instance that a needed fault is addressed to stays', () => {
  const { plan } = shrink(planWith(6), { fails: (candidate) => has(candidate, 4) });
  expect(plan.instances.map(({ id }) => id)).toEqual([7]);
});

test('a failure that needs no fault at all shrinks to none', () => {
  const { minimal, plan } = shrink(planWith(5), { fails: () => true });
  expect(plan.faults).toEqual([]);
  expect(minimal).toBe(true);
});

test('what does not fit the budget is not called minimal', () => {
  const fails = (plan: FaultPlan): boolean => has(plan, 2) && has(plan, 11);
  expect(shrink(planWith(16), { fails, callsMax: 4 }).minimal).toBe(false);
});

test('the result fails: a shrinker that returned a passing plan would be seen here', () => {
  for (const needed of [[0], [1, 3], [0, 5, 9], [2, 3, 4, 12]]) {
    const fails = (plan: FaultPlan): boolean => needed.every((id) => has(plan, id));
    const { plan } = shrink(planWith(14), { fails });
    expect(fails(plan)).toBe(true);
    expect(plan.faults).toHaveLength(needed.length);
  }
});
