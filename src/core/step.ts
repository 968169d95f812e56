/*
 * step: one hop of a strand. Synchronous, total and deterministic: the same plan, State, cause and
 * time give the same Outcome. Time comes in as an argument, entropy is derived from who is stepped,
 * and the next deadline goes out as data.
 */
import type { Node, Plan } from '../dsl/plan/index.ts';
import type {
  Caller,
  Cause,
  ForkState,
  Frame,
  Json,
  State,
  StrandEnd,
  WorkflowError,
} from '../wire/index.ts';
import { nextDeadline } from './deadline.ts';
import { Machine, type Move, newFuel } from './machine.ts';
import {
  BrokenInvariant,
  type Fuel,
  type Outcome,
  type StepOptions,
  type StrandId,
  type StrandStart,
} from './outcome.ts';
import { newRun } from './strands.ts';
import { kindOf } from './tasks/index.ts';
import { gatherStrands, isOver, type Joining, settlesLast } from './tasks/joining.ts';
import { beginUndo, isUndoing, noteDone, noteFailed, undoIndex } from './undo.ts';
import { cancel, giveUp, overdue } from './unwinding.ts';

/** A run as it stands before its first step. */
export function begin(now: number, input: Json, caller?: Caller): State {
  const state = newRun(now, input);
  return caller === undefined ? state : { ...state, caller };
}

/** Steps the strand `id`, which stands in `state`, because of `cause`, at `now` (ms). */
export function step(
  plan: Plan,
  id: StrandId,
  state: State,
  cause: Cause,
  now: number,
  options: StepOptions = {},
): Outcome {
  if (cause.kind === 'start') {
    const { input = null, ...rest } = state;
    return new Machine(plan, id, plan.keepsInput ? state : rest, now, options).start(input);
  }
  const machine = new Machine(plan, id, state, now, options);
  if (cause.kind === 'control') return control(machine, cause);
  const wasStruck = cause.kind === 'joined' && joined(machine, cause);
  if (machine.cancelling !== undefined && undoIndex(machine.frames) < 0) {
    return machine.run(machine.guarded(() => cancelNow(machine, cause)));
  }
  const settling = settleFirst(machine, cause);
  if (settling !== undefined) return settling;
  // Its branches are cancelled, whatever a clock says now that was ahead then.
  const struck = overdue(machine, wasStruck ? nextDeadline(machine) : undefined);
  if (struck !== undefined) return machine.run(struck);
  if (cause.kind === 'continue') return machine.run(machine.resumeEntering());
  const frame = machine.top();
  const node = machine.nodeAt(frame.pointer);
  const kind = kindOf(node);
  if (kind.resume === undefined) throw new BrokenInvariant(`a ${node.kind} task never waits`);
  return machine.run(machine.guarded(() => kind.resume!(machine, node, frame, cause)));
}

/** Cancels the strand, which is not running an activity now; one that waits for branches waits on (R18). */
function control(machine: Machine, cause: Extract<Cause, { kind: 'control' }>): Outcome {
  if (cause.verb !== 'cancel') throw new BrokenInvariant(`step does not know ${cause.verb}`);
  machine.cancelling = isLost(cause) ? 'lost' : 'run';
  if (machine.frames.at(-1)?.node.kind === 'fork') return stillJoining(machine);
  return machine.run(machine.guarded(() => cancel(machine)));
}

/** The cause of a strand that is cancelled: with its run, or because its fork needs it no more. */
export function cancelCause(how: 'run' | 'lost'): Extract<Cause, { kind: 'control' }> {
  return how === 'run'
    ? { kind: 'control', verb: 'cancel' }
    : { kind: 'control', verb: 'cancel', arguments: { lost: true } };
}

function isLost({ arguments: args }: Extract<Cause, { kind: 'control' }>): boolean {
  return typeof args === 'object' && args !== null && 'lost' in args && args.lost === true;
}

function stillJoining(machine: Machine): Outcome {
  return machine.run({ do: 'stop', next: { kind: 'fork', strands: [] } });
}

/** What it waited for before it is cancelled has come: the answer of its activity, time, its branches. */
function cancelNow(machine: Machine, cause: Cause): Move {
  const frame = machine.frames.at(-1);
  if (frame?.node.kind === 'activity') {
    const node = machine.nodeAt(frame.pointer);
    const { error, result = null } = cause.kind === 'activity' ? cause : {};
    if (cause.kind === 'activity' && error === undefined) {
      const goesOn = node.kind === 'call' && node.goesOn === true;
      const raw = goesOn ? (frame.input ?? null) : result;
      noteDone(machine, node, frame, machine.outputOf(frame, raw));
    } else noteFailed(machine, node, frame, error);
  }
  return cancel(machine);
}

/** Timeouts strike a fork that settles only once all of its branches have ended. */
function settleFirst(machine: Machine, cause: Cause): Outcome | undefined {
  const frame = machine.frames.at(-1);
  if (cause.kind !== 'timer' || frame?.node.kind !== 'fork') return undefined;
  const node = machine.nodeAt(frame.pointer);
  const deadline = nextDeadline(machine);
  if (!settlesLast(node, frame.node)) return undefined;
  if (deadline === undefined || machine.now < deadline) return undefined;
  machine.remember({ ...frame.node, settling: true });
  return stillJoining(machine);
}

