/* Compensations: what undoes a task. */
import type { Task } from '../document.ts';
import type { PlanCompiler } from './compile.ts';
import { COMPENSATION_NAMES, type Mutable, type Surroundings } from './surroundings.ts';
import type { Node, NodeList } from './plan.ts';

/** What undoes a task is run by whatever scope an error or a cancel leaves. */
export function completeCompensation(
  it: PlanCompiler,
  node: Mutable<Node>,
  task: Task,
  pointer: string,
  around: Surroundings,
): void {
  if (around.undoes) noSagaHere(it, `${pointer}/metadata/compensate`);
  else if (!around.inSaga && around.functions.length === 0 && !around.extending) {
    it.expressions.findings.push({
      code: 'compensation-without-saga',
      message: 'no saga is around this task: its compensation would never run',
      pointer: `${pointer}/metadata/compensate`,
      expected: 'metadata.saga: true on a do or try task around it, or on the document',
    });
  }
  it.compensated++;
  node.keepsInput = true;
  const at = `${pointer}/metadata/compensate`;
  const list: Mutable<NodeList> = { pointer: at, nodes: [] };
  const name = node.name;
  list.nodes = [
    it.node(task, name, at, list, 0, [name], {
      parent: it.undo,
      names: COMPENSATION_NAMES,
      functions: around.functions,
      base: around.base,
      inSaga: false,
      undoes: true,
      ...(around.extending ? { extending: true } : {}),
    }),
  ];
  Object.assign(node, { compensation: list });
}

export function noSagaHere(it: PlanCompiler, pointer: string): void {
  it.expressions.findings.push({
    code: 'compensation-in-compensation',
    message: 'a compensation is not undone itself',
    pointer,
    expected: 'a compensation without metadata.saga and metadata.compensate',
    hint: 'one that fails is retried by its own try, then kept as deferred',
  });
}
