/*
 * What expressions see: $context, $input, $task, ... of the task on top of a machine.
 */
import type { ExtendedNode, Node, Scope } from '../dsl/plan/index.ts';
import type { Frame, Json, WorkflowError } from '../wire/index.ts';
import { instantOf } from './instant.ts';
import type { Machine } from './machine.ts';
import { BrokenInvariant } from './outcome.ts';
import { undoVariable } from './undo.ts';

export const RUNTIME = { name: 'waybill', version: '0.1.0', metadata: {} } as const;

/** The scope of one task while it is active. Short-lived: core makes one per evaluation it needs. */
export class TaskScope implements Scope {
  readonly now: number;
  private readonly machine: Machine;
  private readonly node: Node | undefined;
  private readonly rawInput: Json | undefined;
  private readonly input: Json | undefined;
  private readonly startedAt: number;
  /** raw output while output.as is evaluated, transformed output in export.as */
  output: Json | undefined;
  /** what $task.output is, in both */
  rawOutput: Json | undefined;
  /** an error that is being judged by catch.when or retry.when, under its name */
  caught: { readonly name: string; readonly error: WorkflowError } | undefined;
  /** false where the task's own loop or catch variable is not there yet, or not there any more */
  binds = true;
  /** $task is the extended task around, not the one that the scope belongs to */
  extending: boolean;

  constructor(
    machine: Machine,
    node: Node | undefined,
    rawInput: Json | undefined,
    input: Json | undefined,
    startedAt: number,
  ) {
    this.machine = machine;
    this.now = machine.now;
    this.node = node;
    this.extending = node?.extending ?? false;
    this.rawInput = rawInput;
    this.input = input;
    this.startedAt = startedAt;
  }

  variable(name: string): Json {
    switch (name) {
      case 'context':
        return this.machine.context ?? null;
      case 'input':
        return this.input ?? null;
      case 'output':
        return this.output === undefined ? (this.undoing('output') ?? null) : this.output;
      case 'task':
        return this.extending ? this.bound(name) : this.task();
      case 'workflow':
        return this.workflow();
      case 'runtime':
        return RUNTIME;
      case 'authorization':
        return null;
      default:
        return this.bound(name);
    }
  }

  private task(): Json {
    const { node } = this;
    if (node === undefined) return null;
    return {
      name: node.name,
      reference: node.instance,
      definition: node.task as unknown as Json,
      input: this.rawInput ?? null,
      output: this.rawOutput ?? null,
      startedAt: instantOf(this.startedAt),
    };
  }

  private workflow(): Json {
    const { machine } = this;
    const { definition } = machine.plan;
    return {
      id: machine.workflowId,
      definition: definition.document as unknown as Json,
      input: machine.workflowInput ?? null,
      startedAt: instantOf(machine.startedAt),
    };
  }

  /** What a compensation sees of what it undoes, in its own strand or in a branch of it. */
  private undoing(name: string): Json | undefined {
    const { frames, variables } = this.machine;
    for (let i = frames.length - 1; i >= 0; i--) {
      const value = undoVariable(this.machine, frames[i]!, name);
      if (value !== undefined) return value;
    }
    return variables !== undefined && Object.hasOwn(variables, name) ? variables[name] : undefined;
  }

  /** Loop and catch variables: the innermost task that binds the name wins, then what was inherited. */
  private bound(name: string): Json {
    if (this.caught?.name === name) return this.caught.error as unknown as Json;
    if (name === 'certain') {
      const value = this.undoing(name);
      if (value !== undefined) return value;
    }
    const { frames, plan } = this.machine;
    for (let i = frames.length - (this.binds ? 1 : 2); i >= 0; i--) {
      const value = boundBy(plan.byPointer.get(frames[i]!.pointer), frames[i]!, name);
      if (value !== undefined) return value;
    }
    const inherited = this.machine.variables;
    if (inherited !== undefined && Object.hasOwn(inherited, name)) return inherited[name]!;
    throw new BrokenInvariant(`$${name} was compiled but is bound by nothing`);
  }
}

function boundBy(node: Node | undefined, frame: Frame, name: string): Json | undefined {
  if (node?.kind === 'for' && frame.node.kind === 'for') {
    if (name === node.each) return frame.node.rest[frame.node.passed ?? 0] ?? null;
    if (name === node.at) return frame.node.index;
  }
  if (node?.kind === 'listen' && frame.node.kind === 'listen') {
    if (name === node.foreach?.each) return frame.node.item;
    if (name === node.foreach?.at && frame.node.item !== undefined) return frame.node.index;
  }
  if (node?.kind === 'extended' && frame.node.kind === 'extended' && name === 'task') {
    return extendedTask(node, frame, frame.node.output);
  }
  if (node?.kind === 'try' && frame.node.kind === 'try' && frame.node.inCatch) {
    if (name === node.as) return (frame.node.caught ?? null) as unknown as Json;
  }
  return undefined;
}

/** $task in an extension: what is known of the extended task, and its definition merged into that. */
function extendedTask(node: ExtendedNode, frame: Frame, output: Json | undefined): Json {
  return {
    ...(node.task as unknown as { readonly [key: string]: Json }),
    name: node.name,
    reference: node.instance,
    definition: node.task as unknown as Json,
    input: frame.input ?? null,
    output: output ?? null,
    startedAt: instantOf(frame.startedAt),
  };
}
