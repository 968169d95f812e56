/*
 * `waybill/vitest`: chaos inside a test suite. A file NAME.chaos.ts that imports this runs under
 * `npx waybill chaos NAME.chaos.ts` and under vitest alike.
 */
export { type ChaosOptions, type ChaosTest, chaosTest, describe } from './chaos-test.ts';
