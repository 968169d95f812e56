/*
 * What extensions put around a task: `before` in order of declaration, the task, `after` in reverse, so
 * that the one declared first is the outermost. Which of them apply is decided once, when the task is
 * reached and its own `if` has held.
 *
 * What their tasks put out is their own business: the task gets the input it would have had, and what
 * follows gets the output it would have had. But an `exit` from `before` is in place of the task: what
 * `before` has put out becomes the raw output of the task, and its extension and those inside it have no
 * `after`. A task that faults has no `after` either.
 */
import type { Directive, ExtendedNode } from '../../dsl/plan/index.ts';
import type { ExtendedState, Frame, Json } from '../../wire/index.ts';
import type { Machine, Move } from '../machine.ts';
import { BrokenInvariant } from '../outcome.ts';
import type { TaskKind } from './task-kind.ts';

export const extendedTask: TaskKind<ExtendedNode> = {
  fresh: { kind: 'extended', stage: 'before', applied: [], at: 0 },

  enter(machine, node, input, raw) {
    const scope = machine.scope(node, raw, input);
    scope.extending = true;
    const applied: number[] = [];
    node.extensions.forEach(({ when }, index) => {
      if (when === undefined || when(input, scope)) applied.push(index);
    });
    return before(machine, node, { kind: 'extended', stage: 'before', applied, at: 0 });
  },

  done(machine, node, frame, output, by) {
    const state = stateOf(frame);
    if (state.stage === 'task') return after(machine, node, state, output, directive(by));
    if (state.stage === 'after') {
      const { output: kept = null, then = 'continue' } = state;
      return after(machine, node, { ...state, at: state.at - 1 }, kept, then);
    }
    if (by.kind !== 'exit') return before(machine, node, { ...state, at: state.at + 1 });
    const applied = state.applied.slice(0, state.at);
    machine.remember({ ...state, stage: 'task', applied });
    const [task] = node.inner.nodes;
    return { do: 'enter', node: task!, data: frame.input ?? null, instead: { output } };
  },
};

/** Goes on with the next `before`, from the `at`-th on, or with the task. */
function before(machine: Machine, node: ExtendedNode, state: ExtendedState): Move {
  const { applied } = state;
  const data = machine.top().input ?? null;
  for (let at = state.at; at < applied.length; at++) {
    const list = node.extensions[applied[at]!]!.before;
    if (list === undefined) continue;
    machine.remember({ ...state, at });
    return machine.into(list, data);
  }
  machine.remember({ ...state, stage: 'task', at: applied.length });
  return machine.into(node.inner, data);
}

/** The task is done. Goes on with the next `after`, from the `at`-th back. */
function after(
  machine: Machine,
  node: ExtendedNode,
  state: ExtendedState,
  output: Json,
  then: NonNullable<ExtendedState['then']>,
): Move {
  const { applied } = state;
  for (let at = state.stage === 'task' ? applied.length - 1 : state.at; at >= 0; at--) {
    const list = node.extensions[applied[at]!]!.after;
    if (list === undefined) continue;
    machine.remember({ kind: 'extended', stage: 'after', applied, at, output, then });
    return machine.into(list, output);
  }
  return {
    do: 'leave',
    output,
    then: typeof then === 'number' ? { kind: 'goto', index: then } : { kind: then },
  };
}

function directive(by: Directive): NonNullable<ExtendedState['then']> {
  return by.kind === 'goto' ? by.index : by.kind;
}

function stateOf(frame: Frame): ExtendedState {
  if (frame.node.kind !== 'extended')
    throw new BrokenInvariant('not the frame of an extended task');
  return frame.node;
}
