/*
 * Activities: everything that touches the outside world on a workflow's behalf.
 *
 * A1. `run` is called only for an activity whose record is known valid (PROTOCOL.md R7).
 * A2. It may be called again with the same key after a crash or a takeover, with the same request.
 * A3. It never rejects for the workflow's sake: a failure is an answer with `error`. A rejection is a
 *     fault of the adapter and is answered to the workflow as a runtime error.
 * A4. What a process cannot carry out it says to be absent, and has not begun: it is held, and asked for
 *     again, here or where the partition goes next (PROTOCOL.md R21).
 */
import type { Activity, Json, WorkflowError } from '../wire/index.ts';

export type ActivityAnswer = { readonly result: Json } | { readonly error: WorkflowError };

/** A4 */
export interface Absent {
  readonly absent: true;
}

export interface ActivityContext {
  readonly run: string;
  readonly strand: string;
  readonly definition: string;
  /** Registers what is called when the answer is not wanted any more (timeout, cancel, lost tenure);
   *  at once if that is so already. */
  onAbort(abort: () => void): void;
  /**
   * The activity is alive: the time that one attempt may take begins anew. A timeout that the document
   * sets is not moved by it.
   */
  heartbeat(): void;
}

export interface Activities {
  run(activity: Activity, context: ActivityContext): PromiseLike<ActivityAnswer | Absent>;
}
