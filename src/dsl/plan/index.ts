export * from './compile.ts';
export * from './plan.ts';
export { fillIn, type Given, SecretNeeded, SecretUndeclared } from './late.ts';
export { httpService } from './http.ts';
export { NOT_PINNED } from './library.ts';
export type { Pool } from './pools.ts';
export { processService } from './process.ts';
export {
  comparable,
  drawn,
  type EventKeys,
  expectation,
  fits,
  isWhole,
  outward,
  wants,
} from './judge.ts';
