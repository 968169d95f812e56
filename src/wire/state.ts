/*
 * State: everything a strand needs to go on, as plain data (proto/waybill/v1/state.proto on the wire).
 *
 * W1. A State is never changed in place: core makes a new one, so records in memory may share parts.
 * W2. Only what is live is carried: optional values are absent when no expression can read them.
 */
import type { CloudEvent } from './cloud-event.ts';
import type { Json } from './json.ts';

/** A problem of a workflow (RFC 7807). `more` holds members beyond the five that the DSL names. */
export interface WorkflowError {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly instance?: string;
  /** where in which workflow it was raised first, if that is a child of the one at hand */
  readonly origin?: { readonly workflow: string; readonly instance: string };
}

export type Status = 'running' | 'waiting' | 'completed' | 'faulted' | 'cancelled' | 'suspended';

/** Where the result of a root run goes besides the Log (PROTOCOL.md R22). */
export interface Caller {
  readonly replyPartition?: number;
  readonly keep?: boolean;
  readonly onceKey?: string;
  readonly correlationId?: string;
  /** identity of the schedule that began the run */
  readonly schedule?: number;
  /** ... which fires again so long after the end of the run, ms */
  readonly againAfter?: number;
}

/** One entry of the undo log (P7): a step that completed, or may have (`certain` false). */
export interface Compensation {
  readonly pointer: string;
  readonly activation: number;
  readonly input?: Json;
  readonly output?: Json;
  readonly certain: boolean;
  readonly strand: string;
  /** what became of it; absent while it is still to be undone */
  readonly outcome?: 'undone' | 'deferred';
  /** why it was deferred */
  readonly error?: WorkflowError;
}

export interface ActivityState {
  readonly kind: 'activity';
  /** effect key, hex */
  readonly key: string;
  readonly activation: number;
  /** 1 for the first attempt that the policy counts; crashes do not raise it */
  readonly attempt: number;
  /** of what is asked for: a changed request is a new effect */
  readonly digest: string;
  readonly pointer: string;
  readonly indices: readonly number[];
}

export interface TryState {
  readonly kind: 'try';
  readonly inCatch: boolean;
  readonly caught?: WorkflowError;
  /** attempts of the block that ended with an error */
  readonly failures: number;
  /** the block waits until then to be tried again, ms */
  readonly retryAt?: number;
  readonly attemptDeadline?: number;
  /** when the first attempt began, ms */
  readonly firstAt: number;
  /** the activity that failed: its retry keeps the key if its request is equal (P3) */
  readonly failed?: ActivityState;
}

/** How a branch or an awaited child ended. */
export interface StrandEnd {
  readonly output?: Json;
  readonly error?: WorkflowError;
  readonly compensations?: readonly Compensation[];
  /** `then: end` in a branch ends the workflow with this output */
  readonly endsWorkflow?: boolean;
  readonly cancelled?: boolean;
}

/** What a task remembers that waits for strands: a fork, a parallel loop, an awaited child. */
export interface ForkState {
  readonly kind: 'fork';
  /** names the fork within its strand; branch i is the strand `<strand>/<activation>.<i>` */
  readonly activation: number;
  readonly total: number;
  /** branches begun so far, in declaration order */
  readonly started: number;
  /** ends of branches that have no record of their own, by branch index */
  readonly ends: { readonly [branch: number]: StrandEnd };
  /** in which order these came; absent = in order of the index */
  readonly order?: readonly number[];
  /** of a parallel loop: the items of the iterations from number `started` on */
  readonly items?: readonly Json[];
  /** an awaited child that may have something to undo: it is cancelled when it is not needed any more */
  readonly settles?: boolean;
  /** its branches are being cancelled; the task goes on when all have ended */
  readonly settling?: boolean;
}

/** Compensations are run, newest first; stands above the frames that they leave or end. */
export interface UndoState {
  readonly kind: 'undo';
  /** entries of the undo log below this index are left alone */
  readonly floor: number;
  /** the entry whose compensation is running */
  readonly current: number;
  /** what goes on outwards afterwards; absent: the strand is cancelled */
  readonly error?: WorkflowError;
}

/** What surrounds a task that extensions apply to: before, the task itself, after. */
export interface ExtendedState {
  readonly kind: 'extended';
  readonly stage: 'before' | 'task' | 'after';
  /** extensions of the task whose condition held, in order of declaration */
  readonly applied: readonly number[];
  /** which of them runs, by its place in `applied` */
  readonly at: number;
  /** after the task: its output, and where it leads (a number is an index in its list) */
  readonly output?: Json;
  readonly then?: 'continue' | 'exit' | 'end' | number;
}

/** A task that listens, between two events. */
export interface ListenState {
  readonly kind: 'listen';
  /** what the task has made of the events so far; absent where nothing can ever read it */
  readonly outputs?: readonly Json[];
  /** the events so far as they are read, where that is not what `outputs` has */
  readonly seen?: readonly Json[];
  /** filters of `all` that have their event */
  readonly met: readonly number[];
  /** ... and those of the strategy in `until` */
  readonly metUntil: readonly number[];
  /** values of correlations that the first event has fixed */
  readonly keys: { readonly [name: string]: Json };
  /** iterations of `foreach` that are done */
  readonly index: number;
  /** the event whose iteration is under way */
  readonly item?: Json;
}

