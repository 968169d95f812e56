/*
 * Arrays: sorting and grouping, sums, flattening, searching, containment.
 */
import { iterateOver } from '../compile/access.ts';
import { Code, collect, type Each, heightOf, one, oneFromEach } from '../compile/code.ts';
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { checkLength, fail, spend, state, typeError, typeError2 } from '../state.ts';
import { get, has, indicesOfArray, slice } from '../values/access.ts';
import { add } from '../values/arithmetic.ts';
import { compare, equalJson, sortedOrder } from '../values/compare.ts';
import { hasKey, isObject, isTruthy, type Json, type JsonObject, kindOf } from '../values/json.ts';
import { Sum } from '../values/sum.ts';
import { textOf } from '../values/text.ts';
import { codePointLength } from '../values/unicode.ts';
import { type Builtins, native0, native1, special } from './kinds.ts';
import { textIndices } from './strings.ts';

// --- sums -------------------------------------------------------------------------------------

function addAll(input: Json): Json {
  const sum = new Sum();
  const { at } = state;
  iterateOver(input, at, (item) => (sum.add(item), false));
  return sum.total;
}

function addOutputs(f: Code, at: number): Code {
  const each: Each = (input, frame, sink) => {
    const sum = new Sum();
    const stopped = f.each(input, frame, (item) => {
      if (--state.fuel < 0) spend(1);
      state.at = at;
      sum.add(item);
      return false;
    });
    return stopped || sink(sum.total);
  };
  return oneFromEach(each, heightOf(f) + 2);
}

// --- order ------------------------------------------------------------------------------------

function sort(input: Json): Json {
  if (!Array.isArray(input)) return typeError(input, 'cannot be sorted, as it is not an array');
  return sortedOrder(input).map((i) => input[i]!);
}

/** `map([f])`: what `_by` functions compare; one plain key is compared as it is. */
function keysBy(f: Code, input: Json, frame: Parameters<Each>[1], at: number): Json[] {
  const keys: Json[] = [];
  iterateOver(input, at, (item) => {
    if (f.arity === 'one') keys.push(f.value(item, frame)!);
    else keys.push(collect(f, item, frame));
    return false;
  });
  return keys;
}

type ByKeys = (items: Json[], keys: Json[]) => Json;

function by(f: Code, at: number, apply: ByKeys, wrong: string): Code {
  return one(
    (input, frame) => {
      const keys = keysBy(f, input, frame, at);
      state.at = at;
      if (Array.isArray(input)) return apply(input, keys);
      const shown = f.arity === 'one' ? keys.map((key): Json => [key]) : keys;
      return typeError2(input, shown, wrong);
    },
    { height: heightOf(f) + 4 },
  );
}

const NOT_BOTH_ARRAYS = 'cannot be sorted, as they are not both arrays';

function groups(items: Json[], keys: Json[]): Json[][] {
  const found: Json[][] = [];
  let last: number | undefined;
  for (const i of sortedOrder(keys)) {
    if (last !== undefined && equalJson(keys[last]!, keys[i]!)) found.at(-1)!.push(items[i]!);
    else found.push([items[i]!]);
    last = i;
  }
  return found;
}

function uniqueBy(items: Json[], keys: Json[]): Json {
  return groups(items, keys).map(([firstOfGroup]) => firstOfGroup!);
}

function unique(input: Json): Json {
  if (!Array.isArray(input)) return typeError(input, 'cannot be sorted, as it is not an array');
  return uniqueBy(input, input);
}

/** The first least or the last greatest. */
function extreme(greatest: boolean): ByKeys {
  return (items, keys) => {
    let best = 0;
    for (let i = 1; i < items.length; i++) {
      spend(1);
      if (compare(keys[i]!, keys[best]!) < 0 !== greatest) best = i;
    }
    return items[best] ?? null;
  };
}

function extremeOf(greatest: boolean): (input: Json) => Json {
  const pick = extreme(greatest);
  return (input) =>
    Array.isArray(input) ? pick(input, input) : typeError2(input, input, 'cannot be iterated over');
}

