/*
 * RFC 8785 (JSON Canonicalization Scheme): one text for one value, so that a hash names a value.
 *
 * Keys are sorted by UTF-16 code units, numbers and strings are written as ECMAScript writes them
 * (which is what the RFC prescribes), and nothing stands between the tokens. Values that JSON cannot
 * carry (NaN, Infinity, lone surrogates, undefined, functions) are refused rather than replaced.
 */
import { type Json, JsonError, pointerStep } from './json.ts';

/** The canonical text of `value`. Throws JsonError for what RFC 8785 cannot express. */
export function canonicalJson(value: Json): string {
  return write(value, '');
}

function write(value: Json, pointer: string): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new JsonError(`${value} is not a JSON number`, pointer);
      return JSON.stringify(value);
    case 'string':
      return writeString(value, pointer);
    case 'object':
      return Array.isArray(value)
        ? `[${value.map((item: Json, index) => write(item, `${pointer}/${index}`)).join(',')}]`
        : writeObject(value as { readonly [key: string]: Json }, pointer);
    default:
      throw new JsonError(`a value of type ${typeof value} is not JSON`, pointer);
  }
}

function writeObject(value: { readonly [key: string]: Json }, pointer: string): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort(byCodeUnits)) {
    const at = `${pointer}/${pointerStep(key)}`;
    members.push(`${writeString(key, at)}:${write(value[key] as Json, at)}`);
  }
  return `{${members.join(',')}}`;
}

function writeString(text: string, pointer: string): string {
  // JSON.stringify would escape a lone surrogate; RFC 8785 section 3.2.2.2 wants an error.
  if (!text.isWellFormed()) throw new JsonError('a string has a lone surrogate', pointer);
  return JSON.stringify(text);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
