/*
 * Arithmetic, comparison, `and`, `or`, `//`, commas and pipes.
 *
 * The right operand is evaluated first and loops outermost, as in jq: `(1,2) + (10,20)` is 11,12,21,22.
 */
import { Raise } from '../errors.ts';
import { state } from '../state.ts';
import type { BinaryOperator } from '../syntax/ast.ts';
import {
  add,
  atLeast,
  atMost,
  differs,
  divide,
  equals,
  greater,
  less,
  multiply,
  negate,
  remainder,
  subtract,
} from '../values/arithmetic.ts';
import { isTruthy } from '../values/json.ts';
import { identity } from './access.ts';
import { arithmetic, type Operation } from './arithmetic.ts';
import {
  type Code,
  constant,
  heightOf,
  isSingle,
  many,
  type Paths,
  single,
  together,
  usesInput,
} from './code.ts';

export const OPERATIONS: Record<BinaryOperator, Operation> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '==': equals,
  '!=': differs,
  '<': less,
  '<=': atMost,
  '>': greater,
  '>=': atLeast,
};

export function binary(operator: BinaryOperator, left: Code, right: Code, at: number): Code {
  const operation = OPERATIONS[operator];
  const shape = { input: usesInput(left, right), height: heightOf(left, right) };
  const folded = fold(operation, left, right);
  if (folded !== undefined) return folded;
  if (!isSingle(left, right)) {
    return many(
      (input, frame, sink) =>
        right.each(input, frame, (b) =>
          left.each(input, frame, (a) => {
            state.at = at;
            return sink(operation(a, b));
          }),
        ),
      shape,
    );
  }
  if (left.arity === 'one' && right.arity === 'one') {
    return arithmetic(operator, operation, left, right, at, shape);
  }
  return single(
    'optional',
    (input, frame) => {
      const b = right.value(input, frame);
      if (b === undefined) return undefined;
      const a = left.value(input, frame);
      if (a === undefined) return undefined;
      state.at = at;
      return operation(a, b);
    },
    shape,
  );
}

/** Scalars only: an error in a constant belongs to run time, and a folded container would be shared. */
function fold(operation: Operation, left: Code, right: Code): Code | undefined {
  const a = left.constant;
  const b = right.constant;
  if (a === undefined || b === undefined) return undefined;
  if (typeof a === 'object' || typeof b === 'object') return undefined;
  try {
    return constant(operation(a, b));
  } catch (error) {
    if (error instanceof Raise) return undefined;
    throw error;
  }
}

export function negated(of: Code, at: number): Code {
  const shape = { input: of.input, height: heightOf(of) };
  if (typeof of.constant === 'number') return constant(-of.constant);
  if (of.arity === 'many') {
    return many(
      (input, frame, sink) =>
        of.each(input, frame, (value) => {
          state.at = at;
          return sink(negate(value));
        }),
      shape,
    );
  }
  const { value } = of;
  return single(
    of.arity,
    (input, frame) => {
      const output = value(input, frame);
      if (output === undefined) return undefined;
      state.at = at;
      return negate(output);
    },
    shape,
  );
}

/** `decides` is the left truth value that settles the answer: false for `and`, true for `or`. */
export function logical(decides: boolean, left: Code, right: Code): Code {
  const shape = { input: usesInput(left, right), height: heightOf(left, right) };
  if (!isSingle(left, right)) {
    return many(
      (input, frame, sink) =>
        left.each(input, frame, (a) =>
          isTruthy(a) === decides
            ? sink(decides)
            : right.each(input, frame, (b) => sink(isTruthy(b))),
        ),
      shape,
    );
  }
  const x = left.value;
  const y = right.value;
  return single(
    together(left, right),
    (input, frame) => {
      const a = x(input, frame);
      if (a === undefined) return undefined;
      if (isTruthy(a) === decides) return decides;
      const b = y(input, frame);
      return b === undefined ? undefined : isTruthy(b);
    },
    shape,
  );
}

/** The true outputs of the left, errors in it aside; if there are none, the right. */
export function alternative(left: Code, right: Code): Code {
  const shape = {
    input: usesInput(left, right),
    height: heightOf(left, right),
    paths: () => alternativePaths(left, right),
  };
  if (left.arity === 'many' || right.arity === 'many') {
    return many((input, frame, sink) => {
      let found = false;
      let outside = false;
      const { stack } = state;
      try {
        const stopped = left.each(input, frame, (output) => {
          if (!isTruthy(output)) return false;
          found = true;
          outside = true;
          const stop = sink(output);
          outside = false;
          return stop;
        });
        if (stopped) return true;
      } catch (error) {
        if (outside || !isCatchable(error)) throw error;
        state.stack = stack;
      }
      return found ? false : right.each(input, frame, sink);
    }, shape);
  }
  const x = left.value;
  const y = right.value;
  return single(
    right.arity,
    (input, frame) => {
      const { stack } = state;
      try {
        const output = x(input, frame);
        if (output !== undefined && isTruthy(output)) return output;
      } catch (error) {
        if (!isCatchable(error)) throw error;
        state.stack = stack;
      }
      return y(input, frame);
    },
    shape,
  );
}

function alternativePaths(left: Code, right: Code): Paths {
  return (path, input, frame, sink) => {
    let found = false;
    let outside = false;
    const { stack } = state;
    try {
      const stopped = left.paths(path, input, frame, (p, output) => {
        if (!isTruthy(output)) return false;
        found = true;
        outside = true;
        const stop = sink(p, output);
        outside = false;
        return stop;
      });
      if (stopped) return true;
    } catch (error) {
      if (outside || !isCatchable(error)) throw error;
      state.stack = stack;
    }
    return found ? false : right.paths(path, input, frame, sink);
  };
}

export function isCatchable(error: unknown): error is Raise {
  return error instanceof Raise && !error.fuel;
}

export function comma(parts: readonly Code[]): Code {
  const shape = {
    input: usesInput(...parts),
    height: Math.max(...parts.map(({ height }) => height)) + 1,
  };
  return many(
    (input, frame, sink) => {
      for (const part of parts) if (part.each(input, frame, sink)) return true;
      return false;
    },
    {
      ...shape,
      paths: () => (path, input, frame, sink) => {
        for (const part of parts) if (part.paths(path, input, frame, sink)) return true;
        return false;
      },
    },
  );
}

export function pipe(left: Code, right: Code): Code {
  if (left === identity) return right;
  if (right === identity) return left;
  const shape = {
    input: left.input || (left.arity !== 'one' && right.input),
    height: heightOf(left, right),
    paths: (): Paths => (path, input, frame, sink) =>
      left.paths(path, input, frame, (p, value) => right.paths(p, value, frame, sink)),
  };
  if (left.arity === 'many' || right.arity === 'many') {
    if (left.arity === 'one') {
      const x = left.value;
      return many((input, frame, sink) => right.each(x(input, frame)!, frame, sink), shape);
    }
    if (right.arity === 'one') {
      const y = right.value;
      return many(
        (input, frame, sink) => left.each(input, frame, (value) => sink(y(value, frame)!)),
        shape,
      );
    }
    return many(
      (input, frame, sink) => left.each(input, frame, (value) => right.each(value, frame, sink)),
      shape,
    );
  }
  const x = left.value;
  const y = right.value;
  if (left.arity === 'one') {
    return single(right.arity, (input, frame) => y(x(input, frame)!, frame), shape);
  }
  return single(
    'optional',
    (input, frame) => {
      const value = x(input, frame);
      return value === undefined ? undefined : y(value, frame);
    },
    shape,
  );
}