function bsearch(input: Json, target: Json): Json {
  if (!Array.isArray(input)) return typeError(input, 'cannot be searched from');
  let low = 0;
  let high = input.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compare(target, input[middle]!);
    if (order === 0) return middle;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return -1 - low;
}

// --- shape ------------------------------------------------------------------------------------

function flatten(input: Json, depth: number): Json {
  const flat: Json[] = [];
  const pending: { items: Json[]; next: number; depth: number }[] = [];
  const open = (value: Json, left: number): void => {
    const items: Json[] = [];
    iterateOver(value, state.at, (item) => (items.push(item), false));
    pending.push({ items, next: 0, depth: left });
  };
  open(input, depth);
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    if (top.next === top.items.length) {
      pending.pop();
      continue;
    }
    const item = top.items[top.next++]!;
    if (Array.isArray(item) && top.depth !== 0) open(item, top.depth - 1);
    else flat.push(item);
  }
  return flat;
}

function flattenTo(input: Json, depth: Json): Json {
  if (compare(depth, 0) < 0) return fail('flatten depth must not be negative');
  if (typeof depth !== 'number') return typeError2(depth, 1, 'cannot be subtracted');
  return flatten(input, Number.isInteger(depth) ? depth : Infinity);
}

function length(input: Json): number {
  if (Array.isArray(input)) return input.length;
  if (typeof input === 'string') return codePointLength(input);
  return isObject(input) ? Object.keys(input).length : 0;
}

/** jq indexes from `length - 1` down: what has length zero is empty, the rest must be an array. */
function reverse(input: Json): Json {
  if (Array.isArray(input)) {
    spend(input.length);
    return input.toReversed();
  }
  if (typeof input === 'boolean') return typeError(input, 'has no length');
  const size = typeof input === 'number' ? Math.abs(input) : length(input);
  return size === 0 ? [] : get(input, size - 1);
}

function transpose(input: Json): Json {
  const rows: Json[] = [];
  iterateOver(input, state.at, (row) => (rows.push(row), false));
  let columns = 0;
  for (const row of rows) {
    if (!Array.isArray(row) && row !== null) get(row, 0);
    columns = Math.max(columns, length(row));
  }
  spend(columns * rows.length);
  return Array.from({ length: columns }, (_, i) => rows.map((row) => get(row, i)));
}

/** Every way to take one element of each array, the last varying fastest. */
const combinations: Each = (input, _frame, sink) => {
  if (Array.isArray(input) && input.length === 0) return sink([]);
  const sets: Json[] = [];
  iterateOver(input, state.at, (set) => (sets.push(set), false));
  const choose = (index: number, chosen: readonly Json[]): boolean => {
    if (index === sets.length) {
      spend(chosen.length);
      return sink([...chosen]);
    }
    return iterateOver(sets[index]!, state.at, (item) => choose(index + 1, [...chosen, item]));
  };
  return choose(0, []);
};

// --- search -----------------------------------------------------------------------------------

function indices(input: Json, needle: Json): Json {
  if (input === null) return null;
  if (Array.isArray(input)) return indicesOfArray(input, Array.isArray(needle) ? needle : [needle]);
  if (typeof input === 'string' && typeof needle === 'string') return textIndices(input, needle);
  return get(input, needle);
}

function index(input: Json, needle: Json): Json {
  return get(indices(input, needle), 0);
}

function rindex(input: Json, needle: Json): Json {
  return get(slice(indices(input, needle), -1, null), 0);
}

interface Question {
  readonly a: Json;
  readonly b: Json;
  readonly depth: number;
  /** what is left to ask: the parts of `b`, and for arrays the candidates in `a` */
  part: number;
  candidate: number;
  readonly keys: readonly string[] | undefined;
}

/** Substring, subset or subobject; iterative, as both values may be deep. */
function containsDeep(a: Json, b: Json): boolean {
  const asked: Question[] = [];
  let answer: boolean | undefined = ask(a, b, 0, asked);
  for (let top = asked.at(-1); top !== undefined; top = asked.at(-1)) {
    if (answer !== undefined) {
      if (answer) {
        top.part++;
        top.candidate = 0;
      } else {
        top.candidate++;
      }
    }
    answer = next(top, answer, asked);
    if (answer !== undefined) asked.pop();
  }
  return answer ?? false;
}

