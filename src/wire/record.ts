/*
 * Records of a Log, as the runtime handles them (PROTOCOL.md, Records). The codec turns them into
 * MessageEnvelope bytes and back.
 *
 * W3. A header says all that validity (R4), openness and the run index need; bodies may stay unread.
 * W4. A record's identity is the offset of its first copy; targets and carries name identities.
 */
import type { CloudEvent, EventPlace } from './cloud-event.ts';
import type { Happened } from './happened.ts';
import type { Json } from './json.ts';
import type { Activity, Caller, Cause, ControlVerb, State, StrandEnd } from './state.ts';
import type { EventFilter, Subscription } from './subscription.ts';

export type RecordKind =
  | 'START'
  | 'CONTROL'
  | 'CLAIM'
  | 'STEP'
  | 'PARK'
  | 'RESUME'
  | 'SCHEDULE'
  | 'FIRE'
  | 'CANCELLING'
  | 'END'
  | 'ANSWER'
  | 'CARRY'
  | 'OUTPUT'
  | 'MARK'
  | 'CLOSE';

export interface RecordHeader {
  readonly kind: RecordKind;
  /** offset of the CLAIM that began the tenure; 0 with n = 0 for CLAIM and inbox records */
  readonly tenure: number;
  readonly nonce: number;
  /** number within the tenure, from 1 (R4); 0 for CLAIM and inbox records */
  readonly n: number;
  /** n of the first record of the unit (R6) */
  readonly unit: number;
  readonly unitSize: number;
  /** identities that the unit resolves; written on the unit's first record only */
  readonly targets: readonly number[];
  readonly run: string;
  /** path of the strand; '' = the root */
  readonly strand: string;
  /** counts the hops of a strand */
  readonly hop: number;
  /** Definition hash, lower-case hex; '' where not known yet */
  readonly definition: string;
  /** writer's clock, ms since the epoch */
  readonly time: number;
  readonly minReader: number;
  /** a STEP that joins: activation of its fork; else 0 */
  readonly joins: number;
  /** CARRY: identity of what it is the newest copy of; else -1 */
  readonly carries: number;
  /** the Store keeps this transition (metadata.durability: journal) */
  readonly journal?: true;
}

export interface DefinitionRef {
  readonly namespace: string;
  readonly name: string;
  /** absent = latest at the first hop */
  readonly version?: string;
}

export interface StartBody {
  readonly kind: 'START';
  /** by name, or by the hash in the header */
  readonly definition: DefinitionRef;
  readonly input?: Json;
  readonly caller?: Caller;
}

export interface StepBody {
  readonly kind: 'STEP';
  readonly state: State;
  readonly cause: Cause;
  /** due when this record is known valid and `notBefore` has come */
  readonly activity?: Activity;
  /** held until then, ms */
  readonly notBefore?: number;
  /** events of the hop, in order: published once the record is known valid (R19) */
  readonly emitted?: readonly CloudEvent[];
  /** what happened in the hop, for projections */
  readonly happened?: Happened;
}

/** `schedule`: a schedule that waits for its time; the row of a SCHEDULE, never of a PARK. */
export type ParkReason = 'wait' | 'retry' | 'listen' | 'suspend' | 'dead' | 'schedule';

export interface ParkBody {
  readonly kind: 'PARK';
  readonly state: State;
  readonly cause: Cause;
  readonly activity?: Activity;
  readonly why: ParkReason;
  /** when to resume, ms; absent = only on request */
  readonly due?: number;
  /** suspended: why it was parked before */
  readonly was?: ParkReason;
  /** suspended: when it would be due, ms */
  readonly notBefore?: number;
  /** suspended: its cause is still to be stepped with */
  readonly pending?: boolean;
  /** for people: why it is dead */
  readonly reason?: string;
  /** listen: what is waited for (R16) */
  readonly subscription?: Subscription;
  readonly emitted?: readonly CloudEvent[];
  readonly happened?: Happened;
}

export interface EndBody {
  readonly kind: 'END';
  readonly end: StrandEnd;
  readonly cause: Cause;
  readonly caller?: Caller;
  /** with `keep`: who it was, for the result row */
  readonly definition: DefinitionRef;
  readonly emitted?: readonly CloudEvent[];
  readonly happened?: Happened;
}

/** R10: below `offset` nothing is open, unapplied or unsent, says a reader that had read up to `computedAt`. */
export interface Mark {
  readonly offset: number;
  /** tenure, nonce and n in force at `offset` */
  readonly tenure: number;
  readonly nonce: number;
  readonly n: number;
  readonly computedAt: number;
}

