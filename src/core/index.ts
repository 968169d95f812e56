export { nextDeadline } from './deadline.ts';
export { sameType, standardError } from './errors.ts';
export * from './outcome.ts';
export { begin, beginBranch, isJoined, step } from './step.ts';
