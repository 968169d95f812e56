/*
 * User data travels as JSON text. Owns: that the text holds exactly the value, and back.
 *
 * T1 what JSON cannot say (NaN, Infinity, bigint, cycles) is refused; -0 is written as -0
 * T2 nothing nests deeper than JSON_DEPTH_MAX
 * T3 text that someone else may have written (`foreignJson`) is read exactly or refused (json.ts);
 *    text of our own was made from values, so JSON.parse gives them back
 */
import { JSON_DEPTH_MAX } from './limits.ts';
import { type Json, parseJson } from './json.ts';
import { WireError } from './wire-error.ts';

/** A text without these has neither -0 nor NaN behind it, whatever it was made from. */
const DOUBTFUL = /[:[,](?:0|null)[,}\]]|^(?:0|null)$/;

/** The JSON text of `value`; `what` names it in errors. */
export function jsonText(value: Json, what: string): string {
  if (value === null) return 'null';
  let text: string | undefined;
  let negativeZero = false;
  try {
    text = JSON.stringify(value);
    negativeZero = text !== undefined && DOUBTFUL.test(text) && inspect(value);
    if (negativeZero) text = JSON.stringify(value, writeNegativeZero);
  } catch (error) {
    const why = error instanceof RangeError ? 'it is nested too deep' : messageOf(error);
    throw new WireError(`${what} is not JSON: ${why}`, { cause: error });
  }
  if (text === undefined) throw new WireError(`${what} is not JSON: it is ${typeof value}`);
  if (deeperThan(text, JSON_DEPTH_MAX)) throw tooDeep(what);
  return text;
}

/** Refuses what JSON.stringify would quietly turn into null; true when there is a -0. */
function inspect(value: unknown): boolean {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
    return Object.is(value, -0);
  }
  if (typeof value !== 'object' || value === null) return false;
  let found = false;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (inspect(item)) found = true;
  }
  return found;
}

const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

function writeNegativeZero(_key: string, value: unknown): unknown {
  return Object.is(value, -0) ? rawJSON('-0') : value;
}

/** The value of a text that a codec wrote. */
export function jsonValue(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new WireError(`${what} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** The value of a text that someone else may have written: exact, or refused (T3). */
export function foreignJson(text: string, what: string, depthMax = JSON_DEPTH_MAX): Json {
  if (deeperThan(text, depthMax)) throw tooDeep(what);
  try {
    return parseJson(text);
  } catch (error) {
    throw new WireError(`${what} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function tooDeep(what: string): WireError {
  return new WireError(`${what} is nested deeper than ${JSON_DEPTH_MAX} levels`);
}

/** Whether the brackets of a JSON text nest deeper than `limit`. */
function deeperThan(text: string, limit: number): boolean {
  if (text.length <= 2 * limit) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) quoted = false;
    } else if (char === 0x22) quoted = true;
    else if (char === 0x5b || char === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
