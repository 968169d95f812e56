/*
 * A value as jq's text: compact, in insertion order, numbers at their shortest.
 *
 * I1. Iterative: the depth of a value is the user's, the stack is ours. Below VALUE_DEPTH_MAX it prints
 *     what jq prints there.
 * I2. This file knows nothing of fuel. Who prints on a program's behalf passes `charge`, because a value
 *     that shares structure can be exponentially larger as text than in memory.
 */
import { VALUE_DEPTH_MAX } from '../limits.ts';
import type { Json, JsonObject } from './json.ts';
import { clipUtf8, utf8Length } from './unicode.ts';

/** jq's text of a number: shortest digits that round-trip, exponents of at least two digits. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  // Where JavaScript writes plain decimals and so does jq: nearly every number there is.
  if (size >= 1e-4 && size < 1e15) return String(value);
  if (Number.isNaN(value)) return 'null';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (value === Infinity) return '1.7976931348623157e+308';
  if (value === -Infinity) return '-1.7976931348623157e+308';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace('-', '').replace('.', '');
  const point = Number(exponentText) + 1;
  const sign = negative ? '-' : '';
  if (point <= -4 || point > digits.length + 15) {
    const exponent = Math.abs(point - 1);
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.charAt(0)}${fraction}e${point > 0 ? '+' : '-'}${exponent < 10 ? '0' : ''}${exponent}`;
  }
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** JSON.stringify, but for DEL, which jq escapes, and lone surrogates, which it cannot hold. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
  return quoted.includes('\u007f') ? quoted.replaceAll('\u007f', '\\u007f') : quoted;
}

interface Open {
  readonly keys: readonly string[] | undefined;
  readonly value: Json[] | JsonObject;
  readonly length: number;
  next: number;
}

const TOO_DEEP = '<skipped: too deep>';

/** `charge` is called once per value; `lengthMax` stops early, for messages that will be clipped. */
export function textOf(value: Json, charge?: () => void, lengthMax = Infinity): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  let out = '';
  const open: Open[] = [];
  let current: Json = value;
  for (;;) {
    charge?.();
    if (open.length > VALUE_DEPTH_MAX) out += TOO_DEEP;
    else if (typeof current === 'string') out += quote(current);
    else if (typeof current === 'number') out += numberText(current);
    else if (current === null || typeof current === 'boolean') out += String(current);
    else {
      const keys: string[] | undefined = Array.isArray(current) ? undefined : Object.keys(current);
      const length: number = keys ? keys.length : (current as Json[]).length;
      out += keys ? '{' : '[';
      open.push({ keys, value: current, length, next: 0 });
    }
    if (out.length > lengthMax) return out;
    for (;;) {
      const top = open.at(-1);
      if (top === undefined) return out;
      if (top.next === top.length) {
        out += top.keys ? '}' : ']';
        open.pop();
        continue;
      }
      const index = top.next++;
      if (index > 0) out += ',';
      if (top.keys) {
        const key = top.keys[index]!;
        out += `${quote(key)}:`;
        current = (top.value as JsonObject)[key]!;
      } else {
        current = (top.value as Json[])[index]!;
      }
      break;
    }
  }
}

/** What `tostring` gives, without a charge; for error messages and host names. */
export function plainText(value: Json): string {
  return typeof value === 'string' ? value : textOf(value);
}

const CLIP_BYTES = 29;
const CLOSING: Record<string, string> = { '"': '"', '[': ']', '{': '}' };

/** A value inside an error message: at most 29 bytes, cut between characters, closed again. */
export function clippedText(value: Json): string {
  const shortened = typeof value === 'string' ? value.slice(0, CLIP_BYTES * 2) : value;
  const text = textOf(shortened, undefined, CLIP_BYTES * 4);
  if (text.length <= CLIP_BYTES && utf8Length(text) <= CLIP_BYTES) return text;
  const closing = CLOSING[text.charAt(0)] ?? '';
  return `${clipUtf8(text, CLIP_BYTES - 3 - closing.length)}...${closing}`;
}
