/* The order of tests: what failed before comes first in its file, before any campaign has begun. */

/** Tests that replay a failure, and suites that hold one, before all others; else in their order. */
export function failedFirst<T extends { readonly type: string; readonly name: string }>(
  tasks: readonly T[],
): T[] {
  for (const task of tasks) if (hasTasks(task)) task.tasks = failedFirst(task.tasks);
  return tasks.toSorted((a, b) => Number(replays(b)) - Number(replays(a)));
}

function replays(task: { readonly name: string }): boolean {
  return hasTasks(task) ? task.tasks.some(replays) : / \(failed with [^()]*\)$/.test(task.name);
}

function hasTasks<T>(task: T): task is T & { tasks: { type: string; name: string }[] } {
  return Array.isArray((task as { tasks?: unknown }).tasks);
}
