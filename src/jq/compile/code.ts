/*
 * Compiled code: one expression as closures over `(input, frame)`.
 *
 * Three modes of the same expression. `value` is a plain function and exists when there is at most one
 * output; `each` calls a sink per output; `paths` does so with the path of each output. The latter two
 * are made when somebody asks for them, so an expression pays for the modes it is used in.
 *
 * I1. `value` of a 'one' never returns undefined; of an 'optional' undefined means no output.
 * I2. A sink returns true to stop. A generator that was stopped returns true at once and runs nothing
 *     more. A `break` sets `state.leaving` and returns true; its label clears it.
 * I3. A frame belongs to one activation of a function. In `each` mode a sink may run the same code again
 *     in the same frame, so who keeps something in a slot writes it back after every call of its sink.
 * I4. `height` bounds the JavaScript frames that one evaluation stacks up, not counting what it calls.
 */
import { Break } from '../errors.ts';
import { fail, spend, state } from '../state.ts';
import type { Json } from '../values/json.ts';
import { clippedText } from '../values/text.ts';

/** Slot 0 is the frame of the enclosing function; the others are given out by a Layout. */
export type Frame = Slot[];
export type Slot = Json | Closure | Frame | object | undefined;

/** A function's argument, to be evaluated where it was written. */
export interface Closure {
  readonly code: Code;
  readonly frame: Frame;
}

export type Value = (input: Json, frame: Frame) => Json | undefined;
export type Sink = (output: Json) => boolean;
export type Each = (input: Json, frame: Frame, sink: Sink) => boolean;

/** Paths grow by one link per step and are written out when they are used. */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: Json;
  readonly length: number;
}
export const ROOT: Path = { parent: undefined, key: null, length: 0 };

/** An undefined path: the output is not a part of the input, which matters only if it is used as one. */
export type PathSink = (path: Path | undefined, output: Json) => boolean;
export type Paths = (path: Path | undefined, input: Json, frame: Frame, sink: PathSink) => boolean;

export type Arity = 'one' | 'optional' | 'many';

export interface Shape {
  /** whether the outputs depend on the input at all */
  readonly input?: boolean;
  readonly height?: number;
  readonly paths?: () => Paths;
  readonly each?: () => Each;
  readonly constant?: Json;
  /** set for `.a`: lets operators read the field themselves */
  readonly field?: string;
}

export class Code {
  readonly arity: Arity;
  readonly value: Value;
  readonly input: boolean;
  readonly height: number;
  readonly constant: Json | undefined;
  readonly field: string | undefined;
  #makeEach: () => Each;
  #makePaths: (() => Paths) | undefined;
  #each: Each | undefined;
  #paths: Paths | undefined;

  constructor(
    arity: Arity,
    value: Value | undefined,
    makeEach: (() => Each) | undefined,
    shape: Shape,
  ) {
    this.arity = arity;
    this.value = value ?? notSingle;
    this.#makeEach = makeEach ?? shape.each ?? (() => eachOf(this.value));
    this.#makePaths = shape.paths;
    this.input = shape.input ?? true;
    this.height = shape.height ?? 1;
    this.constant = shape.constant;
    this.field = shape.field;
  }

  get each(): Each {
    return (this.#each ??= this.#makeEach());
  }

  get paths(): Paths {
    return (this.#paths ??= this.#makePaths ? this.#makePaths() : notAPath(this));
  }
}

function notSingle(): never {
  throw new Error('value mode of an expression with many outputs');
}

function eachOf(value: Value): Each {
  return (input, frame, sink) => {
    const output = value(input, frame);
    return output !== undefined && sink(output);
  };
}

/** An output that is the input itself keeps its path: `path(if .a then . else $x end)`. */
function notAPath(code: Code): Paths {
  const made =
    code.constant !== undefined && code.constant !== null && typeof code.constant !== 'boolean';
  return (path, input, frame, sink) =>
    code.each(input, frame, (output) => sink(!made && output === input ? path : undefined, output));
}

export function one(value: (input: Json, frame: Frame) => Json, shape: Shape): Code {
  return new Code('one', value, undefined, shape);
}

export function optional(value: Value, shape: Shape): Code {
  return new Code('optional', value, undefined, shape);
}

/** One or optional, whichever the parts allow. */
export function single(arity: Arity, value: Value, shape: Shape): Code {
  return new Code(arity, value, undefined, shape);
}

export function many(each: Each, shape: Shape): Code {
  return new Code('many', undefined, () => each, shape);
}

/** Constants are handed out again and again, so nobody may change them, hosts included. */
function freeze(value: Json): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
  Object.values(value).forEach(freeze);
  Object.freeze(value);
}

export function constant(value: Json): Code {
  freeze(value);
  return one(() => value, { constant: value, input: false });
}

export function isSingle(...codes: readonly Code[]): boolean {
  return codes.every(({ arity }) => arity !== 'many');
}

/** The arity of what yields an output whenever all of these do. */
export function together(...codes: readonly Code[]): Arity {
  if (codes.some(({ arity }) => arity === 'many')) return 'many';
  return codes.every(({ arity }) => arity === 'one') ? 'one' : 'optional';
}

export function heightOf(...codes: readonly Code[]): number {
  let height = 1;
  for (const code of codes) height += code.height;
  return height;
}

/** For parts that run one after the other when each has one output, and inside each other otherwise. */
export function heightBeside(...codes: readonly Code[]): number {
  if (codes.some(({ arity }) => arity === 'many')) return heightOf(...codes);
  return codes.reduce((height, code) => Math.max(height, code.height), 1) + 2;
}

export function usesInput(...codes: readonly Code[]): boolean {
  return codes.some(({ input }) => input);
}

/** All outputs in an array: the one place where value mode meets generators. */
export function collect(code: Code, input: Json, frame: Frame): Json[] {
  const outputs: Json[] = [];
  if (code.each(input, frame, (output) => (spendOne(), outputs.push(output), false))) leave();
  return outputs;
}

function spendOne(): void {
  state.fuel--;
}

/** Value mode of something that yields once. */
export function oneFromEach(each: Each, height: number): Code {
  return one(
    (input, frame) => {
      let result: Json = null;
      const stopped = each(input, frame, (output) => {
        result = output;
        return false;
      });
      return stopped ? leave() : result;
    },
    { height, each: () => each },
  );
}

/** A generator was stopped although its sink never stops: a `break` is under way to a label outside. */
export function leave(): never {
  throw new Break(state.leaving ?? {});
}

/** The result of something that yields exactly once unless a `break` is under way. */
export function settled(result: Json | undefined): Json {
  return result === undefined ? leave() : result;
}

export function stepInto(path: Path | undefined, key: Json, of: Json): Path {
  if (path === undefined) {
    return fail(
      `Invalid path expression near attempt to access element ${clippedText(key)} of ${clippedText(of)}`,
    );
  }
  return { parent: path, key, length: path.length + 1 };
}

/** The path as jq shows it. */
export function pathKeys(path: Path | undefined, output: Json): Json[] {
  if (path === undefined) {
    return fail(`Invalid path expression with result ${clippedText(output)}`);
  }
  spend(path.length);
  const keys: Json[] = [];
  keys.length = path.length;
  for (let p: Path = path; p.parent !== undefined; p = p.parent) keys[p.length - 1] = p.key;
  return keys;
}
