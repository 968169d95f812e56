/*
 * Schedules by events (DSL, Schedule `on`; PROTOCOL.md R16): which of the events that a schedule was matched
 * with begin runs. Pure.
 *
 * Q4. Each event begins at most one run, and is judged alone: `one` and `any` begin a run with each event
 *     that fits a filter, `all` with each set of one event for every filter. Events of a set agree in the
 *     correlations that they have in common; an event joins the oldest set that it fits.
 * Q5. What waits for the rest of its set is a match that nobody has consumed: a new owner is told of it
 *     again. It is given up once it is as old as events are kept, or when too many wait.
 */
import { type EventKeys, fits, outward, type Plan } from '../dsl/index.ts';
import type { KeptEvent } from '../ports/index.ts';
import {
  type CloudEvent,
  dataOf,
  EVENT_KEEP_MS,
  type EventRule,
  type Json,
  nameOfEvent,
  type Subscription,
} from '../wire/index.ts';

/** Runs that begin in one unit, and what their events may weigh, characters of JSON. */
const RUNS_MAX = 50;
const SIZE_MAX = 256 * 1_024;
/** Events that may wait for the rest of their sets. */
const WAITING_MAX = 1_000;

/** The rule of a definition that is scheduled at `since` (ms); undefined = events do not begin it. */
export function eventRuleOf({ schedule }: Plan, since: number): EventRule | undefined {
  if (schedule === undefined) return undefined;
  const { read, to } = schedule;
  const scope = {
    now: since,
    variable: (name: string): Json => {
      throw new TypeError(`$${name} was let through into a schedule`);
    },
  };
  return { mode: to.mode, filters: to.filters.map((filter) => filter(null, scope)), read, since };
}

/** What is to be matched with it. */
export function subscriptionOf({ filters }: EventRule): Subscription {
  return { filters: filters.map(outward), first: false };
}

/** Events that begin a run together, in the order of the filters. */
export type EventSet = readonly KeptEvent[];

export interface Firing {
  /** one run each */
  readonly sets: readonly EventSet[];
  /** consumed without a run: they fit no filter, or were given up */
  readonly dropped: readonly KeptEvent[];
  /** not yet */
  readonly waiting: readonly KeptEvent[];
  /** these may begin more runs at once, in another unit */
  readonly more: boolean;
}

/** What comes of `events`, in the order of their arrival, at `now` (ms). */
export function firingOf(rule: EventRule, events: readonly KeptEvent[], now: number): Firing {
  const sets: EventSet[] = [];
  const dropped: KeptEvent[] = [];
  const open: Gathering[] = [];
  const later: KeptEvent[] = [];
  let size = 0;
  for (const kept of events) {
    if (sets.length >= RUNS_MAX || size > SIZE_MAX) {
      later.push(kept);
      continue;
    }
    const placed = rule.mode === 'all' ? gathered(rule, open, kept) : alone(rule, kept);
    if (placed === undefined) dropped.push(kept);
    else if (placed.events.size === sizeOf(rule)) {
      const set = [...placed.events].sort(([a], [b]) => a - b).map(([, one]) => one);
      sets.push(set);
      size += JSON.stringify(set.map(({ event }) => event)).length;
      if (open.includes(placed)) open.splice(open.indexOf(placed), 1);
    }
  }
  const waiting = open.flatMap((set) => [...set.events.values()]).concat(later);
  const old = waiting.filter(({ time }) => now - time >= EVENT_KEEP_MS);
  const kept = waiting.filter(({ time }) => now - time < EVENT_KEEP_MS);
  const over = later.length > 0 ? [] : kept.splice(0, Math.max(0, kept.length - WAITING_MAX));
  return { sets, dropped: [...dropped, ...old, ...over], waiting: kept, more: later.length > 0 };
}

/** A set that is being gathered: its events by filter. */
interface Gathering {
  keys: EventKeys;
  readonly events: Map<number, KeptEvent>;
}

function sizeOf({ filters, mode }: EventRule): number {
  return mode === 'all' ? filters.length : 1;
}

function alone({ filters, mode }: EventRule, kept: KeptEvent): Gathering | undefined {
  const { event, time } = kept;
  const fitting =
    (mode === 'any' && filters.length === 0) ||
    filters.some((filter) => fits(filter, event, time) !== undefined);
  return fitting ? { keys: {}, events: new Map([[0, kept]]) } : undefined;
}

function gathered(
  { filters }: EventRule,
  open: Gathering[],
  kept: KeptEvent,
): Gathering | undefined {
  const { event, time } = kept;
  for (const set of open) {
    for (const [index, filter] of filters.entries()) {
      if (set.events.has(index)) continue;
      const keys = fits(filter, event, time, set.keys);
      if (keys === undefined) continue;
      set.keys = { ...keys, ...set.keys };
      set.events.set(index, kept);
      return set;
    }
  }
  for (const [index, filter] of filters.entries()) {
    const keys = fits(filter, event, time);
    if (keys === undefined) continue;
    const set = { keys, events: new Map([[index, kept]]) };
    open.push(set);
    return set;
  }
  return undefined;
}

/** What the run is given. */
export function inputOf({ read }: EventRule, set: EventSet): Json {
  return set.map(({ event }) => readAs(read, event));
}

/** The cause of the run, as a text: the same events begin the same run. */
export function causeOfSet(set: EventSet): string {
  return set.map(({ event }) => nameOfEvent(event)).join(' ');
}

function readAs(read: EventRule['read'], event: CloudEvent): Json {
  if (read === 'envelope') return event;
  if (read === 'raw') return event['data'] ?? event['data_base64'] ?? null;
  return dataOf(event);
}
