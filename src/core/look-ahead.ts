/*
 * Looking ahead over the delay of a retry (M4): the strand is tried as if the delay were over, and put
 * back if it met anything but an activity.
 */
import type { Compensation, Frame, Json } from '../wire/index.ts';
import type { Machine } from './machine.ts';
import type { Next } from './outcome.ts';

/** What the strand was before. */
export interface LookAhead {
  readonly until: number;
  readonly now: number;
  readonly frames: readonly Frame[];
  readonly context: Json | undefined;
  readonly activation: number;
  readonly compensations: readonly Compensation[];
  readonly transitions: number;
  readonly events: number;
}

/** Tries what follows as if the delay were over already. */
export function lookAhead(machine: Machine, until: number): void {
  machine.ahead = {
    until,
    now: machine.now,
    frames: [...machine.frames],
    context: machine.context,
    activation: machine.activation,
    compensations: machine.compensations,
    transitions: machine.transitions.length,
    events: machine.events.length,
  };
  machine.now = until;
}

/** The strand waits for the time of the retry after all. */
export function giveUpLookingAhead(machine: Machine, ahead: LookAhead): Next {
  machine.ahead = undefined;
  machine.now = ahead.now;
  machine.frames.splice(0, machine.frames.length, ...ahead.frames);
  machine.context = ahead.context;
  machine.activation = ahead.activation;
  machine.compensations = ahead.compensations;
  machine.entering = undefined;
  machine.transitions.length = ahead.transitions;
  machine.events.length = ahead.events;
  return { kind: 'hold', until: ahead.until, why: 'retry' };
}
