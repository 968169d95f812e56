/*
 * Differences of plain data, by JSON pointer: of a recorded value and the one computed in its place.
 */
import { pointerStep } from '../wire/index.ts';

/** What differs at one place; absent = there is nothing there. */
export interface Difference {
  /** JSON pointer */
  readonly at: string;
  readonly recorded?: unknown;
  readonly computed?: unknown;
}

/** Whether two values are the same data; members that are undefined are absent. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return typeof a === 'number' && typeof b === 'number' && Number.isNaN(a) && Number.isNaN(b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!isSame(a[index], b[index])) return false;
    return true;
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let present = 0;
  for (const key in left) {
    const value = left[key];
    if (value === undefined) continue;
    present += 1;
    if (!isSame(value, right[key])) return false;
  }
  for (const key in right) if (right[key] !== undefined) present -= 1;
  return present === 0;
}

/** The first differences, in the order of the recorded value; at most `most`. */
export function differences(recorded: unknown, computed: unknown, most = 20): Difference[] {
  const found: Difference[] = [];
  walk(recorded, computed, '', found, most);
  return found;
}

function walk(a: unknown, b: unknown, at: string, found: Difference[], most: number): void {
  if (found.length >= most || isSame(a, b)) return;
  if (isPlain(a) && isPlain(b) && !isOther(a, b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const key of keys) walk(a[key], b[key], `${at}/${pointerStep(key)}`, found, most);
    return;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.max(a.length, b.length);
    for (let index = 0; index < length; index++) {
      walk(a[index], b[index], `${at}/${index}`, found, most);
    }
    return;
  }
  found.push({
    at,
    ...(a === undefined ? {} : { recorded: a }),
    ...(b === undefined ? {} : { computed: b }),
  });
}

/** What is remembered about another task is another thing. */
function isOther(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  return 'node' in a && 'node' in b && a['pointer'] !== b['pointer'];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
