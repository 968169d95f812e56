import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: more workers than that only get in each other's way.
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: process.env['WAYBILL_TIER'] === 'nightly' ? 300_000 : 20_000,
    // fast-check prints the seed and the path of what failed.
    reporters: ['default'],
  },
});
