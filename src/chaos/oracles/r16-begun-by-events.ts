/*
 * R16 for schedules by events: each event that a schedule wants begins one run, or is part of one set that
 * does, whatever was sent how often; the run is given what it was begun by; nothing else begins a run.
 *
 * A schedule is one as long as it stands, in whatever versions: what has begun a run in one begins none in the
 * next. Sets are looked at only where they cannot be told apart in two ways.
 */
import { comparable, drawn, fits } from '../../dsl/plan/judge.ts';
import { canonicalJson } from '../../wire/canonical-json.ts';
import { dataOf } from '../../wire/cloud-event.ts';
import type { Json } from '../../wire/json.ts';
import { EVENT_KEEP_MS } from '../../wire/limits.ts';
import type { EventRule } from '../../wire/record.ts';
import { type LoggedEvent, loggedEvents } from './event-reading.ts';
import { causeOf } from './effects.ts';
import type { Entry, Partition, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { LATENESS_MAX_MS } from './p4-timers.ts';

/** A schedule that stands, or stood until `until` (ms). */
interface Standing {
  row: number;
  scheduled: Entry;
  rule: EventRule;
  until: number;
  /** names of events that it has consumed */
  readonly consumed: Set<string>;
}

export const begunByEvents: Oracle = {
  name: 'r16-begun-by-events',
  promise: 'R16',
  says: 'each event that a schedule wants begins one run, and nothing else does',
  check(view, verdict) {
    const { events } = view.history;
    if (events === undefined) return;
    const logged = [...loggedEvents(events).values()];
    const byPlace = new Map(
      logged.flatMap((event) => [...event.places].map((place) => [place, event] as const)),
    );
    for (const partition of view.reading.partitions) {
      for (const one of standing(partition, byPlace, verdict)) {
        checkMissed(one, logged, view, verdict);
      }
    }
  },
};

/** Follows the schedules of a partition, and checks what they do. */
function standing(
  { units }: Partition,
  byPlace: ReadonlyMap<string, LoggedEvent>,
  verdict: Verdict,
): readonly Standing[] {
  const all: Standing[] = [];
  const byRun = new Map<string, Standing>();
  for (const unit of units) {
    const next = unit.records.find(({ body }) => body.kind === 'SCHEDULE');
    for (const entry of unit.records) {
      const { body, header } = entry;
      const known = byRun.get(header.run);
      if (body.kind === 'RESUME' && known !== undefined && body.rows.includes(known.row)) {
        known.until = entry.time;
        if (next?.header.run !== header.run) byRun.delete(header.run);
      } else if (body.kind === 'SCHEDULE' && body.rule.on !== undefined) {
        const consumed = known?.consumed ?? new Set<string>();
        const about = { row: entry.offset, scheduled: entry, rule: body.rule.on };
        const one = { ...about, until: Infinity, consumed };
        byRun.set(header.run, one);
        all.push(one);
      } else if (body.kind === 'FIRE' && body.events !== undefined) {
        verdict.expect(
          known?.row === body.row,
          () => `${entry.named} fires ${body.row}, which is no schedule by events`,
          at(entry),
        );
        if (known !== undefined) checkFire(entry, unit, known, byPlace, verdict);
      }
    }
  }
  return all;
}

function checkFire(
  entry: Entry,
  { records }: Unit,
  { consumed, rule }: Standing,
  byPlace: ReadonlyMap<string, LoggedEvent>,
  verdict: Verdict,
): void {
  const { body } = entry;
  if (body.kind !== 'FIRE') return;
  const named: LoggedEvent[] = [];
  for (const { offset, partition } of body.events ?? []) {
    const event = byPlace.get(`${partition}/${offset}`);
    verdict.expect(
      event !== undefined && event.time >= rule.since && !consumed.has(event.name),
      () =>
        `${entry.named} names ${event?.name ?? `${partition}/${offset}`}, which ${event === undefined ? 'is no event' : consumed.has(event.name) ? 'it has heard before' : 'came before it was scheduled'}`,
      at(entry),
    );
    if (event === undefined) continue;
    consumed.add(event.name);
    named.push(event);
  }
  const left = new Set(named);
  const size = rule.mode === 'all' ? rule.filters.length : 1;
  for (const run of records) {
    const cause = causeOf(run.body);
    if (run.header.strand !== '' || cause?.kind !== 'start' || cause.by !== undefined) continue;
    const input = Array.isArray(cause.input) ? cause.input : [];
    const set = input.map((one, nth) => taken(rule, one, nth, left));
    verdict.expect(
      input.length === size && set.every((event) => event !== undefined) && agree(rule, set),
      () => `${run.named} is begun with ${JSON.stringify(cause.input)}, which is not what came`,
      at(run),
    );
  }
  // Sets that never become whole are given up after a day.
  for (const event of left) {
    verdict.expect(
      !isWanted(rule, event) || rule.mode === 'all',
      () => `${entry.named} has heard ${event.name}, and begins no run with it`,
      at(entry),
    );
  }
}

/** The event of the unit that this part of an input is, if there is one. */
function taken(
  rule: EventRule,
  input: Json,
  nth: number,
  left: Set<LoggedEvent>,
): LoggedEvent | undefined {
  const { filters, mode, read } = rule;
  for (const one of left) {
    const { event, time } = one;
    const { data, data_base64: encoded } = event;
    const told = read === 'envelope' ? event : read === 'raw' ? (data ?? encoded) : dataOf(event);
    if (canonicalJson(told ?? null) !== canonicalJson(input)) continue;
    const suits =
      mode === 'all' ? fits(filters[nth]!, event, time) !== undefined : isWanted(rule, one);
    if (!suits) continue;
    left.delete(one);
    return one;
  }
  return undefined;
}

function isWanted({ filters, mode }: EventRule, { event, time }: LoggedEvent): boolean {
  if (mode === 'any' && filters.length === 0) return true;
  return filters.some((filter) => fits(filter, event, time) !== undefined);
}

/** Correlations that filters of a set have in common have one value. */
function agree({ filters, mode }: EventRule, set: readonly (LoggedEvent | undefined)[]): boolean {
  if (mode !== 'all') return true;
  const values = new Map<string, string>();
  return set.every((one, nth) =>
    Object.entries(filters[nth]?.correlate ?? {}).every(([name, correlation]) => {
      const value = one && drawn(correlation, one.event, one.time);
      if (value === undefined) return false;
      const text = comparable(value);
      const known = values.get(name);
      values.set(name, text);
      return known === undefined || known === text;
    }),
  );
}

/** At rest nothing waits that could have begun a run. */
function checkMissed(
  { consumed, rule, scheduled, until }: Standing,
  events: readonly LoggedEvent[],
  { history }: View,
  verdict: Verdict,
): void {
  if (!history.quiescent) return;
  const over = Math.min(until, history.endedAt);
  const missed = events.filter((event) => {
    const { name, time } = event;
    if (time < rule.since || consumed.has(name) || !isWanted(rule, event)) return false;
    if (time + EVENT_KEEP_MS - LATENESS_MAX_MS < scheduled.time) return false;
    return Math.max(time, scheduled.time, history.healedAt) + LATENESS_MAX_MS < over;
  });
  const first =
    rule.mode === 'all' ? missed.find((event) => isWhole(rule, event, missed)) : missed[0];
  verdict.expect(
    first === undefined,
    () => `${scheduled.named} listens for ${first?.name}, which had begun no run by ${over}`,
    at(scheduled),
  );
}

/** The event is the first of a set that is whole. */
function isWhole(
  { filters }: EventRule,
  one: LoggedEvent,
  events: readonly LoggedEvent[],
): boolean {
  const keys = fits(filters[0]!, one.event, one.time);
  if (keys === undefined) return false;
  return filters
    .slice(1)
    .every((filter) =>
      events.some(
        (other) => other !== one && fits(filter, other.event, other.time, keys) !== undefined,
      ),
    );
}
