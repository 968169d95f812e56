/*
 * How a step stops: the State of the strand as it stands then, and what counts as getting nowhere.
 */
import type { Frame, State, StrandEnd, WorkflowError } from '../wire/index.ts';
import { standardError } from './errors.ts';
import { PURE_HOPS_MAX, TASKS_PER_STEP } from './limits.ts';
import type { Machine, Making } from './machine.ts';
import type { Next } from './outcome.ts';

export function stoppedState(machine: Machine, next: Next): State {
  const { before, entering, frames } = machine;
  const position = entering?.node.pointer ?? frames.at(-1)?.pointer ?? '';
  const state: Making<State> = {
    status: next.kind === 'end' ? endStatus(next.end) : waits(next) ? 'waiting' : 'running',
    position,
    entering: entering !== undefined,
    frames: frames.map((frame, i) => settled(machine, frame, frames[i + 1]?.pointer ?? position)),
    startedAt: machine.startedAt,
    activation: machine.activation,
    pureHops: machine.pureHops,
  };
  // Member by member: this is made for each hop, and spreading what is absent is not free.
  if (entering !== undefined) state.data = entering.data;
  if (machine.context !== undefined && machine.plan.keepsContext) state.context = machine.context;
  if (machine.workflowInput !== undefined) state.input = machine.workflowInput;
  if (machine.variables !== undefined) state.variables = machine.variables;
  if (machine.compensations.length > 0) state.compensations = machine.compensations;
  if (machine.caller !== undefined) state.caller = machine.caller;
  if (machine.deadline !== undefined) state.deadline = machine.deadline;
  if (machine.child !== undefined) state.child = machine.child;
  if (machine.cancelling !== undefined) state.cancelling = machine.cancelling;
  if (before.suspended) state.suspended = true;
  if (before.undoes) state.undoes = true;
  return state;
}

/** A do-like frame learns where it stands only when the step stops: nobody looks before. */
function settled({ plan }: Machine, frame: Frame, inner: string): Frame {
  if (frame.node.kind === 'for' && frame.node.passed !== undefined) {
    const { index, rest, passed } = frame.node;
    return { ...frame, node: { kind: 'for', index, rest: rest.slice(passed) } };
  }
  if (frame.node.kind !== 'do') return frame;
  const child = plan.byPointer.get(inner);
  // While its compensations run, a task stands where it stood.
  const index = child === undefined ? 0 : (child.index ?? frame.node.index);
  return index === frame.node.index
    ? frame
    : { ...frame, node: { kind: 'do', index, completed: index } };
}

function endStatus(end: StrandEnd): State['status'] {
  return end.cancelled ? 'cancelled' : end.error === undefined ? 'completed' : 'faulted';
}

/** What is due at once takes no more time than a pure task, and strands that only go on took none. */
export function isPure(next: Next, now: number): boolean {
  if (next.kind === 'hold') return next.until <= now;
  if (next.kind !== 'fork') return next.kind === 'continue';
  return (
    next.strands.length > 0 && next.strands.every((one) => one.outcome.next.kind === 'continue')
  );
}

function waits(next: Next): boolean {
  return next.kind === 'hold' || next.kind === 'fork' || next.kind === 'listen';
}

/** The error of a strand that only ever runs out of fuel. */
export function endless(machine: Machine): WorkflowError {
  const at = machine.entering?.node.instance ?? '';
  machine.entering = undefined;
  machine.pureHops = 0;
  return standardError(
    'runtime',
    `the workflow has run ${PURE_HOPS_MAX * TASKS_PER_STEP} tasks without an activity or a wait`,
    at,
  );
}
