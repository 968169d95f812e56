/*
 * History: all that oracles may look at. It is taken from outside the engine - the bytes of the Log,
 * the rows of the Store, the ledgers of the services, what clients asked and heard, and which faults
 * fired - never from what the engine says of itself.
 */
import type {
  Heard,
  JournalRow,
  LogPosition,
  Match,
  ParkedRow,
  ResultRow,
  RunRow,
  StoredRecord,
  SubscriptionRow,
} from '../ports/index.ts';
import type { CloudEvent, ControlVerb, EventPlace, Json } from '../wire/index.ts';

/** One call as the service saw it. */
export interface LedgerEntry {
  /** virtual ms since the epoch at which the service received the call */
  readonly at: number;
  /** effect key */
  readonly key: string;
  /** 'do' or 'compensate' */
  readonly role: string;
  /** function that was called */
  readonly name: string;
  readonly request: Json;
  readonly run: string;
  readonly strand: string;
  /** attempt number that the engine gave */
  readonly attempt: number;
  readonly runner: string;
  /** the newest record format that its build reads; absent where nobody can tell */
  readonly reader?: number;
  /** the service applied the effect at this call (false: it had the key already, or it refused) */
  readonly applied: boolean;
  /** when it was applied, if it was: may be after the caller gave up */
  readonly appliedAt?: number;
  /** what the caller heard; 'nothing' = the answer was lost */
  readonly heard: 'result' | 'error' | 'nothing';
  readonly answer?: Json;
  /** when its caller had an answer, or wanted none any more; absent = never, or its process died */
  readonly leftAt?: number;
}

/** What a client did and heard about one start. */
export interface ClientEntry {
  readonly at: number;
  readonly run: string;
  readonly partition: number;
  readonly input: Json;
  /** acknowledged: the append was answered; unknown: no answer; refused: surely not appended */
  readonly outcome: 'acknowledged' | 'unknown' | 'refused';
}

/** What a client did and heard about one request to control a run. */
export interface ControlEntry {
  readonly at: number;
  readonly run: string;
  readonly partition: number;
  readonly id: string;
  readonly verb: ControlVerb;
  readonly outcome: ClientEntry['outcome'];
}

/** What a client was told who asked where a run is. */
export interface LookUpEntry {
  readonly at: number;
  readonly run: string;
  readonly partition: number;
  /** when it was told, and what; it asks only once */
  readonly told: { readonly at: number; readonly status: string };
}

/** An event that a client has sent, as often as it takes; `unknown`: it has not heard of any copy. */
export interface SentEntry {
  readonly at: number;
  readonly event: CloudEvent;
  readonly outcome: 'acknowledged' | 'unknown';
}

/** What there is of events and those who listen. */
export interface EventsHistory {
  /** the events log, by partition */
  readonly logs: readonly (readonly StoredRecord[])[];
  readonly sent: readonly SentEntry[];
  /** in the Store */
  readonly kept: readonly EventPlace[];
  readonly subscriptions: readonly SubscriptionRow[];
  readonly heard: readonly (Heard & Match)[];
}

/** A fault of the plan that did happen. */
export interface FiredFault {
  readonly at: number;
  /** index in the plan; -1 for what the world does by itself */
  readonly fault: number;
  readonly kind: string;
  /** where: the port call, e.g. append, fold, activity */
  readonly point: string;
  /** what the engine was doing there, e.g. the record kind or the task */
  readonly state: string;
  /** where the run stood that it was about: a pointer into its workflow, `start` or `end`; absent = about no one run */
  readonly stands?: string;
  readonly process: string;
  /** one sentence for people */
  readonly said: string;
}

/** A record that somebody has appended who is neither client nor runner. */
export interface Intrusion {
  readonly partition: number;
  readonly offset: number;
  /** the run that it begins or asks something of: none of the workload's */
  readonly run?: string;
}

/** What is gone for good, in a world whose profile allows that. */
export interface Loss {
  readonly at: number;
  /** tail: the newest records of a partition; retention: records that somebody may still need; commits: of the Store */
  readonly what: 'tail' | 'retention' | 'commits';
  readonly partition: number;
  /** the first offset that is lost; commits: where the Store stands now */
  readonly from: number;
  /** what stood there */
  readonly records: readonly StoredRecord[];
}

export interface ProcessEvent {
  readonly at: number;
  readonly process: string;
  readonly event: 'started' | 'crashed' | 'paused' | 'resumed' | 'stopped' | 'failed';
  readonly said?: string;
  /** started: the newest record format that its build reads, if that is not this build's */
  readonly reader?: number;
}

/** A row of the journal. */
export interface KeptTransition {
  readonly partition: number;
  readonly row: JournalRow;
  /** when it was committed first, virtual ms; absent where nobody can tell */
  readonly keptAt?: number;
}

export interface History {
  /** every record that ever landed, by partition, in offset order, void ones included */
  readonly logs: readonly (readonly StoredRecord[])[];
  readonly store: {
    readonly parked: readonly { readonly partition: number; readonly row: ParkedRow }[];
    readonly results: readonly ResultRow[];
    /** of the runs whose workflow wants a journal */
    readonly journal: readonly KeptTransition[];
    /** folded up to, by partition */
    readonly applied: readonly number[];
  };
  /** absent where a history is made by hand, or nobody looked */
  readonly events?: EventsHistory;
  /** of runs, where runners keep one; up to where, by partition */
  readonly index?: {
    readonly rows: readonly RunRow[];
    readonly positions: readonly (LogPosition | undefined)[];
  };
  /** where runners publish lifecycle events: which, and every record that ever landed in the events log */
  readonly lifecycle?: {
    readonly level: 'workflow' | 'task';
    readonly logs: readonly (readonly StoredRecord[])[];
  };
  readonly ledger: readonly LedgerEntry[];
  readonly client: readonly ClientEntry[];
  readonly controls?: readonly ControlEntry[];
  /** absent = nobody has asked */
  readonly lookUps?: readonly LookUpEntry[];
  readonly fired: readonly FiredFault[];
  /** absent = nothing was */
  readonly losses?: readonly Loss[];
  /** records that no client and no runner has appended; absent = none */
  readonly strangers?: readonly Intrusion[];
  readonly processes: readonly ProcessEvent[];
  /** errors that runners reported: a stopped partition, an assertion; none is expected */
  readonly complaints: readonly {
    readonly at: number;
    readonly process: string;
    readonly said: string;
  }[];
  /** when the faulty phase ended, and when the run ended (virtual ms) */
  readonly healedAt: number;
  readonly endedAt: number;
  /** the world came to rest by itself (false: it was cut off by its budget) */
  readonly quiescent: boolean;
  /** largest declared skew between two clocks, ms */
  readonly skewMax: number;
  /** how long a request may be on its way to a service, ms; absent = what the simulator has */
  readonly transitMax?: number;
}

export interface Violation {
  /** promise or rule: P2, R4, ... */
  readonly promise: string;
  readonly oracle: string;
  /** one sentence that names the run, record or effect */
  readonly said: string;
  readonly run?: string;
  readonly partition?: number;
  readonly offset?: number;
}
