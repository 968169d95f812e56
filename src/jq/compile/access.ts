/*
 * `.a`, `.[k]`, `.[i:j]`, `.[]`. Keys loop outside, what is indexed inside: `.[1,2]` asks for 1 first.
 */
import { fail, spend, state } from '../state.ts';
import { get } from '../values/access.ts';
import { isObject, type Json, kindOf } from '../values/json.ts';
import { clippedText } from '../values/text.ts';
import {
  Code,
  type Each,
  heightOf,
  many,
  one,
  type Path,
  type Paths,
  single,
  type Sink,
  stepInto,
  together,
  usesInput,
  type Value,
} from './code.ts';

export const identity: Code = one((input) => input, {
  paths: () => (path, input, _frame, sink) => sink(path, input),
});

/** Reads one field; the caller has made sure that no prototype has it. */
export function field(value: Json, key: string, at: number): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const found = value[key];
    return found === undefined ? null : found;
  }
  return fieldOfOther(value, key, at);
}

function fieldOfOther(value: Json, key: string, at: number): Json {
  if (value === null) return null;
  state.at = at;
  return get(value, key);
}

/** Keys such as `constructor` take the careful way. */
function isPlainKey(key: string): boolean {
  return !(key in Object.prototype);
}

export function index(of: Code, key: Code, at: number): Code {
  const fixed = key.constant;
  const shape = {
    input: usesInput(of, key),
    height: heightOf(of, key),
    paths: () => indexPaths(of, key, at),
  };
  if (typeof fixed === 'string' && isPlainKey(fixed)) return indexField(of, fixed, at, shape);
  if (of.arity === 'many' || key.arity === 'many') {
    return many((input, frame, sink) => {
      return key.each(input, frame, (k) =>
        of.each(input, frame, (value) => {
          state.at = at;
          return sink(get(value, k));
        }),
      );
    }, shape);
  }
  const object = of.value;
  const wanted = key.value;
  return single(
    together(of, key),
    (input, frame) => {
      const k = wanted(input, frame);
      if (k === undefined) return undefined;
      const value = object(input, frame);
      if (value === undefined) return undefined;
      state.at = at;
      return get(value, k);
    },
    shape,
  );
}

function indexField(
  of: Code,
  key: string,
  at: number,
  shape: { paths: () => Paths; height: number; input: boolean },
): Code {
  if (of === identity) {
    return one((input) => field(input, key, at), { ...shape, field: key });
  }
  if (of.field !== undefined) {
    const outer = of.field;
    return one((input) => field(field(input, outer, at), key, at), shape);
  }
  if (of.arity === 'one') {
    const object = of.value as (input: Json, frame: Parameters<Value>[1]) => Json;
    return one((input, frame) => field(object(input, frame), key, at), shape);
  }
  if (of.arity === 'optional') {
    const object = of.value;
    return single(
      'optional',
      (input, frame) => {
        const value = object(input, frame);
        return value === undefined ? undefined : field(value, key, at);
      },
      shape,
    );
  }
  return many(
    (input, frame, sink) => of.each(input, frame, (value) => sink(field(value, key, at))),
    shape,
  );
}

function indexPaths(of: Code, key: Code, at: number): Paths {
  return (path, input, frame, sink) =>
    key.each(input, frame, (k) =>
      of.paths(path, input, frame, (p, value) => {
        state.at = at;
        return sink(stepInto(p, k, value), get(value, k));
      }),
    );
}

/** A slice is an index by `{"start": i, "end": j}`, in paths and in messages too. */
export function sliceKey(from: Code, to: Code): Code {
  const shape = { input: usesInput(from, to), height: heightOf(from, to) };
  if (from.arity === 'many' || to.arity === 'many') {
    return many(
      (input, frame, sink) =>
        from.each(input, frame, (start) => to.each(input, frame, (end) => sink({ start, end }))),
      shape,
    );
  }
  return single(
    together(from, to),
    (input, frame) => {
      const start = from.value(input, frame);
      if (start === undefined) return undefined;
      const end = to.value(input, frame);
      return end === undefined ? undefined : { start, end };
    },
    shape,
  );
}

/** Hands every element to the sink; `at` is for the message. */
export function iterateOver(value: Json, at: number, sink: Sink): boolean {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      if (--state.fuel < 0) spend(1);
      if (sink(value[i]!)) return true;
    }
    return false;
  }
  if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (--state.fuel < 0) spend(1);
      if (sink(value[key]!)) return true;
    }
    return false;
  }
  state.at = at;
  return fail(`Cannot iterate over ${kindOf(value)} (${clippedText(value)})`);
}

export function iterate(of: Code, at: number): Code {
  const each: Each =
    of === identity
      ? (input, _frame, sink) => iterateOver(input, at, sink)
      : of.arity === 'one'
        ? (input, frame, sink) => iterateOver(of.value(input, frame)!, at, sink)
        : (input, frame, sink) => of.each(input, frame, (value) => iterateOver(value, at, sink));
  return many(each, {
    input: of.input,
    height: heightOf(of) + 4,
    paths: () => (path, input, frame, sink) =>
      of.paths(path, input, frame, (p, value) => iteratePaths(p, value, at, sink)),
  });
}

function iteratePaths(
  path: Path | undefined,
  value: Json,
  at: number,
  sink: (path: Path | undefined, output: Json) => boolean,
): boolean {
  if (path === undefined) {
    state.at = at;
    return fail(`Invalid path expression near attempt to iterate through ${clippedText(value)}`);
  }
  const length = path.length + 1;
  if (Array.isArray(value)) {
    let i = 0;
    return iterateOver(value, at, (item) => sink({ parent: path, key: i++, length }, item));
  }
  if (!isObject(value)) return iterateOver(value, at, () => false);
  const keys = Object.keys(value);
  let i = 0;
  return iterateOver(value, at, (item) => sink({ parent: path, key: keys[i++]!, length }, item));
}
