/*
 * Line: what one strand lives through. The interpreter asks it whenever a strand must wait for the
 * world; it says when the strand goes on, and what it was told.
 *
 * Two kinds: simulated (services and time are made up) and recorded (a Log tells what was heard, when).
 */
import type { CloudEvent } from '../../wire/cloud-event.ts';
import type { Json } from '../../wire/json.ts';
import type { StrandEnd, WorkflowError } from '../../wire/state.ts';
import type { Effect } from './fault.ts';

export type Answer = { readonly result: Json } | { readonly error: WorkflowError };

export interface Asked {
  readonly pointer: string;
  readonly name: string;
  readonly request: Json;
  readonly attempt: number;
  readonly effect: Effect;
}

/** An event that lacks at most its id. */
export type Made = Omit<CloudEvent, 'id'> & { readonly id?: string };

/** Of the events that came, in order, the first is taken of which this is true. */
export type Wants = (event: CloudEvent) => boolean;

export interface Line {
  /** path of the strand, where it is known */
  readonly strand: string;
  /** Emits an event, which gets its id. */
  readonly emit: (made: Made, now: number) => CloudEvent;
  /** Asks a service; no answer = a deadline was reached first. `deadline`: the earliest one, or Infinity. */
  call(asked: Asked, now: number, deadline: number): { at: number; answer?: Answer };
  /** Waits; gives the time at which the strand goes on. */
  hold(until: number, now: number, deadline: number): number;
  /** The next event that is wanted; none = a deadline was reached first. */
  listen(wanted: Wants, now: number, deadline: number): { at: number; event?: CloudEvent };
  /** Whether a retry that is due between `from` and `to` comes before `last`. */
  readonly inTime: (from: number, to: number, last: number) => boolean;
  /** Waits for a retry that is due between `from` and `to` (jitter). */
  retry(from: number, to: number, now: number, deadline: number): number;
  /** Begins a branch of the fork in which the strand stands; nobody waits for it after `horizon`. */
  branch(index: number, horizon: number): Line;
  /** Branch `index` has ended the moment it began, which a record may say. */
  passed(index: number, end: StrandEnd): void;
  /** Whether a branch has come to what it does at `at`, although it is dropped at `until`. */
  readonly cameTo: (at: number, until: number) => boolean;
  /** The strand is over. Gives its place in the order of ends. */
  ended(end: StrandEnd, now: number): number;
  /** Goes on after a fork that one end has decided; undefined = none has, so far. `waits`: for all, even too late. */
  join(
    decided: Place | undefined,
    now: number,
    deadline: number,
    waits: boolean,
  ): { at: number; cancelled?: Cancelled | undefined; struck?: boolean };
  /** Place of what stops the branches of the fork in which the strand stands, or Infinity. */
  readonly stopped: number;
  /** What was told of the strands is right only if this is so. */
  must(isSo: boolean, what: string): void;
}

/** When a branch ended, and after which others. */
export interface Place {
  readonly at: number;
  readonly order: number;
}

/** The strand is to go no further: its run was cancelled, or its fork needs it no more. */
export class Cancelled extends Error {
  readonly at: number;
  /** place of what has told it so */
  readonly order: number;
  /** what it was calling, if it may have been called, and what it has heard of that */
  readonly called: { readonly answer?: Answer } | undefined;
  /** it had ended well, and lost its race */
  readonly ended: boolean;
  constructor(at: number, order: number, called?: { readonly answer?: Answer }, ended = false) {
    super('the strand was cancelled');
    this.at = at;
    this.order = order;
    this.called = called;
    this.ended = ended;
  }
}

/** The strand waits for what never comes, or is dropped while it waits. */
export class Unfinished extends Error {}

function never(): never {
  throw new Unfinished('nothing happens here');
}

/** For a strand that must not wait for anything; until it is known that it does not, nothing is emitted. */
export function nowhere({ cameTo, emit, inTime, strand }: Line, forReal = false): Line {
  return {
    strand,
    cameTo,
    emit: forReal ? emit : (made) => ({ id: '', ...made }) as CloudEvent,
    inTime,
    call: never,
    hold: never,
    listen: never,
    retry: never,
    branch: never,
    passed: () => undefined,
    ended: never,
    join: never,
    stopped: Infinity,
    must: () => undefined,
  };
}
