/*
 * Two errors for hosts, by whose fault it is: the text (JqSyntaxError) or the run (JqError).
 *
 * I1. Inside this folder only `Raise` and `Break` are thrown while a program runs. They carry no stack
 *     trace, because `.[] | tonumber?` throws once per element. program.ts turns them into JqError.
 * I2. A Raise with `fuel` passes through every `try`, `?`, `//` and `?//`: a program cannot catch its
 *     own limit.
 */
import type { Json } from './values/json.ts';
import { textOf } from './values/text.ts';

/** Thrown at compile time. */
export class JqSyntaxError extends Error {
  readonly source: string;
  /** 1-based, in code units of the source */
  readonly column: number;
  /** what to write instead, where that is known */
  readonly hint: string | undefined;

  constructor(message: string, source: string, column: number, hint?: string) {
    super(hint === undefined ? message : `${message} (${hint})`);
    this.name = 'JqSyntaxError';
    this.source = source;
    this.column = column;
    this.hint = hint;
  }
}

/** Thrown at run time: what the program raised, or the limit that stopped it. */
export class JqError extends Error {
  /** what jq's `catch` would see */
  readonly value: Json;
  readonly source: string;
  /** 1-based column of the construct that failed, where known */
  readonly column: number | undefined;
  /** stopped by a limit; `try` inside the program could not catch it */
  readonly fuel: boolean;

  constructor(value: Json, source: string, column: number | undefined, fuel: boolean) {
    super(typeof value === 'string' ? value : `(not a string): ${textOf(value)}`);
    this.name = 'JqError';
    this.value = value;
    this.source = source;
    this.column = column;
    this.fuel = fuel;
  }
}

/** An error on its way up through the closures. */
export class Raise {
  readonly value: Json;
  readonly at: number;
  readonly fuel: boolean;

  constructor(value: Json, at: number, fuel: boolean) {
    this.value = value;
    this.at = at;
    this.fuel = fuel;
  }
}

/** A `break` on its way up to its `label`, where it cannot travel as a return code. */
export class Break {
  readonly label: object;

  constructor(label: object) {
    this.label = label;
  }
}
