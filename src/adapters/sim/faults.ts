/*
 * Faults: what can be asked for at a port call, and where it can be asked.
 *
 * Every call of a port from a simulated process is a Point; whoever holds the plan answers with the
 * Effects that strike there. With nobody asked (calm), nothing goes wrong.
 */
import type { RecordKind, WorkflowError } from '../../wire/index.ts';

export type PointName =
  | LogPoint
  /** the same calls, of the events log */
  | `events-${LogPoint}`
  /** the correlator keeps events, or forgets old ones */
  | 'keep'
  /** events meet subscriptions */
  | 'match'
  /** an owner asks who was matched */
  | 'matches'
  /** any other question about events and subscriptions */
  | 'listen-read'
  | 'load'
  | 'fold'
  | 'due'
  | 'parked'
  | 'branches'
  | 'result'
  | 'once'
  | 'forget'
  | 'index-read'
  | 'index-write'
  | 'activity'
  | 'timer'
  | 'definition';

/** Calls of a Broker. */
export type LogPoint =
  | 'append'
  | 'next'
  | 'fetch'
  | 'range'
  | 'offset-at'
  | 'trim'
  | 'save-hint'
  | 'hint'
  | 'join';

/** What can be said of a record of a batch without trusting its writer. */
export interface RecordSummary {
  readonly kind: RecordKind;
  readonly run: string;
  readonly strand: string;
  readonly joins: number;
  /** pointer of the activity that a STEP schedules, or where its State stands; read only when asked */
  readonly pointer: string;
  /** name of the activity that a STEP schedules, else '' */
  readonly task: string;
}

export interface Point {
  readonly point: PointName;
  readonly process: string;
  readonly incarnation: number;
  readonly partition?: number;
  /** the batch of an append; decoded when asked for */
  readonly records?: () => readonly RecordSummary[];
  readonly activity?: {
    readonly name: string;
    readonly run: string;
    readonly pointer: string;
    readonly attempt: number;
    readonly role: string;
  };
}

export type Effect =
  /** the process dies before the call goes out, or after, without hearing the answer; `down` in ms */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after'; readonly down: number }
  /** the process freezes before the call goes out (it goes out on resume) or after */
  | {
      readonly kind: 'pause';
      readonly when: 'before' | 'after';
      readonly ms: number;
      /** its partitions are given to others at once, not after the session timeout */
      readonly expel: boolean;
    }
  /** the call has this fate and the caller cannot know it */
  | {
      readonly kind: 'unknown';
      /** lost: never happens; landed: happens now; late: happens after `ms`; twice: now and after `ms` */
      readonly fate: 'lost' | 'landed' | 'late' | 'twice';
      readonly ms: number;
      /** answer: of the last copy to land, as a client that retries by itself would report */
      readonly hears: 'error' | 'nothing' | 'answer';
    }
  /** surely did not happen, and the caller is told so; `why` absent = the other side could not be reached */
  | { readonly kind: 'refused'; readonly why?: Refusal }
  | { readonly kind: 'slow'; readonly ms: number }
  /** activities: the attempt ends with this error, the service is not reached */
  | { readonly kind: 'error'; readonly error: WorkflowError }
  /** activities: what the service answers is odd, or very large, in a field that nobody asked for */
  | { readonly kind: 'answer'; readonly how: 'odd' | 'huge'; readonly bytes: number }
  /** the group moves a partition of the process (or of anyone) to another member */
  | { readonly kind: 'rebalance' }
  /** the clock of the process jumps */
  | { readonly kind: 'jump'; readonly ms: number };

/**
 * Why a call was refused. By a broker: it has no room, or takes nothing from this caller (which only a
 * person can mend). By a database: it rolled the transaction back, at once or after it had waited for a lock.
 */
export type Refusal = 'no-space' | 'unauthorised' | 'serialization' | 'deadlock';

export interface FaultPoints {
  /** Consulted once for every call of every port. */
  at(point: Point): readonly Effect[] | undefined;
}

/** Any outcome but a sure one: the connection broke, or the answer did not come in time. */
export class OutcomeUnknown extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutcomeUnknown';
  }
}

/** The other side could not be reached, or refused: the call did not happen. */
export class Unavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unavailable';
  }
}
