/*
 * Plan: a Definition compiled once. Tasks are nodes that know their scope, expressions are functions,
 * names are resolved. Pure data and functions; made by compile.ts, walked by core.
 *
 * L1. A node is named by the JSON pointer of its task in the document. The pointer of a task inside
 *     another one begins with the other's pointer.
 * L2. What a node `keeps` is exactly what an expression of it can still read while it is active.
 * L3. Extensions are compiled around each task that they extend: an `extended` node has the pointer of
 *     the item in which the task stands, and tasks of extensions have pointers below it.
 */
import type { Json } from '../../wire/json.ts';
import type { DefinitionRef } from '../../wire/record.ts';
import type { LateLeaf } from '../../wire/state.ts';
import type { EventFilter } from '../../wire/subscription.ts';
import type { Definition } from '../load.ts';
import type { Task } from '../document.ts';
import type { Pool } from './pools.ts';

/** What an expression can see besides its input. Core implements it on the State being stepped. */
export interface Scope {
  /** time of the step, ms since the epoch: what `now` yields */
  readonly now: number;
  /** the value of $name */
  variable(name: string): Json;
}

/** Evaluates to a value; throws EvaluationFault. */
export type Value = (input: Json, scope: Scope) => Json;
/** Evaluates by jq's truth: everything but false and null. */
export type Condition = (input: Json, scope: Scope) => boolean;
/** Milliseconds. */
export type DurationValue = (input: Json, scope: Scope) => number;

/** Undefined when the value fits; else what is wrong with it, in words. */
export type SchemaCheck = (value: Json) => string | undefined;

/** An expression or a schema said no. Core turns it into an error of the workflow. */
export class EvaluationFault extends Error {
  readonly kind: 'expression' | 'validation' | 'configuration';
  /** JSON pointer of the expression or schema in the document */
  readonly pointer: string;
  constructor(kind: EvaluationFault['kind'], message: string, pointer: string) {
    super(message);
    this.name = 'EvaluationFault';
    this.kind = kind;
    this.pointer = pointer;
  }
}

/** continue: the next task of the list; exit: leave the list; end: end the workflow; else a sibling. */
export type Directive =
  | { readonly kind: 'continue' }
  | { readonly kind: 'exit' }
  | { readonly kind: 'end' }
  | { readonly kind: 'goto'; readonly index: number };

export interface NodeList {
  readonly pointer: string;
  readonly nodes: readonly Node[];
  /** its one task leads where whoever holds the list leads */
  readonly handsOn?: boolean;
}

export interface NodeBase {
  readonly pointer: string;
  /** what errors and people call it: its pointer, or that of the task which it surrounds */
  readonly instance: string;
  readonly name: string;
  readonly task: Task;
  /** the task whose list this one stands in; undefined at the top and for the top of a branch */
  readonly parent: Node | undefined;
  readonly list: NodeList;
  readonly index: number;
  readonly condition?: Condition;
  readonly inputSchema?: SchemaCheck;
  readonly inputFrom?: Value;
  readonly outputAs?: Value;
  readonly outputSchema?: SchemaCheck;
  readonly exportAs?: Value;
  readonly exportSchema?: SchemaCheck;
  readonly timeout?: DurationValue;
  readonly then: Directive;
  readonly keepsInput: boolean;
  readonly keepsRawInput: boolean;
  /** metadata.compensate: what undoes the task, a list of one */
  readonly compensation?: NodeList;
  /** metadata.saga: compensations run when a fault or a cancel leaves the body of the task */
  readonly saga?: true;
  /** a saga scope is around the task, in its own strand or a parent's */
  readonly inSaga?: true;
  /** it stands in an extension: $task is the extended task */
  readonly extending: boolean;
}

