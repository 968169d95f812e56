/*
 * The three ways to be a builtin, and how a call of each becomes code.
 *
 * - native: a function of values, like jq's own C functions. Arguments with many outputs give their
 *   cartesian product, the last argument outermost.
 * - special: takes its arguments as code, because it runs them zero or many times or asks for paths.
 * - written: defined in jq, in prelude.ts, and compiled as if the program had defined it.
 */
import {
  type Code,
  type Frame,
  heightOf,
  many,
  single,
  type Sink,
  together,
} from '../compile/code.ts';
import { state } from '../state.ts';
import type { Json } from '../values/json.ts';

export type NativeFunction = (input: Json, ...args: Json[]) => Json;
export type SpecialCompiler = (args: readonly Code[], at: number) => Code;

export type Builtin =
  | { readonly kind: 'native'; readonly arity: number; readonly apply: NativeFunction }
  | { readonly kind: 'special'; readonly arity: number; readonly compile: SpecialCompiler }
  | { readonly kind: 'written'; readonly arity: number; readonly source: string };

/** Groups of builtins by topic: `name/arity` -> builtin. */
export type Builtins = Readonly<Record<string, Builtin>>;

export function native0(apply: (input: Json) => Json): Builtin {
  return { kind: 'native', arity: 0, apply };
}
export function native1(apply: (input: Json, a: Json) => Json): Builtin {
  return { kind: 'native', arity: 1, apply: apply as NativeFunction };
}
export function native2(apply: (input: Json, a: Json, b: Json) => Json): Builtin {
  return { kind: 'native', arity: 2, apply: apply as NativeFunction };
}
export function native3(apply: (input: Json, a: Json, b: Json, c: Json) => Json): Builtin {
  return { kind: 'native', arity: 3, apply: apply as NativeFunction };
}
export function special(arity: number, compile: SpecialCompiler): Builtin {
  return { kind: 'special', arity, compile };
}

export function callNative(apply: NativeFunction, args: readonly Code[], at: number): Code {
  const shape = { height: heightOf(...args) + 2 };
  const [first, second] = args;
  if (first === undefined) {
    return single(
      'one',
      (input) => {
        state.at = at;
        return apply(input);
      },
      shape,
    );
  }
  const arity = together(...args);
  if (arity === 'many') {
    const fill = (
      index: number,
      given: readonly Json[],
      input: Json,
      frame: Frame,
      sink: Sink,
    ): boolean => {
      const arg = args[index];
      if (arg === undefined) {
        state.at = at;
        return sink(apply(input, ...given));
      }
      return arg.each(input, frame, (value) =>
        fill(index - 1, [value, ...given], input, frame, sink),
      );
    };
    return many((input, frame, sink) => fill(args.length - 1, [], input, frame, sink), shape);
  }
  if (second === undefined) {
    const { value } = first;
    return single(
      arity,
      (input, frame) => {
        const a = value(input, frame);
        if (a === undefined) return undefined;
        state.at = at;
        return apply(input, a);
      },
      shape,
    );
  }
  const values = args.map(({ value }) => value);
  return single(
    arity,
    (input, frame) => {
      const given: Json[] = [];
      for (let i = values.length - 1; i >= 0; i--) {
        const value = values[i]!(input, frame);
        if (value === undefined) return undefined;
        given[i] = value;
      }
      state.at = at;
      return apply(input, ...given);
    },
    shape,
  );
}
