/*
 * How a subscription is found from an event that fits it (PROTOCOL.md R16, ports/event-store.ts). Pure.
 *
 * K1. Every event that fits a filter is found by the lookup that was made of the filter; what else is
 *     found by it is judged, and refused then.
 * K2. One lookup for each distinct type, text and value: however many filters a subscription has, it is
 *     found once by each.
 */
import { comparable, drawn } from '../dsl/index.ts';
import type { Heard, KeptEvent, ListenRow, Lookup } from '../ports/index.ts';
import {
  type CloudEvent,
  CLOCK_SKEW_MAX_MS,
  type EventFilter,
  type EventPlace,
  type RecordHeader,
  sha256Hex,
  type Subscription,
  timeOfRunId,
} from '../wire/index.ts';

/** Texts that are longer are not looked up by: a column of every Store holds those (ports/event-store.ts). */
const TEXT_BYTES_MAX = 999;
const KEY_HEX = 32;

/** The rows that stand beside a parked strand that listens. */
export function listenRows(subscription: Subscription, since: number): readonly ListenRow[] {
  const { filters, first } = subscription;
  const every: Lookup = { type: '', from: '', key: '' };
  if (filters.length === 0) return [{ lookup: every, since, subscription }];
  const rows = new Map<string, { readonly lookup: Lookup; readonly filters: EventFilter[] }>();
  for (const filter of filters) {
    const lookup = lookupOf(filter);
    const name = JSON.stringify([lookup.type, lookup.from, lookup.key]);
    const row = rows.get(name);
    if (row === undefined) rows.set(name, { lookup, filters: [filter] });
    else row.filters.push(filter);
  }
  return [...rows.values()].map((row) => ({
    lookup: row.lookup,
    since,
    subscription: { filters: row.filters, first },
  }));
}

/**
 * Since when events count for a strand, ms: clocks of clients and brokers may differ, and what was meant
 * for its run may have been sent while that was on its way. `parkedAt`: when its PARK was appended; a
 * writer whose clock is ahead of the broker's shows by that.
 */
export function listensSince(
  { run, time }: Pick<RecordHeader, 'run' | 'time'>,
  startedAt: number,
  parkedAt: number,
): number {
  const asked = timeOfRunId(run) ?? startedAt;
  const ahead = Math.max(0, time - parkedAt);
  return Math.min(asked, startedAt) - ahead - CLOCK_SKEW_MAX_MS;
}

function lookupOf({ correlate = {}, with: terms }: EventFilter): Lookup {
  const term = Object.hasOwn(terms, 'type') ? terms['type'] : undefined;
  const type = term !== undefined && 'is' in term ? looked(comparable(term.is)) : '';
  for (const name of Object.keys(correlate).sort()) {
    const { expect, from } = correlate[name]!;
    // What reads variables of its run is the question of that run alone.
    if (expect === undefined || from.given !== undefined) continue;
    const text = looked(from.text);
    if (text !== '') return { type, from: text, key: keyOf(comparable(expect)) };
  }
  return { type, from: '', key: '' };
}

/** The type by which an event is looked up; '' = it has none that could be. */
export function typeOf({ type }: CloudEvent): string {
  return looked(type);
}

/** The key under which that event is found by `from`; undefined = it is not found by that. */
export function keyIn(event: CloudEvent, from: string, now: number): string | undefined {
  if (from === '') return '';
  const value = drawn({ from: { text: from } }, event, now);
  return value === undefined ? undefined : keyOf(comparable(value));
}

function looked(text: string): string {
  return Buffer.byteLength(text) > TEXT_BYTES_MAX ? '' : text;
}

/** Values may be of any size, and what they are is nobody's business. */
function keyOf(value: string): string {
  return sha256Hex(value).slice(0, KEY_HEX);
}

/** Events in the order of their arrival. */
export function byArrival(a: KeptEvent, b: KeptEvent): number {
  const [ours, theirs] = [a.place, b.place];
  return a.time - b.time || ours.partition - theirs.partition || ours.offset - theirs.offset;
}

/** What runs have heard already: once each, but for branches that go on side by side. */
export class HeardBefore {
  private readonly strands = new Map<string, string[]>();

  constructor(rows: readonly Heard[]) {
    for (const { event, run, strand } of rows) this.add(run, strand, event);
  }

  add(run: string, strand: string, event: EventPlace): void {
    const name = heardName(run, event);
    const strands = this.strands.get(name);
    if (strands === undefined) this.strands.set(name, [strand]);
    else strands.push(strand);
  }

  /** Whether the event is not for that strand any more. */
  bars(run: string, strand: string, event: EventPlace): boolean {
    const strands = this.strands.get(heardName(run, event)) ?? [];
    return strands.some((other) => !besides(other, strand));
  }
}

function heardName(run: string, { offset, partition }: EventPlace): string {
  return `${run} ${partition}/${offset}`;
}

/** Whether two strands of a run go on side by side: branches of one fork, or below such. */
export function besides(a: string, b: string): boolean {
  const [ours, theirs] = [a.split('/'), b.split('/')];
  const at = ours.findIndex((part, i) => part !== theirs[i]);
  const fork = (part: string | undefined): string | undefined => part?.split('.')[0];
  return at >= 0 && theirs[at] !== undefined && fork(ours[at]) === fork(theirs[at]);
}
