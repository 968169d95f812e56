/*
 * O28: nothing is taken for proved that was never put to the test. In the nightly tier every fault strikes,
 * every gesture comes to its end and every oracle has something to judge, over all scenarios together.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../src/chaos/campaign.ts';
import { type Cell, CELLS } from '../../src/chaos/catalogue.ts';
import { addCoverage, newCoverage } from '../../src/chaos/coverage.ts';
import { currentEngine } from '../../src/chaos/engine.ts';
import { unexercised } from '../../src/chaos/exercised.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import { profileOf, PROFILES } from '../../src/chaos/profile.ts';
import { boundsOf, loadStage } from '../../src/chaos/stage.ts';
import { schemas } from '../../src/presets/schemas.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const SCENARIOS = join(import.meta.dirname, '..', '..', 'scenarios');
/** Runs of each scenario under each profile. */
const RUNS = 150;

/** A cell by its name, as often as all that takes partitions away. */
function cellsFor(name: string): readonly Cell[] {
  const moves = CELLS.filter(({ action }) => action === 'rebalance' || action === 'storm');
  const wanted = CELLS.filter(({ action, point }) => `${action} @ ${point}` === name);
  return [...moves, ...moves.flatMap(() => wanted)];
}

describe('what was not exercised', () => {
  const calm = profileOf('calm');
  const crashy = profileOf('crashy');

  it('is every fault, gesture and oracle of a campaign that did nothing', () => {
    const found = unexercised([crashy], newCoverage(), { 'p2-x': 0, 'p3-y': 4 });
    expect(found.kinds).toEqual(['crash-before', 'crash-after', 'storm']);
    expect(found.cells).toEqual([]);
    expect(found.gestures).toContain('poison');
    expect(found.oracles).toEqual(['p2-x']);
    expect(unexercised([calm], newCoverage(), {})).toMatchObject({ kinds: [], gestures: [] });
  });

  it('is each place where a fault did not strike, once it struck elsewhere', () => {
    const coverage = newCoverage();
    coverage.cells.set('crash-before @ append @ STEP', 3);
    coverage.cells.set('crash-after @ load @ recovery: ', 1);
    coverage.gestures.set('poison', 1);
    const found = unexercised([crashy], coverage, {});
    expect(found.kinds).toEqual(['storm']);
    expect(found.cells).toContain('crash-before @ load');
    expect(found.cells).not.toContain('crash-before @ append');
    expect(found.cells.some((cell) => cell.includes('keep'))).toBe(false);
    expect(found.gestures).not.toContain('poison');
    expect(unexercised([crashy], coverage, {}, true).cells).toContain('crash-after @ keep');
  });
});

it.runIf(NIGHTLY)('a night exercises everything', { timeout: 3_600_000 }, async () => {
  const coverage = newCoverage();
  const checked: Record<string, number> = {};
  const files = ['.', 'budget'].flatMap((folder) =>
    readdirSync(join(SCENARIOS, folder))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => join(SCENARIOS, folder, file)),
  );
  for (const file of files) {
    const stage = await loadStage(file);
    for (const profile of PROFILES) {
      // A scenario may say that its workflow cannot bear a failing service.
      if (stage.scenario.faults.profile === 'engine' && !/engine|lossy|calm/.test(profile.name)) {
        continue;
      }
      const result = await runCampaign({
        engine: currentEngine(schemas),
        subject: stage.subject,
        profile,
        bounds: boundsOf(stage, {}),
        seed: 28,
        runs: RUNS,
        oracles: (history) => checkAll(history, stage.scenario),
      });
      const told = result.failures.map(({ story, token, violations }) => ({
        story,
        token,
        violations,
      }));
      expect(told, `${file}, profile ${profile.name}`).toEqual([]);
      addCoverage(coverage, result.coverage);
      for (const [name, count] of Object.entries(result.checked)) {
        checked[name] = (checked[name] ?? 0) + count;
      }
    }
  }
  // What chance has left out is asked for by name, in worlds whose partitions are dealt anew.
  for (const name of unexercised(PROFILES, coverage, checked, true).cells) {
    const profile = { ...profileOf('calm'), name, cells: cellsFor(name) };
    for (const file of files) {
      const stage = await loadStage(file);
      const result = await runCampaign({
        engine: currentEngine(schemas),
        subject: stage.subject,
        profile,
        bounds: boundsOf(stage, {}),
        seed: 28,
        runs: RUNS,
        oracles: (history) => checkAll(history, stage.scenario),
      });
      expect(
        result.failures.map(({ token, violations }) => ({ token, violations })),
        `${file}, ${name}`,
      ).toEqual([]);
      addCoverage(coverage, result.coverage);
      if (!unexercised(PROFILES, coverage, checked, true).cells.includes(name)) break;
    }
  }
  const found = unexercised(PROFILES, coverage, checked, true);
  expect(found).toEqual({ kinds: [], cells: [], gestures: [], oracles: [] });
  expect(new Set(CELLS.map(({ action }) => action)).size).toBeGreaterThan(30);
});
