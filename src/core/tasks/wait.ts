/* wait: holds the strand until its time has come; output = input. */
import type { WaitNode } from '../../dsl/plan/index.ts';
import { BrokenInvariant } from '../outcome.ts';
import type { TaskKind } from './task-kind.ts';

export const waitTask: TaskKind<WaitNode> = {
  fresh: { kind: 'wait', until: 0 },
  enter(machine, node, input, raw) {
    const until = machine.now + node.duration(input, machine.scope(node, raw, input));
    machine.remember({ kind: 'wait', until });
    return { do: 'stop', next: { kind: 'hold', until, why: 'wait' } };
  },
  resume(machine, _node, frame, cause) {
    if (cause.kind !== 'timer' || frame.node.kind !== 'wait' || machine.now < frame.node.until) {
      throw new BrokenInvariant(`a wait was resumed by ${cause.kind} before its time`);
    }
    return { do: 'leave', output: frame.input ?? null };
  },
};
