/*
 * How tasks are left that are not done: an error goes outwards to whoever catches it, a deadline strikes,
 * the strand is cancelled. What sagas on the way have done is undone first (undo.ts).
 */
import type { Node } from '../dsl/plan/index.ts';
import type { Frame, WorkflowError } from '../wire/index.ts';
import { attemptDeadline, firstTimed } from './deadline.ts';
import { standardError } from './errors.ts';
import type { Machine, Move } from './machine.ts';
import { BrokenInvariant } from './outcome.ts';
import { kindOf } from './tasks/index.ts';
import { beginUndo, isPending, noteFailed, undoIndex } from './undo.ts';

/** Unwinds to the nearest task that catches the error. */
export function unwind(machine: Machine, error: WorkflowError): Move {
  let placed = error.instance === undefined ? { ...error, instance: machine.blamed() } : error;
  while (machine.frames.length > 0) {
    const frame = machine.top();
    const node = machine.nodeAt(frame.pointer);
    try {
      if (frame.saga !== undefined && !isCaught(frame) && isPending(machine, frame.saga)) {
        return beginUndo(machine, bodyPointer(node), frame.saga, placed);
      }
      const move = kindOf(node).caught?.(machine, node, frame, placed);
      if (move !== undefined) return move;
    } catch (objection) {
      // The catch itself is at fault: its own error goes on, to whoever is around it.
      placed = machine.explain(objection);
    }
    if (machine.frames.length === 1) noteRoot(machine);
    drop(machine, placed);
  }
  if (undoesAtEnd(machine) && isPending(machine, 0)) {
    return beginUndo(machine, rootPointer(machine), 0, placed);
  }
  return machine.fault(placed);
}

/** The strand undoes what it did before it ends with an error. */
function undoesAtEnd({ before, isRoot, plan }: Machine): boolean {
  return before.undoes === true || (isRoot && plan.saga);
}

/** What is left loses its frames, and its list of tasks is to be known after that. */
function noteRoot(machine: Machine): void {
  machine.root ??= rootPointer(machine);
}

/** Pointer of the list of tasks that the strand runs. */
function rootPointer(machine: Machine): string {
  const { entering, frames, plan, root } = machine;
  if (root !== undefined) return root;
  const [outermost] = frames;
  // A scope that is being undone may stand anywhere; what is left then is around all of it.
  if (outermost?.node.kind === 'undo') return plan.body.pointer;
  const node = outermost === undefined ? entering?.node : machine.nodeAt(outermost.pointer);
  return node?.list.pointer ?? plan.body.pointer;
}

/** The strand is to go no further: it undoes what it did, or leaves that to whoever waits for it. */
export function cancel(machine: Machine): Move {
  noteRoot(machine);
  machine.entering = undefined;
  const { before, cancelling, frames, isRoot } = machine;
  while (frames.length > 0) machine.tell('task-cancelled', frames.pop()!.pointer);
  const own = isRoot || cancelling === 'lost' || before.undoes === true;
  return own && isPending(machine, 0)
    ? beginUndo(machine, rootPointer(machine), 0, undefined)
    : machine.cancelled();
}

/** The strand ends with an error that nothing may catch; compensations run first. */
export function giveUp(machine: Machine, error: WorkflowError): Move {
  noteRoot(machine);
  return unwindTo(machine, undoIndex(machine.frames) + 1, error);
}

/** Takes the top frame off because an error passed through it. */
function drop(machine: Machine, error?: WorkflowError, passing = error): void {
  const frame = machine.top();
  noteFailed(machine, machine.nodeAt(frame.pointer), frame, error);
  machine.frames.pop();
  if (frame.node.kind === 'activity') machine.thrown = frame.node;
  machine.tellOf('task-faulted', machine.nodeAt(frame.pointer), passing);
}

/** Drops the frames above `height`, whatever they would say; what their sagas did is undone first. */
function unwindTo(machine: Machine, height: number, error: WorkflowError): Move {
  machine.entering = undefined;
  let undo: { readonly pointer: string; readonly floor: number } | undefined;
  while (machine.frames.length > height) {
    const { pointer, saga } = machine.top();
    const isLeft = saga !== undefined && !isCaught(machine.top());
    drop(machine, undefined, error);
    if (isLeft) undo = { pointer: bodyPointer(machine.nodeAt(pointer)), floor: saga };
  }
  return undo !== undefined && isPending(machine, undo.floor)
    ? beginUndo(machine, undo.pointer, undo.floor, error)
    : { do: 'raise', error };
}

/**
 * What time has done before the cause is looked at: the outermost deadline that has passed, or was seen
 * to, strikes. A workflow's timeout ends the instance, no task catches it.
 */
export function overdue(machine: Machine, seen = machine.now): Move | undefined {
  const { deadline, frames } = machine;
  const now = Math.max(machine.now, seen);
  const from = firstTimed(machine);
  if (from === undefined) return undefined;
  noteRoot(machine);
  if (from === 0 && deadline !== undefined && now >= deadline) {
    return giveUp(machine, standardError('timeout', 'the workflow has timed out', ''));
  }
  for (let i = from; i < frames.length; i++) {
    const frame = frames[i]!;
    const { pointer } = frame;
    if (frame.deadline !== undefined && now >= frame.deadline) {
      return unwindTo(machine, i, standardError('timeout', 'the task has timed out', pointer));
    }
    const attempt = attemptDeadline(frame);
    if (attempt !== undefined && now >= attempt) {
      const error = standardError('timeout', 'the attempt has taken too long', pointer);
      return unwindTo(machine, i + 1, error);
    }
  }
  return undefined;
}

/** The error comes from what handles errors, not from what is tried. */
function isCaught({ node }: Frame): boolean {
  return node.kind === 'try' && node.inCatch;
}

/** Pointer of the list inside a saga scope. */
function bodyPointer(node: Node): string {
  if (node.kind === 'do' || node.kind === 'try') return node.body.pointer;
  throw new BrokenInvariant(`a ${node.kind} task is no saga scope`);
}
