/*
 * try: catches errors of its block. Retry comes first; `catch.do` runs only when no retry is left
 * (decided once, DESIGN.md section 4). The block is tried again by the same machine: if the first
 * thing it meets is an activity, that is scheduled at once for the time of the retry.
 */
import type { RetryPlan, TryNode } from '../../dsl/plan/index.ts';
import type { Frame, Json, TryState } from '../../wire/index.ts';
import { retryDelay } from '../backoff.ts';
import { matches } from '../errors.ts';
import { nextDeadline } from '../deadline.ts';
import { lookAhead } from '../look-ahead.ts';
import type { Machine, Move } from '../machine.ts';
import { BrokenInvariant } from '../outcome.ts';
import type { TaskScope } from '../scope.ts';
import type { TaskKind } from './task-kind.ts';

export const tryTask: TaskKind<TryNode> = {
  fresh: { kind: 'try', inCatch: false, failures: 0, firstAt: 0 },

  enter(machine, node, input) {
    machine.remember({ kind: 'try', inCatch: false, failures: 0, firstAt: machine.now });
    return attempt(machine, node, input);
  },

  resume(machine, node, frame, cause) {
    const { retryAt } = tryState(frame);
    if (cause.kind !== 'timer' || retryAt === undefined || machine.now < retryAt) {
      throw new BrokenInvariant(`a retry was resumed by ${cause.kind} before its time`);
    }
    return attempt(machine, node, frame.input ?? null);
  },

  done(_machine, node, frame, output) {
    return {
      do: 'leave',
      output,
      then: tryState(frame).inCatch ? (node.catchThen ?? node.then) : node.then,
    };
  },

  caught(machine, node, frame, error) {
    const state = tryState(frame);
    if (state.inCatch || !matches(node.filter, error)) return undefined;
    const input = frame.input ?? null;
    const scope = machine.scope(node, frame.rawInput, frame.input);
    scope.caught = { name: node.as, error };
    if (node.when !== undefined && !node.when(input, scope)) return undefined;
    if (node.exceptWhen?.(input, scope)) return undefined;
    const failures = state.failures + 1;
    if (node.retry !== undefined) {
      const due = retryTime(machine, node.retry, failures, state, input, scope);
      if (due !== undefined) {
        const { thrown } = machine;
        machine.thrown = undefined;
        const { retryAt: _r, attemptDeadline: _a, failed: _f, ...kept } = state;
        machine.remember({
          ...kept,
          failures,
          retryAt: due,
          ...(thrown === undefined ? {} : { failed: thrown }),
        });
        machine.tell('task-retried', node.pointer, { detail: error.detail ?? error.title });
        return again(machine, node, due, input);
      }
    }
    machine.thrown = undefined;
    machine.remember({
      kind: 'try',
      inCatch: true,
      caught: error,
      failures,
      firstAt: state.firstAt,
    });
    return node.handler === undefined || node.handler.nodes.length === 0
      ? { do: 'leave', output: input, then: node.catchThen ?? node.then }
      : machine.into(node.handler, input);
  },
};

/** Begins an attempt of the block. */
function attempt(machine: Machine, node: TryNode, input: Json): Move {
  const { retryAt: _r, attemptDeadline: _a, ...state } = tryState(machine.top());
  const limit = attemptLimit(machine, node, input);
  machine.remember({
    ...state,
    ...(limit === undefined ? {} : { attemptDeadline: machine.now + limit }),
  });
  return machine.into(node.body, input);
}

/** How long an attempt may take, ms. A policy that fails is not for its own catch to judge. */
function attemptLimit(machine: Machine, node: TryNode, input: Json): number | undefined {
  const { rawInput, input: known } = machine.top();
  try {
    return node.retry?.attemptDuration?.(input, machine.scope(node, rawInput, known));
  } catch (error) {
    machine.remember({ ...tryState(machine.top()), inCatch: true });
    throw error;
  }
}

/** The strand stands in the try with `retryAt` set: look ahead, or be held until then. */
function again(machine: Machine, node: TryNode, due: number, input: Json): Move {
  const hold: Move = { do: 'stop', next: { kind: 'hold', until: due, why: 'retry' } };
  const deadline = nextDeadline(machine);
  if (deadline !== undefined && deadline <= due) return hold;
  lookAhead(machine, due);
  return machine.guarded(() => attempt(machine, node, input));
}

/** When to try again, ms; undefined = not any more. */
function retryTime(
  machine: Machine,
  policy: RetryPlan,
  failures: number,
  state: TryState,
  input: Json,
  scope: TaskScope,
): number | undefined {
  if (policy.count !== undefined && failures > policy.count) return undefined;
  if (policy.when !== undefined && !policy.when(input, scope)) return undefined;
  if (policy.exceptWhen?.(input, scope)) return undefined;
  const { run, strand } = machine.id;
  const seed = `${run}/${strand}#${machine.activation}${machine.top().pointer}`;
  const due = machine.now + retryDelay(policy, failures, input, scope, seed);
  const limit = policy.limitDuration?.(input, scope);
  return limit !== undefined && due > state.firstAt + limit ? undefined : due;
}

function tryState(frame: Frame): TryState {
  if (frame.node.kind !== 'try') throw new BrokenInvariant('not the frame of a try');
  return frame.node;
}
