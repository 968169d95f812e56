/*
 * Where a strand of the reference stands: what surrounds a task, and the two ways in which a task is left
 * that no task of its own decides: a deadline, and the end of the workflow.
 */
import type { FlowDirective, Task, WorkflowDocument } from '../../dsl/document.ts';
import type { CloudEvent } from '../../wire/cloud-event.ts';
import type { Json } from '../../wire/json.ts';
import type { Effect, Origin } from './fault.ts';
import type { Undoable } from './saga.ts';
import type { Cancelled, Line } from './line.ts';

export interface Called {
  readonly effect: Effect;
  readonly attempt: number;
  readonly at: number;
  outcome: 'result' | 'error' | 'none';
}

export interface Emitted {
  readonly event: CloudEvent;
  readonly at: number;
}

/** A run that a task has begun and does not wait for. */
export interface Begun {
  readonly document: WorkflowDocument;
  readonly input: Json;
  readonly at: number;
}

/** What a run does, and the children that it waits for. */
export interface Doings {
  calls: Called[];
  emitted: Emitted[];
  begun: Begun[];
  tasks: number;
  ties: number;
}

export interface Deadline {
  readonly at: number;
}

/** A deadline was reached; only the task that set it knows what to make of it. */
export class Struck extends Error {
  readonly deadline: Deadline;
  readonly origin: Origin | undefined;
  constructor(deadline: Deadline, origin: Origin | undefined) {
    super('a deadline was reached');
    this.deadline = deadline;
    this.origin = origin;
  }
}

/** `then: end`. */
export class Ended extends Error {
  readonly output: Json;
  constructor(output: Json) {
    super('the workflow ends here');
    this.output = output;
  }
}

export interface Strand {
  readonly line: Line;
  now: number;
  context: Json;
  waited: boolean;
  /** what a saga around it would undo, oldest first */
  readonly log: Undoable[];
  /** it goes no further, but undoes what it did */
  cancelled?: Cancelled | undefined;
  /** events that it has heard, or those around it had, and when */
  readonly heard: Map<CloudEvent, number>;
}

/** What surrounds a task. */
export interface Here {
  readonly strand: Strand;
  /** loop and catch variables */
  readonly variables: Readonly<Record<string, Json>>;
  /** outermost first */
  readonly deadlines: readonly Deadline[];
  /** the try blocks around it, innermost last: the call that each of them repeats */
  readonly retrying: readonly { failed: Origin | undefined }[];
  readonly indices: readonly number[];
  /** inside an extension, where nothing is extended */
  readonly extending: boolean;
  /** the document that the tasks stand in, '' for the workflow */
  readonly base: string;
  /** a saga is around it, in its own strand or another */
  readonly saga: boolean;
}

export interface Done {
  readonly output: Json;
  readonly then: FlowDirective | undefined;
}

/** One task being run. */
export interface Active {
  readonly name: string;
  readonly pointer: string;
  readonly task: Task;
  readonly raw: Json;
  readonly startedAt: number;
  /** of a call, once it was asked */
  effect?: Effect;
}

/** The strand has waited until `at`: the outermost deadline that has passed, or was seen to, strikes. */
export function goOn({ deadlines, strand }: Here, at: number, origin?: Origin, seen = at): void {
  strand.waited = true;
  strand.now = at;
  const passed = deadlines.find((deadline) => deadline.at <= Math.max(at, seen));
  if (passed !== undefined) throw new Struck(passed, origin);
}

export function earliest({ deadlines }: Here): number {
  return Math.min(Infinity, ...deadlines.map(({ at }) => at));
}

/** Runs `act`; says so when it ends the workflow. */
export function untilEnd(act: () => Json): { output: Json; endsWorkflow?: true } {
  try {
    return { output: act() };
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { output: error.output, endsWorkflow: true };
  }
}

/** A time as expressions see it. */
export function instant(ms: number): Json {
  const iso8601 = new Date(ms).toISOString();
  return { iso8601, epoch: { seconds: Math.floor(ms / 1000), milliseconds: ms } };
}
