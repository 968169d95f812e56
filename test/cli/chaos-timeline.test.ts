/* The timeline of a run: who began what, in words of the plan, and nothing left out without a word. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { loadStage } from '../../src/chaos/stage.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { timelineOf } from '../../src/cli/chaos-timeline.ts';
import { schemas } from '../../src/presets/schemas.ts';
import type { Timeline } from '../../src/report/chaos-model.ts';

const SCENARIOS = join(import.meta.dirname, '../../scenarios');

async function timeline(file: string, change: Partial<FaultPlan> = {}): Promise<Timeline> {
  const stage = await loadStage(join(SCENARIOS, file));
  const plan: FaultPlan = {
    ...{ version: 1, seed: 4, runners: 1, partitions: 1, faults: [] },
    instances: [{ id: 0, at: 5, draw: 8 }],
    ...change,
  };
  const { history } = runPlan(currentEngine(schemas), stage.subject, plan);
  return timelineOf(plan, history, []);
}

function labels({ instances }: Timeline): string[] {
  return instances.map(({ label }) => label);
}

test('runs that a schedule begins are its ticks, with the record that began them', async () => {
  const line = await timeline('hourly-statement.yaml');
  expect(labels(line).slice(0, 3)).toEqual(['run 0', 'tick 1', 'tick 2']);
  const [fire] = line.marks.filter(({ label }) => label === 'FIRE');
  expect(fire?.details.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['schedule', 'tick', 'next']),
  );
  const [schedule] = line.marks.filter(({ label }) => label === 'SCHEDULE');
  expect(schedule?.details.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['starts', 'rule', 'next']),
  );
  // No id of a run where a name would do.
  for (const { title } of line.marks) expect(title).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
});

test('runs that a run begins are its children; strands carry their path', async () => {
  const line = await timeline('child-workflows.yaml');
  expect(labels(line)).toEqual(['run 0', 'child 1']);
  expect(line.marks.some(({ label }) => /^STEP \d+\.\d+/.test(label))).toBe(true);
});

test('what a client asks for leads to its record', async () => {
  const line = await timeline('trip-saga.yaml', {
    instances: [{ id: 0, at: 5, draw: 8, cancel: 800 }],
  });
  const asked = line.marks.findIndex(({ label, lane }) => label === 'cancel' && lane === 0);
  expect(line.marks[asked]?.title).toMatch(/^client asks to cancel run 0: acknowledged$/);
  const led = line.arrows
    .filter(({ from }) => from === asked)
    .map(({ to }) => line.marks[to]?.label);
  expect(led).toEqual(['CONTROL']);
});

test('a crowd is shown in part, and says so', async () => {
  const instances = Array.from({ length: 80 }, (_, id) => ({ id, at: id * 10, draw: id }));
  const line = await timeline('merchant-onboarding.yaml', { instances });
  expect(line.leftOut).toBeGreaterThan(0);
  expect(line.marks.length).toBeLessThanOrEqual(1_300);
  expect(line.instances.length).toBeLessThan(80);
});
