/*
 * The operators on values. Each has its common case first and jq's message last.
 */
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { checkLength, fail, spend, stop, typeError, typeError2 } from '../state.ts';
import { STRING_LENGTH_MAX } from '../limits.ts';
import { compare, equalJson } from './compare.ts';
import { copyObject, hasKey, isObject, type Json, type JsonObject, setKey } from './json.ts';

export function add(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a === 'string' && typeof b === 'string') return checkLength(a + b);
  if (a === null) return b;
  if (b === null) return a;
  if (Array.isArray(a) && Array.isArray(b)) {
    spend(a.length + b.length);
    return a.concat(b);
  }
  if (isObject(a) && isObject(b)) {
    const sum = copyObject(a);
    spend(Object.keys(sum).length);
    for (const key of Object.keys(b)) setKey(sum, key, b[key]!);
    return sum;
  }
  return typeError2(a, b, 'cannot be added');
}

export function subtract(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (Array.isArray(a) && Array.isArray(b)) {
    spend(a.length);
    return a.filter((x) => {
      spend(b.length);
      return !b.some((y) => equalJson(x, y));
    });
  }
  return typeError2(a, b, 'cannot be subtracted');
}

export function multiply(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (typeof a === 'string' && typeof b === 'number') return repeatText(a, b);
  if (typeof a === 'number' && typeof b === 'string') return repeatText(b, a);
  if (isObject(a) && isObject(b)) return merge(a, b);
  return typeError2(a, b, 'cannot be multiplied');
}

function repeatText(text: string, times: number): Json {
  if (times < 0 || Number.isNaN(times)) return null;
  const count = Math.min(Math.trunc(times), 2 ** 31 - 1);
  const length = text.length * count;
  if (length >= 2 ** 31 - 1) return fail('Repeat string result too long');
  if (length > STRING_LENGTH_MAX) stop('the expression was stopped: a string grew too long');
  return text === '' ? '' : text.repeat(count);
}

interface Merging {
  readonly into: JsonObject;
  readonly from: JsonObject;
  readonly depth: number;
}

/** Right wins, but where both sides have an object their merge does. */
function merge(a: JsonObject, b: JsonObject): Json {
  const root = copyObject(a);
  const pending: Merging[] = [{ into: root, from: b, depth: 0 }];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const { into, from, depth } = step;
    if (depth > VALUE_DEPTH_MAX) return fail('Object merge too deep');
    for (const key of Object.keys(from)) {
      spend(1);
      const right = from[key]!;
      const left = hasKey(into, key) ? into[key]! : null;
      if (isObject(left) && isObject(right)) {
        const both = copyObject(left);
        setKey(into, key, both);
        pending.push({ into: both, from: right, depth: depth + 1 });
      } else {
        setKey(into, key, right);
      }
    }
  }
  return root;
}

export function divide(a: Json, b: Json): Json {
  if (typeof a === 'number' && typeof b === 'number') {
    if (b === 0) return typeError2(a, b, 'cannot be divided because the divisor is zero');
    return a / b;
  }
  if (typeof a === 'string' && typeof b === 'string') return splitText(a, b);
  return typeError2(a, b, 'cannot be divided');
}

export function splitText(text: string, separator: string): Json[] {
  if (text === '') return [];
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  spend(parts.length);
  return parts;
}

const INTMAX = 2 ** 63;

/** Remainder of the operands as 64-bit integers, with the sign of the dividend. */
export function remainder(a: Json, b: Json): Json {
  if (typeof a !== 'number' || typeof b !== 'number') {
    return typeError2(a, b, 'cannot be divided (remainder)');
  }
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
  const divisor = Math.trunc(b);
  if (divisor === 0) {
    return typeError2(a, b, 'cannot be divided (remainder) because the divisor is zero');
  }
  if (divisor === -1) return 0;
  const dividend = Math.trunc(a);
  if (Number.isSafeInteger(dividend) && Number.isSafeInteger(divisor))
    return (dividend % divisor) + 0;
  return Number(clampToInt64(dividend) % clampToInt64(divisor));
}

function clampToInt64(value: number): bigint {
  if (value >= INTMAX) return 2n ** 63n - 1n;
  if (value < -INTMAX) return -(2n ** 63n);
  return BigInt(value);
}

export function negate(value: Json): Json {
  return typeof value === 'number' ? -value : typeError(value, 'cannot be negated');
}

export function equals(a: Json, b: Json): boolean {
  return equalJson(a, b);
}

export function differs(a: Json, b: Json): boolean {
  return !equalJson(a, b);
}

export function less(a: Json, b: Json): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b || Number.isNaN(a);
  return compare(a, b) < 0;
}

export function atMost(a: Json, b: Json): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b || Number.isNaN(a);
  return compare(a, b) <= 0;
}

export function greater(a: Json, b: Json): boolean {
  return !atMost(a, b);
}

export function atLeast(a: Json, b: Json): boolean {
  return !less(a, b);
}
