/*
 * Sagas: what has been done is remembered, and undone newest first when an error leaves the scope
 * (DESIGN section 4, P7), or when the strand is cancelled.
 */
import type { Task } from '../../dsl/document.ts';
import type { Json } from '../../wire/json.ts';
import type { Compensation, StrandEnd, WorkflowError } from '../../wire/state.ts';
import { type Effect, Fault } from './fault.ts';
import { type Active, Ended, type Here, type Strand, Struck } from './here.ts';
import type { Interpreter } from './interpret.ts';
import { Cancelled } from './line.ts';

/** One entry of the undo log of a strand. */
export interface Undoable {
  readonly name: string;
  readonly pointer: string;
  readonly task: Task;
  readonly input: Json;
  readonly output: Json;
  readonly certain: boolean;
  readonly effect: Effect | undefined;
  /** what surrounds the task, as far as it says how its compensation is meant */
  readonly around: Pick<Here, 'base' | 'extending'>;
  outcome?: 'undone' | 'deferred';
}

/** The task is done, or an error says nothing sure about it (`output` undefined). */
export function note(here: Here, active: Active, input: Json, output: Json | undefined): void {
  const { name, pointer, effect } = active;
  const task = active.task.metadata?.compensate;
  if (task === undefined || !here.saga) return;
  const { log } = here.strand;
  const known = log.findIndex(
    (one) =>
      !one.certain && one.outcome === undefined && one.pointer === pointer && one.effect === effect,
  );
  if (known >= 0) log.splice(known, 1);
  const certain = output !== undefined;
  const { base, extending } = here;
  const around = { base, extending };
  log.push({ name, pointer, task, input, output: output ?? null, certain, effect, around });
}

/** Whether an error leaves it open what its call has done. */
export function leavesOpen(error: unknown, { pointer, effect }: Active): boolean {
  if (effect === undefined) return false;
  if (error instanceof Cancelled) return isOpen(error);
  if (error instanceof Struck) return error.origin?.pointer === pointer;
  return error instanceof Fault && error.origin?.pointer === pointer && !refused(error.error);
}

function isOpen({ called }: Cancelled): boolean {
  const { answer } = called ?? {};
  if (answer === undefined) return called !== undefined;
  return 'error' in answer && !refused(answer.error);
}

function refused({ status }: WorkflowError): boolean {
  return status !== 408 && status >= 400 && status < 500;
}

/** Runs what stands in a saga scope; `act` is given what surrounds its tasks. */
export function sagaScope<T>(
  it: Interpreter,
  here: Here,
  isSaga: boolean | undefined,
  act: (inside: Here) => T,
): T {
  if (isSaga !== true) return act(here);
  const { log } = here.strand;
  const floor = log.length;
  try {
    const result = act({ ...here, saga: true });
    if (!here.saga) {
      for (let i = log.length - 1; i >= floor; i--) if (!log[i]!.outcome) log.splice(i, 1);
    }
    return result;
  } catch (error) {
    if (!(error instanceof Fault || error instanceof Struck)) throw error;
    if (!undo(it, here.strand, floor)) throw error;
    // What has been undone is asked for anew: no service may take it for done.
    throw error instanceof Fault ? new Fault(error.error) : new Struck(error.deadline, undefined);
  }
}

/** The strand goes no further: it undoes all that it did, unless whoever waits for it does. */
export function stop(
  it: Interpreter,
  strand: Strand,
  cancelled: Cancelled,
  itself: boolean,
): StrandEnd {
  Object.assign(strand, { cancelled, now: cancelled.at, waited: true });
  if (itself) undo(it, strand, 0);
  return { cancelled: true };
}

/** Says whether there was something to undo. */
function undo(it: Interpreter, strand: Strand, floor: number): boolean {
  let some = false;
  for (let i = strand.log.length - 1; i >= floor; i--) {
    const entry = strand.log[i]!;
    if (entry.outcome !== undefined) continue;
    some = true;
    const { name, pointer, task, input, output, certain, around } = entry;
    const here: Here = {
      ...around,
      strand,
      variables: { output, certain },
      deadlines: [],
      retrying: [],
      indices: [],
      saga: false,
    };
    try {
      it.task(here, name, task, `${pointer}/metadata/compensate`, input);
      entry.outcome = 'undone';
    } catch (error) {
      if (error instanceof Ended) entry.outcome = 'undone';
      else if (error instanceof Fault) entry.outcome = 'deferred';
      else {
        strand.line.must(!(error instanceof Cancelled), 'undoes what it did');
        throw error;
      }
    }
  }
  return some;
}

/** What the end of a strand tells of its log, as far as it is compared. */
export function told(log: readonly Undoable[]): { compensations?: readonly Compensation[] } {
  if (log.length === 0) return {};
  const compensations = log.map(({ pointer, certain, outcome }) => ({
    pointer,
    certain,
    activation: 0,
    strand: '',
    ...(outcome === undefined ? {} : { outcome }),
  }));
  return { compensations };
}
