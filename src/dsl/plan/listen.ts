/*
 * What a task listens for: filters of events, compiled to what makes them data at the time of listening.
 *
 * F1. A text in `with` is `${ }`, or literal, or a regular expression if it has more than the signs that
 *     names and addresses are made of. An object in it is compared member by member.
 * F2. What judges an event reads it and the variables of the task: `.` is the attribute, in
 *     `correlate.from` the whole event. What an event is compared with, in `correlate.expect` and in
 *     lists, is evaluated when the task listens: there `.` is the task's input.
 */
import type { Json, JsonObject } from '../../wire/json.ts';
import { pointerStep } from '../../wire/json.ts';
import type {
  EventCorrelation,
  EventExpression,
  EventFilter,
  EventTerm,
} from '../../wire/subscription.ts';
import type {
  Correlation,
  EventConsumptionStrategy,
  EventFilter as FilterModel,
} from '../document.ts';
import { expressionOf } from '../expression.ts';
import { type ExpressionCompiler, setOwn } from './expression.ts';
import type { Scope, StrategyPlan, Value } from './plan.ts';

/** Makes something out of the task's input and scope. */
type Maker<T> = (input: Json, scope: Scope) => T;

export class StrategyCompiler {
  private readonly expressions: ExpressionCompiler;
  private readonly names: readonly string[];
  /** something in it may read the task's input (F2) */
  readsInput = false;

  constructor(expressions: ExpressionCompiler, names: readonly string[]) {
    this.expressions = expressions;
    this.names = names;
  }

  strategy({ all, any, one }: EventConsumptionStrategy, pointer: string): StrategyPlan {
    const mode = one === undefined ? (all === undefined ? 'any' : 'all') : 'one';
    const models = one === undefined ? (all ?? any ?? []) : [one];
    const filters = models.map((model, index) =>
      this.filter(model, one === undefined ? `${pointer}/${mode}/${index}` : `${pointer}/one`),
    );
    return { mode, filters };
  }

  private filter(model: FilterModel, pointer: string): Maker<EventFilter> {
    const terms = Object.entries(model.with).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, this.term(value as Json, `${pointer}/with/${pointerStep(name)}`)] as const],
    );
    const correlations = Object.entries(model.correlate ?? {}).map(
      ([name, one]) =>
        [name, this.correlation(one, `${pointer}/correlate/${pointerStep(name)}`)] as const,
    );
    return (input, scope) => ({
      with: made(terms, input, scope),
      ...(correlations.length === 0 ? {} : { correlate: made(correlations, input, scope) }),
    });
  }

  private term(value: Json, pointer: string): Maker<EventTerm> {
    if (typeof value === 'string') {
      if (expressionOf(value, 'free') !== undefined) {
        const expression = this.expression(value, pointer);
        return (_input, scope) => ({ holds: expression(scope) });
      }
      const term: EventTerm = isPattern(value) ? { matches: value } : { is: value };
      return () => term;
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const members = Object.entries(value as JsonObject).map(
        ([name, one]) => [name, this.term(one, `${pointer}/${pointerStep(name)}`)] as const,
      );
      return (input, scope) => ({ has: made(members, input, scope) });
    }
    // a list is compared as a whole: what `${ }` in it gives must be equal
    const whole = this.compared(value, pointer);
    return (input, scope) => ({ is: whole(input, scope) });
  }

  private correlation({ expect, from }: Correlation, pointer: string): Maker<EventCorrelation> {
    const drawn = this.expression(from, `${pointer}/from`);
    if (expect === undefined) return (_input, scope) => ({ from: drawn(scope) });
    const value = this.compared(expect, `${pointer}/expect`);
    return (input, scope) => ({ from: drawn(scope), expect: value(input, scope) });
  }

  /** F2 */
  private compared(value: Json, pointer: string): Value {
    if (JSON.stringify(value).includes('${')) this.readsInput = true;
    return this.expressions.free(value, pointer, 'taskDefinition', this.names);
  }

  /** An expression that is evaluated elsewhere: its text, and what it reads of the run. */
  private expression(text: string, pointer: string): (scope: Scope) => EventExpression {
    let source = text;
    let reads: readonly string[] = [];
    this.expressions.value(text, pointer, 'taskDefinition', this.names, (_at, found, program) => {
      source = found;
      reads = [...program.reads].sort();
      return true;
    });
    if (reads.length === 0) return () => ({ text: source });
    return (scope) => {
      const given: Record<string, Json> = {};
      for (const name of reads) setOwn(given, name, scope.variable(name));
      return { text: source, given };
    };
  }
}

function made<T>(
  parts: readonly (readonly [name: string, make: Maker<T>])[],
  input: Json,
  scope: Scope,
): { readonly [name: string]: T } {
  return Object.fromEntries(parts.map(([name, make]) => [name, make(input, scope)]));
}

/** Names, addresses and times have points, dashes, slashes and colons in them, and are no patterns. */
function isPattern(text: string): boolean {
  return /[\\^$*+?()[\]{}|]/.test(text);
}
