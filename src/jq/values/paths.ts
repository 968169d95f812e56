/*
 * Whole paths: reading, writing and deleting along arrays of keys, and drafts for many writes.
 */
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { fail, spend } from '../state.ts';
import { deleteKeys, get, set } from './access.ts';
import { equalJson, sortedOrder } from './compare.ts';
import { type Json, kindOf } from './json.ts';

function keysOf(path: Json): Json[] {
  if (!Array.isArray(path)) return fail('Path must be specified as an array');
  if (path.length > VALUE_DEPTH_MAX) return fail('Path too deep');
  spend(path.length);
  return path;
}

export function getPath(value: Json, path: Json): Json {
  let found = value;
  for (const key of keysOf(path)) found = get(found, key);
  return found;
}

export function setPath(value: Json, path: Json, item: Json): Json {
  return new Draft(value).set(keysOf(path), item);
}

/**
 * A value under change. Containers that the draft itself has copied are written in place, so that
 * updating n elements costs n, not n times the container.
 *
 * I1. `fresh` holds containers that only this draft can reach, and of their ancestors all are in it.
 *     Handing one out ends that for all, so `read` forgets them.
 */
export class Draft {
  value: Json;
  readonly #fresh = new Set<object>();

  constructor(value: Json) {
    this.value = value;
  }

  read(path: readonly Json[]): Json {
    let found = this.value;
    for (const key of path) found = get(found, key);
    if (found !== null && typeof found === 'object' && this.#fresh.has(found)) this.#fresh.clear();
    return found;
  }

  set(path: readonly Json[], item: Json): Json {
    const { length } = path;
    if (length === 0) return (this.value = item);
    const parents: Json[] = [this.value];
    // The last key is read as well: what cannot be indexed is reported as such, as in jq.
    for (let i = 0; i < length; i++) parents.push(get(parents[i]!, path[i]!));
    let child = item;
    for (let i = length - 1; i >= 0; i--) {
      const parent = parents[i]!;
      const mine = parent !== null && typeof parent === 'object' && this.#fresh.has(parent);
      child = set(parent, path[i]!, child, mine);
      this.#fresh.add(child as object);
    }
    return (this.value = child);
  }
}

/** Deletes all paths at once: longest first, so that indices keep their meaning. */
export function deletePaths(value: Json, paths: Json): Json {
  if (!Array.isArray(paths)) return fail('Paths must be specified as an array');
  const sorted = sortedOrder(paths).map((i) => paths[i]!);
  for (const path of sorted) {
    if (!Array.isArray(path)) return fail(`Path must be specified as array, not ${kindOf(path)}`);
    if (path.length > VALUE_DEPTH_MAX) return fail('Path too deep');
  }
  if (sorted.length === 0) return value;
  if ((sorted[0] as Json[]).length === 0) return null;
  return deleteSorted(value, sorted as Json[][]);
}

/** A container on the way down, with the keys to remove from it when its children are done. */
interface Visit {
  value: Json;
  readonly paths: readonly Json[][];
  readonly depth: number;
  readonly doomed: Json[];
  next: number;
  /** the key whose child is being visited */
  pending: Json;
}

function visit(value: Json, paths: readonly Json[][], depth: number): Visit {
  return { value, paths, depth, doomed: [], next: 0, pending: null };
}

function deleteSorted(root: Json, paths: readonly Json[][]): Json {
  const open: Visit[] = [visit(root, paths, 0)];
  for (;;) {
    const top = open.at(-1)!;
    if (top.next >= top.paths.length) {
      const done = deleteKeys(top.value, top.doomed);
      open.pop();
      const parent = open.at(-1);
      if (parent === undefined) return done;
      parent.value = set(parent.value, parent.pending, done, false);
      continue;
    }
    const first = top.paths[top.next]!;
    const key = first[top.depth]!;
    let end = top.next + 1;
    while (end < top.paths.length && equalJson(key, top.paths[end]![top.depth]!)) end++;
    const group = top.paths.slice(top.next, end);
    top.next = end;
    spend(group.length);
    if (first.length === top.depth + 1) {
      top.doomed.push(key);
      continue;
    }
    const child = get(top.value, key);
    if (child === null) continue;
    top.pending = key;
    open.push(visit(child, group, top.depth + 1));
  }
}
