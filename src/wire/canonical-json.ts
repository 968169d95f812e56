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
  try {
    return write(value);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // Pointers are worth their price only now.
    const pointer = pointerOfFault(value, '') ?? '';
    throw new JsonError(
      pointer === '' ? error.message : `at ${pointer}: ${error.message}`,
      pointer,
    );
  }
}

/**
 * A text of any value, for comparing and for keys: canonical where there is a canonical form. A value with
 * half a character in it has none, and services do answer with such; its keys stay in their order.
 */
export function anyJson(value: Json): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof JsonError) return JSON.stringify(value);
    throw error;
  }
}

function write(value: Json): string {
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') return writeNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') {
    throw new JsonError(`a value of type ${typeof value} is not JSON`, '');
  }
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) text += `${text === '' ? '' : ','}${write(item)}`;
    return `[${text}]`;
  }
  const object = value as { readonly [key: string]: Json };
  const keys = Object.keys(object);
  // The default order of sort is the order of UTF-16 code units, as the RFC wants it.
  if (!areSorted(keys)) keys.sort();
  for (const key of keys) {
    text += `${text === '' ? '' : ','}${writeString(key)}:${write(object[key] as Json)}`;
  }
  return `{${text}}`;
}

function areSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return false;
  return true;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new JsonError(`${value} is not a JSON number`, '');
  return JSON.stringify(value);
}

function writeString(text: string): string {
  // JSON.stringify would escape a lone surrogate; RFC 8785 section 3.2.2.2 wants an error.
  if (!text.isWellFormed()) throw new JsonError('a string has a lone surrogate', '');
  return JSON.stringify(text);
}

function pointerOfFault(value: Json, pointer: string): string | undefined {
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const at = `${pointer}/${pointerStep(key)}`;
      if (!key.isWellFormed()) return at;
      const found = pointerOfFault(member as Json, at);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  try {
    write(value);
    return undefined;
  } catch {
    return pointer;
  }
}
