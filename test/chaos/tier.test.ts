/*
 * The chaos tier of every test run: each scenario, with a fixed seed and with a fresh one. A failure
 * prints the command that replays it. WAYBILL_SEED fixes the fresh seed, WAYBILL_TIER=nightly means more,
 * WAYBILL_RUNS says how many fresh runs each scenario gets.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CampaignResult, runCampaign } from '../../src/chaos/campaign.ts';
import { currentEngine } from '../../src/chaos/engine.ts';
import { DEFAULT_BOUNDS } from '../../src/chaos/generate.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import {
  loadScenarioFile,
  type Scenario,
  scenarioSubject,
} from '../../src/chaos/scenario/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const FRESH = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** All scenarios together take one of two cores for half an hour at night. */
const RUNS = {
  fixed: NIGHTLY ? 500 : 20,
  fresh: Number(process.env['WAYBILL_RUNS'] ?? (NIGHTLY ? 2_500 : 40)),
};
const TIMEOUT_MS = NIGHTLY ? 3_600_000 : 120_000;

const files = ['scenarios', 'scenarios/budget'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => join(folder, file)),
);

async function campaign(scenario: Scenario, seed: number, runs: number): Promise<CampaignResult> {
  const subject = scenarioSubject(scenario);
  const { instances, partitions, runners } = scenario.faults;
  return runCampaign({
    engine: currentEngine(compileSchema),
    subject,
    profile: profileOf(scenario.faults.profile),
    bounds: {
      ...DEFAULT_BOUNDS,
      tasks: subject.tasks,
      instances,
      runners,
      partitions,
      cancels: scenario.cancels,
      suspends: scenario.suspends,
      keeps: scenario.keeps,
    },
    seed,
    runs,
    oracles: (history) => checkAll(history, scenario),
  });
}

/** What must be said about a campaign that broke something. */
function told({ failures }: CampaignResult, file: string): string {
  return failures
    .map(({ violations, story, token }) =>
      [
        ...violations.map(({ promise, said }) => `${promise}: ${said}`),
        ...story,
        `npm run waybill -- chaos --replay ${token} ${file}`,
      ].join('\n'),
    )
    .join('\n\n');
}

describe(`chaos, fixed seed 1 and fresh seed ${FRESH}`, () => {
  it.each(files)('%s', { timeout: TIMEOUT_MS }, async (file) => {
    const { scenario, problems } = loadScenarioFile(join(ROOT, file));
    expect(problems).toEqual([]);
    for (const [seed, runs] of [
      [1, RUNS.fixed],
      [FRESH, RUNS.fresh],
    ] as const) {
      const result = await campaign(scenario!, seed, runs);
      expect(told(result, file), `seed ${seed}`).toBe('');
      expect(result.runs).toBe(runs);
      expect(result.inconclusive).toBe(0);
    }
  });
});
