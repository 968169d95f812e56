/*
 * Strings: conversion, searching, trimming, cases, code points. Offsets and lengths count code points.
 */
import { fail, spend, state, typeError } from '../state.ts';
import { splitText } from '../values/arithmetic.ts';
import { format, toJson, toText } from '../values/formats.ts';
import { parseJson } from '../values/parse.ts';
import { isObject, type Json, kindOf } from '../values/json.ts';
import { codePointLength, hasSurrogates, utf8Length } from '../values/unicode.ts';
import { type Builtins, native0, native1 } from './kinds.ts';

function length(input: Json): Json {
  if (typeof input === 'string')
    return hasSurrogates(input) ? codePointLength(input) : input.length;
  if (Array.isArray(input)) return input.length;
  if (isObject(input)) return Object.keys(input).length;
  if (typeof input === 'number') return Math.abs(input);
  return input === null ? 0 : typeError(input, 'has no length');
}

/** Where the needle starts, overlaps included, in code points. */
export function textIndices(text: string, needle: string): Json {
  if (needle === '') return null;
  const found: number[] = [];
  const simple = !hasSurrogates(text);
  let counted = 0;
  let codePoints = 0;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    spend(1);
    if (simple) found.push(at);
    else {
      codePoints += codePointLength(text.slice(counted, at));
      counted = at;
      found.push(codePoints);
    }
  }
  return found;
}

function strindices(input: Json, needle: Json): Json {
  if (typeof input !== 'string') {
    return typeError(input, 'cannot be searched, as it is not a string');
  }
  if (typeof needle !== 'string') return typeError(needle, 'is not a string');
  return textIndices(input, needle) ?? [];
}

function startsWith(input: Json, prefix: Json): boolean {
  if (typeof input !== 'string' || typeof prefix !== 'string') {
    return fail('startswith() requires string inputs');
  }
  return input.startsWith(prefix);
}

function endsWith(input: Json, suffix: Json): boolean {
  if (typeof input !== 'string' || typeof suffix !== 'string') {
    return fail('endswith() requires string inputs');
  }
  return input.endsWith(suffix);
}

function trimStart(input: Json, prefix: Json): Json {
  return startsWith(input, prefix) ? (input as string).slice((prefix as string).length) : input;
}

function trimEnd(input: Json, suffix: Json): Json {
  if (!endsWith(input, suffix)) return input;
  return (input as string).slice(0, (input as string).length - (suffix as string).length);
}

/** Unicode's White_Space, which JavaScript's `\s` misses by U+0085 and overshoots by U+FEFF. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`);

function trimSpace(input: Json, left: boolean, right: boolean): Json {
  if (typeof input !== 'string') return fail('trim input must be a string');
  let text = left ? input.replace(LEADING, '') : input;
  if (right) {
    let end = text.length;
    while (end > 0 && LEADING.test(text.charAt(end - 1))) end--;
    text = text.slice(0, end);
  }
  return text;
}

function explode(input: Json): number[] {
  if (typeof input !== 'string') return fail('explode input must be a string');
  spend(input.length);
  return Array.from(input.toWellFormed(), (char) => char.codePointAt(0)!);
}

function implode(input: Json): Json {
  if (!Array.isArray(input)) return fail('implode input must be an array');
  spend(input.length);
  let text = '';
  for (const code of input) {
    if (typeof code !== 'number' || Number.isNaN(code)) {
      return typeError(code, "can't be imploded, unicode codepoint needs to be numeric");
    }
    const point = Math.trunc(code);
    const valid = point >= 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    text += valid ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}

/** Only ASCII letters change. */
function changeCase(input: Json, letters: RegExp, change: (letter: string) => string): Json {
  if (typeof input !== 'string') return fail('explode input must be a string');
  spend(input.length >> 4);
  return input.replace(letters, change);
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function toNumber(input: Json): Json {
  if (typeof input === 'number') return input;
  if (typeof input === 'string' && NUMBER.test(input)) return Number(input);
  return typeError(input, 'cannot be parsed as a number');
}

function toBoolean(input: Json): Json {
  if (typeof input === 'boolean') return input;
  if (input === 'true') return true;
  return input === 'false' ? false : typeError(input, 'cannot be parsed as a boolean');
}

function split(input: Json, separator: Json): Json {
  if (typeof input !== 'string' || typeof separator !== 'string') {
    return fail('split input and separator must be strings');
  }
  return splitText(input, separator);
}

function fromJson(input: Json): Json {
  if (typeof input !== 'string') return typeError(input, 'only strings can be parsed');
  const { at } = state;
  spend(input.length >> 3);
  state.at = at;
  return parseJson(input, fail);
}

export const strings: Builtins = {
  'length/0': native0(length),
  'utf8bytelength/0': native0((input) =>
    typeof input === 'string'
      ? utf8Length(input)
      : typeError(input, 'only strings have UTF-8 byte length'),
  ),
  'type/0': native0(kindOf),
  'tostring/0': native0(toText),
  'tojson/0': native0(toJson),
  'fromjson/0': native0(fromJson),
  'tonumber/0': native0(toNumber),
  'toboolean/0': native0(toBoolean),
  'format/1': native1((input, name) => format(name, input)),
  'startswith/1': native1(startsWith),
  'endswith/1': native1(endsWith),
  'ltrimstr/1': native1(trimStart),
  'rtrimstr/1': native1(trimEnd),
  'trimstr/1': native1((input, text) => trimEnd(trimStart(input, text), text)),
  'trim/0': native0((input) => trimSpace(input, true, true)),
  'ltrim/0': native0((input) => trimSpace(input, true, false)),
  'rtrim/0': native0((input) => trimSpace(input, false, true)),
  'explode/0': native0(explode),
  'implode/0': native0(implode),
  'ascii_downcase/0': native0((input) => changeCase(input, /[A-Z]+/g, (s) => s.toLowerCase())),
  'ascii_upcase/0': native0((input) => changeCase(input, /[a-z]+/g, (s) => s.toUpperCase())),
  'split/1': native1(split),
  '_strindices/1': native1(strindices),
};
