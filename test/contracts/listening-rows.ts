/* Subscriptions and kept events for the Store contract. */
import type { KeptEvent, ListenRow, Lookup, Match, StoreChange } from '../../src/ports/index.ts';
import type { CloudEvent, EventPlace, Json } from '../../src/wire/index.ts';
import { NOON, parkedRow, type RowParts } from './parked-rows.ts';
import type { StoreWorld } from './store-contract.ts';

export function lookup(type: string, from = '', key = ''): Lookup {
  return { type, from, key };
}

export function listen(parts: Partial<ListenRow> = {}): ListenRow {
  const found = parts.lookup ?? lookup('order.paid');
  return {
    lookup: found,
    since: NOON,
    subscription: { filters: [{ with: { type: { is: found.type } } }], first: true },
    ...parts,
  };
}

export function parkListening(
  identity: number,
  listens: readonly ListenRow[],
  parts: RowParts = {},
): StoreChange {
  return { kind: 'park', row: parkedRow(identity, { why: 'listen', ...parts }), listens };
}

export function consumed(identity: number, ...events: EventPlace[]): StoreChange {
  return { kind: 'resume', identities: [identity], events };
}

export function place(partition: number, offset: number): EventPlace {
  return { partition, offset };
}

export interface EventParts {
  readonly id?: string;
  readonly time?: number;
  readonly lookup?: Lookup;
  readonly data?: Json;
}

export function keptEvent(at: EventPlace, parts: EventParts = {}): KeptEvent {
  const { id = `${at.partition}/${at.offset}`, time = NOON + at.offset } = parts;
  const found = parts.lookup ?? lookup('order.paid');
  const event: CloudEvent = {
    specversion: '1.0',
    id,
    source: 'https://shop.example/até',
    type: found.type === '' ? 'something' : found.type,
    data: parts.data ?? { order: 7 },
  };
  return { place: at, time, event, lookup: found };
}

export function keep(
  world: StoreWorld,
  from: number | undefined,
  ...events: KeptEvent[]
): Promise<ReadonlySet<number> | 'stale'> {
  const partition = events[0]?.place.partition ?? 0;
  return world.settle(world.store.events.keep(partition, from, events));
}

export function matchOf(partition: number, identity: number, event: EventPlace): Match {
  return { partition, identity, event };
}

/** Identities with the events they are matched with, by number; and up to which number that is. */
export async function matched(
  world: StoreWorld,
  partition: number,
  after?: number,
  limit = 100,
): Promise<{ matches: string[]; upTo: number; listening: boolean; numbers: number[] }> {
  const answer = await world.settle(world.store.events.matches(partition, after, limit));
  return {
    ...answer,
    matches: answer.matches.map(
      ({ identity, kept }) => `${identity}: ${kept.place.partition}/${kept.place.offset}`,
    ),
    numbers: answer.matches.map(({ number }) => number),
  };
}
