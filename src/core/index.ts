export { nextDeadline } from './deadline.ts';
export { sameType, standardError, unkept } from './errors.ts';
export * from './outcome.ts';
export {
  awaitsAnswer,
  begin,
  beginBranch,
  cancelCause,
  failStrand,
  hopFuel,
  isCancellable,
  isJoined,
  loseAfterEnd,
  settlement,
  settles,
  step,
} from './step.ts';
export { endedInOrder } from './tasks/joining.ts';
export { isBrief, isUndoing, untried } from './undo.ts';
