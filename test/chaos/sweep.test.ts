import { expect, test } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { sweep } from '../../src/chaos/sweep.ts';
import { noSchemas, smallSubject } from './small-subject.ts';

const plan: FaultPlan = {
  version: 1,
  seed: 4,
  runners: 2,
  partitions: 1,
  instances: [{ id: 0, at: 5, draw: 8 }],
  faults: [],
};

test('every boundary, a crash before and after it: the same end as the calm run', () => {
  const result = sweep({
    engine: currentEngine(noSchemas),
    subject: smallSubject(),
    plan,
    oracles: (history) => checkAll(history),
  });
  expect(result.failures.slice(0, 3)).toEqual([]);
  expect(result.boundaries).toBeGreaterThan(40);
  expect(result.equal).toBe(result.runs);
  expect(result.fired).toBe(result.runs);
}, 60_000);
