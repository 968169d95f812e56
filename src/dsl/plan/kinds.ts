/* What is particular to each kind of task, beyond what all have in common. */
import { type Json, pointerStep } from '../../wire/json.ts';
import { type ErrorDefinition, isTask, type Task, type TaskList } from '../document.ts';
import { completeCall, completeProcess } from './calling.ts';
import type { PlanCompiler } from './compile.ts';
import { directive, isProcess, type Mutable, type Surroundings } from './surroundings.ts';
import { completeListen } from './listening.ts';
import type { Directive, Node, NodeList, Value } from './plan.ts';
import type { LateFrom } from './request.ts';
import { compileStrands, completeChild, completeFork } from './strands.ts';
import { durationOf, retryPlan } from './times.ts';

/** What is particular to the kind of task. */
export function completeKind(
  it: PlanCompiler,
  node: Mutable<Node>,
  task: Task,
  pointer: string,
  siblings: readonly string[],
  around: Surroundings,
  from: LateFrom | undefined,
): void {
  const { names } = around;
  const expressions = it.expressions;
  const inside = (more: readonly string[] = []): Surroundings => ({
    ...around,
    parent: node,
    names: more.length === 0 ? names : [...new Set([...names, ...more])],
  });
  if (isTask(task, 'set')) {
    const value = expressions.given(task.set, `${pointer}/set`, 'taskDefinition', names);
    Object.assign(node, { value });
  } else if (isTask(task, 'for')) {
    const each = task.for.each ?? 'item';
    const at = task.for.at ?? 'index';
    const items = expressions.value(
      task.for.in as Json,
      `${pointer}/for/in`,
      'taskDefinition',
      names,
    );
    expressions.takeReads();
    const { parallel } = task.metadata ?? {};
    if (parallel !== undefined) {
      const compile = (): NodeList =>
        it.list(task.do, `${pointer}/do`, { ...inside([each, at]), parent: undefined });
      const { body, ...shared } = compileStrands(
        it,
        [...names, each, at],
        node,
        `${pointer}/do`,
        compile,
      );
      const { max } = parallel;
      Object.assign(node, { kind: 'parallel', each, at, items, body, max, ...shared });
      return;
    }
    const condition =
      task.while === undefined
        ? undefined
        : expressions.condition(task.while, `${pointer}/while`, 'taskDefinition', [
            ...names,
            each,
            at,
          ]);
    const reads = expressions.takeReads();
    if (reads.has('input')) node.keepsInput = true;
    if (reads.has('task')) node.keepsRawInput = true;
    const body = it.list(task.do, `${pointer}/do`, inside([each, at]));
    Object.assign(node, { each, at, items, while: condition, body });
  } else if (isTask(task, 'try')) {
    completeTry(it, node, task, pointer, siblings, inside);
  } else if (isTask(task, 'do')) {
    Object.assign(node, { body: it.list(task.do, `${pointer}/do`, inside()) });
  } else if (isTask(task, 'switch')) {
    const cases: { when: unknown; then: Directive }[] = [];
    let otherwise: Directive | undefined;
    task.switch.forEach((item, index) => {
      const [name, one] = Object.entries(item)[0]!;
      const at = `${pointer}/switch/${index}/${pointerStep(name)}`;
      const then = directive(one.then, siblings);
      if (one.when === undefined) otherwise = then;
      else
        cases.push({
          when: expressions.condition(one.when, `${at}/when`, 'taskDefinition', names),
          then,
        });
    });
    Object.assign(node, { cases, otherwise });
  } else if (isTask(task, 'raise')) {
    const { error } = task.raise;
    const at =
      typeof error === 'string' ? `/use/errors/${pointerStep(error)}` : `${pointer}/raise/error`;
    const model: ErrorDefinition =
      typeof error === 'string' ? it.document.use!.errors![error]! : error;
    const part = (key: keyof ErrorDefinition): Value | undefined =>
      model[key] === undefined
        ? undefined
        : expressions.free(model[key], `${at}/${key}`, 'taskDefinition', names);
    Object.assign(node, {
      error: {
        type: part('type'),
        status: part('status'),
        title: part('title'),
        detail: part('detail'),
        instance: part('instance'),
      },
    });
  } else if (isTask(task, 'wait')) {
    const duration = durationOf(it, task.wait, `${pointer}/wait`, 'taskDefinition', names);
    node.keepsInput = true;
    Object.assign(node, { duration });
  } else if (isTask(task, 'emit')) {
    const at = `${pointer}/emit/event/with`;
    const { with: given } = task.emit.event;
    const attributes = expressions.free(given as Json, at, 'taskDefinition', names);
    Object.assign(node, { attributes });
  } else if (isTask(task, 'listen')) {
    completeListen(it, node, task, pointer, inside, around);
  } else if (isTask(task, 'fork')) {
    completeFork(it, node, task.fork, pointer, names, around);
  } else if (isTask(task, 'run') && task.run.workflow !== undefined) {
    completeChild(it, node, task.run, task.run.workflow, pointer, names);
    // What an extension does it does besides.
    if (task.run.await !== false && around.extending !== true) it.awaited++;
  } else if (isTask(task, 'call')) completeCall(it, node, task, pointer, around, from);
  else if (isTask(task, 'run') && isProcess(task)) {
    completeProcess(it, node, task, pointer, around, from);
  }
}

export function completeTry(
  it: PlanCompiler,
  node: Mutable<Node>,
  task: Extract<Task, { try: TaskList }>,
  pointer: string,
  siblings: readonly string[],
  inside: (more?: readonly string[]) => Surroundings,
): void {
  const { names } = inside();
  const expressions = it.expressions;
  expressions.takeReads();
  const caught = task.catch;
  const as = caught.as ?? 'error';
  const withError = [...new Set([...names, as])];
  const condition = (value: string | undefined, at: string) =>
    value === undefined
      ? undefined
      : expressions.condition(value, `${pointer}/catch/${at}`, 'taskDefinition', withError);
  const when = condition(caught.when, 'when');
  const exceptWhen = condition(caught.exceptWhen, 'exceptWhen');
  const retry =
    caught.retry === undefined
      ? undefined
      : retryPlan(it, caught.retry, `${pointer}/catch/retry`, withError, names);
  node.keepsInput = true;
  if (expressions.takeReads().has('task')) node.keepsRawInput = true;
  const body = it.list(task.try, `${pointer}/try`, inside());
  // The scope of a saga is its body: what is caught has left it, and undone it.
  const after: Surroundings = { ...inside([as]), inSaga: node.inSaga === true };
  const handler =
    caught.do === undefined ? undefined : it.list(caught.do, `${pointer}/catch/do`, after);
  Object.assign(node, {
    body,
    filter: caught.errors?.with ?? {},
    as,
    when,
    exceptWhen,
    retry,
    handler,
    catchThen: caught.then === undefined ? undefined : directive(caught.then, siblings),
  });
}
