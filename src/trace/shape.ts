/*
 * Shapes: what a record says of where its strand stands now, without what led there. What a step comes
 * to has the same shape, so that the two can be compared.
 *
 * Owns: a reading of the write budget of PROTOCOL.md (which wait is held, which is parked), made apart
 * from the runtime's.
 */
import type { Outcome } from '../core/index.ts';
import {
  type Activity,
  type Caller,
  HOLD_MAX_MS,
  type ParkReason,
  type RecordBody,
  type RecordHeader,
  type State,
  type StrandEnd,
  type Subscription,
} from '../wire/index.ts';
import type { StrandEnds } from './merged.ts';

export interface Shape {
  readonly kind: 'STEP' | 'PARK' | 'CANCELLING' | 'END';
  readonly state?: State | undefined;
  readonly activity?: Activity | undefined;
  /** activation of the fork that it joins; 0 = none */
  readonly joins: number;
  readonly why?: ParkReason | undefined;
  readonly was?: ParkReason | undefined;
  readonly notBefore?: number | undefined;
  readonly due?: number | undefined;
  readonly pending?: boolean | undefined;
  readonly subscription?: Subscription | undefined;
  /** CANCELLING: key of the activity that may be under way */
  readonly key?: string | undefined;
  readonly end?: StrandEnd | undefined;
  readonly caller?: Caller | undefined;
  /** how the strands ended that have no records of their own */
  readonly ends?: StrandEnds | undefined;
}

/** Bodies that say where a strand stands. */
export type HopBody = Extract<RecordBody, { kind: 'STEP' | 'PARK' | 'CANCELLING' | 'END' }>;

export function isHop(body: RecordBody): body is HopBody {
  const { kind } = body;
  return kind === 'STEP' || kind === 'PARK' || kind === 'CANCELLING' || kind === 'END';
}

/** The shape of a recorded body; What it emitted is the unit's business. */
export function shapeOf({ joins }: RecordHeader, body: HopBody): Shape {
  switch (body.kind) {
    case 'STEP':
      return {
        kind: 'STEP',
        state: body.state,
        activity: body.activity,
        notBefore: body.notBefore,
        joins,
      };
    case 'PARK':
      return {
        kind: 'PARK',
        state: body.state,
        activity: body.activity,
        why: body.why,
        was: body.was,
        due: body.due,
        notBefore: body.notBefore,
        pending: body.pending,
        subscription: body.subscription,
        joins,
      };
    case 'CANCELLING':
      return { kind: 'CANCELLING', state: body.state, key: body.key, joins };
    case 'END':
      return { kind: 'END', end: body.end, caller: body.caller, joins };
  }
}

/** The shape of the record that an outcome leads to when it is stepped at `now` (ms). */
export function shapeOfOutcome({ deadline, next, state }: Outcome, now: number): Shape {
  switch (next.kind) {
    case 'activity': {
      const { activity, notBefore } = next;
      if (notBefore !== undefined && notBefore - now > HOLD_MAX_MS) {
        const due = earlier(notBefore, deadline);
        return { kind: 'PARK', state, activity, why: 'retry', due, joins: 0 };
      }
      return { kind: 'STEP', state, activity, notBefore, joins: 0 };
    }
    case 'hold': {
      const due = earlier(next.until, deadline);
      if (due - now > HOLD_MAX_MS) return { kind: 'PARK', state, why: next.why, due, joins: 0 };
      return { kind: 'STEP', state, notBefore: next.until, joins: 0 };
    }
    case 'listen': {
      const { subscription } = next;
      return { kind: 'PARK', state, why: 'listen', subscription, due: deadline, joins: 0 };
    }
    case 'continue':
      return { kind: 'STEP', state, joins: 0 };
    case 'fork': {
      const node = state.frames.at(-1)?.node;
      return { kind: 'STEP', state, joins: node?.kind === 'fork' ? node.activation : 0 };
    }
    case 'end':
      return { kind: 'END', end: next.end, caller: state.caller, joins: 0 };
  }
}

function earlier(a: number, b: number | undefined): number {
  return b === undefined || a < b ? a : b;
}
