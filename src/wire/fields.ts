/*
 * Members of records <-> fields of messages. protobufjs would cut numbers to size without a word:
 * what a field cannot hold is refused here.
 */
import { WireError } from './wire-error.ts';

const UINT32_MAX = 0xffff_ffff;

export function uint32(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= UINT32_MAX) return value;
  throw new WireError(`${what} is ${value}, not an integer from 0 to ${UINT32_MAX}`);
}

export function integer(value: number, what: string): number {
  if (Number.isSafeInteger(value)) return value;
  throw new WireError(`${what} is ${value}, not an integer below 2^53`);
}

/** `value` by `convert`, null when it is absent: what the generated encoders leave out. */
export function optional<T, R>(
  value: T | undefined,
  what: string,
  convert: (value: T, what: string) => R,
): R | null {
  return value === undefined ? null : convert(value, what);
}

export type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** True for a field that was on the wire. */
export function present<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

export function required<T>(value: T | null | undefined, what: string): T {
  if (present(value)) return value;
  throw new WireError(`${what} is missing`);
}
