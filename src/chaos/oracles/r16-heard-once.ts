/*
 * R16: whoever listens hears each event that it waits for, once for each run, in time and in order, and nothing else.
 *
 * An event is one, however often it was sent: copies are told by source and id. A strand hears it if it
 * came since its run was asked for and before its own time was over, and if it fits its subscription.
 * Branches of one fork may hear the same event; nobody else of a run hears it again. At rest nobody waits
 * who could have heard something, and what stands beside the parked rows is what their records say.
 */
import { wants } from '../../dsl/plan/judge.ts';
import { canonicalJson } from '../../wire/canonical-json.ts';
import { EVENT_KEEP_MS } from '../../wire/limits.ts';
import type { EventsHistory } from '../history.ts';
import {
  areBranches,
  type Hearing,
  hearingsOf,
  type Listener,
  listeners,
  type LoggedEvent,
  loggedEvents,
} from './event-reading.ts';
import { at, type Oracle, type Verdict, type View } from './oracle.ts';
import { LATENESS_MAX_MS } from './p4-timers.ts';
import { checkOrder } from './r16-in-order.ts';

/** Events are forgotten after a day; for so long before that they surely are not, ms. */
const KEPT_SURELY_MS = EVENT_KEEP_MS - LATENESS_MAX_MS;

export const heardOnce: Oracle = {
  name: 'r16-heard-once',
  promise: 'R16',
  says: 'who listens hears every event that fits, once for each run, and no other',
  check(view, verdict) {
    const { events } = view.history;
    if (events === undefined) return;
    const logged = loggedEvents(events);
    const byPlace = new Map<string, LoggedEvent>();
    for (const event of logged.values()) {
      for (const place of event.places) byPlace.set(place, event);
    }
    const heardByRun = new Map<string, Heard[]>();
    const all = view.reading.partitions.flatMap(listeners);
    for (const listener of all) {
      for (const hearing of hearingsOf(listener)) {
        const { offset, partition } = hearing.place;
        const event = byPlace.get(`${partition}/${offset}`);
        checkHearing(hearing, event, heardByRun, verdict);
      }
    }
    const inOrder = [...logged.values()].sort((a, b) => a.time - b.time);
    for (const listener of all) {
      checkMissed(listener, inOrder, heardByRun.get(listener.park.header.run) ?? [], view, verdict);
    }
    checkOrder(all, events, verdict);
    checkRows(all, events, view, verdict);
  },
};

interface Heard {
  readonly event: LoggedEvent;
  readonly strand: string;
}

function subscriptionOf({ park }: Listener) {
  const { body } = park;
  return body.kind === 'PARK' ? body.subscription : undefined;
}

/** One event that a strand has taken. */
function checkHearing(
  { listener, place, told }: Hearing,
  event: LoggedEvent | undefined,
  heardByRun: Map<string, Heard[]>,
  verdict: Verdict,
): void {
  const { due, park, since } = listener;
  const { run, strand } = park.header;
  const who = `${park.named} (run ${run})`;
  const what = `${place.partition}/${place.offset} of the events log`;
  verdict.expect(
    event !== undefined,
    () => `${who} has heard ${what}, which is no event`,
    at(park),
  );
  if (event === undefined) return;
  verdict.expect(
    told === undefined || canonicalJson(told) === canonicalJson(event.event),
    () => `${who} has heard ${what}, and its next record says that it was another event`,
    at(park),
  );
  const subscription = subscriptionOf(listener);
  verdict.expect(
    subscription !== undefined && wants(subscription, event.event, event.time),
    () => `${who} has heard ${event.name}, which it does not listen for`,
    at(park),
  );
  verdict.expect(
    event.time >= since,
    () => `${who} has heard ${event.name}, which came ${since - event.time} ms before its time`,
    at(park),
  );
  verdict.expect(
    event.time < due,
    () => `${who} has heard ${event.name}, which came ${event.time - due} ms after its time`,
    at(park),
  );
  const heard = heardByRun.get(run) ?? [];
  const again = heard.find((one) => one.event === event && !areBranches(one.strand, strand));
  verdict.expect(
    again === undefined,
    () =>
      `run ${run} has heard ${event.name} twice: in strand "${again?.strand}" and in "${strand}"`,
    at(park),
  );
  heardByRun.set(run, [...heard, { event, strand }]);
}

