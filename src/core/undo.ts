/*
 * The undo log of a strand and how it is worked off (DESIGN.md section 4, P7).
 *
 * U1. A task with metadata.compensate that stands in a saga scope enters the log when it is done; a call
 *     that failed in a way that says nothing about its effect enters it as not certain.
 * U2. What is live is undone newest first, once each, when an error leaves the body of a saga scope or
 *     the strand is cancelled. A compensation that fails is deferred and does not stop the others.
 * U3. While compensations run, no timeout of what is being left strikes.
 * U4. One whose request no record could hold is deferred without being tried (StepOptions.defer). What was
 *     deferred keeps its data for who undoes it by hand, unless no record could hold the end with them (brief).
 */
import type { Node } from '../dsl/plan/index.ts';
import type { Compensation, Frame, Json, State, StrandEnd, WorkflowError } from '../wire/index.ts';
import { standardError } from './errors.ts';
import type { Machine, Move } from './machine.ts';
import { BrokenInvariant } from './outcome.ts';

/** Why a compensation was not tried. */
const UNWRITTEN = 'no record could hold what it asks for';

/** How many compensations have not been tried because of that. */
export function untried(compensations: readonly Compensation[] = []): number {
  return compensations.filter(({ error }) => error?.detail === UNWRITTEN).length;
}

/** Index of the frame under which compensations run; -1 = none do. */
export function undoIndex(frames: readonly Frame[]): number {
  for (let i = frames.length - 1; i >= 0; i--) if (frames[i]!.node.kind === 'undo') return i;
  return -1;
}

/** Whether the strand is undoing what it did already: nobody may cancel it any more. */
export function isUndoing(state: Pick<State, 'frames'>): boolean {
  return undoIndex(state.frames) >= 0;
}

/** The task of `frame` is done, with that output. */
export function noteDone(machine: Machine, node: Node, frame: Frame, output: Json): void {
  if (node.compensation === undefined || node.inSaga === undefined) return;
  note(machine, entryOf(machine, frame, true, output));
}

/** An error goes through the call of `frame`, or time has passed it by. */
export function noteFailed(
  machine: Machine,
  node: Node,
  frame: Frame,
  error: WorkflowError | undefined,
): void {
  if (frame.node.kind !== 'activity') return;
  if (node.compensation === undefined || node.inSaga === undefined) return;
  if (error !== undefined && refused(error)) return;
  note(machine, entryOf(machine, frame, false));
}

/** The other side has looked at the request and will not do it: 4xx, but for a timeout. */
function refused({ status }: WorkflowError): boolean {
  return status >= 400 && status < 500 && status !== 408;
}

function entryOf(machine: Machine, frame: Frame, certain: boolean, output?: Json): Compensation {
  const { node, pointer, input } = frame;
  return {
    pointer,
    activation: node.kind === 'activity' ? node.activation : machine.activation,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    certain,
    strand: machine.id.strand,
  };
}

/** What a retry has cleared up, or left open again, replaces what was known before. */
function note(machine: Machine, entry: Compensation): void {
  const others = machine.compensations.filter(
    ({ pointer, activation, strand, certain, outcome }) =>
      certain ||
      outcome !== undefined ||
      pointer !== entry.pointer ||
      activation !== entry.activation ||
      strand !== entry.strand,
  );
  machine.compensations = [...others, entry];
}

/** What of ended branches is still to be undone, and what became of the rest, in the order of their ends. */
export function gather(machine: Machine, ends: readonly StrandEnd[]): void {
  const found = ends.flatMap(({ compensations }) => compensations ?? []);
  if (found.length > 0) machine.compensations = [...machine.compensations, ...found];
}

/** What became of things is remembered; what could still be undone no more matters. */
export function settleLog(machine: Machine, floor: number): void {
  const { compensations } = machine;
  if (!isPending(machine, floor)) return;
  machine.compensations = compensations.filter(
    ({ outcome }, index) => index < floor || outcome !== undefined,
  );
}

