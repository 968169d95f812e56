/* Tasks that ask somebody for something: services, processes, functions of the document and of files. */
import { type Json, pointerStep } from '../../wire/json.ts';
import {
  type CallTask,
  type HttpArguments,
  isTask,
  type OpenApiArguments,
  type RunTask,
  type Task,
} from '../document.ts';
import { expressionOf } from '../expression.ts';
import type { PlanCompiler } from './compile.ts';
import { isProcess, type Mutable, type Surroundings } from './surroundings.ts';
import { compileHttp } from './http.ts';
import type { FunctionBody } from './library.ts';
import { compileOpenApi } from './openapi.ts';
import type { Node, NodeList, Value } from './plan.ts';
import { type Pool, poolsOf } from './pools.ts';
import { compileProcess } from './process.ts';
import { type LateFrom, RequestCompiler } from './request.ts';

/** True for tasks that are carried out by an activity. */
export function isActivity(it: PlanCompiler, task: Task): boolean {
  if (isTask(task, 'run')) return isProcess(task);
  return isTask(task, 'call') && !it.library.has(task.call);
}

/** What a late input.from gives is known at the call only: nothing else of the task can read it. */
export function keepFromSecrets(
  it: PlanCompiler,
  task: Task,
  pointer: string,
  reads: ReadonlySet<string>,
): void {
  const { timeout } = task;
  const named = typeof timeout === 'string';
  const after = (named ? it.document.use?.timeouts?.[timeout] : timeout)?.after;
  const timed = typeof after === 'string' && expressionOf(after, 'free') !== undefined;
  const undone = JSON.stringify(task.metadata?.compensate ?? null).includes('$input');
  if (!timed && !undone && !reads.has('input')) return;
  it.expressions.findings.push({
    code: 'misplaced-secret',
    message: timed
      ? 'this timeout would be computed from an input that holds secrets'
      : '$input holds secrets in this task, and what its output, export or compensation reads is stored',
    pointer: timed ? `${pointer}/timeout/after` : `${pointer}/input/from`,
    expected: 'secrets in the arguments of the call instead of its input',
    hint: 'write ${ $secrets.name } where the value is needed',
  });
}

export function completeCall(
  it: PlanCompiler,
  node: Mutable<Node>,
  task: CallTask,
  pointer: string,
  around: Surroundings,
  from: LateFrom | undefined,
): void {
  const { expressions, document } = it;
  const at = `${pointer}/with`;
  const given = (task.with ?? null) as Json;
  if (!isActivity(it, task)) {
    if (task.metadata?.limit !== undefined) noLimitHere(it, pointer);
    const args = expressions.value(given, at, 'taskDefinition', around.names);
    const body = it.library.function(task.call, around.base, `${pointer}/call`);
    if (body !== undefined) completeInvoke(it, node, body, args, pointer, around);
    return;
  }
  const request = requestCompiler(
    it,
    around,
    from,
    task.call === 'http' || task.call === 'openapi',
  );
  if (task.call === 'http') {
    Object.assign(node, compileHttp(request, document, task.with as HttpArguments, at));
  } else if (task.call === 'openapi') {
    const call = task.with as OpenApiArguments;
    const { library } = it;
    const found = { library, base: around.base, findings: expressions.findings };
    Object.assign(node, compileOpenApi(request, document, call, at, found));
  } else {
    it.functions.add(task.call);
    const args = request.free(given, at, '');
    Object.assign(node, { activity: 'function', service: task.call, arguments: args });
  }
  const pools = poolsFor(it, task, pointer);
  Object.assign(node, { kind: 'call', late: request.late, pools });
}

export function poolsFor(it: PlanCompiler, { metadata }: Task, pointer: string): readonly Pool[] {
  return poolsOf(it.document, metadata?.limit?.max, it.placeOf(pointer));
}

/** What a function asks for is limited in its own text, wherever it is called. */
export function noLimitHere(it: PlanCompiler, pointer: string): void {
  it.expressions.findings.push({
    code: 'misplaced-metadata',
    message: 'metadata.limit has no meaning on the call of a function that is made of tasks',
    pointer: `${pointer}/metadata/limit`,
    expected: 'the limit on the tasks of the function',
    at: 'key',
  });
}

export function completeProcess(
  it: PlanCompiler,
  node: Mutable<Node>,
  task: RunTask,
  pointer: string,
  around: Surroundings,
  from: LateFrom | undefined,
): void {
  const request = requestCompiler(it, around, from);
  const { library } = it;
  const { findings } = it.expressions;
  const context = { name: node.name, library, base: around.base, findings };
  Object.assign(
    node,
    { kind: 'call', pools: poolsFor(it, task, pointer) },
    compileProcess(request, task.run, `${pointer}/run`, context),
  );
  Object.assign(node, { late: request.late });
  if (task.run.await === false) node.keepsInput = true;
}

/** Compiles the request of an activity; `late` of it is complete once all parts have been given. */
export function requestCompiler(
  it: PlanCompiler,
  { names }: Surroundings,
  from: LateFrom | undefined,
  authorization = false,
): RequestCompiler {
  const secrets = it.document.use?.secrets ?? [];
  return new RequestCompiler(it.expressions, names, secrets, from, authorization);
}

export function completeInvoke(
  it: PlanCompiler,
  node: Mutable<Node>,
  { id, name, task, base, place }: FunctionBody,
  args: Value,
  pointer: string,
  around: Surroundings,
): void {
  const list: Mutable<NodeList> = { pointer: `${pointer}/call`, nodes: [] };
  Object.assign(node, { kind: 'invoke', arguments: args, body: list });
  if (around.functions.includes(id)) {
    it.expressions.findings.push({
      code: 'recursive-function',
      message: `the function ${id} calls itself (${[...around.functions, id].join(' -> ')})`,
      pointer,
      expected: 'functions that end',
      hint: 'use a for task, or a task that jumps back with `then`',
    });
    return;
  }
  const at = `${pointer}/call/0/${pointerStep(name)}`;
  it.places.set(at, place);
  // The caller's loop and catch variables are not the function's business.
  list.nodes = [
    it.node(task, name, at, list, 0, [name], {
      ...around,
      parent: node,
      names: [],
      functions: [...around.functions, id],
      base,
    }),
  ];
}
