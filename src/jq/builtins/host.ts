/*
 * What depends on the world outside the program. The host grants it or the program does not compile.
 */
import { one } from '../compile/code.ts';
import { Raise } from '../errors.ts';
import { state } from '../state.ts';
import type { Json } from '../values/json.ts';
import { type Builtins, native0, special } from './kinds.ts';

/** What a host may allow at compile time. */
export interface Allow {
  /** `env`, `$ENV`: take Host.env */
  readonly env?: boolean;
  /** `debug`, `stderr`: go to Host.debug */
  readonly debug?: boolean;
  /** `localtime`, `strflocaltime`: local time is UTC */
  readonly localTime?: boolean;
}

export const NEEDS: Readonly<Record<string, keyof Allow>> = {
  'env/0': 'env',
  'debug/0': 'debug',
  'debug/1': 'debug',
  'stderr/0': 'debug',
  'localtime/0': 'localTime',
  'strflocaltime/1': 'localTime',
};

function report(input: Json): Json {
  state.host.debug?.(input);
  return input;
}

function raise(input: Json): never {
  throw new Raise(input, state.at, false);
}

export const host: Builtins = {
  'error/0': native0(raise),
  'now/0': special(0, () => one(() => state.host.now, { input: false })),
  'env/0': special(0, () => one(() => ({ ...state.host.env }), { input: false })),
  'debug/0': native0(report),
  'stderr/0': native0(report),
  'have_literal_numbers/0': special(0, () => one(() => true, { input: false })),
  'have_decnum/0': special(0, () => one(() => false, { input: false })),
};
