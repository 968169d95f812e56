import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  generatedScenario,
  generatedSubject,
  scenarioOf,
  scenarioTexts,
} from '../../../src/chaos/workload/index.ts';
import { type Plan, taskKind } from '../../../src/dsl/index.ts';
import { planFor } from '../reference/driven.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';

/** Text and plan of random scenarios: each loads and compiles. */
const made: { readonly text: string; readonly plan: Plan }[] = [];
beforeAll(() => {
  fc.assert(
    fc.property(scenarioTexts(), (text) => {
      made.push({ text, plan: planFor(scenarioOf(text)) });
    }),
    { numRuns: NIGHTLY ? 2_000 : 100 },
  );
}, 600_000);

test('every generated scenario loads and compiles, and all kinds of tasks occur', () => {
  const kinds = new Map<string, number>();
  let depth = 0;
  let parallel = 0;
  for (const { plan } of made) {
    for (const { kind: does, pointer, task } of plan.byPointer.values()) {
      // Not a task, but where a saga is left.
      if (does === 'undo') continue;
      const kind = taskKind(task);
      if (task.metadata?.parallel !== undefined) parallel += 1;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      depth = Math.max(depth, pointer.split('/').length);
    }
  }
  const known = [
    'call',
    'do',
    'emit',
    'for',
    'fork',
    'listen',
    'raise',
    'run',
    'set',
    'switch',
    'try',
    'wait',
  ];
  expect([...kinds.keys()].sort()).toEqual(known);
  expect(parallel).toBeGreaterThan(10);
  expect(depth).toBeGreaterThan(12);
});

test('what is elsewhere is called in every way', () => {
  const ways = new Set<string>();
  for (const { plan, text } of made) {
    for (const node of plan.byPointer.values()) {
      if (node.kind !== 'call') continue;
      ways.add(node.activity);
      if (node.late !== undefined) ways.add('with a secret');
    }
    if (text.includes('"resource":')) ways.add('a schema at an address');
    if (text.includes('function.yaml')) ways.add('a function of a catalog');
  }
  const known = [
    'function',
    'http',
    'openapi',
    'script',
    'shell',
    'with a secret',
    'a schema at an address',
    'a function of a catalog',
  ];
  expect([...ways].sort()).toEqual(known.sort());
});

test('a seed is a scenario', () => {
  expect(generatedScenario(7).hash).toBe(generatedScenario(7).hash);
  expect(generatedScenario(7).hash).not.toBe(generatedScenario(8).hash);
  const { definitions, name, tasks } = generatedSubject(7);
  expect([name, definitions.length]).toEqual([
    'generated-7',
    1 + generatedScenario(7).workflows.length,
  ]);
  expect(tasks.length).toBeGreaterThan(0);
});
