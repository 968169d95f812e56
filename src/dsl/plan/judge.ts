/*
 * Whether an event fits a filter. The strand that listens judges by this, and so does whoever looks for
 * its events beforehand: from the filter alone, without the State.
 *
 * J1. What an expression objects to does not fit; nothing that comes from outside raises an error.
 * J2. A subscription lets through whatever the filters that it was made from would (outward).
 */
import type { Json as JqJson } from '../../jq/index.ts';
import { JqSyntaxError } from '../../jq/index.ts';
import { canonicalJson } from '../../wire/canonical-json.ts';
import { type CloudEvent, dataOf } from '../../wire/cloud-event.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import type {
  EventCorrelation,
  EventExpression,
  EventFilter,
  EventTerm,
  Subscription,
} from '../../wire/subscription.ts';
import { outcome } from './expression.ts';
import { EvaluationFault } from './plan.ts';
import { programOf, readsClock } from './programs.ts';

/** Most that a term of a subscription carries of the variables it reads, characters of JSON. */
const GIVEN_MAX = 4_096;

/** Values of correlations that an event has fixed, by name. */
export type EventKeys = { readonly [name: string]: Json };

/** Whether the event is wanted, as far as can be told without the strand; `now` in ms. */
export function wants({ filters }: Subscription, event: CloudEvent, now: number): boolean {
  return filters.length === 0 || filters.some((filter) => fits(filter, event, now) !== undefined);
}

/**
 * Undefined if the event does not fit; else the values that it gives to the correlations of the filter.
 * Those in `keys` are expected where the filter itself expects nothing.
 */
export function fits(
  { correlate = {}, with: terms }: EventFilter,
  event: CloudEvent,
  now: number,
  keys: EventKeys = {},
): EventKeys | undefined {
  for (const [name, term] of Object.entries(terms)) {
    const attribute = name === 'data' ? dataOf(event) : own(event, name);
    if (!holds(term, attribute, now)) return undefined;
  }
  const values: [name: string, value: Json][] = [];
  for (const [name, correlation] of Object.entries(correlate)) {
    const value = drawn(correlation, event, now);
    const expect = expectation(name, correlation, keys);
    // What is expected and turned out to be nothing, no event has.
    if (value === undefined || expect === null) return undefined;
    if (expect !== undefined && !isSame(expect, value)) return undefined;
    values.push([name, value]);
  }
  return Object.fromEntries(values);
}

/** The value that an event must have to be taken; undefined = any. */
export function expectation(
  name: string,
  { expect }: EventCorrelation,
  keys: EventKeys,
): Json | undefined {
  return expect === undefined ? own(keys, name) : expect;
}

/** What is drawn from the event to be correlated; undefined = nothing. */
export function drawn(
  { from }: Pick<EventCorrelation, 'from'>,
  event: CloudEvent,
  now: number,
): Json | undefined {
  return evaluated(from, event, now) ?? undefined;
}

/** A value as it is compared: that of a text is the text itself. */
export function comparable(value: Json): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

function isSame(a: Json, b: Json): boolean {
  return comparable(a) === comparable(b);
}

function holds(term: EventTerm, value: Json | undefined, now: number): boolean {
  if ('is' in term) return value !== undefined && isSame(term.is, value);
  if ('matches' in term) return typeof value === 'string' && matches(term.matches, value);
  if ('has' in term) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return Object.entries(term.has).every(([name, one]) =>
      holds(one, own(value as JsonObject, name), now),
    );
  }
  const verdict = evaluated(term.holds, value ?? null, now);
  if (typeof verdict === 'boolean' || verdict === null) return verdict === true;
  return value !== undefined && isSame(verdict, value);
}

/** A text that is no regular expression is the text that it is. */
function matches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  const whole = { text: 'test("\\\\A(?:" + $pattern + ")\\\\z")', given: { pattern } };
  return evaluated(whole, text, 0) === true;
}

/** J1: null for what fails. */
function evaluated({ given = {}, text }: EventExpression, input: Json, now: number): Json {
  const names = Object.keys(given);
  try {
    const program = programOf(text, names);
    const values = names.map((name) => given[name] as JqJson);
    return outcome(() => program.first(input as JqJson, values, { now: now / 1000 }), '');
  } catch (error) {
    if (error instanceof EvaluationFault || error instanceof JqSyntaxError) return null;
    throw error;
  }
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * The filter as it goes beside the parked strand: without what reads the clock, for nobody knows when it
 * will be judged, and without what carries much of the State.
 */
export function outward({ correlate = {}, with: terms }: EventFilter): EventFilter {
  const kept = Object.entries(correlate).filter(([, { from }]) => travels(from));
  return {
    with: outwardTerms(terms),
    ...(kept.length === 0 ? {} : { correlate: Object.fromEntries(kept) }),
  };
}

/** Whether the filter goes there as it is: what it lets through is taken. */
export function isWhole(filter: EventFilter): boolean {
  return JSON.stringify(outward(filter)) === JSON.stringify(filter);
}

function outwardTerms(terms: EventFilter['with']): EventFilter['with'] {
  return Object.fromEntries(
    Object.entries(terms).flatMap(([name, term]): [string, EventTerm][] => {
      if ('has' in term) return [[name, { has: outwardTerms(term.has) }]];
      return 'holds' in term && !travels(term.holds) ? [] : [[name, term]];
    }),
  );
}

function travels({ given, text }: EventExpression): boolean {
  if (readsClock(text)) return false;
  return given === undefined || JSON.stringify(given).length <= GIVEN_MAX;
}
