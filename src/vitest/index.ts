/*
 * `waybill/vitest`: chaos inside a test suite. A file NAME.chaos.ts that imports this runs under
 * `npx waybill chaos NAME.chaos.ts` and under vitest alike.
 */
export { replayTest, type ReplayTestOptions } from './replay-test.ts';
export { type ChaosOptions, type ChaosTest, chaosTest, describe } from './chaos-test.ts';
