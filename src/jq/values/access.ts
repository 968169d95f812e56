/*
 * Reading and writing one step into a value: `.[k]`, `has(k)`, `.[k] = v`, deletion.
 * The messages are jq 1.8's, word for word.
 */
import { ARRAY_INDEX_MAX } from '../limits.ts';
import { fail, spend } from '../state.ts';
import {
  copyObject,
  getKey,
  hasKey,
  isObject,
  type Json,
  type JsonObject,
  kindOf,
  setKey,
} from './json.ts';
import { equalJson } from './compare.ts';
import { clippedText } from './text.ts';
import { codePointLength, sliceCodePoints } from './unicode.ts';

/** `.[key]`: what is absent is null; what cannot be indexed is an error. */
export function get(value: Json, key: Json): Json {
  if (typeof key === 'string') {
    if (isObject(value)) return getKey(value, key);
    if (value === null) return null;
  } else if (typeof key === 'number') {
    if (Array.isArray(value)) return getIndex(value, key);
    if (value === null) return null;
  } else if (isObject(key)) {
    if (value === null) return null;
    if (Array.isArray(value) || typeof value === 'string') {
      return slice(value, getKey(key, 'start'), getKey(key, 'end'));
    }
  } else if (Array.isArray(key) && Array.isArray(value)) {
    return indicesOfArray(value, key);
  }
  return fail(`Cannot index ${kindOf(value)} with ${kindOf(key)} (${clippedText(key)})`);
}

/** Fractions are cut off, negatives count from the end, NaN finds nothing. */
function getIndex(array: Json[], key: number): Json {
  const index = Math.trunc(key);
  const found = array[index < 0 ? index + array.length : index];
  return found === undefined ? null : found;
}

/** Where `needle` occurs in `array` as a run of elements. */
export function indicesOfArray(array: Json[], needle: Json[]): Json {
  if (needle.length === 0) return null;
  const found: number[] = [];
  for (let i = 0; i + needle.length <= array.length; i++) {
    spend(1);
    let j = 0;
    while (j < needle.length && equalJson(array[i + j]!, needle[j]!)) j++;
    if (j === needle.length) found.push(i);
  }
  return found;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** jq rounds a start down and an end up, and clamps both. */
function sliceRange(length: number, from: Json, to: Json): Range {
  if ((from !== null && typeof from !== 'number') || (to !== null && typeof to !== 'number')) {
    return fail('Array/string slice indices must be integers');
  }
  let start = from === null || Number.isNaN(from) ? 0 : from;
  let end = to === null || Number.isNaN(to) ? length : to;
  if (start < 0) start += length;
  start = Math.floor(Math.min(Math.max(start, 0), length));
  if (end < 0) end += length;
  end = end < 0 ? start : Math.min(Math.ceil(end), length);
  return { start, end: Math.max(end, start) };
}

export function slice(value: Json, from: Json, to: Json): Json {
  if (value === null) return null;
  if (Array.isArray(value)) {
    const { start, end } = sliceRange(value.length, from, to);
    spend(end - start);
    return value.slice(start, end);
  }
  if (typeof value === 'string') {
    const { start, end } = sliceRange(codePointLength(value), from, to);
    return sliceCodePoints(value, start, end);
  }
  const key = { start: from, end: to };
  return fail(`Cannot index ${kindOf(value)} with object (${clippedText(key)})`);
}

export function has(value: Json, key: Json): boolean {
  if (isObject(value) && typeof key === 'string') return hasKey(value, key);
  if (Array.isArray(value) && typeof key === 'number')
    return key > -1 && Math.trunc(key) < value.length;
  return fail(`Cannot check whether ${kindOf(value)} has a ${kindOf(key)} key`);
}

/** The index an assignment writes to, or jq's complaint about it. */
function writableIndex(length: number, key: number): number {
  if (Number.isNaN(key)) fail('Cannot set array element at NaN index');
  let index = Math.trunc(key);
  if (index < 0) {
    index += length;
    if (index < 0) fail('Out of bounds negative array index');
  }
  if (index > ARRAY_INDEX_MAX) fail('Array index too large');
  return index;
}

/** `fresh`: the container was made by the caller and may be written in place. */
export function set(value: Json, key: Json, item: Json, fresh: boolean): Json {
  if (typeof key === 'string' && (value === null || isObject(value))) {
    const object = value === null ? {} : fresh ? value : copyObject(value);
    if (!fresh && value !== null) spend(Object.keys(object).length);
    setKey(object, key, item);
    return object;
  }
  if (typeof key === 'number' && (value === null || Array.isArray(value))) {
    const index = writableIndex(value === null ? 0 : value.length, key);
    const length = value === null ? 0 : value.length;
    if (index > length) spend(index - length);
    if (!fresh) spend(length);
    const array = value === null ? [] : fresh ? value : value.slice();
    while (array.length < index) array.push(null);
    array[index] = item;
    return array;
  }
  if (isObject(key)) {
    if (typeof value === 'string') return fail('Cannot update string slices');
    if (value === null || Array.isArray(value)) return setSlice(value ?? [], key, item);
  }
  return fail(`Cannot update field at ${kindOf(key)} index of ${kindOf(value)}`);
}

function setSlice(array: Json[], key: JsonObject, item: Json): Json {
  const { start, end } = sliceRange(array.length, getKey(key, 'start'), getKey(key, 'end'));
  if (!Array.isArray(item)) return fail('A slice of an array can only be assigned another array');
  spend(array.length + item.length);
  return [...array.slice(0, start), ...item, ...array.slice(end)];
}

/** Removes all keys at once, so that indices mean what they meant before. */
export function deleteKeys(value: Json, keys: readonly Json[]): Json {
  if (value === null || keys.length === 0) return value;
  if (Array.isArray(value)) return deleteElements(value, keys);
  if (isObject(value)) {
    const object = copyObject(value);
    for (const key of keys) {
      if (typeof key !== 'string') return fail(`Cannot delete ${kindOf(key)} field of object`);
      delete object[key];
    }
    return object;
  }
  return fail(`Cannot delete fields from ${kindOf(value)}`);
}

function deleteElements(array: Json[], keys: readonly Json[]): Json {
  const { length } = array;
  spend(length);
  const doomed = new Set<number>();
  const ranges: Range[] = [];
  for (const key of keys) {
    if (typeof key === 'number') {
      if (!Number.isNaN(key)) doomed.add(key < 0 ? length + Math.trunc(key) : Math.trunc(key));
    } else if (isObject(key)) {
      ranges.push(sliceRange(length, getKey(key, 'start'), getKey(key, 'end')));
    } else {
      return fail(`Cannot delete ${kindOf(key)} element of array`);
    }
  }
  return array.filter(
    (_, i) => !doomed.has(i) && !ranges.some(({ start, end }) => start <= i && i < end),
  );
}