/** What a strand should have heard, and has not. */
function checkMissed(
  listener: Listener,
  events: readonly LoggedEvent[],
  heard: readonly Heard[],
  { history }: View,
  verdict: Verdict,
): void {
  const { due, park, resumedBy, since } = listener;
  const subscription = subscriptionOf(listener);
  if (subscription === undefined || !history.quiescent) return;
  // What it was brought back by instead, and when: its time, or nothing so far.
  const byTime = resumedBy !== undefined && isTimedOut(listener);
  if (resumedBy !== undefined && !byTime) return;
  // By the clock of its runner its time may have come before; the broker's says when that was.
  const over = byTime ? Math.min(due, resumedBy.records[0]!.time) : history.endedAt;
  for (const event of events) {
    if (event.time < since || event.time >= due) continue;
    if (event.time + KEPT_SURELY_MS < park.time) continue;
    // Its own time is over by the clock of its runner, which may have jumped before it was parked.
    const from = Math.max(event.time, park.time, park.header.time, history.healedAt);
    if (from + LATENESS_MAX_MS >= over) continue;
    if (!wants(subscription, event.event, event.time)) continue;
    const { strand } = park.header;
    const before = heard.some(
      (one) => one.event === event && !(one.strand !== strand && areBranches(one.strand, strand)),
    );
    if (before) continue;
    const latest = byTime ? 'before its time was over' : `by ${history.endedAt}`;
    verdict.violation(
      `${park.named} (run ${park.header.run}) listens for ${event.name}, which came at ${event.time}, and had not heard it ${latest}`,
      at(park),
    );
    return;
  }
  verdict.checked += 1;
}

function isTimedOut({ park, resumedBy }: Listener): boolean {
  const resume = resumedBy?.records.find(({ header }) => header.kind === 'RESUME')?.body;
  if (resume?.kind !== 'RESUME' || resume.rows[0] !== park.offset) return false;
  if ((resume.events ?? []).length > 0) return false;
  const { strand } = park.header;
  return resumedBy!.records.some(
    ({ body, header }) =>
      header.strand === strand && 'cause' in body && body.cause.kind === 'timer',
  );
}

/** Subscriptions stand beside the parked rows, and come and go with them. */
function checkRows(
  all: readonly Listener[],
  { subscriptions }: EventsHistory,
  { history }: View,
  verdict: Verdict,
): void {
  const rows = Map.groupBy(subscriptions, ({ identity, partition }) => `${partition}/${identity}`);
  for (const { park, resumedBy, since } of all) {
    const applied = history.store.applied[park.partition] ?? 0;
    const resumedAt = resumedBy?.records[0]?.offset ?? Infinity;
    const expected = park.offset < applied && resumedAt >= applied;
    const name = `${park.partition}/${park.offset}`;
    const found = rows.get(name);
    rows.delete(name);
    verdict.expect(
      expected === (found !== undefined),
      () =>
        expected
          ? `${park.named} (run ${park.header.run}) has no subscription in the Store`
          : `a subscription of ${park.named} (run ${park.header.run}) stands in the Store for nobody`,
      at(park),
    );
    verdict.expect(
      found?.every(({ run, strand, ...row }) => {
        const { header } = park;
        return run === header.run && strand === header.strand && row.since === since;
      }) ?? true,
      () =>
        `the subscription of ${park.named} (run ${park.header.run}) is not what its record says`,
      at(park),
    );
  }
  for (const [name, [row]] of rows) {
    // Schedules listen as well (r16-begun-by-events).
    if (row?.run.startsWith('schedule:')) continue;
    verdict.violation(
      `a subscription of run ${row?.run} stands in the Store for ${name}, which is no PARK`,
    );
  }
}
