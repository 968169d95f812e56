/*
 * What a kind of task has to say: how it is entered, how it goes on after it was blocked, what the
 * end of its body means, and whether it catches errors.
 */
import type { Directive, Node } from '../../dsl/plan/index.ts';
import type { Cause, Frame, Json, NodeState, WorkflowError } from '../../wire/index.ts';
import type { Machine, Move } from '../machine.ts';
import type { Joining } from './joining.ts';

export interface TaskKind<N extends Node = Node> {
  /** what a frame of this kind remembers when it is new */
  readonly fresh: NodeState;
  /** The frame is on top; `input` is the transformed input, `raw` the raw one. */
  enter(machine: Machine, node: N, input: Json, raw: Json): Move;
  /** The strand was blocked in this task, and this is what it waited for. */
  resume?(machine: Machine, node: N, frame: Frame, cause: Cause): Move;
  /** Of a task that waits for strands. */
  readonly joins?: Joining<N>;
  /** The list of tasks inside this one is over, because of `by`. */
  done?(machine: Machine, node: N, frame: Frame, output: Json, by: Directive): Move;
  /** An error passes through; undefined lets it. The frame is on top. */
  caught?(machine: Machine, node: N, frame: Frame, error: WorkflowError): Move | undefined;
}