/** Something from `floor` on is still to be undone. */
export function isPending({ compensations }: Machine, floor: number): boolean {
  for (let i = floor; i < compensations.length; i++) {
    if (compensations[i]!.outcome === undefined) return true;
  }
  return false;
}

/**
 * Undoes what stands in the log from `floor` on; then `error` goes on outwards, or, without one, the
 * strand is cancelled. `pointer` is that of the list of tasks that is being left.
 */
export function beginUndo(
  machine: Machine,
  pointer: string,
  floor: number,
  error: WorkflowError | undefined,
): Move {
  const node = {
    kind: 'undo',
    floor,
    current: 0,
    ...(error === undefined ? {} : { error }),
  } as const;
  machine.frames.push({ pointer, node, startedAt: machine.now });
  return undoNext(machine);
}

/** The frame of the undo is on top. */
export function undoNext(machine: Machine): Move {
  const frame = machine.top();
  if (frame.node.kind !== 'undo') throw new BrokenInvariant('nothing is being undone');
  const { floor, error } = frame.node;
  const { compensations } = machine;
  for (let current = compensations.length - 1; current >= floor; current--) {
    const entry = compensations[current]!;
    if (entry.outcome !== undefined) continue;
    if (machine.defer > 0) {
      machine.defer--;
      const why = standardError('runtime', UNWRITTEN, `${entry.pointer}/metadata/compensate`);
      machine.compensations = machine.compensations.with(current, {
        ...entry,
        outcome: 'deferred',
        error: why,
      });
      machine.tell('task-deferred', entry.pointer);
      continue;
    }
    const list = machine.nodeAt(entry.pointer).compensation;
    if (list === undefined) throw new BrokenInvariant(`nothing undoes ${entry.pointer}`);
    machine.remember({ ...frame.node, current });
    return machine.into(list, entry.input ?? null);
  }
  machine.frames.pop();
  return error === undefined ? machine.cancelled() : { do: 'raise', error };
}

/** The compensation that runs is over: undone, or deferred because of `error`. */
export function undone(machine: Machine, error?: WorkflowError): Move {
  const { node } = machine.top();
  if (node.kind !== 'undo') throw new BrokenInvariant('nothing is being undone');
  // What has been undone must not be taken for done by a service that knows the key; and the same
  // compensation of something that is done later is no repetition of this one.
  machine.thrown = undefined;
  const { compensations } = machine;
  const { input, output, ...entry } = compensations[node.current]!;
  // What a person may have to undo by hand keeps all that is known of it.
  const data = {
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
  };
  const settled: Compensation =
    error === undefined
      ? { ...entry, outcome: 'undone' }
      : { ...entry, ...data, outcome: 'deferred', error };
  machine.compensations = compensations.with(node.current, settled);
  machine.tell(error === undefined ? 'task-compensated' : 'task-deferred', entry.pointer);
  return undoNext(machine);
}

/** What is settled loses its data, which stand in earlier records; what is still to be undone needs them. */
export function withoutData(compensations: readonly Compensation[]): readonly Compensation[] {
  return compensations.map((entry) => {
    if (entry.outcome === undefined) return entry;
    const { input: _, output: __, ...rest } = entry;
    return rest;
  });
}

/** Whether an end may have been told so: nothing that was deferred in it has data. */
export function isBrief(compensations: readonly Compensation[] = []): boolean {
  const deferred = compensations.filter(({ outcome }) => outcome === 'deferred');
  return deferred.length > 0 && deferred.every((one) => !('input' in one || 'output' in one));
}

/** What a running compensation sees of what it undoes. */
export function undoVariable(machine: Machine, frame: Frame, name: string): Json | undefined {
  if (frame.node.kind !== 'undo') return undefined;
  const entry = machine.compensations[frame.node.current];
  if (name === 'output') return entry?.output ?? null;
  return name === 'certain' ? (entry?.certain ?? false) : undefined;
}