export interface SetNode extends NodeBase {
  readonly kind: 'set';
  readonly value: Value;
}
export interface DoNode extends NodeBase {
  readonly kind: 'do';
  readonly body: NodeList;
}
/** A call of an entry of use.functions: its task, run with the evaluated arguments as input. */
export interface InvokeNode extends NodeBase {
  readonly kind: 'invoke';
  readonly arguments: Value;
  readonly body: NodeList;
}
export interface SwitchNode extends NodeBase {
  readonly kind: 'switch';
  readonly cases: readonly { readonly when: Condition; readonly then: Directive }[];
  /** the case without `when`, wherever it stands */
  readonly otherwise: Directive | undefined;
}
export interface ForNode extends NodeBase {
  readonly kind: 'for';
  readonly each: string;
  readonly at: string;
  readonly items: Value;
  readonly while: Condition | undefined;
  readonly body: NodeList;
}
/** A `for` with metadata.parallel: its iterations are strands. */
export interface ParallelNode extends NodeBase {
  readonly kind: 'parallel';
  readonly each: string;
  readonly at: string;
  readonly items: Value;
  readonly body: NodeList;
  /** iterations that may run at once */
  readonly max: number;
  /** loop and catch variables that an iteration can read, its own among them */
  readonly inherits: readonly string[];
  /** something in an iteration may have to be undone (as in a fork) */
  readonly settles?: true;
}
export interface RaiseNode extends NodeBase {
  readonly kind: 'raise';
  readonly error: {
    readonly type: Value;
    readonly status: Value;
    readonly title: Value | undefined;
    readonly detail: Value | undefined;
    readonly instance: Value | undefined;
  };
}
export interface RetryPlan {
  readonly when: Condition | undefined;
  readonly exceptWhen: Condition | undefined;
  readonly delay: DurationValue | undefined;
  readonly backoff: 'constant' | 'linear' | 'exponential';
  readonly jitter: { readonly from: DurationValue; readonly to: DurationValue } | undefined;
  /** retries after the first attempt; undefined = no limit by count */
  readonly count: number | undefined;
  readonly attemptDuration: DurationValue | undefined;
  readonly limitDuration: DurationValue | undefined;
}
export interface ErrorFilterPlan {
  readonly type?: string;
  readonly status?: number;
  readonly instance?: string;
  readonly title?: string;
  readonly detail?: string;
}
export interface TryNode extends NodeBase {
  readonly kind: 'try';
  readonly body: NodeList;
  readonly filter: ErrorFilterPlan;
  readonly as: string;
  readonly when: Condition | undefined;
  readonly exceptWhen: Condition | undefined;
  readonly retry: RetryPlan | undefined;
  readonly handler: NodeList | undefined;
  readonly catchThen: Directive | undefined;
}
export interface WaitNode extends NodeBase {
  readonly kind: 'wait';
  readonly duration: DurationValue;
}
export interface EmitNode extends NodeBase {
  readonly kind: 'emit';
  /** CloudEvents attributes; what is missing is filled in */
  readonly attributes: Value;
}
/** What is listened for by one filter, as data that can be judged without the run. */
export type FilterPlan = (input: Json, scope: Scope) => EventFilter;
/** `any` of no filters is every event. */
export interface StrategyPlan {
  readonly mode: 'one' | 'any' | 'all';
  readonly filters: readonly FilterPlan[];
}
export interface ListenNode extends NodeBase {
  readonly kind: 'listen';
  readonly to: StrategyPlan;
  /** any: on the list of the events so far as they are read */
  readonly untilHolds: Condition | undefined;
  /** any: events of these are not part of the output */
  readonly untilHeard: StrategyPlan | undefined;
  readonly read: 'data' | 'envelope' | 'raw';
  readonly foreach: ForeachPlan | undefined;
  /** false: it never ends of itself, and nothing can read what it has made of the events */
  readonly keepsOutputs: boolean;
}
/** What is done with each event, one after the other. */
export interface ForeachPlan {
  readonly each: string;
  readonly at: string;
  readonly body: NodeList | undefined;
  readonly outputAs: Value | undefined;
  readonly outputSchema: SchemaCheck | undefined;
  readonly exportAs: Value | undefined;
  readonly exportSchema: SchemaCheck | undefined;
}
export interface ForkNode extends NodeBase {
  readonly kind: 'fork';
  /** each branch is a list of one task, the root of a strand */
  readonly branches: readonly NodeList[];
  readonly compete: boolean;
  /** loop and catch variables that a branch can read */
  readonly inherits: readonly string[];
  /** something in a branch may have to be undone: the fork goes on only when all branches have ended (R18) */
  readonly settles?: true;
}
/** Surrounds a task with the extensions that may apply to it. */
export interface ExtendedNode extends NodeBase {
  readonly kind: 'extended';
  readonly inner: NodeList;
  readonly extensions: readonly {
    readonly when: Condition | undefined;
    readonly before: NodeList | undefined;
    readonly after: NodeList | undefined;
  }[];
}
/** An activity: a call of a host function or a service, or a run of a program. */
export interface CallNode extends NodeBase {
  readonly kind: 'call';
  /** what carries it out: function, http, ... */
  readonly activity: string;
  /** what it calls, from the text of the document alone: Activity.name */
  readonly service: string;
  /** what it is asked for; null where a late leaf belongs */
  readonly arguments: Value;
  readonly late: LatePlan | undefined;
  /** what it answers is for nobody: the task puts out its input */
  readonly goesOn?: true;
  /** it begins only once it has a place in each of them, in this order */
  readonly pools: readonly Pool[];
}
/** Leaves of the arguments that wait for the call, because they read secrets. */
export interface LatePlan {
  readonly leaves: readonly LateLeaf[];
  /** the secrets that the document declares */
  readonly secrets: readonly string[];
  /** variables of the run that must be recorded for them */
  readonly reads: readonly string[];
  readonly readsInput: boolean;
  readonly readsNow: boolean;
  readonly loose: boolean;
  /** the task's input.from, which is evaluated at the call as well */
  readonly from: Json | undefined;
}
/** `run: workflow`: a strand of this run that is awaited, or a run of its own. */
export interface ChildNode extends NodeBase {
  readonly kind: 'child';
  /** without a version: the newest one at that moment */
  readonly definition: DefinitionRef;
  readonly await: boolean;
  readonly arguments: Value;
}

