/*
 * The state of the evaluation under way: fuel, stack, host. One object for the whole module, so that
 * compiled closures take two arguments and allocate nothing for it.
 *
 * I1. Only program.ts enters and leaves an evaluation; it saves and restores every field, so a host that
 *     evaluates another program inside a callback finds its own evaluation untouched.
 * I2. `at` is the source offset of the construct being evaluated. It is written before anything that can
 *     fail and read only when it does.
 */
import { Raise } from './errors.ts';
import { STACK_UNITS_MAX, STRING_LENGTH_MAX } from './limits.ts';
import { type Json, kindOf } from './values/json.ts';
import { clippedText } from './values/text.ts';

export interface HostValues {
  readonly now: number;
  readonly env: { readonly [name: string]: string };
  readonly debug: ((value: Json) => void) | undefined;
}

export const state: {
  /** no evaluation is under way */
  idle: boolean;
  fuel: number;
  stack: number;
  at: number;
  /** the label that a `break` is leaving for, while generators return true up to it */
  leaving: object | undefined;
  variables: readonly Json[];
  host: HostValues;
} = {
  idle: true,
  fuel: 0,
  stack: 0,
  at: 0,
  leaving: undefined,
  variables: [],
  host: { now: 0, env: {}, debug: undefined },
};

/** Raises a message that jq's `catch` would see. */
export function fail(message: string): never {
  throw new Raise(message, state.at, false);
}

/** Raises a message that nothing in the program can catch. */
export function stop(message: string): never {
  throw new Raise(message, state.at, true);
}

export function spend(units: number): void {
  if ((state.fuel -= units) < 0) {
    stop('the expression was stopped: it used up its fuel');
  }
}

/** Entering something that nests; whoever calls this gives the units back when it returns. */
export function push(units: number): void {
  if ((state.stack += units) > STACK_UNITS_MAX) tooDeep();
}

export function tooDeep(): never {
  stop('the expression was stopped: it recurses too deeply');
}

export function checkLength(text: string): string {
  if (text.length > STRING_LENGTH_MAX) stop('the expression was stopped: a string grew too long');
  return text;
}

/** `number (5) cannot be ...` */
export function typeError(value: Json, what: string): never {
  fail(`${kindOf(value)} (${clippedText(value)}) ${what}`);
}

/** `number (5) and string ("a") cannot be ...` */
export function typeError2(a: Json, b: Json, what: string): never {
  fail(`${kindOf(a)} (${clippedText(a)}) and ${kindOf(b)} (${clippedText(b)}) ${what}`);
}
