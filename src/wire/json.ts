/*
 * JSON as Waybill reads it: exact or refused.
 *
 * Owns: the Json type, `parseJson`, and the one rule about numbers that JSON and YAML share
 * (`exactInteger`). Does not own: how values are written (canonical-json.ts).
 *
 * Invariants:
 *  J1 an integer literal that a double would change is refused, never rounded: it is taken when the
 *     double is the same integer, or when the double is written with the very same digits (which is
 *     what JSON.stringify does beyond 2^53);
 *  J2 a number literal that overflows to Infinity is refused;
 *  J3 text without suspicious numbers costs one regular expression scan more than JSON.parse.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Text that is not JSON, or JSON whose numbers would change on the way in. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /** JSON pointer of the value at fault; '' is the whole text. */
  readonly pointer: string;

  constructor(message: string, pointer: string) {
    super(message);
    this.pointer = pointer;
  }
}

/**
 * Of 16 digits, an integer may exceed 2^53; a three digit positive exponent may exceed the double range. Looked for
 * where a number may begin and end: account numbers and digests in texts are full of digits.
 */
const SUSPICIOUS = /(?:^|[\s:,[-])\d{16}|\d[eE]\+?\d{3,}(?:[\s,\]}]|$)/;
const INTEGER = /^-?\d+$/;

/** The number that an integer literal stands for, or undefined when it would be written back changed. */
export function exactInteger(digits: string | bigint): number | undefined {
  const exact = BigInt(digits);
  const value = Number(exact);
  return Number.isSafeInteger(value) || String(value) === String(exact) ? value : undefined;
}

/** What is wrong with the number literal `source`, in words; undefined when nothing is. */
export function numberFault(source: string): string | undefined {
  if (INTEGER.test(source)) {
    if (exactInteger(source) !== undefined) return undefined;
    return `the integer ${shorten(source)} is beyond 2^53 and would be rounded; write it as a string`;
  }
  if (Number.isFinite(Number(source))) return undefined;
  return `the number ${shorten(source)} is too large for a 64-bit float`;
}

/** One step of a JSON pointer (RFC 6901), escaped. */
export function pointerStep(key: string | number): string {
  return typeof key === 'number' ? String(key) : key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Like JSON.parse, but refuses what would not survive. Throws JsonError and nothing else. */
export function parseJson(text: string): Json {
  try {
    return SUSPICIOUS.test(text) ? parseWatchful(text) : (JSON.parse(text) as Json);
  } catch (error) {
    if (error instanceof JsonError) throw error;
    if (error instanceof RangeError) throw new JsonError('the JSON is nested too deep', '');
    throw new JsonError(error instanceof Error ? error.message : String(error), '');
  }
}

type Reviver = (this: unknown, key: string, value: Json, context: { source?: string }) => Json;

function parseWatchful(text: string): Json {
  let fault: { holder: unknown; key: string; message: string } | undefined;
  const watch: Reviver = function (key, value, context) {
    if (typeof value === 'number' && fault === undefined && context.source !== undefined) {
      const message = numberFault(context.source);
      if (message !== undefined) fault = { holder: this, key, message };
    }
    return value;
  };
  const root = JSON.parse(text, watch as (this: unknown, key: string, value: unknown) => unknown);
  if (fault === undefined) return root as Json;
  // The reviver sees the holder, not the path: find the way to it, now that it matters.
  const path = pathTo(root, fault.holder);
  const pointer = path === undefined ? '' : `${path}/${pointerStep(fault.key)}`;
  throw new JsonError(`${pointer === '' ? '' : `at ${pointer}: `}${fault.message}`, pointer);
}

function pathTo(from: unknown, holder: unknown): string | undefined {
  if (from === holder) return '';
  if (typeof from !== 'object' || from === null) return undefined;
  for (const [key, value] of Object.entries(from)) {
    const path = pathTo(value, holder);
    if (path !== undefined) return `/${pointerStep(key)}${path}`;
  }
  return undefined;
}

function shorten(digits: string): string {
  return digits.length <= 40 ? digits : `${digits.slice(0, 20)}... (${digits.length} digits)`;
}
