/*
 * The events that a strand is given in one step, for the task that listens then; it says which it took.
 */
import type { CloudEvent } from '../wire/index.ts';
import type { Machine } from './machine.ts';
import { BrokenInvariant } from './outcome.ts';

/** Events for the task at `pointer`, looked at up to `next`. */
export interface Given {
  readonly pointer: string;
  readonly depth: number;
  readonly events: readonly CloudEvent[];
  next: number;
  readonly taken: number[];
}

/** The task on top is given these events. */
export function hear(machine: Machine, events: readonly CloudEvent[]): void {
  const { pointer } = machine.top();
  machine.given = { pointer, depth: machine.frames.length, events, next: 0, taken: [] };
}

/** The next event that the task on top was given in this step, if it is the one that was given any. */
export function heard({ frames, given }: Machine): CloudEvent | undefined {
  if (given === undefined || given.depth !== frames.length) return undefined;
  return given.pointer === frames.at(-1)?.pointer ? given.events[given.next++] : undefined;
}

/** The event looked at last is taken. */
export function take({ given }: Machine): void {
  if (given === undefined) throw new BrokenInvariant('there is no event to be taken');
  given.taken.push(given.next - 1);
}
