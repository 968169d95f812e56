/*
 * Outcome: what a step says must be done. The order of duties stands on each field.
 */
import type { Plan } from '../dsl/plan/index.ts';
import type {
  Activity,
  Cause,
  CloudEvent,
  DefinitionRef,
  Json,
  Starter,
  State,
  StrandEnd,
  Subscription,
  WorkflowError,
} from '../wire/index.ts';

export type Next =
  /**
   * The activity is due: start it only AFTER the record that carries it is known valid (R7), and not
   * before `notBefore` (ms) if that is there.
   */
  | { readonly kind: 'activity'; readonly activity: Activity; readonly notBefore?: number }
  /** Nothing to do until `until` (ms): held in the Log or parked in the Store, by its length. */
  | { readonly kind: 'hold'; readonly until: number; readonly why: 'wait' | 'retry' }
  /** The strand waits for events, in the Store whatever its deadline: nothing else finds them (R16). */
  | { readonly kind: 'listen'; readonly subscription: Subscription }
  /** The strand waits for these: their first records go into the SAME unit as its own. */
  | { readonly kind: 'fork'; readonly strands: readonly StrandStart[] }
  /** Fuel ran out: step again once the record is known valid. */
  | { readonly kind: 'continue' }
  /** The strand is over. */
  | { readonly kind: 'end'; readonly end: StrandEnd };

/** A strand begun by a step, already run to its first stop, which is never its end. */
export interface StrandStart {
  readonly strand: string;
  readonly branch: number;
  /** an awaited child follows a plan of its own */
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** A run of its own, begun by a step and already run to its first stop. */
export interface RunStart {
  readonly run: string;
  readonly by: Starter;
  readonly input: Json;
  readonly plan: Plan;
  readonly outcome: Outcome;
}

export interface Outcome {
  /** To be written in the record that resolves the one that was stepped. */
  readonly state: State;
  readonly next: Next;
  /** Earliest time at which the strand must be stepped with a timer cause, whatever it waits for, ms. */
  readonly deadline: number | undefined;
  /** Of this strand alone: to be written in the same unit, and published, in this order, only AFTER that
   *  is known valid (R19). */
  readonly events: readonly CloudEvent[];
  /** Runs that nobody waits for: their first records go into the SAME unit. */
  readonly runs: readonly RunStart[];
  /** Which of the events that it was given the strand took, by their index; the record that it leads to
   *  names those and no others. None: nothing has happened, and nothing is to be written. */
  readonly taken?: readonly number[];
  /** What happened, for people and projections: told only AFTER the record is known valid. */
  readonly transitions: readonly Transition[];
}

export interface Transition {
  readonly kind:
    | 'task-started'
    | 'task-completed'
    | 'task-skipped'
    | 'task-faulted'
    | 'task-retried'
    | 'task-compensated'
    | 'task-cancelled'
    | 'task-deferred'
    | 'task-suspended'
    | 'task-resumed'
    | 'workflow-started'
    | 'workflow-completed'
    | 'workflow-faulted'
    | 'workflow-cancelled'
    | 'workflow-correlating'
    | 'workflow-correlated';
  readonly run: string;
  readonly strand: string;
  /** JSON pointer of the task; '' for the workflow */
  readonly pointer: string;
  /** ms */
  readonly at: number;
  readonly detail?: string;
  /** of what has faulted */
  readonly error?: WorkflowError;
  /** of what was correlated: the values of its correlations */
  readonly keys?: { readonly [name: string]: Json };
}

/** Who is stepped: identity that keys and jitter are derived from. */
export interface StrandId {
  readonly run: string;
  readonly strand: string;
}

/** What is known of a definition that a task names: `missing` says why it cannot be run. */
export type KnownDefinition = { readonly plan: Plan } | { readonly missing: string };

/** Tasks that may still be entered before a step yields a hop. */
export interface Fuel {
  left: number;
}

export interface StepOptions {
  /** list transitions, all or those of workflows only; off where nobody looks */
  readonly observe?: boolean | 'workflow';
  /** definitions that `run: workflow` names; what it does not know makes the step throw NeedsDefinition */
  readonly definitions?: (ref: DefinitionRef) => KnownDefinition | undefined;
  /** home of the run (PROTOCOL.md R1): part of the ids of runs that it begins */
  readonly home?: number;
  /** so many compensations, the next ones, are put off: no record could hold what they ask for */
  readonly defer?: number;
  /** an end tells what could not be undone without its data: no record could hold them */
  readonly brief?: boolean;
  /** where one hop begins several strands: what they share */
  readonly fuel?: Fuel;
}

/** The step cannot be made before it is known what this names. Nothing has happened. */
export class NeedsDefinition extends Error {
  readonly ref: DefinitionRef;
  constructor(ref: DefinitionRef) {
    super(`the definition ${ref.namespace}/${ref.name} is needed`);
    this.name = 'NeedsDefinition';
    this.ref = ref;
  }
}

/** The engine met what its rules exclude. Never a workflow's or a document's fault. */
export class BrokenInvariant extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenInvariant';
  }
}

export type { Activity, Cause, CloudEvent, State, StrandEnd };
