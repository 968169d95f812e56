/*
 * The document model of the Serverless Workflow / Open Workflow DSL 1.0.3, as types.
 *
 * Owns: the shape of a valid document and the names of its parts. What stands in a value of type
 * WorkflowDocument has passed the schema (schema/), so optional means optional and nothing else.
 * Does not own: arguments of calls, processes and authentication (arguments.ts), what the values
 * mean (duration.ts, expression.ts) and which of them can run (unsupported.ts).
 *
 * `Expression` marks a field typed as a runtime expression: bare jq or `${ }`. `Free` marks a value
 * in which only whole-string `${ }` leaves are expressions.
 */
import type { Json, JsonObject } from '../wire/json.ts';
import type {
  AuthenticationPolicy,
  CallArguments,
  Endpoint,
  ExternalResource,
  RunConfiguration,
} from './arguments.ts';

export type * from './arguments.ts';
export { CALL_PROTOCOLS } from './arguments.ts';

export type Expression = string;
export type Free = Json;

export interface WorkflowDocument {
  readonly document: DocumentHead;
  readonly input?: InputModel;
  readonly use?: Use;
  readonly do: TaskList;
  readonly timeout?: Timeout | string;
  readonly output?: OutputModel;
  readonly schedule?: Schedule;
  readonly evaluate?: { readonly language?: string; readonly mode?: 'strict' | 'loose' };
}

export interface DocumentHead {
  readonly dsl: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly summary?: string;
  readonly tags?: JsonObject;
  readonly metadata?: DocumentMetadata;
}

/** Reusable parts. Everything but `extensions` and `secrets` is keyed by the name that refers to it. */
export interface Use {
  readonly authentications?: Readonly<Record<string, AuthenticationPolicy>>;
  readonly catalogs?: Readonly<Record<string, { readonly endpoint: Endpoint }>>;
  readonly errors?: Readonly<Record<string, ErrorDefinition>>;
  readonly extensions?: readonly Readonly<Record<string, Extension>>[];
  readonly functions?: Readonly<Record<string, Task>>;
  readonly retries?: Readonly<Record<string, RetryPolicy>>;
  readonly secrets?: readonly string[];
  readonly timeouts?: Readonly<Record<string, Timeout>>;
}

// -- tasks ---------------------------------------------------------------------------------------

/** A list of tasks; every item is an object with one key, the task's name. */
export type TaskList = readonly TaskItem[];
export type TaskItem = Readonly<Record<string, Task>>;

export type Task =
  | CallTask
  | DoTask
  | EmitTask
  | ForTask
  | ForkTask
  | ListenTask
  | RaiseTask
  | RunTask
  | SetTask
  | SwitchTask
  | TryTask
  | WaitTask;

/**
 * The key that makes a task what it is, in the order in which keys are looked for: `for` and `try`
 * come before `do`, because a for task has a `do` as well.
 */
