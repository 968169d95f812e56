/*
 * step: one hop of a strand. Synchronous, total and deterministic: the same plan, State, cause and
 * time give the same Outcome. Time comes in as an argument, entropy is derived from who is stepped,
 * and the next deadline goes out as data.
 */
import { EvaluationFault, type Plan } from '../dsl/plan/index.ts';
import type { Caller, Cause, Json, State, StrandEnd } from '../wire/index.ts';
import { standardError } from './errors.ts';
import { check, Machine } from './machine.ts';
import {
  BrokenInvariant,
  type Outcome,
  type StepOptions,
  type StrandId,
  type StrandStart,
} from './outcome.ts';
import { joins } from './tasks/fork.ts';
import { kindOf } from './tasks/index.ts';

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
  if (cause.kind === 'control') return control(machine, cause.verb);
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

function control(machine: Machine, verb: string): Outcome {
  if (verb !== 'cancel') throw new BrokenInvariant(`step does not know the verb ${verb}`);
  machine.frames.length = 0;
  return machine.run({ do: 'stop', next: { kind: 'end', end: { cancelled: true } } });
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
