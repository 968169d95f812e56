/* switch: the first case that holds, else the one without `when`, else the task's own `then`. */
import type { SwitchNode } from '../../dsl/plan/index.ts';
import type { TaskKind } from './task-kind.ts';

export const switchTask: TaskKind<SwitchNode> = {
  fresh: { kind: 'switch' },
  enter(machine, node, input, raw) {
    const scope = machine.scope(node, raw, input);
    const chosen = node.cases.find(({ when }) => when(input, scope));
    return { do: 'leave', output: input, then: chosen?.then ?? node.otherwise };
  },
};