/** An answer, or undefined with a further question on the stack. */
function next(top: Question, last: boolean | undefined, asked: Question[]): boolean | undefined {
  for (;;) {
    if (top.keys !== undefined) {
      if (last === false) return false;
      const key = top.keys[top.part];
      if (key === undefined) return true;
      const own = top.a as JsonObject;
      if (!hasKey(own, key)) return false;
      const answer = ask(own[key]!, (top.b as JsonObject)[key]!, top.depth + 1, asked);
      if (answer === undefined) return undefined;
      last = answer;
      if (answer) top.part++;
      continue;
    }
    const wanted = top.b as Json[];
    const given = top.a as Json[];
    if (top.part === wanted.length) return true;
    if (top.candidate === given.length) return false;
    const answer = ask(given[top.candidate]!, wanted[top.part]!, top.depth + 1, asked);
    if (answer === undefined) return undefined;
    if (answer) {
      top.part++;
      top.candidate = 0;
    } else {
      top.candidate++;
    }
  }
}

function ask(a: Json, b: Json, depth: number, asked: Question[]): boolean | undefined {
  spend(1);
  if (depth > VALUE_DEPTH_MAX) return fail('Containment check too deep');
  if (kindOf(a) !== kindOf(b)) return false;
  if (typeof a === 'string') return a.includes(b as string);
  if (a === null || typeof a !== 'object') return equalJson(a, b);
  const keys = Array.isArray(a) ? undefined : Object.keys(b as JsonObject);
  asked.push({ a, b, depth, part: 0, candidate: 0, keys });
  return undefined;
}

/** jq counts true and false as two kinds here. */
export function contains(a: Json, b: Json): Json {
  const comparable = kindOf(a) === kindOf(b) && (typeof a !== 'boolean' || a === b);
  if (!comparable) return typeError2(a, b, 'cannot have their containment checked');
  return containsDeep(a, b);
}

function join(input: Json, separator: Json): Json {
  let joined: Json = null;
  iterateOver(input, state.at, (item) => {
    const prefix: Json = joined === null ? '' : add(joined, separator);
    const text =
      typeof item === 'number' || typeof item === 'boolean'
        ? textOf(item)
        : isTruthy(item)
          ? item
          : '';
    joined = add(prefix, text);
    if (typeof joined === 'string') checkLength(joined);
    return false;
  });
  return isTruthy(joined) ? joined : '';
}

export const arrays: Builtins = {
  'add/0': native0(addAll),
  'add/1': special(1, ([f], at) => addOutputs(f!, at)),
  'sort/0': native0(sort),
  'sort_by/1': special(1, ([f], at) =>
    by(f!, at, (items, keys) => sortedOrder(keys).map((i) => items[i]!), NOT_BOTH_ARRAYS),
  ),
  'group_by/1': special(1, ([f], at) => by(f!, at, groups, NOT_BOTH_ARRAYS)),
  'unique/0': native0(unique),
  'unique_by/1': special(1, ([f], at) => by(f!, at, uniqueBy, NOT_BOTH_ARRAYS)),
  'min/0': native0(extremeOf(false)),
  'max/0': native0(extremeOf(true)),
  'min_by/1': special(1, ([f], at) => by(f!, at, extreme(false), 'cannot be iterated over')),
  'max_by/1': special(1, ([f], at) => by(f!, at, extreme(true), 'cannot be iterated over')),
  'bsearch/1': native1(bsearch),
  'flatten/0': native0((input) => flatten(input, Infinity)),
  'flatten/1': native1(flattenTo),
  'reverse/0': native0(reverse),
  'transpose/0': native0(transpose),
  'combinations/0': special(0, () => new Code('many', undefined, () => combinations, {})),
  'indices/1': native1(indices),
  'index/1': native1(index),
  'rindex/1': native1(rindex),
  'contains/1': native1(contains),
  'has/1': native1(has),
  'join/1': native1(join),
};
