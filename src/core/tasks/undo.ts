/* undo: the compensations of a scope that is being left, one after the other (undo.ts). */
import type { UndoNode } from '../../dsl/plan/index.ts';
import { BrokenInvariant } from '../outcome.ts';
import { undone } from '../undo.ts';
import type { TaskKind } from './task-kind.ts';

export const undoTask: TaskKind<UndoNode> = {
  fresh: { kind: 'undo', floor: 0, current: 0 },
  enter() {
    throw new BrokenInvariant('compensations are not entered like a task');
  },
  done(machine) {
    return undone(machine);
  },
  caught(machine, _node, _frame, error) {
    return undone(machine, error);
  },
};
