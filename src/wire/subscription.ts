/*
 * What a strand listens for, as data that can be judged without its State (PROTOCOL.md R16): it rides
 * in the PARK record and stands beside the parked row.
 *
 * U1 a term is self-contained: what an expression reads besides the event is given with it.
 * U2 a subscription may let through more than the strand will take, never less: the strand judges again.
 */
import type { Json, JsonObject } from './json.ts';
import { WireError } from './wire-error.ts';

/** jq over a part of an event, and the variables that it reads. */
export interface EventExpression {
  readonly text: string;
  readonly given?: JsonObject;
}

/** What one attribute of an event, or one member of its data, must be. */
export type EventTerm =
  /** equal; scalars count as equal when their texts are */
  | { readonly is: Json }
  /** a regular expression for the whole text */
  | { readonly matches: string }
  /** gives true, or what the attribute must be equal to */
  | { readonly holds: EventExpression }
  /** an object with at least these members */
  | { readonly has: { readonly [member: string]: EventTerm } };

/** A value drawn from the whole event; without `expect` any that is not null. */
export interface EventCorrelation {
  readonly from: EventExpression;
  readonly expect?: Json;
}

export interface EventFilter {
  readonly with: { readonly [attribute: string]: EventTerm };
  readonly correlate?: { readonly [name: string]: EventCorrelation };
}

export interface Subscription {
  /** an event that fits one of them is wanted; none = every event */
  readonly filters: readonly EventFilter[];
  /** the first event that fits is all that is wanted */
  readonly first: boolean;
}

/** The subscription in a record that this build or another one wrote. */
export function subscriptionFromJson(value: Json): Subscription {
  const { filters, first } = (value ?? {}) as Partial<Subscription>;
  if (!Array.isArray(filters) || typeof first !== 'boolean') {
    throw new WireError('the subscription has no filters');
  }
  for (const filter of filters as readonly Partial<EventFilter>[]) {
    if (typeof filter?.with !== 'object') throw new WireError('a filter has no attributes');
  }
  return value as unknown as Subscription;
}
