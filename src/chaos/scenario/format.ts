/*
 * A scenario: a workflow, the world it lives in, and what must be true of every run of it.
 *
 * Owns: the shape of a loaded scenario. What the YAML looks like is told by
 * scenarios/scenario.schema.json and read by read-*.ts; here expressions are compiled, durations are
 * milliseconds, and names have been resolved.
 */
import type { Definition, WorkflowDocument } from '../../dsl/index.ts';
import type { Json } from '../../wire/json.ts';
import type { WorkflowError } from '../../wire/state.ts';
import type { Latency } from './latency.ts';

/** A compiled jq expression: its first output, or null where it has none. */
export interface Expression {
  readonly source: string;
  evaluate(input: Json): Json;
}

export interface Scenario {
  readonly name: string;
  readonly summary: string;
  readonly file: string;
  /** of its content and its workflow's: what a replay token belongs to */
  readonly hash: string;
  readonly definition: Definition;
  readonly document: WorkflowDocument;
  /** another version of it, which worlds may deploy in the middle of everything */
  readonly successor?: Definition;
  /** deployed besides it, for tasks to run */
  readonly workflows: readonly Definition[];
  readonly inputs: Inputs;
  /** by the name of the host function, or `METHOD endpoint` of an http call (called-services.ts) */
  readonly services: ReadonlyMap<string, Service>;
  /** what clients send of their own accord */
  readonly events: readonly SentEvents[];
  readonly faults: FaultBounds;
  /** schedules of the workflows are on for so long, ms; absent: nobody begins them */
  readonly scheduledFor: number | undefined;
  /** share of the runs that a client cancels, 0 to 1 */
  readonly cancels: number;
  /** share of the runs that a client puts aside for a while, 0 to 1 */
  readonly suspends: number;
  /** share of the runs whose client asks for their result to be kept (PROTOCOL.md R22), 0 to 1 */
  readonly keeps: number;
  readonly invariants: readonly Invariant[];
  /** TypeScript modules with invariants, relative to the scenario; `loadInvariantModules` adds them */
  readonly modules: readonly string[];
  /** in order: a run takes the first path that fits */
  readonly outcomes: readonly OutcomePath[];
}

/** The document of the definition of that hash, or the scenario's own. */
export function documentOf(
  { document, successor, workflows }: Scenario,
  hash: string | undefined,
): WorkflowDocument {
  if (successor !== undefined && successor.hash === hash) return successor.document;
  return workflows.find((one) => one.hash === hash)?.document ?? document;
}

// -- inputs --------------------------------------------------------------------------------------

export interface Inputs {
  readonly cases: readonly InputCase[];
  readonly workloads: ReadonlyMap<string, Workload>;
}

export interface InputCase {
  readonly name: string;
  readonly weight: number;
  readonly make: Template;
}

/** Makes a value: `index` counts the inputs of a workload, so that ids are unique in it. */
export type Template = (random: () => number, index: number) => Json;

export interface Workload {
  readonly count: number;
  readonly cases: readonly InputCase[];
}

// -- services ------------------------------------------------------------------------------------

/** How one service behaves. Stateless: a call's fate depends on the call and its random numbers. */
export interface Service {
  readonly name: string;
  readonly latency: Latency;
  /** how often it says that it is at work still, ms */
  readonly heartbeat: number | undefined;
  /** it stops when its caller wants no answer any more: what is not done by then is not done */
  readonly stoppable: boolean;
  /** in order: the first that strikes decides */
  readonly failures: readonly Failure[];
  /** jq over { request, key, attempt, run }; of an http call it gives the content */
  readonly answer: Expression | undefined;
  /** the function whose effect a call of this one takes back */
  readonly undoes: string | undefined;
  /** jq over { request, run }: what the effect is about; without it the run */
  readonly subject: Expression | undefined;
}

export interface Failure {
  readonly name: string;
  /** share of the calls that get so far, 0 to 1 */
  readonly probability: number;
  readonly when: Expression | undefined;
  /** strikes the first so many attempts only */
  readonly first: number;
  readonly error: WorkflowError;
  /** share of these failures that leave the effect behind: 0 never, 1 always (unknown outcome) */
  readonly applied: number;
  readonly latency: Latency | undefined;
}

// -- events --------------------------------------------------------------------------------------

/** Events from outside: one for each run that a client starts, or one in all. */
export interface SentEvents {
  readonly name: string;
  readonly of: 'run' | 'world';
  /** share of the runs that get one, 0 to 1 */
  readonly share: number;
  /** how long after the start of the run, or the beginning of the world, ms; below 0: before */
  readonly after: Bounds;
  /** how often it is sent, and how far the copies are apart, ms */
  readonly copies: Bounds;
  readonly apart: Bounds;
  /** jq over { input, run, index } */
  readonly when: Expression | undefined;
  /** jq over the same: attributes of the event; what is not there is filled in */
  readonly event: Expression;
}

// -- faults --------------------------------------------------------------------------------------

export interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** Where a campaign starts from; the command line may say otherwise. */
export interface FaultBounds {
  /** calm, engine, flaky, crashy, zombie, database, clock, upgrade, everything */
  readonly profile: string;
  readonly instances: Bounds;
  readonly runners: Bounds;
  readonly partitions: Bounds;
  readonly faults: Bounds;
}

// -- what must be true ---------------------------------------------------------------------------

/** One run as it ended, for predicates and invariants. */
export interface FinalRun {
  readonly id: string;
  /** name of its workflow */
  readonly workflow: string;
  /** the run that has begun it, if no client has */
  readonly by: string | null;
  readonly input: Json;
  readonly status: 'completed' | 'faulted' | 'cancelled' | 'parked' | 'running' | 'unknown';
  readonly output: Json;
  readonly error: WorkflowError | null;
  /** calls that services received for it, how many of them answered with an error, and by function */
  readonly calls: number;
  readonly failures: number;
  readonly called: { readonly [name: string]: number };
  /** effects that were applied, in the order in which the Log scheduled them */
  readonly effects: readonly FinalEffect[];
  /** names of those that can be taken back and were not */
  readonly standing: readonly string[];
  /** pointers of steps whose compensation failed: somebody must look */
  readonly deferred: readonly string[];
  /** requests of clients that were refused: it had ended, or was being undone */
  readonly refused: number;
}

export interface FinalEffect {
  readonly name: string;
  readonly key: string;
  readonly subject: Json;
  /** the function that takes it back was applied for its subject, scheduled after it */
  readonly undone: boolean;
}

/** The world at rest. */
export interface FinalWorld {
  readonly runs: readonly FinalRun[];
  readonly ledger: readonly FinalCall[];
}

export interface FinalCall {
  readonly at: number;
  readonly key: string;
  readonly role: string;
  readonly name: string;
  readonly request: Json;
  readonly run: string;
  readonly attempt: number;
  readonly applied: boolean;
  readonly heard: string;
  readonly answer: Json;
}

/** Says nothing when all is well, or what is wrong, one sentence each. */
export interface Invariant {
  readonly name: string;
  readonly of: 'run' | 'world';
  check(subject: FinalRun | FinalWorld): readonly string[];
}

export interface OutcomePath {
  readonly path: string;
  readonly when: Expression;
  /** smallest share of a campaign's runs that must take it */
  readonly share: number;
  readonly writes: Writes | undefined;
}

/** What one run on a path writes when nothing goes wrong: owner records by kind, and Store rows. */
export interface Writes {
  /** each a number, or jq over the run; kinds that are not named: none */
  readonly records: ReadonlyMap<string, Count>;
  readonly rows: Count;
}
export type Count = number | Expression;
