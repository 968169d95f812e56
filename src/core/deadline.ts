/* Deadlines in a State: timeouts of tasks, attempts and the workflow. */
import type { Frame, State } from '../wire/index.ts';

/** When the running attempt of a try has taken too long, ms. */
export function attemptDeadline(frame: Frame): number | undefined {
  const { node } = frame;
  if (node.kind !== 'try' || node.inCatch || node.retryAt !== undefined) return undefined;
  return node.attemptDeadline;
}

/** Earliest time at which something times out, ms; undefined = never. */
export function nextDeadline(
  state: Pick<State, 'frames'> & { readonly deadline?: number | undefined },
): number | undefined {
  let earliest = state.deadline;
  const consider = (at: number | undefined): void => {
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  };
  for (const frame of state.frames) {
    consider(frame.deadline);
    consider(attemptDeadline(frame));
  }
  return earliest;
}
