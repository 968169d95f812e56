/*
 * step: one hop of a strand. Synchronous, total and deterministic: the same plan, State, cause and
 * time give the same Outcome. Time comes in as an argument, entropy is derived from who is stepped,
 * and the next deadline goes out as data.
 */
import { EvaluationFault, type Plan } from '../dsl/plan/index.ts';
import type { Caller, Cause, Json, State, StrandEnd, WorkflowError } from '../wire/index.ts';
import { standardError } from './errors.ts';
import { nextDeadline } from './deadline.ts';
import { check, Machine, type Move } from './machine.ts';
import {
  BrokenInvariant,
  type Outcome,
  type StepOptions,
  type StrandId,
  type StrandStart,
} from './outcome.ts';
import { decides, gatherBranches, joins } from './tasks/fork.ts';
import { kindOf } from './tasks/index.ts';
import { beginUndo, isUndoing, noteDone, noteFailed, undoIndex } from './undo.ts';

/** A run as it stands before its first step. */
export function begin(now: number, input: Json, caller?: Caller): State {
  return {
    status: 'running',
    position: '',
    entering: false,
    frames: [],
    input,
    startedAt: now,
    activation: 0,
    pureHops: 0,
    ...(caller === undefined ? {} : { caller }),
  };
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
  const observe = options.observe === true;
  if (cause.kind === 'start') return start(plan, id, state, now, observe);
  const machine = new Machine(plan, id, state, now, observe);
  if (cause.kind === 'control') return control(machine, cause);
  if (cause.kind === 'joined') joined(machine, cause);
  if (machine.cancelling !== undefined && undoIndex(machine.frames) < 0) {
    return machine.run(machine.guarded(() => cancelNow(machine, cause)));
  }
  const settling = settleFirst(machine, cause);
  if (settling !== undefined) return settling;
  const overdue = machine.overdue();
  if (overdue !== undefined) return machine.run(overdue);
  if (cause.kind === 'continue') return machine.run(machine.resumeEntering());
  const frame = machine.top();
  const node = machine.nodeAt(frame.pointer);
  const kind = kindOf(node);
  if (kind.resume === undefined) throw new BrokenInvariant(`a ${node.kind} task never waits`);
  return machine.run(machine.guarded(() => kind.resume!(machine, node, frame, cause)));
}

/** Data flow of the workflow itself: schema of the raw input, then `from`, then the first task. */
function start(plan: Plan, id: StrandId, given: State, now: number, observe: boolean): Outcome {
  const { input: raw = null, ...rest } = given;
  const machine = new Machine(plan, id, plan.keepsInput ? given : rest, now, observe);
  machine.tell('workflow-started', '');
  try {
    check(plan.inputSchema, raw, '/input/schema');
    const scope = machine.workflowScope();
    const input = plan.inputFrom === undefined ? raw : plan.inputFrom(raw, scope);
    if (plan.timeout !== undefined) machine.deadline = now + plan.timeout(input, scope);
    return machine.run(machine.into(plan.body, input));
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    return machine.run(machine.fault(standardError(error.kind, error.message, error.pointer)));
  }
}

/** Cancels the strand, which is not running an activity now; one that waits for branches waits on (R18). */
function control(machine: Machine, cause: Extract<Cause, { kind: 'control' }>): Outcome {
  if (cause.verb !== 'cancel') throw new BrokenInvariant(`step does not know ${cause.verb}`);
  machine.cancelling = isLost(cause) ? 'lost' : 'run';
  if (machine.frames.at(-1)?.node.kind === 'fork') return stillJoining(machine);
  return machine.run(machine.guarded(() => machine.cancel()));
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
      noteDone(machine, node, frame, machine.outputOf(frame, result));
    } else noteFailed(machine, node, frame, error);
  }
  return machine.cancel();
}

/** Timeouts strike a fork that settles only once all of its branches have ended. */
function settleFirst(machine: Machine, cause: Cause): Outcome | undefined {
  const frame = machine.frames.at(-1);
  if (cause.kind !== 'timer' || frame?.node.kind !== 'fork') return undefined;
  const node = machine.nodeAt(frame.pointer);
  const deadline = nextDeadline(machine);
  if (node.kind !== 'fork' || !node.settles) return undefined;
  if (deadline === undefined || machine.now < deadline) return undefined;
  machine.remember({ ...frame.node, settling: true });
  return stillJoining(machine);
}

function joined(machine: Machine, cause: Extract<Cause, { kind: 'joined' }>): void {
  const frame = machine.top();
  const node = machine.nodeAt(frame.pointer);
  if (node.kind !== 'fork' || frame.node.kind !== 'fork' || !node.settles) return;
  gatherBranches(machine, frame.node, cause.ends, cause.order ?? []);
  const { settling: _, ...rest } = frame.node;
  machine.remember(rest);
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
  const frame = joining.frames.at(-1);
  const node = frame && plan.byPointer.get(frame.pointer);
  if (node?.kind !== 'fork' || frame?.node.kind !== 'fork') return undefined;
  if (joining.cancelling !== undefined || frame.node.settling) return 'run';
  if (!node.settles) return undefined;
  for (const end of ends) if (decides(node, end)) return node.compete ? 'lost' : 'run';
  for (const end of Object.values(frame.node.ends)) {
    if (decides(node, end)) return node.compete ? 'lost' : 'run';
  }
  return undefined;
}

/** Whether the fork in which `joining` stands waits for all of its branches, decided or not. */
export function settles(plan: Plan, joining: State): boolean {
  const frame = joining.frames.at(-1);
  const node = frame && plan.byPointer.get(frame.pointer);
  return node?.kind === 'fork' && node.settles === true;
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
): Outcome | undefined {
  if (end.cancelled || end.compensations?.some(({ outcome }) => outcome === undefined) !== true) {
    return undefined;
  }
  const pointer = `${joining.frames.at(-1)!.pointer}/fork/branches`;
  const lost: State = { ...state, compensations: end.compensations, cancelling: 'lost' };
  const machine = new Machine(plan, id, lost, now, false);
  return machine.run(machine.guarded(() => beginUndo(machine, pointer, 0, undefined)));
}

/** Ends a strand with an error that no catch may see; a saga undoes what it did first. */
export function failStrand(
  plan: Plan,
  id: StrandId,
  state: State,
  error: WorkflowError,
  now: number,
): Outcome {
  const machine = new Machine(plan, id, state, now, false);
  return machine.run(machine.guarded(() => machine.giveUp(error)));
}

/** Begins the next branch of a fork that is wider than what may run at once. */
export function beginBranch(
  plan: Plan,
  id: StrandId,
  joining: State,
  branch: number,
  now: number,
  options: StepOptions = {},
): StrandStart {
  const machine = new Machine(plan, id, joining, now, options.observe === true);
  const frame = machine.top();
  const node = machine.nodeAt(frame.pointer);
  if (node.kind !== 'fork' || frame.node.kind !== 'fork') {
    throw new BrokenInvariant('the strand does not stand in a fork');
  }
  return machine.branch(node, frame.node.activation, branch, frame.input ?? null);
}

/** Whether the fork in which `joining` stands is over once `end` is the `ended`-th recorded one. */
export function isJoined(plan: Plan, joining: State, end: StrandEnd, ended: number): boolean {
  const frame = joining.frames.at(-1);
  const node = frame && plan.byPointer.get(frame.pointer);
  if (node?.kind !== 'fork' || frame?.node.kind !== 'fork') {
    throw new BrokenInvariant('the strand does not stand in a fork');
  }
  return joins(node, frame.node, end, ended);
}
