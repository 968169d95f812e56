import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/sequencer.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: more workers than that only get in each other's way.
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: NIGHTLY ? 300_000 : 20_000,
    ...(NIGHTLY ? { sequence: { sequencer: LongestFirst } } : {}),
    // fast-check prints the seed and the path of what failed.
    reporters: ['default'],
  },
});
