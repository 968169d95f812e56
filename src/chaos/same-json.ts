/*
 * Equality of JSON values, whatever the order of keys. Values that are equal are found to be so without a text
 * of either; only what looks different is written down and compared as text, which has the last word on -0, on
 * members that are undefined and on half characters.
 */
import { anyJson } from '../wire/canonical-json.ts';
import type { Json } from '../wire/json.ts';

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isSame(a, b) || JSON.stringify(a) === JSON.stringify(b) || anyJson(a) === anyJson(b);
}

/** True only where the texts would be the same. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index += 1) {
      if (!isSame(a[index], b[index])) return false;
    }
    return true;
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false;
    if (!isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
      return false;
  }
  return true;
}
