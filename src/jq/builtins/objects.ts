/*
 * Objects and entries, lookups, and `walk`.
 */
import { identity, iterate, iterateOver } from '../compile/access.ts';
import { type Code, type Each, type Frame, heightOf, leave, many, one } from '../compile/code.ts';
import { pipe } from '../compile/operators.ts';
import { firstOf } from '../compile/update.ts';
import { fail, push, spend, state, typeError } from '../state.ts';
import { get, has } from '../values/access.ts';
import { toText } from '../values/formats.ts';
import { isObject, isTruthy, type Json, type JsonObject, kindOf, setKey } from '../values/json.ts';
import { sortedKeys } from '../values/order.ts';
import { clippedText } from '../values/text.ts';
import { generators } from './generators.ts';
import { type Builtins, native0, special } from './kinds.ts';

function keys(input: Json): Json {
  if (Array.isArray(input)) return keysUnsorted(input);
  if (!isObject(input)) return typeError(input, 'has no keys');
  return sortedKeys(input);
}

function keysUnsorted(input: Json): Json[] {
  if (Array.isArray(input)) {
    spend(input.length);
    return input.map((_, i) => i);
  }
  if (!isObject(input)) return typeError(input, 'has no keys');
  return Object.keys(input);
}

function toEntries(input: Json): Json {
  return keysUnsorted(input).map((key) => {
    spend(1);
    return { key, value: get(input, key) };
  });
}

/** The first of these that is neither null nor false names the entry. */
const KEY_NAMES = ['key', 'Key', 'name', 'Name'];

function fromEntries(input: Json): Json {
  const made: JsonObject = {};
  iterateOver(input, state.at, (entry) => {
    let key: Json = null;
    for (const name of KEY_NAMES) {
      key = get(entry, name);
      if (isTruthy(key)) break;
    }
    if (typeof key !== 'string') {
      return fail(`Cannot use ${kindOf(key)} (${clippedText(key)}) as object key`);
    }
    setKey(made, key, get(entry, has(entry, 'value') ? 'value' : 'Value'));
    return false;
  });
  return made;
}

/** `.[] |= f`: the first output takes the place, none deletes. */
function mapValues(f: Code, at: number): Code {
  const change = firstOf(f);
  return one(
    (input, frame) => {
      if (isObject(input)) return mapObject(input, (value) => change(value, frame));
      const made: Json[] = [];
      iterateOver(input, at, (item) => {
        const changed = change(item, frame);
        if (changed !== undefined) made.push(changed);
        return false;
      });
      return made;
    },
    { height: heightOf(f) + 4 },
  );
}

function mapObject(object: JsonObject, change: (value: Json) => Json | undefined): JsonObject {
  const made: JsonObject = {};
  for (const key of Object.keys(object)) {
    spend(1);
    const changed = change(object[key]!);
    if (changed !== undefined) setKey(made, key, changed);
  }
  return made;
}

/** Children first, then the value itself; arrays take all outputs of `f`, objects the first. */
function walk(f: Code): Code {
  const units = f.height + 5;
  const down = (value: Json, frame: Frame, sink: (output: Json) => boolean): boolean => {
    if (--state.fuel < 0) spend(1);
    let walked = value;
    if (value !== null && typeof value === 'object') {
      push(units);
      if (Array.isArray(value)) {
        const elements: Json[] = [];
        for (const item of value) {
          if (down(item, frame, (output) => (elements.push(output), false))) return true;
        }
        walked = elements;
      } else {
        walked = mapObject(value, (item) => firstWalked(item, frame));
      }
      state.stack -= units;
    }
    return f.each(walked, frame, sink);
  };
  const firstWalked = (item: Json, frame: Frame): Json | undefined => {
    let found: Json | undefined;
    const stopped = down(item, frame, (output) => {
      found = output;
      return true;
    });
    return stopped && found === undefined ? leave() : found;
  };
  return many(down, { height: units + 2 });
}

function withEntries(f: Code, at: number): Code {
  const to = one((input) => ((state.at = at), toEntries(input)), {});
  const from = one((input) => ((state.at = at), fromEntries(input)), {});
  const mapped = generators['map/1'];
  if (mapped?.kind !== 'special') throw new Error('map/1 is special');
  return pipe(pipe(to, mapped.compile([f], at)), from);
}

// --- lookups in SQL's manner ------------------------------------------------------------------

function indexBy(stream: Code, key: Code): Code {
  const each: Each = (input, frame, sink) => build({}, stream, key, input, frame, sink);
  return one(
    (input, frame) => {
      let result: Json = null;
      if (each(input, frame, (output) => ((result = output), false))) leave();
      return result;
    },
    { height: heightOf(stream, key) + 4, each: () => each },
  );
}

function build(
  made: JsonObject,
  stream: Code,
  key: Code,
  input: Json,
  frame: Frame,
  sink: (output: Json) => boolean,
): boolean {
  const stopped = stream.each(input, frame, (row) => {
    if (--state.fuel < 0) spend(1);
    return key.each(row, frame, (name) => {
      setKey(made, toText(name), row);
      return false;
    });
  });
  return stopped || sink(made);
}

export const objects: Builtins = {
  'keys/0': native0(keys),
  'keys_unsorted/0': native0(keysUnsorted),
  'to_entries/0': native0(toEntries),
  'from_entries/0': native0(fromEntries),
  'with_entries/1': special(1, ([f], at) => withEntries(f!, at)),
  'map_values/1': special(1, ([f], at) => mapValues(f!, at)),
  'walk/1': special(1, ([f]) => walk(f!)),
  'INDEX/2': special(2, ([stream, key]) => indexBy(stream!, key!)),
  'INDEX/1': special(1, ([key], at) => indexBy(iterate(identity, at), key!)),
};
