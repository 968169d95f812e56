/*
 * Core and the reference agree on generated workflows; and where somebody breaks core, they do not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareSeed } from './driven.ts';
import { Nursery } from './mutants.ts';
import { MUTATIONS } from './mutations.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const WORKFLOWS = NIGHTLY ? 20_000 : 300;
/** Mutations that show soon; the nightly tier tries all of them. */
const CANARY = ['results of a fork in another order', 'one retry less'];
/** Files of core without one: what has no behaviour of its own, but types, a door, sizes. */
const NO_MUTATION = ['index.ts', 'limits.ts', 'outcome.ts', 'tasks/task-kind.ts'];
const HUNT = NIGHTLY ? 4_000 : 100;

test(`core does what the reference does, on ${WORKFLOWS} generated workflows`, () => {
  const outcomes: Record<string, number> = {};
  let calls = 0;
  let ties = 0;
  for (let seed = 0; seed < WORKFLOWS; seed += 1) {
    const both = compareSeed(seed);
    if (both.ties > 0) ties += 1;
    else expect(both.engine, `seed ${seed}`).toBe(both.reference);
    outcomes[both.outcome] = (outcomes[both.outcome] ?? 0) + 1;
    calls += both.calls;
  }
  // The workload says something: most runs get through, and errors of many kinds are met.
  expect(outcomes['completed']).toBeGreaterThan(WORKFLOWS * 0.4);
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining(['expression', 'validation', 'timeout', 'communication']),
  );
  // What happens at one instant has no order to compare: that is a small part of it.
  expect(ties).toBeLessThan(WORKFLOWS * 0.01);
  expect(calls).toBeGreaterThan(WORKFLOWS * 1.5);
}, 3_600_000);

describe('mutations of core are noticed', () => {
  let nursery: Nursery;
  beforeAll(() => {
    nursery = new Nursery();
  });
  afterAll(() => nursery.remove());

  const chosen = MUTATIONS.filter(({ name }) => NIGHTLY || CANARY.includes(name));
  test.each(chosen)(
    '$file: $name',
    async (mutation) => {
      const { by } = await nursery.hunt(mutation, HUNT);
      expect(by, `${mutation.name} survived ${HUNT} workflows`).toBeDefined();
    },
    400_000,
  );

  test.each(MUTATIONS)('$file: $name can be made', ({ file, find }) => {
    expect(readFileSync(`src/core/${file}`, 'utf8').split(find)).toHaveLength(2);
  });

  test('every file of core has one', () => {
    const mutated = new Set(MUTATIONS.map(({ file }) => file));
    const files = readdirSync('src/core', { encoding: 'utf8', recursive: true }).filter(
      (file) => file.endsWith('.ts') && !NO_MUTATION.includes(file),
    );
    expect(files.filter((file) => !mutated.has(file))).toEqual([]);
  });
});
