/*
 * The short tier of live chaos: real runners, broker and database, broken once each. Its seed is fixed,
 * so a failure can be run again: `npm run chaos:live -- --short --seed S`.
 */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCampaign } from '../../../chaos/live/campaign.ts';
import { checkEvidence } from '../../../chaos/live/checker.ts';
import { readEvidence } from '../../../chaos/live/evidence.ts';
import { SHORT, shortCampaign } from '../../../chaos/live/short.ts';
import { summary } from '../../../chaos/live/summary.ts';
import { TAMPERINGS } from './tampering.ts';

const SEED = '1';
/** The first so many falsifications are tried on real evidence as well; all of them on a simulated one. */
const TAMPERED = 3;
/** A minute on an idle machine; others may be at work on this one. */
const MS_MAX = 600_000;

test(
  `live chaos, ${SHORT.instances} runs: a kill, a zombie, a cut, broker and database killed`,
  { timeout: MS_MAX },
  async (context) => {
    const ran = await runCampaign(shortCampaign(SEED));
    if ('missing' in ran) return context.skip(ran.missing);
    const evidence = readEvidence(ran.folder);
    const checked = await checkEvidence(evidence);
    const again = `npm run chaos:live -- --short --seed ${SEED}`;
    const told = `${summary(evidence.campaign, checked)}\nevidence: ${ran.folder}\nagain: ${again}`;
    expect(checked.violations, told).toEqual([]);
    const { figures } = checked;
    expect(figures.acknowledged, told).toBe(SHORT.instances);
    expect(figures.faults, told).toMatchObject({
      kill: 1,
      zombie: 1,
      cut: 1,
      'store-kill': 1,
      'broker-kill': 1,
    });
    expect(figures.zombies, told).toMatchObject({ stopped: 1, shown: 1 });
    expect(figures.timers.parked, told).toBeGreaterThan(0);
    // the same evidence, falsified, is refused
    for (const { name, oracle, tamper } of TAMPERINGS.slice(0, TAMPERED)) {
      const { violations } = await checkEvidence(tamper(evidence));
      expect(new Set(violations.map((one) => one.oracle)), name).toContain(oracle);
    }
    rmSync(ran.folder, { recursive: true, force: true });
  },
);
