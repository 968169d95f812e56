/* What real runners have left in a real Log replays equal, record for record: one file, and brokers. */
import { describe, expect, test } from 'vitest';
import { clusterGround, fileGround } from './runner/grounds.ts';
import { recordedCampaign } from './runner/recorded.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';

describe('a recorded campaign replays equal', () => {
  test(`embedded, ${NIGHTLY ? 50 : 1} times`, { timeout: 900_000 }, async () => {
    for (let time = 0; time < (NIGHTLY ? 50 : 1); time++) {
      const ground = await fileGround(2);
      try {
        await recordedCampaign(ground, 8);
      } finally {
        await ground.close();
      }
    }
  });

  test('on brokers, 3 times', { timeout: 600_000 }, async (context) => {
    if (!NIGHTLY) return context.skip('it starts a broker and a database: every night');
    const ground = await clusterGround(3);
    if ('missing' in ground) return context.skip(ground.missing);
    try {
      // The same Log goes on: each recording has all that was before it.
      let runs = 0;
      for (const more of [40, 40, 40]) {
        const { tally } = await recordedCampaign(ground, more, (runs += more));
        expect(tally.runs).toBe(runs);
      }
    } finally {
      await ground.close();
    }
  });
});
