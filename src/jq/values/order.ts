/*
 * jq's total order: null < false < true < numbers < strings < arrays < objects.
 *
 * I1. Iterative, for the same reason as text.ts. Below VALUE_DEPTH_MAX it fails with jq's message.
 * I2. NaN is below every number, itself included: `nan < nan` is true, `nan == nan` is false.
 * I3. Strings compare by code point, which differs from UTF-16 order above U+D7FF.
 */
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { hasKey, type Json, type JsonObject } from './json.ts';

export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for code points above every other UTF-16 unit.
      if (x >= 0xd800 && y >= 0xd800) {
        x = (x & 0xf800) === 0xd800 ? x + 0x10000 : x;
        y = (y & 0xf800) === 0xd800 ? y + 0x10000 : y;
      }
      return x - y;
    }
  }
  return a.length - b.length;
}

export function sortedKeys(object: JsonObject): string[] {
  return Object.keys(object).sort(compareStrings);
}

function rank(value: Json): number {
  if (value === null) return 0;
  switch (typeof value) {
    case 'boolean':
      return value ? 2 : 1;
    case 'number':
      return 3;
    case 'string':
      return 4;
    default:
      return Array.isArray(value) ? 5 : 6;
  }
}

/** Called once per pair of containers, with the failure to report when they are too deep. */
export interface Guard {
  charge(): void;
  tooDeep(): never;
}

/** A pair still to be compared, or, with no `b`, the answer if all before it was equal. */
interface Pending {
  readonly a: Json;
  readonly b: Json | undefined;
  readonly depth: number;
}

function compareScalars(a: Json, b: Json): number {
  const kind = rank(a) - rank(b);
  if (kind !== 0) return kind;
  if (typeof a === 'number') return a < (b as number) || Number.isNaN(a) ? -1 : a === b ? 0 : 1;
  return typeof a === 'string' ? compareStrings(a, b as string) : 0;
}

function compareDeep(a: Json, b: Json, guard: Guard): number {
  const pending: Pending[] = [{ a, b, depth: 0 }];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    if (pair.b === undefined) {
      if (pair.a !== 0) return pair.a as number;
      continue;
    }
    if (pair.depth > VALUE_DEPTH_MAX) guard.tooDeep();
    if (
      pair.a === null ||
      pair.b === null ||
      typeof pair.a !== 'object' ||
      typeof pair.b !== 'object'
    ) {
      const order = compareScalars(pair.a, pair.b);
      if (order !== 0) return order;
      continue;
    }
    guard.charge();
    const kind = rank(pair.a) - rank(pair.b);
    if (kind !== 0) return kind;
    if (Array.isArray(pair.a)) queueArrays(pair.a, pair.b as Json[], pair.depth + 1, pending);
    else {
      if (pair.depth + 1 > VALUE_DEPTH_MAX) guard.tooDeep();
      const order = queueObjects(pair.a, pair.b as JsonObject, pair.depth + 1, pending);
      if (order !== 0) return order;
    }
  }
  return 0;
}

function queueArrays(a: Json[], b: Json[], depth: number, pending: Pending[]): void {
  pending.push({ a: a.length - b.length, b: undefined, depth });
  for (let i = Math.min(a.length, b.length) - 1; i >= 0; i--) {
    pending.push({ a: a[i]!, b: b[i]!, depth });
  }
}

/** Objects compare by their sorted keys as arrays first, then value by value. */
function queueObjects(a: JsonObject, b: JsonObject, depth: number, pending: Pending[]): number {
  const aKeys = sortedKeys(a);
  const bKeys = sortedKeys(b);
  const length = Math.min(aKeys.length, bKeys.length);
  for (let i = 0; i < length; i++) {
    const order = compareStrings(aKeys[i]!, bKeys[i]!);
    if (order !== 0) return order;
  }
  if (aKeys.length !== bKeys.length) return aKeys.length - bKeys.length;
  for (let i = length - 1; i >= 0; i--) {
    pending.push({ a: a[aKeys[i]!]!, b: b[aKeys[i]!]!, depth });
  }
  return 0;
}

export function compareWith(guard: Guard, a: Json, b: Json): number {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
    return compareScalars(a, b);
  }
  return compareDeep(a, b, guard);
}

/** Equality is order zero, found without sorting keys. */
export function equalWith(guard: Guard, a: Json, b: Json): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const pending: { a: Json; b: Json; depth: number }[] = [{ a, b, depth: 0 }];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const { a: x, b: y, depth } = pair;
    if (x === null || y === null || typeof x !== 'object' || typeof y !== 'object') {
      if (x !== y) return false;
      continue;
    }
    guard.charge();
    if (depth >= VALUE_DEPTH_MAX) guard.tooDeep();
    if (Array.isArray(x)) {
      if (!Array.isArray(y) || x.length !== y.length) return false;
      for (let i = x.length - 1; i >= 0; i--) {
        pending.push({ a: x[i]!, b: y[i]!, depth: depth + 1 });
      }
    } else {
      if (Array.isArray(y)) return false;
      const keys = Object.keys(x);
      if (keys.length !== Object.keys(y).length) return false;
      for (const key of keys) {
        if (!hasKey(y, key)) return false;
        pending.push({ a: x[key]!, b: y[key]!, depth: depth + 1 });
      }
    }
  }
  return true;
}

const unguarded: Guard = {
  charge: () => undefined,
  tooDeep: () => {
    throw new Error('Comparison too deep');
  },
};

/** jq's order for hosts: negative, zero or positive. */
export function compareJson(a: Json, b: Json): number {
  return compareWith(unguarded, a, b);
}
