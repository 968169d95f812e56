/*
 * Builtins that run their arguments: selection, loops, limits, quantifiers.
 *
 * I1. What jq defines by tail recursion (`range`, `while`, `until`, `repeat`, `recurse`) loops here
 *     whenever its arguments have at most one output, and costs no stack.
 */
import { iterateOver } from '../compile/access.ts';
import {
  type Code,
  type Each,
  type Frame,
  heightOf,
  leave,
  many,
  one,
  optional,
  type Path,
  type PathSink,
  single,
  type Sink,
  usesInput,
} from '../compile/code.ts';
import { oneOf } from '../compile/control.ts';
import { pipe } from '../compile/operators.ts';
import { fail, push, spend, state } from '../state.ts';
import { add, greater, less } from '../values/arithmetic.ts';
import { isObject, isTruthy, type Json } from '../values/json.ts';
import { type Builtins, native0, special } from './kinds.ts';

const empty = many(() => false, { input: false, paths: () => () => false });

function select(condition: Code): Code {
  const shape = {
    height: heightOf(condition),
    paths: () => (path: Path | undefined, input: Json, frame: Frame, sink: PathSink) =>
      condition.each(input, frame, (ok) => isTruthy(ok) && sink(path, input)),
  };
  if (condition.arity === 'many') {
    return many(
      (input, frame, sink) => condition.each(input, frame, (ok) => isTruthy(ok) && sink(input)),
      shape,
    );
  }
  const test = condition.value;
  return optional((input, frame) => {
    const ok = test(input, frame);
    return ok === undefined || !isTruthy(ok) ? undefined : input;
  }, shape);
}

/** `[.[] | f]`, in one loop when `f` is a plain function. */
function map(f: Code, at: number): Code {
  const shape = { height: heightOf(f) + 3 };
  if (f.arity === 'many') {
    const each: Each = (input, frame, sink) => {
      const outputs: Json[] = [];
      const stopped = iterateOver(input, at, (item) =>
        f.each(item, frame, (output) => {
          if (--state.fuel < 0) spend(1);
          outputs.push(output);
          return false;
        }),
      );
      return stopped || sink(outputs);
    };
    return one(
      (input, frame) => {
        let result: Json = null;
        const stopped = each(input, frame, (outputs) => {
          result = outputs;
          return false;
        });
        return stopped ? leave() : result;
      },
      { ...shape, each: () => each },
    );
  }
  const { value } = f;
  return one((input, frame) => {
    const outputs: Json[] = [];
    if (Array.isArray(input)) {
      const { length } = input;
      if ((state.fuel -= length) < 0) spend(1);
      for (let i = 0; i < length; i++) {
        const output = value(input[i]!, frame);
        if (output !== undefined) outputs.push(output);
      }
      return outputs;
    }
    iterateOver(input, at, (item) => {
      const output = value(item, frame);
      if (output !== undefined) outputs.push(output);
      return false;
    });
    return outputs;
  }, shape);
}

// --- ranges -----------------------------------------------------------------------------------

function rangeTo(from: Json, to: Json, sink: Sink): boolean {
  if (typeof from !== 'number' || typeof to !== 'number') {
    return fail('Range bounds must be numeric');
  }
  for (let i = from; i < to; i++) {
    if (--state.fuel < 0) spend(1);
    if (sink(i)) return true;
  }
  return false;
}

function rangeBy(from: Json, to: Json, by: Json, sink: Sink): boolean {
  const ends = greater(by, 0) ? less : less(by, 0) ? greater : undefined;
  if (ends === undefined) return false;
  for (let i = from; ends(i, to); i = add(i, by)) {
    if (--state.fuel < 0) spend(1);
    if (sink(i)) return true;
  }
  return false;
}

function range(args: readonly Code[], at: number): Code {
  const shape = { input: usesInput(...args), height: heightOf(...args) + 3 };
  const [a, b, c] = args as [Code, Code, Code];
  if (args.length === 1) {
    return many(
      (input, frame, sink) =>
        a.each(input, frame, (to) => {
          state.at = at;
          return rangeTo(0, to, sink);
        }),
      shape,
    );
  }
  return many(
    (input, frame, sink) =>
      a.each(input, frame, (from) =>
        b.each(input, frame, (to) => {
          state.at = at;
          if (args.length === 2) return rangeTo(from, to, sink);
          return c.each(input, frame, (by) => rangeBy(from, to, by, sink));
        }),
      ),
    shape,
  );
}

// --- loops ------------------------------------------------------------------------------------

/** `def r: ., (f | r)`. */
function recurse(f: Code): Code {
  const { height } = f;
  if (f.arity !== 'many') {
    const next = f.value;
    const each: Each = (input, frame, sink) => {
      for (let value: Json | undefined = input; value !== undefined; value = next(value, frame)) {
        if (--state.fuel < 0) spend(1);
        if (sink(value)) return true;
      }
      return false;
    };
    return many(each, { height: height + 2, paths: () => recursePaths(f) });
  }
  const down = (value: Json, frame: Frame, sink: Sink): boolean => {
    if (--state.fuel < 0) spend(1);
    if (sink(value)) return true;
    push(height + 2);
    const stopped = f.each(value, frame, (child) => down(child, frame, sink));
    state.stack -= height + 2;
    return stopped;
  };
  return many(down, { height: height + 2, paths: () => recursePaths(f) });
}

