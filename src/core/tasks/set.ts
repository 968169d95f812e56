/* set: the value replaces the data; nothing is merged. */
import type { SetNode } from '../../dsl/plan/index.ts';
import type { TaskKind } from './task-kind.ts';

export const setTask: TaskKind<SetNode> = {
  fresh: { kind: 'root' },
  enter: (machine, node, input, raw) => ({
    do: 'leave',
    output: node.value(input, machine.scope(node, raw, input)),
  }),
};
