/*
 * Runs that somebody has put aside for a while are held to the reference like all others: a suspension takes time
 * and changes nothing else, wherever it strikes.
 */
import { expect, test } from 'vitest';
import { planOf } from '../../../src/chaos/campaign.ts';
import { currentEngine } from '../../../src/chaos/engine.ts';
import { DEFAULT_BOUNDS, planArbitrary } from '../../../src/chaos/generate.ts';
import { compareRuns } from '../../../src/chaos/oracles/differential.ts';
import { viewOf } from '../../../src/chaos/oracles/index.ts';
import { putAside } from '../../../src/chaos/oracles/put-aside.ts';
import { profileOf } from '../../../src/chaos/profile.ts';
import { type Scenario, scenarioSubject } from '../../../src/chaos/scenario/index.ts';
import { EVERYTHING, generatedScenario } from '../../../src/chaos/workload/index.ts';
import { runPlan } from '../../../src/chaos/world.ts';
import { rememberedSchemas } from './driven.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const engine = currentEngine(rememberedSchemas);

/** Verdicts over the runs of generated workflows that were put aside, each judged by `asked` of it. */
function verdicts(
  profile: string,
  count: number,
  asked: (scenario: Scenario, seed: number) => Scenario,
): { readonly tally: Readonly<Record<string, number>>; readonly said: readonly string[] } {
  const tally: Record<string, number> = {};
  const said: string[] = [];
  for (let seed = 0; seed < count; seed += 1) {
    const scenario = generatedScenario(seed, EVERYTHING);
    const subject = scenarioSubject(scenario);
    const { listens = false, tasks } = subject;
    const size = { instances: { from: 2, to: 4 }, faults: { from: 0, to: 6 } };
    const bounds = { ...DEFAULT_BOUNDS, ...size, tasks, listens, suspends: 0.9 };
    const plan = planOf(planArbitrary(profileOf(profile), bounds), 3, seed);
    const { history } = runPlan(engine, subject, plan);
    const view = viewOf(history, scenario);
    const aside = putAside(view.history);
    for (const one of compareRuns({ ...view, scenario: asked(scenario, seed) })) {
      if (!aside.has(one.run)) continue;
      tally[one.verdict] = (tally[one.verdict] ?? 0) + 1;
      if (one.verdict === 'disagreed') said.push(`seed ${seed}: ${one.said}`);
    }
  }
  return { tally, said };
}

test('they do what the reference does', () => {
  const calm = verdicts('calm', NIGHTLY ? 2_000 : 20, (scenario) => scenario);
  expect(calm.said).toEqual([]);
  const { agreed = 0 } = calm.tally;
  expect(calm.tally).toEqual({ agreed });
  expect(agreed).toBeGreaterThan(20);
  const hostile = verdicts('everything', NIGHTLY ? 8_000 : 20, (scenario) => scenario);
  expect(hostile.said).toEqual([]);
  expect(hostile.tally['agreed']).toBeGreaterThan(20);
}, 3_600_000);

test('and are told from those of another document', () => {
  const { tally } = verdicts('calm', 5, (scenario, seed) => {
    const { document, resources } = generatedScenario(seed + 1_000).definition;
    return { ...scenario, definition: { ...scenario.definition, document, resources } };
  });
  const { disagreed = 0 } = tally;
  expect(tally).toEqual({ disagreed });
  expect(disagreed).toBeGreaterThan(5);
});