function recursePaths(f: Code) {
  const units = f.height * 2 + 3;
  const down = (path: Path | undefined, value: Json, frame: Frame, sink: PathSink): boolean => {
    if (--state.fuel < 0) spend(1);
    if (sink(path, value)) return true;
    push(units);
    const stopped = f.paths(path, value, frame, (p, child) => down(p, child, frame, sink));
    state.stack -= units;
    return stopped;
  };
  return down;
}

/** `..`: every value, parents first, on a stack of our own. */
const everything = many(
  (input, _frame, sink) => {
    const pending: Json[] = [input];
    while (pending.length > 0) {
      const value = pending.pop()!;
      if (--state.fuel < 0) spend(1);
      if (sink(value)) return true;
      const children = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
      for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!);
    }
    return false;
  },
  { paths: () => (path, input, _frame, sink) => everyPath(path, input, sink) },
);

export function everyPath(path: Path | undefined, input: Json, sink: PathSink): boolean {
  const pending: { path: Path | undefined; value: Json }[] = [{ path, value: input }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path: parent, value } = next;
    if (--state.fuel < 0) spend(1);
    if (sink(parent, value)) return true;
    if (value === null || typeof value !== 'object') continue;
    const array = Array.isArray(value);
    const keys: Json[] = array ? value.map((_, i) => i) : Object.keys(value);
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i]!;
      const item = array ? value[i]! : (value as Record<string, Json>)[key as string]!;
      const child = parent && { parent, key, length: parent.length + 1 };
      pending.push({ path: child, value: item });
    }
  }
  return false;
}

function whileLoop(condition: Code, update: Code): Code {
  const height = heightOf(condition, update) + 3;
  if (condition.arity !== 'many' && update.arity !== 'many') {
    const test = condition.value;
    const next = update.value;
    return many(
      (input, frame, sink) => {
        for (let value: Json | undefined = input; value !== undefined; value = next(value, frame)) {
          if (--state.fuel < 0) spend(1);
          const ok = test(value, frame);
          if (ok === undefined || !isTruthy(ok)) return false;
          if (sink(value)) return true;
        }
        return false;
      },
      { height },
    );
  }
  const run: Each = (input, frame, sink) =>
    condition.each(input, frame, (ok) => {
      if (--state.fuel < 0) spend(1);
      if (!isTruthy(ok)) return false;
      if (sink(input)) return true;
      push(height);
      const stopped = update.each(input, frame, (next) => run(next, frame, sink));
      state.stack -= height;
      return stopped;
    });
  return many(run, { height });
}

function until(condition: Code, next: Code): Code {
  const height = heightOf(condition, next) + 3;
  if (condition.arity !== 'many' && next.arity !== 'many') {
    const test = condition.value;
    const step = next.value;
    return single(
      oneOf(condition, next),
      (input, frame) => {
        for (let value: Json | undefined = input; value !== undefined; value = step(value, frame)) {
          if (--state.fuel < 0) spend(1);
          const done = test(value, frame);
          if (done === undefined) return undefined;
          if (isTruthy(done)) return value;
        }
        return undefined;
      },
      { height },
    );
  }
  const run: Each = (input, frame, sink) =>
    condition.each(input, frame, (done) => {
      if (--state.fuel < 0) spend(1);
      if (isTruthy(done)) return sink(input);
      push(height);
      const stopped = next.each(input, frame, (value) => run(value, frame, sink));
      state.stack -= height;
      return stopped;
    });
  return many(run, { height });
}

/** The outputs of `f` over and over; jq gives it the same input every time. */
function repeat(f: Code): Code {
  return many(
    (input, frame, sink) => {
      for (;;) {
        if (--state.fuel < 0) spend(1);
        if (f.each(input, frame, sink)) return true;
      }
    },
    { height: heightOf(f) + 2 },
  );
}

export const generators: Builtins = {
  'empty/0': special(0, () => empty),
  'not/0': native0((input) => !isTruthy(input)),
  'select/1': special(1, ([f]) => select(f!)),
  'map/1': special(1, ([f], at) => map(f!, at)),
  'range/1': special(1, range),
  'range/2': special(2, range),
  'range/3': special(3, range),
  'recurse/0': special(0, () => everything),
  'recurse/1': special(1, ([f]) => recurse(f!)),
  'recurse/2': special(2, ([f, cond]) => recurse(pipe(f!, select(cond!)))),
  'while/2': special(2, ([cond, update]) => whileLoop(cond!, update!)),
  'until/2': special(2, ([cond, next]) => until(cond!, next!)),
  'repeat/1': special(1, ([f]) => repeat(f!)),
};
