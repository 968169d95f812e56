/* Every kind of task that runs, by name. */
import type { Node } from '../../dsl/plan/index.ts';
import { BrokenInvariant } from '../outcome.ts';
import { callTask } from './call.ts';
import { childTask } from './child.ts';
import { doTask, invokeTask } from './do.ts';
import { emitTask } from './emit.ts';
import { extendedTask } from './extended.ts';
import { forTask } from './for.ts';
import { forkTask } from './fork.ts';
import { parallelTask } from './parallel.ts';
import { listenTask } from './listen.ts';
import { raiseTask } from './raise.ts';
import { setTask } from './set.ts';
import { switchTask } from './switch.ts';
import type { TaskKind } from './task-kind.ts';
import { tryTask } from './try.ts';
import { undoTask } from './undo.ts';
import { waitTask } from './wait.ts';

const KINDS: { readonly [K in Node['kind']]: TaskKind<Extract<Node, { kind: K }>> } = {
  call: callTask,
  child: childTask,
  do: doTask,
  emit: emitTask,
  extended: extendedTask,
  for: forTask,
  fork: forkTask,
  invoke: invokeTask,
  parallel: parallelTask,
  listen: listenTask,
  raise: raiseTask,
  set: setTask,
  switch: switchTask,
  try: tryTask,
  undo: undoTask,
  wait: waitTask,
};

export function kindOf(node: Node): TaskKind {
  return KINDS[node.kind] as TaskKind;
}

/** The kind of a task that has a body. */
export function bodyOf(node: Node): TaskKind & Required<Pick<TaskKind, 'done'>> {
  const kind = kindOf(node);
  if (kind.done === undefined) throw new BrokenInvariant(`a ${node.kind} task has no body`);
  return kind as TaskKind & Required<Pick<TaskKind, 'done'>>;
}