/** Stands for the running compensations of any scope; one for all, known by the pointers of their lists. */
export interface UndoNode extends NodeBase {
  readonly kind: 'undo';
}

export type Node =
  | UndoNode
  | SetNode
  | DoNode
  | InvokeNode
  | SwitchNode
  | ForNode
  | ParallelNode
  | RaiseNode
  | TryNode
  | WaitNode
  | EmitNode
  | ListenNode
  | ForkNode
  | ExtendedNode
  | ChildNode
  | CallNode;

export interface Plan {
  readonly definition: Definition;
  readonly body: NodeList;
  readonly byPointer: ReadonlyMap<string, Node>;
  readonly inputSchema?: SchemaCheck;
  readonly inputFrom?: Value;
  readonly outputAs?: Value;
  readonly outputSchema?: SchemaCheck;
  readonly timeout?: DurationValue;
  /** events that begin runs */
  readonly schedule?: {
    readonly to: StrategyPlan;
    readonly read: 'data' | 'envelope' | 'raw';
  };
  /** metadata.saga of the document */
  readonly saga: boolean;
  /** metadata.durability: journal; the Store keeps every transition, before its activity begins */
  readonly journal: boolean;
  /** it may have something to undo, or a workflow that it runs may */
  readonly undoes: boolean;
  /** some expression reads $context */
  readonly keepsContext: boolean;
  /** some expression reads $workflow */
  readonly keepsInput: boolean;
  /** names of the host functions that are called, in order of appearance */
  readonly functions: readonly string[];
  /** workflows that it runs, in order of appearance */
  readonly children: readonly DefinitionRef[];
}
