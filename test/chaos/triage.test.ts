/* Failures that are alike stand together, and the smallest plan speaks for its group. */
import { expect, test } from 'vitest';
import type { FaultPlan, PlannedFault } from '../../src/chaos/plan.ts';
import { triage } from '../../src/chaos/triage.ts';

const CRASH: PlannedFault = {
  id: 0,
  at: { point: 'append', nth: 1 },
  does: { kind: 'crash', when: 'before', down: 100 },
};
const REFUSED: PlannedFault = { id: 1, at: { point: 'fold', nth: 3 }, does: { kind: 'refused' } };

function failure(
  oracle: string,
  faults: readonly PlannedFault[],
  seed = 1,
): { plan: FaultPlan; violations: { promise: string; oracle: string; said: string }[] } {
  const plan = { version: 1 as const, seed, runners: 1, partitions: 1, instances: [], faults };
  return { plan, violations: [{ promise: 'P3', oracle, said: `${oracle} ${seed}` }] };
}

test('one group for each oracle and kinds of faults, whatever their order; the largest first', () => {
  const groups = triage([
    failure('one-effect', [CRASH]),
    failure('timers', [CRASH, REFUSED]),
    failure('timers', [REFUSED, CRASH], 2),
    failure('timers', [REFUSED], 3),
    failure('timers', [], 4),
  ]);
  expect(groups.map(({ kinds, members, oracle }) => [oracle, kinds, members.length])).toEqual([
    ['timers', ['crash-before', 'refused'], 2],
    ['one-effect', ['crash-before'], 1],
    ['timers', ['refused'], 1],
    ['timers', [], 1],
  ]);
});

test('the same kind twice is another group than once', () => {
  const twice = [CRASH, { ...CRASH, id: 2 }];
  const groups = triage([failure('timers', twice), failure('timers', [CRASH])]);
  expect(groups.map(({ kinds }) => kinds.length).toSorted((a, b) => a - b)).toEqual([1, 2]);
});

test('a plan that was not made small joins the group whose faults are among its own', () => {
  const large = { ...failure('timers', [CRASH, REFUSED, { ...CRASH, id: 2 }]), minimal: false };
  const small = { ...failure('timers', [REFUSED]), minimal: true };
  const other = { ...failure('one-effect', [REFUSED]), minimal: true };
  const groups = triage([large, small, other]);
  expect(groups.map(({ kinds, members, oracle }) => [oracle, kinds, members.length])).toEqual([
    ['timers', ['refused'], 2],
    ['one-effect', ['refused'], 1],
  ]);
  // The smallest speaks for all of them.
  expect(groups[0]?.members[0]).toBe(small);
  // Alone it is a group of its own, and a small one never joins a smaller one.
  expect(triage([large]).map(({ kinds }) => kinds.length)).toEqual([3]);
  expect(triage([small, { ...large, minimal: true }])).toHaveLength(2);
});
