/* Deadlines in a State: timeouts of tasks, attempts and the workflow. */
import type { Frame, State } from '../wire/index.ts';
import { undoIndex } from './undo.ts';

/** When the running attempt of a try has taken too long, ms. */
export function attemptDeadline(frame: Frame): number | undefined {
  const { node } = frame;
  if (node.kind !== 'try' || node.inCatch || node.retryAt !== undefined) return undefined;
  return node.attemptDeadline;
}

/** What a strand's timeouts depend on. */
export interface Timed {
  readonly frames: readonly Frame[];
  readonly deadline?: number | undefined;
  readonly cancelling?: State['cancelling'] | undefined;
}

/** First frame whose timeouts count; undefined = none do: the strand waits for what it has begun (U3, R18). */
export function firstTimed({ frames, cancelling }: Timed): number | undefined {
  const undo = undoIndex(frames);
  if (undo < 0 && cancelling !== undefined) return undefined;
  const top = frames.at(-1)?.node;
  return top?.kind === 'fork' && top.settling === true ? undefined : undo + 1;
}

/** Earliest time at which something times out, ms; undefined = never. */
export function nextDeadline(state: Timed): number | undefined {
  const from = firstTimed(state);
  if (from === undefined) return undefined;
  let earliest = (from === 0 ? state.deadline : undefined) ?? Infinity;
  for (let i = from; i < state.frames.length; i++) {
    const frame = state.frames[i]!;
    earliest = Math.min(earliest, frame.deadline ?? Infinity, attemptDeadline(frame) ?? Infinity);
  }
  return earliest === Infinity ? undefined : earliest;
}
