/*
 * What a definition says of a task, read straight from the document and not from the engine's plan:
 * how often an activity may be attempted, and whether a fork competes.
 */
import {
  isTask,
  type RetryPolicy,
  type Task,
  TASK_KINDS,
  type TryTask,
  type WorkflowDocument,
} from '../../dsl/document.ts';

const allowed = new WeakMap<WorkflowDocument, Map<string, number>>();

/**
 * The most outcomes that an effect at `pointer` may have: every `try` around it that retries without
 * the effect's request changing multiplies the attempts. Infinity when a policy has no count.
 */
export function attemptsAllowed(document: WorkflowDocument, pointer: string): number {
  let byPointer = allowed.get(document);
  if (byPointer === undefined) allowed.set(document, (byPointer = new Map<string, number>()));
  let attempts = byPointer.get(pointer);
  if (attempts === undefined) {
    attempts = countAttempts(document, pointer);
    byPointer.set(pointer, attempts);
  }
  return attempts;
}

function countAttempts(document: WorkflowDocument, pointer: string): number {
  // What runs in a function of `use` is named by the call, and its own tries are not in the path.
  if (pointer.includes('/call/0/')) return Infinity;
  let attempts = 1;
  for (const task of tasksAround(document, pointer)) {
    const policy = retryPolicy(document, task);
    if (policy === undefined) continue;
    attempts *= 1 + (policy.limit?.attempt?.count ?? Infinity);
  }
  return attempts;
}

function retryPolicy(document: WorkflowDocument, task: TryTask): RetryPolicy | undefined {
  const { retry } = task.catch;
  return typeof retry === 'string' ? document.use?.retries?.[retry] : retry;
}

/** The try tasks whose block (not whose catch) holds the task at `pointer`. */
function* tasksAround(document: WorkflowDocument, pointer: string): Generator<TryTask> {
  for (const { value, next } of along(document, pointer)) {
    if (next === 'try' && isTaskValue(value) && isTask(value, 'try')) yield value;
  }
}

/** The task that stands at `pointer`, if one does. */
export function taskAt(document: WorkflowDocument, pointer: string): Task | undefined {
  const value = [...along(document, pointer)].at(-1)?.value;
  return isTaskValue(value) ? value : undefined;
}

/** What is met on the way. What stands under `extensions` of an item is that of `use`. */
function* along(
  document: WorkflowDocument,
  pointer: string,
): Generator<{ readonly value: unknown; readonly next: string | undefined }> {
  const steps = pointer.split('/').slice(1);
  let value: unknown = document;
  for (let i = 0; i < steps.length; i++) {
    const [step = '', name = '', which = ''] = steps.slice(i);
    const extensions = document.use?.extensions ?? [];
    if (step === 'extensions' && /^(?:before|after)$/.test(which)) {
      value = extensions.map((item) => member(item, name)).find((found) => found !== undefined);
      i++;
    } else value = member(value, step);
    yield { value, next: steps[i + 1] };
  }
}

function member(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function isTaskValue(value: unknown): value is Task {
  return (
    typeof value === 'object' &&
    value !== null &&
    TASK_KINDS.some((kind) => Object.hasOwn(value, kind))
  );
}