export const TASK_KINDS = [
  'call',
  'emit',
  'for',
  'fork',
  'listen',
  'raise',
  'run',
  'set',
  'switch',
  'try',
  'wait',
  'do',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** The task type of a kind: `TaskOf<'wait'>` is WaitTask. */
export type TaskOf<K extends TaskKind> = {
  call: CallTask;
  do: DoTask;
  emit: EmitTask;
  for: ForTask;
  fork: ForkTask;
  listen: ListenTask;
  raise: RaiseTask;
  run: RunTask;
  set: SetTask;
  switch: SwitchTask;
  try: TryTask;
  wait: WaitTask;
}[K];

export interface TaskCommon {
  readonly if?: Expression;
  readonly input?: InputModel;
  readonly output?: OutputModel;
  readonly export?: ExportModel;
  readonly timeout?: Timeout | string;
  readonly then?: FlowDirective;
  readonly metadata?: TaskMetadata;
}

export interface CallTask extends TaskCommon {
  /** http, grpc, openapi, asyncapi, a2a, mcp, or the name (or URL) of a function. */
  readonly call: string;
  readonly with?: CallArguments;
}
export interface DoTask extends TaskCommon {
  readonly do: TaskList;
}
export interface EmitTask extends TaskCommon {
  readonly emit: { readonly event: { readonly with: EventProperties & { readonly type: string } } };
}
export interface ForTask extends TaskCommon {
  readonly for: {
    readonly each?: string;
    readonly in: Expression | readonly JsonObject[];
    readonly at?: string;
  };
  readonly while?: Expression;
  readonly do: TaskList;
}
export interface ForkTask extends TaskCommon {
  readonly fork: { readonly branches: TaskList; readonly compete?: boolean };
}
export interface ListenTask extends TaskCommon {
  readonly listen: { readonly to: EventConsumptionStrategy; readonly read?: EventReadMode };
  readonly foreach?: SubscriptionIterator;
}
export interface RaiseTask extends TaskCommon {
  readonly raise: { readonly error: ErrorDefinition | string };
}
export interface RunTask extends TaskCommon {
  readonly run: RunConfiguration;
}
export interface SetTask extends TaskCommon {
  /** A string is an expression, an object is free-form. */
  readonly set: JsonObject | string;
}
export interface SwitchTask extends TaskCommon {
  readonly switch: readonly Readonly<Record<string, SwitchCase>>[];
}
export interface SwitchCase {
  readonly when?: Expression;
  readonly then: FlowDirective;
}
export interface TryTask extends TaskCommon {
  readonly try: TaskList;
  readonly catch: CatchModel;
}
export interface CatchModel {
  readonly errors?: { readonly with?: ErrorFilter };
  readonly as?: string;
  readonly when?: Expression;
  readonly exceptWhen?: Expression;
  readonly retry?: RetryPolicy | string;
  readonly do?: TaskList;
  readonly then?: FlowDirective;
}
export interface WaitTask extends TaskCommon {
  readonly wait: Duration;
}

// -- parts of tasks ------------------------------------------------------------------------------

export const FLOW_DIRECTIVES = ['continue', 'exit', 'end'] as const;
/** continue, exit, end, or the name of a task in the same list. */
export type FlowDirective = string;

export interface InputModel {
  readonly schema?: SchemaModel;
  /** A string is an expression, an object is free-form. */
  readonly from?: Expression | JsonObject;
}
export interface OutputModel {
  readonly schema?: SchemaModel;
  readonly as?: Expression | JsonObject;
}
export type ExportModel = OutputModel;

export interface SchemaModel {
  readonly format?: string;
  readonly document?: Json;
  readonly resource?: ExternalResource;
}

/** An ISO 8601 duration, an expression that yields one, or its parts. */
export type Duration = string | DurationParts;
export interface DurationParts {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}
export interface Timeout {
  readonly after: Duration;
}

/** `type`, `instance`, `title` and `detail` are literals or `${ }` expressions. */
export interface ErrorDefinition {
  readonly type: string;
  readonly status: number;
  readonly instance?: string;
  readonly title?: string;
  readonly detail?: string;
}
/** Every property that is present must be equal. */
export interface ErrorFilter {
  readonly type?: string;
  readonly status?: number;
  readonly instance?: string;
  readonly title?: string;
  readonly detail?: string;
}

export interface RetryPolicy {
  readonly when?: Expression;
  readonly exceptWhen?: Expression;
  readonly delay?: Duration;
  readonly backoff?: Backoff;
  readonly limit?: {
    readonly attempt?: { readonly count?: number; readonly duration?: Duration };
    readonly duration?: Duration;
  };
  readonly jitter?: { readonly from: Duration; readonly to: Duration };
}
export type Backoff =
  | { readonly constant: JsonObject }
  | { readonly linear: JsonObject }
  | { readonly exponential: JsonObject };

export interface Extension {
  readonly extend: TaskKind | 'composite' | 'all';
  readonly when?: Expression;
  readonly before?: TaskList;
  readonly after?: TaskList;
}

// -- events --------------------------------------------------------------------------------------

export interface Schedule {
  readonly every?: Duration;
  readonly cron?: string;
  readonly after?: Duration;
  readonly on?: EventConsumptionStrategy;
  readonly read?: EventReadMode;
}
export type EventReadMode = 'data' | 'envelope' | 'raw';

/** Exactly one of all, any, one. `until` belongs to `any`; a strategy in `until` has none itself. */
export interface EventConsumptionStrategy {
  readonly all?: readonly EventFilter[];
  readonly any?: readonly EventFilter[];
  readonly one?: EventFilter;
  readonly until?: Expression | EventConsumptionStrategy;
}
export interface EventFilter {
  readonly with: EventProperties;
  readonly correlate?: Readonly<Record<string, Correlation>>;
}
export interface Correlation {
  readonly from: Expression;
  readonly expect?: string;
}
/** CloudEvents attributes, extension attributes included. */
export interface EventProperties {
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly time?: string;
  readonly subject?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: Free;
  readonly [attribute: string]: Free | undefined;
}
export interface SubscriptionIterator {
  readonly item?: string;
  readonly at?: string;
  readonly do?: TaskList;
  readonly output?: OutputModel;
  readonly export?: ExportModel;
}

// -- what Waybill adds, in metadata --------------------------------------------------------------

export interface TaskMetadata {
  /** The task that undoes this one. */
  readonly compensate?: Task;
  /** On do and try: run the compensations when a fault or a cancel leaves the scope. */
  readonly saga?: boolean;
  /** On for: run the iterations as strands, at most `max` of them at once. */
  readonly parallel?: { readonly max: number };
  readonly limit?: ConcurrencyLimit;
  readonly [key: string]: unknown;
}
export interface DocumentMetadata {
  readonly saga?: boolean;
  readonly limit?: ConcurrencyLimit;
  /** Indexed attributes: name -> expression. */
  readonly search?: Readonly<Record<string, Expression>>;
  /** IANA time zone of `schedule.cron`; UTC when absent. */
  readonly timezone?: string;
  /** What keeps a run: the messages alone (default), or also a journal of every transition in the Store. */
  readonly durability?: 'messages' | 'journal';
  readonly [key: string]: unknown;
}
/** How many at once, per runner. */
export interface ConcurrencyLimit {
  readonly max: number;
}

// -- reading a document --------------------------------------------------------------------------

/** The kind of a task, by its discriminating key. Throws for what is no task. */
export function taskKind(task: Task): TaskKind {
  for (const kind of TASK_KINDS) if (Object.hasOwn(task, kind)) return kind;
  throw new TypeError('not a task: no key says what it does');
}

/** True when `task` is of the kind, and narrows its type. */
export function isTask<K extends TaskKind>(task: Task, kind: K): task is TaskOf<K> {
  return taskKind(task) === kind;
}

/** The name and the task of a list item. */
export function taskEntry(item: TaskItem): readonly [name: string, task: Task] {
  for (const entry of Object.entries(item)) return entry;
  throw new TypeError('not a task item: it has no key');
}