export type NodeState =
  | { readonly kind: 'do'; readonly index: number; readonly completed: number }
  | { readonly kind: 'switch' }
  | {
      readonly kind: 'for';
      readonly index: number;
      readonly rest: readonly Json[];
      /** items of `rest` that are done; only within a step, never in a record */
      readonly passed?: number;
    }
  | { readonly kind: 'wait'; readonly until: number }
  /** a task whose kind needs nothing of its own remembered */
  | { readonly kind: 'root' }
  | TryState
  | ForkState
  | UndoState
  | ExtendedState
  | ListenState
  | ActivityState;

/** What is remembered about one active task. */
export interface Frame {
  /** JSON pointer of the task in its Definition */
  readonly pointer: string;
  readonly node: NodeState;
  /** ms since the epoch */
  readonly startedAt: number;
  /** when the task's own timeout strikes, ms */
  readonly deadline?: number;
  readonly rawInput?: Json;
  readonly input?: Json;
  /** of a saga scope: how many entries of the undo log are older than it */
  readonly saga?: number;
}

/** The child workflow, awaited by another one, that a strand is part of. */
export interface ChildWorkflow {
  /** the strand that is its root */
  readonly strand: string;
  /** how many workflows around it wait for one another */
  readonly depth: number;
}

/** Who has begun a run that has no START. */
export interface Starter {
  readonly run: string;
  readonly strand: string;
  readonly activation: number;
}

export interface State {
  readonly status: Status;
  /** task where the strand stands: the innermost frame, or the one to be entered next */
  readonly position: string;
  /** the task at `position` is still to be entered, with `data` as its raw input */
  readonly entering: boolean;
  readonly data?: Json;
  /** active tasks, outermost first; each pointer is a prefix of the next */
  readonly frames: readonly Frame[];
  readonly context?: Json;
  /** raw workflow input, while an expression can still read it */
  readonly input?: Json;
  readonly startedAt: number;
  readonly activation: number;
  readonly pureHops: number;
  /** loop and catch variables inherited by a branch */
  readonly variables?: { readonly [name: string]: Json };
  readonly compensations?: readonly Compensation[];
  readonly caller?: Caller;
  /** when the workflow times out, ms */
  readonly deadline?: number;
  /** absent = the strand is part of the workflow that the run began with */
  readonly child?: ChildWorkflow;
  /** being cancelled: with its run, or as a branch that its fork needs no more */
  readonly cancelling?: 'run' | 'lost';
  /** to be parked at its next hop, until someone resumes it */
  readonly suspended?: boolean;
  /** a branch that undoes what it did when it does not win */
  readonly undoes?: boolean;
}

/** What the strand that is stepped is told (DESIGN.md section 4); rides in the record it leads to. */
export type Cause =
  | { readonly kind: 'start'; readonly input?: Json; readonly by?: Starter }
  | {
      readonly kind: 'activity';
      readonly key: string;
      readonly attempt: number;
      readonly result?: Json;
      readonly error?: WorkflowError;
    }
  /** time has come: a wait is over, a retry is due, or a deadline has struck */
  | { readonly kind: 'timer' }
  | {
      readonly kind: 'joined';
      readonly ends: { readonly [branch: number]: StrandEnd };
      /** branches in the order of their ENDs, where compensations depend on it (R18) */
      readonly order?: readonly number[];
      /** for replay: which of them led here, and has no record of its own; absent in older records */
      readonly last?: LastStrand;
    }
  /** the branch of that index begins */
  | { readonly kind: 'branch'; readonly branch: number }
  /** goes on after fuel ran out */
  | { readonly kind: 'continue' }
  /** events have come for a strand that listens, in the order of their arrival */
  | { readonly kind: 'events'; readonly events: readonly CloudEvent[] }
  | { readonly kind: 'control'; readonly verb: ControlVerb; readonly arguments?: Json };

/** A strand of which the end rides in the record that it led to. */
export interface LastStrand {
  readonly strand: string;
  /** what it was told when it ended */
  readonly cause: Cause;
}

export type ControlVerb =
  | 'cancel'
  | 'suspend'
  | 'resume'
  | 'compensate'
  | 'migrate'
  | 'schedule'
  | 'unschedule';

/** Leaves of arguments that read secrets. They are filled in at the call; their values are stored nowhere. */
export interface LateArguments {
  /** what `.` is in each of them: the input of the task, before `from` if that is there; null if none reads it */
  readonly input: Json;
  /** the task's input.from, when it reads secrets itself: evaluated first, it gives what `.` is */
  readonly from?: Json;
  /** what they read of the run, by name; $secrets and $authorization are never among them */
  readonly variables: { readonly [name: string]: Json };
  /** what `now` yields in them, ms; absent if none mentions it */
  readonly now?: number;
  /** the secrets that the document declares: no others can be read */
  readonly secrets: readonly string[];
  /** what fails stays the text it is (evaluate.mode) */
  readonly loose?: true;
  readonly leaves: readonly LateLeaf[];
}

export interface LateLeaf {
  /** JSON pointer in the arguments, which have null there */
  readonly at: string;
  /** jq, or a URI template */
  readonly text: string;
  readonly template?: true;
}

/** An activity that is due, its request evaluated. */
export interface Activity {
  /** effect key: equal for every attempt of one effect */
  readonly key: string;
  readonly role: 'do' | 'compensate';
  readonly pointer: string;
  /** 'function' for host functions, 'http', ... */
  readonly kind: string;
  /** what it calls, from the text of the definition alone: people and scenarios know it by this */
  readonly name: string;
  readonly arguments: Json;
  readonly late?: LateArguments;
  readonly attempt: number;
  /** how long one attempt may take, ms */
  readonly timeout: number;
}
