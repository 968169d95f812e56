import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  generatedScenario,
  generatedSubject,
  scenarioOf,
  scenarioTexts,
} from '../../../src/chaos/workload/index.ts';
import { taskKind } from '../../../src/dsl/index.ts';
import { planFor } from '../reference/driven.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';

test('every generated scenario loads and compiles, and all kinds of tasks occur', () => {
  const kinds = new Map<string, number>();
  let depth = 0;
  fc.assert(
    fc.property(scenarioTexts(), (text) => {
      const scenario = scenarioOf(text);
      for (const { pointer, task } of planFor(scenario).byPointer.values()) {
        const kind = taskKind(task);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        depth = Math.max(depth, pointer.split('/').length);
      }
    }),
    { numRuns: NIGHTLY ? 2_000 : 100 },
  );
  const known = ['call', 'do', 'for', 'fork', 'raise', 'set', 'switch', 'try', 'wait'];
  expect([...kinds.keys()].sort()).toEqual(known);
  expect(depth).toBeGreaterThan(12);
});

test('a seed is a scenario', () => {
  expect(generatedScenario(7).hash).toBe(generatedScenario(7).hash);
  expect(generatedScenario(7).hash).not.toBe(generatedScenario(8).hash);
  const { definitions, name, tasks } = generatedSubject(7);
  expect([name, definitions.length]).toEqual(['generated-7', 1]);
  expect(tasks.length).toBeGreaterThan(0);
});
