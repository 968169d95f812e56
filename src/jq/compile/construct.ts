/*
 * `[..]`, `{..}`, strings with interpolation and `@formats`.
 */
import { checkLength, fail, state } from '../state.ts';
import { add } from '../values/arithmetic.ts';
import { type Json, type JsonObject, setKey } from '../values/json.ts';
import { format, toText } from '../values/formats.ts';
import { badKey } from './bind.ts';
import {
  Code,
  collect,
  constant,
  type Each,
  type Frame,
  heightBeside,
  heightOf,
  many,
  one,
  single,
  type Sink,
  together,
  usesInput,
} from './code.ts';

export function array(of: Code | undefined): Code {
  if (of === undefined) return constant([]);
  const shape = { input: of.input, height: heightOf(of) };
  if (of.constant !== undefined) return constant([of.constant]);
  if (of.arity === 'many') {
    const each: Each = (input, frame, sink) => {
      const outputs: Json[] = [];
      const stopped = of.each(input, frame, (output) => {
        state.fuel--;
        outputs.push(output);
        return false;
      });
      return stopped || sink(outputs);
    };
    return one((input, frame) => collect(of, input, frame), { ...shape, each: () => each });
  }
  const { value } = of;
  return one((input, frame) => {
    const output = value(input, frame);
    return output === undefined ? [] : [output];
  }, shape);
}

export interface CompiledEntry {
  readonly key: Code;
  readonly value: Code;
  readonly at: number;
}

/** Entries loop left to right, the first outermost, the key outside the value. */
export function object(entries: readonly CompiledEntry[]): Code {
  const codes = entries.flatMap(({ key, value }) => [key, value]);
  const shape = { input: usesInput(...codes), height: heightBeside(...codes) };
  const arity = together(...codes);
  if (arity === 'many') return many(objectEach(entries), shape);
  const keys = entries.map(({ key }) => key.constant);
  if (codes.every((code) => code.constant !== undefined)) {
    return constant(buildFixed(entries, keys as string[]));
  }
  if (arity === 'one' && keys.every((key) => typeof key === 'string' && key !== '__proto__')) {
    return fixedObject(keys as string[], entries, shape);
  }
  return single(
    arity,
    (input, frame) => {
      const made: JsonObject = {};
      for (const entry of entries) {
        const key = entry.key.value(input, frame);
        if (key === undefined) return undefined;
        const value = entry.value.value(input, frame);
        if (value === undefined) return undefined;
        setKey(made, checkKey(key, entry.at), value);
      }
      return made;
    },
    shape,
  );
}

function buildFixed(entries: readonly CompiledEntry[], keys: readonly string[]): Json {
  const made: JsonObject = {};
  keys.forEach((key, i) => setKey(made, key, entries[i]!.value.constant!));
  return made;
}

/** The usual object: known keys, one value each. */
function fixedObject(
  keys: readonly string[],
  entries: readonly CompiledEntry[],
  shape: { input: boolean; height: number },
): Code {
  const values = entries.map(({ value }) => value.value);
  const { length } = keys;
  return one((input, frame) => {
    const made: JsonObject = {};
    for (let i = 0; i < length; i++) made[keys[i]!] = values[i]!(input, frame)!;
    return made;
  }, shape);
}

function checkKey(key: Json, at: number): string {
  if (typeof key === 'string') return key;
  state.at = at;
  return fail(badKey(key));
}

function objectEach(entries: readonly CompiledEntry[]): Each {
  const fill = (
    index: number,
    made: readonly (readonly [string, Json])[],
    input: Json,
    frame: Frame,
    sink: Sink,
  ): boolean => {
    const entry = entries[index];
    if (entry === undefined) {
      const complete: JsonObject = {};
      for (const [key, value] of made) setKey(complete, key, value);
      return sink(complete);
    }
    return entry.key.each(input, frame, (key) =>
      entry.value.each(input, frame, (value) =>
        fill(index + 1, [...made, [checkKey(key, entry.at), value]], input, frame, sink),
      ),
    );
  };
  return (input, frame, sink) => fill(0, [], input, frame, sink);
}

/** An interpolated string is a sum of its parts: the last part loops outermost. */
export function text(formatName: string, parts: readonly (string | Code)[], at: number): Code {
  const codes = parts.map((part) =>
    typeof part === 'string' ? constant(part) : formatted(formatName, part, at),
  );
  const shape = { input: usesInput(...codes), height: heightBeside(...codes) };
  const arity = together(...codes);
  if (arity === 'many') {
    const fill = (index: number, tail: string, input: Json, frame: Frame, sink: Sink): boolean => {
      const code = codes[index];
      if (code === undefined) return sink(tail);
      return code.each(input, frame, (part) =>
        fill(index - 1, add(part, tail) as string, input, frame, sink),
      );
    };
    return many((input, frame, sink) => fill(codes.length - 1, '', input, frame, sink), shape);
  }
  const values = codes.map(({ value }) => value);
  return single(
    arity,
    (input, frame) => {
      let made = '';
      for (let i = values.length - 1; i >= 0; i--) {
        const part = values[i]!(input, frame);
        if (part === undefined) return undefined;
        made = (part as string) + made;
      }
      return checkLength(made);
    },
    shape,
  );
}

export function formatted(name: string, of: Code, at: number): Code {
  const shape = { input: of.input, height: heightOf(of) };
  if (of.arity === 'many') {
    return many(
      (input, frame, sink) =>
        of.each(input, frame, (value) => {
          state.at = at;
          return sink(format(name, value));
        }),
      shape,
    );
  }
  const { value } = of;
  const apply = name === 'text' ? toText : (output: Json) => format(name, output);
  return single(
    of.arity,
    (input, frame) => {
      const output = value(input, frame);
      if (output === undefined) return undefined;
      state.at = at;
      return apply(output);
    },
    shape,
  );
}
