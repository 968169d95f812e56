/*
 * The host functions that a document calls: every `call` that is neither a protocol nor a function of
 * its own `use`.
 */
import { CALL_PROTOCOLS, isTask, type Task, taskEntry, type TaskList } from '../../dsl/document.ts';
import type { WorkflowDocument } from '../../dsl/document.ts';

export function hostFunctions(document: WorkflowDocument): ReadonlySet<string> {
  const own = document.use?.functions ?? {};
  const found = new Set<string>();
  const visit = (task: Task): void => {
    if (isTask(task, 'call') && isHostFunction(task.call, own)) found.add(task.call);
    if (task.metadata?.compensate !== undefined) visit(task.metadata.compensate);
    for (const list of listsOf(task)) for (const item of list) visit(taskEntry(item)[1]);
  };
  for (const item of document.do) visit(taskEntry(item)[1]);
  for (const task of Object.values(own)) visit(task);
  for (const extension of (document.use?.extensions ?? []).flatMap((item) => Object.values(item))) {
    for (const list of [extension.before ?? [], extension.after ?? []]) {
      for (const item of list) visit(taskEntry(item)[1]);
    }
  }
  return found;
}

function isHostFunction(name: string, own: Readonly<Record<string, Task>>): boolean {
  return !(CALL_PROTOCOLS as readonly string[]).includes(name) && !Object.hasOwn(own, name);
}

/** The lists of tasks inside a task. */
function listsOf(task: Task): TaskList[] {
  if (isTask(task, 'for')) return [task.do];
  if (isTask(task, 'try')) return [task.try, task.catch.do ?? []];
  if (isTask(task, 'fork')) return [task.fork.branches];
  if (isTask(task, 'listen')) return [task.foreach?.do ?? []];
  if (isTask(task, 'do')) return [task.do];
  return [];
}
