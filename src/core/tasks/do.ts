/*
 * do: a sequence in a scope of its own. invoke: a function of `use.functions`, which is such a scope
 * with the evaluated arguments as its input.
 */
import type { DoNode, InvokeNode } from '../../dsl/plan/index.ts';
import type { TaskKind } from './task-kind.ts';

export const doTask: TaskKind<DoNode> = {
  fresh: { kind: 'do', index: 0, completed: 0 },
  enter: (machine, node, input) => machine.into(node.body, input),
  done: (_machine, _node, _frame, output) => ({ do: 'leave', output }),
};

export const invokeTask: TaskKind<InvokeNode> = {
  fresh: { kind: 'do', index: 0, completed: 0 },
  enter: (machine, node, input, raw) =>
    machine.into(node.body, node.arguments(input, machine.scope(node, raw, input))),
  done: (_machine, _node, _frame, output) => ({ do: 'leave', output }),
};
