/*
 * The words of generated workflows: choices, durations, and expressions that mean something where they
 * stand, over data of the shape { n: number, s: text, l: numbers }.
 */
import type { Json } from '../../wire/json.ts';

export type JsonObject = { [key: string]: Json };
/** A whole number between the two, both included. */
export type Draw = (min: number, max: number) => number;

export const ERRORS = 'https://open-workflow-specification.org/spec/1.0.0/errors/';
export const OLD_ERRORS = 'https://serverlessworkflow.io/spec/1.0.0/errors/';
export const CUSTOM_ERROR = 'https://example.com/errors/odd';

/** Host functions. */
export const SERVICES = ['alpha', 'beta', 'gamma', 'delta', 'omega'] as const;

/** Types of events from outside; their data has the shape of all data, and they have a number `room`. */
export const OUTSIDE = ['outside.a', 'outside.b', 'outside.c'] as const;

export interface Taste {
  /**
   * nothing is left to chance: no jitter between two different bounds, and nothing that takes no time
   * at all, so that the order of events follows from the document
   */
  readonly exact: boolean;
  /** waits and delays above 30 s, which park */
  readonly long: boolean;
  /** events come from outside, of the types OUTSIDE, and tasks listen to them */
  readonly events: boolean;
  /**
   * strands may be cancelled for others, and undo what they did: the reference does not tell what they
   * come to then
   */
  readonly cancels: boolean;
  readonly depth: number;
  /** tasks of one document, roughly */
  readonly tasks: number;
}

/** What can be said where a task stands. */
export interface Around {
  readonly depth: number;
  /** variables that are numbers, and those that are errors */
  readonly numbers: readonly string[];
  readonly errors: readonly string[];
  /** functions of `use` that may be called */
  readonly functions: readonly string[];
  /** workflows that may be run */
  readonly children: readonly string[];
  /** some try around may catch what is raised here */
  readonly guarded: boolean;
  /** a saga is around: what is done here may have to be undone */
  readonly saga: boolean;
  /** inside a compensation, a function or an extension: no sagas begin here */
  readonly plain: boolean;
}

export class Words {
  private readonly draw: Draw;
  readonly taste: Taste;

  constructor(draw: Draw, taste: Taste) {
    this.draw = draw;
    this.taste = taste;
  }

  int(min: number, max: number): number {
    return this.draw(min, max);
  }

  /** True in so many of a hundred cases; false when it is shrunk. */
  chance(percent: number): boolean {
    return this.int(0, 99) >= 100 - percent;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  // -- durations -----------------------------------------------------------------------------------

  short(): Json {
    return this.pick<Json>([
      { milliseconds: this.int(1, 900) },
      { seconds: 1, milliseconds: this.int(0, 500) },
      'PT0.25S',
      `\${ "PT\\((.n? // 1) % 3${this.least()})S" }`,
    ]);
  }

  wait(around: Around): Json {
    if (this.taste.long && this.chance(15)) {
      return this.chance(20)
        ? { minutes: 1, seconds: this.int(0, 9) }
        : { seconds: this.int(31, 120) };
    }
    if (this.chance(10)) return `\${ "PT\\(${this.number(around)} % 5${this.least()})S" }`;
    return this.short();
  }

  /** What keeps a duration from being zero. */
  least(): string {
    return this.taste.exact ? ' | if . == 0 then 1 else . end' : '';
  }

  limit(): Json {
    return { milliseconds: this.pick([10, 60, 300, 2_000, 8_000, 45_000]) + this.int(0, 99) };
  }

  // -- expressions ---------------------------------------------------------------------------------

  number(around: Around, deep = 0): string {
    const known = around.numbers.map((name) => `$${name}`);
    const failed = around.errors.map((name) => `$${name}.status`);
    if (deep < 2 && this.chance(35)) {
      const [a, b] = [this.number(around, deep + 1), this.number(around, deep + 1)];
      return this.pick([
        `((${a} + ${b}) % 997)`,
        `((${a} * 3 - ${b}) % 101)`,
        `([${a}, ${b}] | max)`,
      ]);
    }
    return this.pick([
      '.n',
      '.n',
      '(.n + 1)',
      '(.l | length)',
      '((.l | add) // 0)',
      '($context.x // 0)',
      '(($context.seen // []) | length)',
      `${this.int(0, 40)}`,
      ...(this.chance(8) ? ['($task.startedAt.epoch | .seconds + .milliseconds % 89)'] : []),
      ...known,
      ...known,
      ...failed,
    ]);
  }

  text(around: Around): string {
    const failed = around.errors.flatMap((name) => [
      `$${name}.instance`,
      `($${name}.type | split("/") | last)`,
    ]);
    return this.pick([
      '.s',
      '(.s + "x")[0:12]',
      `"n=\\(${this.number(around)})"`,
      '"\\(.s[0:5])-\\(.n)"',
      '($task.name | ascii_upcase)',
      '($context.only // "none")',
      ...failed,
      ...failed,
    ]);
  }

  numbers(around: Around): string {
    return this.pick([
      '.l',
      `(.l + [${this.number(around)}])[-5:]`,
      `[.l[] | . + ${this.int(1, 9)}]`,
      `[${this.number(around)}, .n]`,
      '(.l | sort)',
    ]);
  }

  condition(around: Around): string {
    const number = this.number(around);
    return this.pick([
      `${number} % 2 == ${this.int(0, 1)}`,
      `${number} < ${this.int(3, 60)}`,
      '(.l | length) > 1',
      `\${ ${number} > ${this.int(0, 9)} }`,
      '.s | startswith("n")',
      '$context.x',
    ]);
  }

  errorIs(as: string): string {
    return this.pick([
      `$${as}.status >= 500`,
      `$${as}.status == 503 or $${as}.status == 408`,
      `$${as}.type | endswith("communication")`,
      '.n < 30',
    ]);
  }
}