export interface Genesis {
  readonly prefix: string;
  readonly partitions: number;
  readonly format: number;
}

export interface ClaimBody {
  readonly kind: 'CLAIM';
  readonly mark: Mark;
  readonly genesis: Genesis;
  /** identity -> takeovers counted against it (R20) */
  readonly takeovers: ReadonlyMap<number, number>;
}

export interface MarkBody {
  readonly kind: 'MARK';
  readonly mark: Mark;
  /** identities of the activities running now (R20) */
  readonly running: readonly number[];
}

export interface ResumeBody {
  readonly kind: 'RESUME';
  readonly rows: readonly number[];
  readonly why: string;
  /** consumed by the strand of the first row (R16) */
  readonly events?: readonly EventPlace[];
}

/** A CARRY holds the header and body of what it carries. */
export interface CarryBody {
  readonly kind: 'CARRY';
  readonly header: RecordHeader;
  readonly body: RecordBody;
  readonly takeovers: number;
}

export interface ControlBody {
  readonly kind: 'CONTROL';
  readonly id: string;
  readonly verb: ControlVerb;
  readonly arguments?: Json;
  /** root hop that the sender saw; a cancel may omit it */
  readonly hop?: number;
}

export interface AnswerBody {
  readonly kind: 'ANSWER';
  readonly controlId: string;
  readonly outcome: 'done' | 'refused';
  readonly reason?: string;
}

export interface CancellingBody {
  readonly kind: 'CANCELLING';
  readonly state: State;
  readonly cause: Cause;
  readonly key: string;
  /** when an answer is not waited for any more, ms; 0 = it is not waited for */
  readonly until: number;
}

/** R19: events that the events log has not acknowledged, brought near the head of the Log. */
export interface OutputBody {
  readonly kind: 'OUTPUT';
  readonly unsent: readonly UnsentEvents[];
}

export interface UnsentEvents {
  readonly run: string;
  /** offset of the record that emitted them */
  readonly origin: number;
  readonly events: readonly CloudEvent[];
}

/** When a schedule fires (DSL, Schedule); several members: whichever comes first. */
export interface ScheduleRule {
  /** interval, ms; ticks are `anchor` and whole multiples of it later */
  readonly every?: number;
  readonly anchor?: number;
  readonly cron?: string;
  /** IANA time zone of `cron` */
  readonly zone?: string;
  /** so long after the run that it began has ended, ms */
  readonly after?: number;
  readonly on?: EventRule;
}

/** Events that begin runs: one for each event that fits a filter, or for each set of one event per filter. */
export interface EventRule {
  readonly mode: 'one' | 'any' | 'all';
  /** `any` of none: every event */
  readonly filters: readonly EventFilter[];
  /** what of an event the run is given */
  readonly read: 'data' | 'envelope' | 'raw';
  /** events that came before are not for it, ms */
  readonly since: number;
}

export interface ScheduleBody {
  readonly kind: 'SCHEDULE';
  readonly definition: DefinitionRef;
  readonly rule: ScheduleRule;
  /** when it fires next, ms */
  readonly due?: number;
}

export interface FireBody {
  readonly kind: 'FIRE';
  /** identity of the SCHEDULE */
  readonly row: number;
  /** the time that was due, ms */
  readonly tick: number;
  /** when it fires next, ms */
  readonly due?: number;
  /** what has fired it; then `due` says nothing */
  readonly events?: readonly EventPlace[];
}

export interface CloseBody {
  readonly kind: 'CLOSE';
}

export type RecordBody =
  | StartBody
  | StepBody
  | ParkBody
  | EndBody
  | ClaimBody
  | MarkBody
  | ResumeBody
  | CarryBody
  | ControlBody
  | AnswerBody
  | CancellingBody
  | OutputBody
  | ScheduleBody
  | FireBody
  | CloseBody;

export interface LogRecord {
  readonly header: RecordHeader;
  readonly body: RecordBody;
}

/** Kinds that can be open (PROTOCOL.md, Records; R4). A root's END is never open. */
export function canBeOpen(header: RecordHeader): boolean {
  switch (header.kind) {
    case 'START':
    case 'CONTROL':
    case 'STEP':
    case 'CANCELLING':
    case 'CARRY':
      return true;
    case 'END':
      return header.strand !== '';
    default:
      return false;
  }
}

/** Kinds that anyone allowed may write; valid always, but for R17. */
export function isInbox(kind: RecordKind): boolean {
  return kind === 'START' || kind === 'CONTROL';
}
