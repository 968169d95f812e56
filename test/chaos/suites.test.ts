/*
 * The project's own suites (chaos/suites), one for each of the five bugs that every home-made engine
 * meets, as their users run them: `waybill chaos chaos/suites`. In short form here, long at night.
 * WAYBILL_SEED fixes the seed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CampaignReport } from '../../src/report/chaos-model.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = 'chaos/suites';
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const PATIENCE_MS = NIGHTLY ? 3_600_000 : 240_000;

const suites = readdirSync(join(ROOT, FOLDER)).filter((file) => file.endsWith('.chaos.ts'));
let home = '';
let said = '';
let campaigns: readonly CampaignReport[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-own-suites-'));
  const figures = join(home, 'figures.json');
  const main = join(ROOT, 'src/cli/main.ts');
  const words = [main, 'chaos', FOLDER, '--no-report', '--json', figures, '--workers'];
  const { stdout, stderr } = spawnSync(process.execPath, [...words, NIGHTLY ? '2' : '0'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  said = `${stdout}\n${stderr}`;
  ({ campaigns } = JSON.parse(readFileSync(figures, 'utf8')) as {
    campaigns: readonly CampaignReport[];
  });
}, PATIENCE_MS);
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('there is one for each of the five', () => {
  expect(suites).toEqual([
    'double-fires.chaos.ts',
    'fan-out.chaos.ts',
    'lost-timers.chaos.ts',
    'restart-races.chaos.ts',
    'version-skew.chaos.ts',
  ]);
});

test.each(suites)('%s', (suite) => {
  const own = campaigns.filter((one) => one.suite === `${FOLDER}/${suite}`);
  expect(own.length, said).toBeGreaterThanOrEqual(3);
  for (const { counts, scenario, seed, test: name, verdict } of own) {
    const where = `${name} (${scenario}, seed ${seed})\n${said}`;
    expect(verdict, where).toBe('held');
    expect(counts.inconclusive, where).toBe(0);
    // Aimed, and it struck: a suite that breaks nothing proves nothing.
    expect(counts.faults, where).toBeGreaterThan(0);
  }
});
