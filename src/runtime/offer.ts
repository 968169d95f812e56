/*
 * What an offer is: something that an owner wants to write next. It is made into a unit when a batch is built, so
 * it always looks at a view in which everything sent before is known valid; it is kept until its unit is known
 * valid too, and made again if that turns out void (PROTOCOL.md R9).
 */
import type { State } from '../wire/index.ts';
import type { Batch } from './batch.ts';
import type { Bodies } from './held-bodies.ts';
import type { Hopped, JoinWaits } from './hop-outcome.ts';
import type { Lacks } from './learnt.ts';
import type { Entry } from './view.ts';

export interface Offer {
  /** what it resolves, if that is an open record */
  readonly entry: Entry | undefined;
  /** what was fetched for it, because it is not in memory */
  readonly fetched: Bodies;
  make(batch: Batch): Made;
  /** instead of it when no record can hold its unit, which leaves the strand so */
  refused?(reason: string, left: State | undefined): Offer;
  /** instead of it when the engine fails to step it and there is no STEP to be parked */
  broken?(reason: string): Offer;
}

export interface Made {
  readonly hopped: Hopped | Lacks;
  readonly closing: boolean;
  readonly joinWaits: JoinWaits | undefined;
  /** State of the strand that the unit moves last */
  readonly left?: State | undefined;
}

export const GONE: Made = { hopped: 'gone', closing: false, joinWaits: undefined };
export const LATER: Made = { hopped: 'later', closing: false, joinWaits: undefined };

/** A request that an offer carries out, and what to do when it cannot. */
export interface Asked {
  readonly entry: Entry;
  gone(): void;
}
