/*
 * From task to task: what is done on entering and leaving any of them - condition, data flow, timeout -
 * and where its directive leads.
 */
import type { Directive, Node } from '../dsl/plan/index.ts';
import type { Frame, Json } from '../wire/index.ts';
import { check } from './check.ts';
import type { Machine, Making, Move } from './machine.ts';
import { bodyOf, kindOf } from './tasks/index.ts';
import { noteDone, settleLog } from './undo.ts';

/** Data flow of a task up to its own work; `instead`: what it puts out without doing any. */
export function enter(
  machine: Machine,
  node: Node,
  data: Json,
  instead?: { readonly output: Json },
): Move {
  if (machine.around.fuel.left-- <= 0 && instead === undefined) {
    machine.entering = { node, data };
    return { do: 'stop', next: { kind: 'continue' } };
  }
  machine.fallbackInstance = node.instance;
  if (node.condition !== undefined && !node.condition(data, machine.scope(node, data, undefined))) {
    machine.tell('task-skipped', node.instance);
    machine.fallbackInstance = undefined;
    return follow(machine, node, data, node.then);
  }
  check(node.inputSchema, data, `${node.pointer}/input/schema`);
  const input =
    node.inputFrom === undefined
      ? data
      : node.inputFrom(data, machine.scope(node, data, undefined));
  const after = node.timeout?.(input, machine.scope(node, data, input));
  machine.fallbackInstance = undefined;
  const frame: Making<Frame> = {
    pointer: node.pointer,
    node: kindOf(node).fresh,
    startedAt: machine.now,
  };
  if (after !== undefined) frame.deadline = machine.now + after;
  if (node.keepsRawInput) frame.rawInput = data;
  if (node.keepsInput) frame.input = input;
  if (node.saga !== undefined) frame.saga = machine.compensations.length;
  machine.frames.push(frame);
  machine.tellOf('task-started', node);
  if (instead !== undefined) return leave(machine, instead.output, undefined, false);
  return kindOf(node).enter(machine, node, input, data);
}

/** The task on top is done with `raw` output, whether it did anything or not. */
export function leave(machine: Machine, raw: Json, then: Directive | undefined, did = true): Move {
  const frame = machine.frames.at(-1)!;
  const node = machine.nodeAt(frame.pointer);
  let output: Json;
  // What its scope has done stands, whatever becomes of its output.
  if (frame.saga !== undefined && node.inSaga === undefined) settleLog(machine, frame.saga);
  try {
    output = shaped(machine, node, frame, raw);
  } catch (error) {
    // The task itself is over: what becomes of its output is not for its own catch or retry.
    const objection = machine.explain(error);
    if (did) noteDone(machine, node, frame, raw);
    machine.frames.pop();
    machine.tellOf('task-faulted', node, objection);
    return { do: 'raise', error: objection };
  }
  if (did) noteDone(machine, node, frame, output);
  machine.frames.pop();
  machine.tellOf('task-completed', node);
  return follow(machine, node, output, then ?? node.then);
}

/** Raw output to transformed output; exports. */
export function shaped(machine: Machine, node: Node, frame: Frame, raw: Json): Json {
  let output = raw;
  if (node.outputAs === undefined && node.exportAs === undefined) {
    check(node.outputSchema, output, `${node.pointer}/output/schema`);
    return output;
  }
  const scope = machine.scope(node, frame.rawInput, frame.input);
  scope.binds = false;
  scope.rawOutput = raw;
  scope.output = raw;
  if (node.outputAs !== undefined) output = node.outputAs(raw, scope);
  check(node.outputSchema, output, `${node.pointer}/output/schema`);
  if (node.exportAs !== undefined) {
    scope.output = output;
    const context = node.exportAs(output, scope);
    check(node.exportSchema, context, `${node.pointer}/export/schema`);
    machine.context = context;
  }
  return output;
}

/** Goes where `then` says after `node`. */
function follow(machine: Machine, node: Node, output: Json, then: Directive): Move {
  if (node.list.handsOn === true) return listDone(machine, node, output, then);
  switch (then.kind) {
    case 'continue': {
      const next = node.list.nodes[node.index + 1];
      return next === undefined
        ? listDone(machine, node, output, then)
        : { do: 'enter', node: next, data: output };
    }
    case 'goto':
      return { do: 'enter', node: node.list.nodes[then.index]!, data: output };
    case 'exit':
      return listDone(machine, node, output, then);
    case 'end':
      return machine.endWorkflow(output);
  }
}

/** The list that `last` stands in is over, because of `by`. */
function listDone(machine: Machine, last: Node, output: Json, by: Directive): Move {
  const { parent } = last;
  if (parent !== undefined) return bodyOf(parent).done(machine, parent, machine.top(), output, by);
  return machine.isRoot ? machine.endWorkflow(output) : machine.over({ output });
}
