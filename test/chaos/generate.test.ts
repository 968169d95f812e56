import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../../src/chaos/campaign.ts';
import { CELLS } from '../../src/chaos/catalogue.ts';
import { DEFAULT_BOUNDS, planArbitrary } from '../../src/chaos/generate.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { profileOf, PROFILES } from '../../src/chaos/profile.ts';

const bounds = { ...DEFAULT_BOUNDS, tasks: ['a', 'b'] };

test('plans are JSON, within their bounds, and refer only to what is there', () => {
  for (const profile of PROFILES) {
    fc.assert(
      fc.property(planArbitrary(profile, bounds), (plan) => {
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
        expect(plan.instances.length).toBeGreaterThanOrEqual(3);
        expect(plan.instances.length).toBeLessThanOrEqual(20);
        for (const { at, id } of plan.faults) {
          expect(at.nth).toBeGreaterThan(0);
          if (typeof at.process === 'number') expect(at.process).toBeLessThan(plan.runners);
          if (at.partition !== undefined) expect(at.partition).toBeLessThan(plan.partitions);
          if (at.run !== undefined) expect(at.run).toBeLessThan(plan.instances.length);
          if (at.since !== undefined) expect(at.since).toBeLessThan(id);
        }
        expect(new Set(plan.faults.map((fault) => fault.id)).size).toBe(plan.faults.length);
      }),
      { numRuns: 60, seed: 1 },
    );
  }
});

test('plan i of a campaign depends on the seed and i alone', () => {
  const arbitrary = planArbitrary(profileOf('everything'), bounds);
  const first = planOf(arbitrary, 5, 17);
  planOf(arbitrary, 5, 18);
  expect(planOf(planArbitrary(profileOf('everything'), bounds), 5, 17)).toEqual(first);
  expect(planOf(arbitrary, 6, 17)).not.toEqual(first);
});

test('the mix: addressed faults, swarms and gestures', () => {
  const arbitrary = planArbitrary(profileOf('everything'), bounds);
  const plans = Array.from({ length: 300 }, (_, index) => planOf(arbitrary, 1, index));
  const withGestures = plans.filter(({ faults }) =>
    faults.some((one) => one.gesture !== undefined),
  );
  expect(withGestures.length).toBeGreaterThan(80);
  expect(withGestures.length).toBeLessThan(160);
  const gestures = new Set(plans.flatMap(({ faults }) => faults.map((one) => one.gesture)));
  expect(gestures.size).toBe(19);
});

test('calm plans have no faults; an unknown profile is told what there is', () => {
  const [plan] = fc.sample(planArbitrary(profileOf('calm'), bounds), 1) as [FaultPlan];
  expect(plan.faults).toEqual([]);
  expect(() => profileOf('nope')).toThrow(/everything, calm, engine/);
  expect(CELLS.length).toBeGreaterThan(80);
});

test('shrinking goes to few faults, early ordinals, and few instances', () => {
  const arbitrary = planArbitrary(profileOf('everything'), bounds);
  const found = fc.check(
    fc.property(arbitrary, (plan) => plan.faults.length < 2),
    { seed: 3, numRuns: 200 },
  );
  const [plan] = found.counterexample ?? [];
  expect(plan?.instances).toHaveLength(3);
  expect(plan?.faults.length).toBeLessThanOrEqual(4);
});