/** Says whether a deadline has struck what was waited for. */
function joined(machine: Machine, cause: Extract<Cause, { kind: 'joined' }>): boolean {
  const frame = machine.top();
  if (frame.node.kind !== 'fork') return false;
  gatherStrands(machine, frame.node, cause.ends, cause.order ?? []);
  const { settling = false, ...rest } = frame.node;
  machine.remember(rest);
  return settling;
}

/**
 * Whether the branches of the fork in which `joining` stands are to be cancelled, given how some of them
 * have ended: all with the run, or those that a decided fork needs no more.
 */
export function settlement(
  plan: Plan,
  joining: State,
  ends: Iterable<StrandEnd>,
): 'run' | 'lost' | undefined {
  const join = joinOf(plan, joining);
  if (join === undefined) return undefined;
  const { joins, fork, node } = join;
  // What undoes something is not cancelled itself.
  if ((joining.cancelling !== undefined && !isUndoing(joining)) || fork.settling) return 'run';
  if (!settlesLast(node, fork)) return undefined;
  const how = node.kind === 'fork' && node.compete ? 'lost' : 'run';
  for (const end of ends) if (joins.decides(node, end)) return how;
  for (const end of Object.values(fork.ends)) if (joins.decides(node, end)) return how;
  return undefined;
}

/** Whether the task in which `joining` stands waits for all of its strands, decided or not. */
export function settles(plan: Plan, joining: State): boolean {
  const join = joinOf(plan, joining);
  return join !== undefined && settlesLast(join.node, join.fork);
}

/** What becomes of the activity of a cancelled strand matters: it will have to be undone. */
export function awaitsAnswer(plan: Plan, state: State): boolean {
  const frame = state.frames.at(-1);
  const node = frame && plan.byPointer.get(frame.pointer);
  return node?.compensation !== undefined && node.inSaga === true;
}

/** Whether the strand can be cancelled: not while it is being cancelled or undoes what it did. */
export function isCancellable(state: State): boolean {
  return state.cancelling === undefined && !isUndoing(state);
}

/**
 * A branch has ended well after another one had won: it undoes what it did. Undefined: there is nothing
 * to be undone.
 */
export function loseAfterEnd(
  plan: Plan,
  id: StrandId,
  state: State,
  end: StrandEnd,
  joining: State,
  now: number,
  options: StepOptions,
): Outcome | undefined {
  if (end.cancelled || end.compensations?.some(({ outcome }) => outcome === undefined) !== true) {
    return undefined;
  }
  const pointer = `${joining.frames.at(-1)!.pointer}/fork/branches`;
  const lost: State = { ...state, compensations: end.compensations, cancelling: 'lost' };
  const machine = new Machine(plan, id, lost, now, options);
  return machine.run(machine.guarded(() => beginUndo(machine, pointer, 0, undefined)));
}

/** Ends a strand with an error that no catch may see; a saga undoes what it did first. */
export function failStrand(
  plan: Plan,
  id: StrandId,
  state: State,
  error: WorkflowError,
  now: number,
  options: StepOptions,
): Outcome {
  const machine = new Machine(plan, id, state, now, options);
  return machine.run(machine.guarded(() => giveUp(machine, error)));
}

/** For strands that are begun in one hop: they share it. */
export function hopFuel(): Fuel {
  return newFuel();
}

/** Begins the next strand of a task that has more of them than may run at once. */
export function beginBranch(
  plan: Plan,
  id: StrandId,
  joining: State,
  branch: number,
  now: number,
  options: StepOptions = {},
): StrandStart {
  const machine = new Machine(plan, id, joining, now, options);
  const { fork, frame, joins, node } = joiningOf(plan, joining);
  return joins.begin(machine, node, fork, branch, frame.input ?? null);
}

/** Whether what `joining` waits for is over once `end` is the `ended`-th recorded one. */
export function isJoined(plan: Plan, joining: State, end: StrandEnd, ended: number): boolean {
  const { fork, joins, node } = joiningOf(plan, joining);
  return isOver(joins, node, fork, end, ended);
}

interface Join {
  readonly joins: Joining;
  readonly node: Node;
  readonly frame: Frame;
  readonly fork: ForkState;
}

/** The task in which the strand waits for others; undefined = it waits for none. */
function joinOf(plan: Plan, { frames }: State): Join | undefined {
  const frame = frames.at(-1);
  const node = frame && plan.byPointer.get(frame.pointer);
  const joins = node && kindOf(node).joins;
  if (joins === undefined || frame?.node.kind !== 'fork') return undefined;
  return { joins, node: node!, frame, fork: frame.node };
}

function joiningOf(plan: Plan, joining: State): Join {
  const join = joinOf(plan, joining);
  if (join === undefined) throw new BrokenInvariant('the strand waits for no other ones');
  return join;
}
