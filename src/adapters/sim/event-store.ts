/*
 * SimEventStore: what the simulated database holds of events and of those who listen. Rows are kept as
 * text; what comes without a promised order comes shuffled.
 *
 * Invariants: port rules M1-M5.
 */
import type {
  EventStore,
  Heard,
  KeptEvent,
  ListenRow,
  Lookup,
  Match,
  NumberedMatch,
  Progress,
  SubscriptionPlace,
  SubscriptionRow,
} from '../../ports/index.ts';
import type { EventPlace } from '../../wire/index.ts';
import type { PointName } from './faults.ts';
import type { Gate, Reply } from './gate.ts';
import type { Life } from './process.ts';
import { type Random, shuffled } from './random.ts';

interface Home {
  looked: number;
  numbers: number;
}

interface HeardRow extends Heard {
  readonly partition: number;
  readonly identity: number;
  readonly number: number;
}

/** What folds of one partition write here, and what follows from that. */
export interface Beside {
  readonly looked: number;
  readonly subscriptions: ReadonlyMap<string, string>;
  readonly matched: ReadonlyMap<string, HeardRow>;
}

/** Number of a match whose subscription a failover has lost. */
const NOBODYS = 0;

export interface EventWrites {
  inserted: number;
  updated: number;
  deleted: number;
}

export class SimEventStore {
  private readonly random: Random;
  private readonly writes: EventWrites;
  /** where the fold of a home partition stands */
  private readonly applied: (partition: number) => number;
  private readonly homes = new Map<number, Home>();
  private readonly correlators = new Map<number, number>();
  /** by place, as text */
  private readonly subscriptions = new Map<string, string>();
  private readonly events = new Map<string, string>();
  /** (source, id) -> place */
  private readonly names = new Map<string, string>();
  private readonly matched = new Map<string, HeardRow>();

  constructor(writes: EventWrites, random: Random, applied: (partition: number) => number) {
    this.writes = writes;
    this.random = random;
    this.applied = applied;
  }

  portFor(gate: Gate, life: Life): EventStore {
    return new EventStorePort(this, gate, life);
  }

  // -- for the fold ------------------------------------------------------------------------------

  parked(
    partition: number,
    { identity, run, strand }: { identity: number; run: string; strand: string },
    listens: readonly ListenRow[],
  ): void {
    for (const [nth, row] of listens.entries()) {
      const place = { partition, identity, nth };
      this.subscriptions.set(
        placeKey(place),
        JSON.stringify({ ...row, ...place, run, strand } satisfies SubscriptionRow),
      );
      this.writes.inserted += 1;
    }
  }

  resumed(partition: number, identities: readonly number[], events: readonly EventPlace[]): void {
    for (const identity of identities) {
      for (const row of this.rowsOf(partition, identity)) {
        this.subscriptions.delete(placeKey(row));
        this.writes.deleted += 1;
      }
    }
    const consumed = new Set(events.map((event) => `${identities[0]} ${eventKey(event)}`));
    for (const [key, row] of this.matched) {
      if (row.partition !== partition || !identities.includes(row.identity)) continue;
      if (row.number < 0) continue;
      if (consumed.has(`${row.identity} ${eventKey(row.event)}`)) {
        if (row.number === NOBODYS) this.matched.set(key, { ...row, number: this.next(partition) });
        continue;
      }
      this.matched.delete(key);
      this.writes.deleted += 1;
    }
  }

  /** Below zero: consumed by a schedule that listens on. */
  fired(partition: number, identity: number, events: readonly EventPlace[]): void {
    for (const event of events) {
      const key = `${partition}/${identity} ${eventKey(event)}`;
      const row = this.matched.get(key);
      if (row === undefined || row.number < 0) continue;
      const number = row.number === NOBODYS ? this.next(partition) : row.number;
      this.matched.set(key, { ...row, number: -number });
      this.writes.updated += 1;
    }
  }

  beside(partition: number): Beside {
    return {
      looked: this.home(partition).looked,
      subscriptions: new Map(
        [...this.subscriptions].filter(([key]) => key.startsWith(`${partition}/`)),
      ),
      matched: new Map([...this.matched].filter(([, row]) => row.partition === partition)),
    };
  }

  /**
   * A fold is lost with what it wrote here, and with what could be written only after it: how far was looked
   * back. Matches stay (R14); with a subscription that is gone they are nobody's until it is there again.
   */
  putBack(partition: number, { looked, matched, subscriptions }: Beside): void {
    this.home(partition).looked = looked;
    const isGone = (key: string): boolean =>
      key.startsWith(`${partition}/`) && !subscriptions.has(key);
    for (const [key, row] of this.matched) {
      if (row.partition !== partition) continue;
      const listening = this.rowsOf(partition, row.identity);
      if (listening.some((place) => isGone(placeKey(place)))) {
        this.matched.set(key, { ...row, number: NOBODYS });
      }
    }
    for (const key of [...this.subscriptions.keys()]) {
      if (isGone(key)) this.subscriptions.delete(key);
    }
    for (const [key, text] of subscriptions) this.subscriptions.set(key, text);
    for (const [key, row] of matched) this.matched.set(key, row);
  }

  // -- for whoever looks at the world ---------------------------------------------------------------

  subscriptionRows(): readonly SubscriptionRow[] {
    return [...this.subscriptions.values()].map((text) => JSON.parse(text) as SubscriptionRow);
  }

  keptEvents(): readonly KeptEvent[] {
    return [...this.events.values()].map((text) => JSON.parse(text) as KeptEvent);
  }

  heardRows(): readonly (Heard & Match)[] {
    return [...this.matched.values()];
  }

  // -- the port ------------------------------------------------------------------------------------

  correlated(partition: number): number | undefined {
    return this.correlators.get(partition);
  }

  keep(
    partition: number,
    from: number | undefined,
    events: readonly KeptEvent[],
  ): ReadonlySet<number> | 'stale' {
    if (this.correlators.get(partition) !== from) return 'stale';
    const first = new Set<number>();
    for (const kept of events) {
      const name = JSON.stringify([kept.event.source, kept.event.id]);
      const place = eventKey(kept.place);
      const known = this.names.get(name);
      if (known === undefined) {
        this.names.set(name, place);
        this.events.set(place, JSON.stringify(kept));
        this.writes.inserted += 1;
      }
      if (known === undefined || known === place) first.add(kept.place.offset);
    }
    return first;
  }

  lookups(types: readonly string[]): readonly Omit<Lookup, 'key'>[] {
    const found = new Map<string, Omit<Lookup, 'key'>>();
    for (const { lookup } of this.subscriptionRows()) {
      const { type, from } = lookup;
      if (type !== '' && !types.includes(type)) continue;
      found.set(JSON.stringify([type, from]), { type, from });
    }
    return shuffled([...found.values()], this.random);
  }

  subscribed(
    lookups: readonly (Lookup & { readonly after?: SubscriptionPlace })[],
    limit: number,
  ): readonly (readonly SubscriptionRow[])[] {
    const all = this.subscriptionRows();
    return lookups.map(({ after, from, key, type }) =>
      all
        .filter(
          ({ lookup, ...place }) =>
            lookup.type === type &&
            lookup.from === from &&
            lookup.key === key &&
            (after === undefined || byPlace(place, after) > 0),
        )
        .sort(byPlace)
        .slice(0, limit),
    );
  }

  heard(runs: readonly string[], events: readonly EventPlace[]): readonly Heard[] {
    const places = new Set(events.map(eventKey));
    const found = [...this.matched.values()].filter(
      ({ event, number, run }) =>
        number !== NOBODYS && runs.includes(run) && places.has(eventKey(event)),
    );
    return shuffled(found, this.random).map(({ event, run, strand }) => ({ event, run, strand }));
  }

  match(matches: readonly Match[], progress?: Progress): 'matched' | 'stale' {
    if (progress !== undefined && !this.move(progress)) return 'stale';
    for (const { event, identity, partition } of matches) {
      const [row] = this.rowsOf(partition, identity);
      const key = `${partition}/${identity} ${eventKey(event)}`;
      if (row === undefined || (this.matched.get(key)?.number ?? NOBODYS) !== NOBODYS) continue;
      const { run, strand } = row;
      const number = this.next(partition);
      this.matched.set(key, { partition, identity, event, run, strand, number });
      this.writes.inserted += 1;
    }
    return 'matched';
  }

  private move(progress: Progress): boolean {
    if ('events' in progress) {
      if (this.correlators.get(progress.events) !== progress.from) return false;
      this.correlators.set(progress.events, progress.to);
      return true;
    }
    const home = this.home(progress.looked);
    if (home.looked !== progress.from) return false;
    home.looked = progress.to;
    return true;
  }

  unlooked(
    partition: number,
    limit: number,
  ): { readonly from: number; readonly to: number; readonly rows: readonly SubscriptionRow[] } {
    const { looked } = this.home(partition);
    const rows = this.subscriptionRows()
      .filter((row) => row.partition === partition && row.identity >= looked)
      .sort(byPlace);
    const identities = [...new Set(rows.map(({ identity }) => identity))].slice(0, limit);
    const last = identities.length < limit ? undefined : identities.at(-1);
    if (last === undefined) {
      return { from: looked, to: Math.max(looked, this.applied(partition)), rows };
    }
    return {
      from: looked,
      to: last + 1,
      rows: rows.filter(({ identity }) => identity <= last),
    };
  }

  kept(
    { from, key, type }: Lookup,
    since: number,
    after: { readonly time: number; readonly place: EventPlace } | undefined,
    limit: number,
  ): readonly KeptEvent[] {
    return this.keptEvents()
      .filter(
        (kept) =>
          (type === '' ||
            (kept.lookup.type === type &&
              (from === '' || kept.lookup.from !== from || kept.lookup.key === key))) &&
          kept.time >= since &&
          (after === undefined || byArrival(kept, after) > 0),
      )
      .sort(byArrival)
      .slice(0, limit);
  }

  matches(
    partition: number,
    after: number | undefined,
    limit: number,
  ): {
    readonly matches: readonly NumberedMatch[];
    readonly upTo: number;
    readonly listening: boolean;
  } {
    const listening = this.subscriptionRows().some((row) => row.partition === partition);
    const beyond = [...this.matched.values()]
      .filter((row) => row.partition === partition && row.number > (after ?? 0))
      .sort((a, b) => a.number - b.number);
    const page = after === undefined ? beyond : beyond.slice(0, limit);
    const upTo = page.length < beyond.length ? page.at(-1)!.number : this.home(partition).numbers;
    const matches = page
      .filter(({ identity }) => this.rowsOf(partition, identity).length > 0)
      .map(({ event, identity, number }) => {
        const kept = JSON.parse(this.events.get(eventKey(event))!) as KeptEvent;
        return { number, identity, kept };
      });
    return { matches, upTo, listening };
  }

  purge(partition: number, before: number, limit: number): number {
    const correlated = this.correlators.get(partition) ?? 0;
    const waiting = new Set(
      [...this.matched.values()]
        .filter((row) => row.number > 0 && this.rowsOf(row.partition, row.identity).length > 0)
        .map(({ event }) => eventKey(event)),
    );
    const old = this.keptEvents()
      .filter(
        ({ place, time }) =>
          place.partition === partition &&
          place.offset < correlated &&
          time < before &&
          !waiting.has(eventKey(place)),
      )
      .slice(0, limit);
    for (const { event, place } of old) {
      this.events.delete(eventKey(place));
      this.names.delete(JSON.stringify([event.source, event.id]));
      for (const [key, row] of this.matched) {
        if (eventKey(row.event) === eventKey(place)) this.matched.delete(key);
      }
    }
    return old.length;
  }

  private next(partition: number): number {
    const home = this.home(partition);
    home.numbers += 1;
    return home.numbers;
  }

  private rowsOf(partition: number, identity: number): readonly SubscriptionRow[] {
    const rows: SubscriptionRow[] = [];
    for (let nth = 0; ; nth++) {
      const text = this.subscriptions.get(placeKey({ partition, identity, nth }));
      if (text === undefined) return rows;
      rows.push(JSON.parse(text) as SubscriptionRow);
    }
  }

  private home(partition: number): Home {
    let home = this.homes.get(partition);
    if (home === undefined) this.homes.set(partition, (home = { looked: 0, numbers: 0 }));
    return home;
  }
}

function placeKey({ identity, nth, partition }: SubscriptionPlace): string {
  return `${partition}/${identity}.${nth}`;
}

function eventKey({ offset, partition }: EventPlace): string {
  return `${partition}/${offset}`;
}

function byPlace(a: SubscriptionPlace, b: SubscriptionPlace): number {
  return a.partition - b.partition || a.identity - b.identity || a.nth - b.nth;
}

function byArrival(
  a: { readonly time: number; readonly place: EventPlace },
  b: { readonly time: number; readonly place: EventPlace },
): number {
  return (
    a.time - b.time || a.place.partition - b.place.partition || a.place.offset - b.place.offset
  );
}

class EventStorePort implements EventStore {
  private readonly store: SimEventStore;
  private readonly gate: Gate;
  private readonly life: Life;

  constructor(store: SimEventStore, gate: Gate, life: Life) {
    this.store = store;
    this.gate = gate;
    this.life = life;
  }

  correlated(partition: number): PromiseLike<number | undefined> {
    return this.ask('listen-read', () => this.store.correlated(partition));
  }

  keep(
    partition: number,
    from: number | undefined,
    events: readonly KeptEvent[],
  ): PromiseLike<ReadonlySet<number> | 'stale'> {
    const given = copy(events);
    return this.ask('keep', () => this.store.keep(partition, from, given));
  }

  lookups(types: readonly string[]): PromiseLike<readonly Omit<Lookup, 'key'>[]> {
    const given = copy(types);
    return this.ask('listen-read', () => this.store.lookups(given));
  }

  subscribed(
    lookups: readonly (Lookup & { readonly after?: SubscriptionPlace })[],
    limit: number,
  ): PromiseLike<readonly (readonly SubscriptionRow[])[]> {
    const given = copy(lookups);
    return this.ask('listen-read', () => this.store.subscribed(given, limit));
  }

  heard(runs: readonly string[], events: readonly EventPlace[]): PromiseLike<readonly Heard[]> {
    const given = copy({ runs, events });
    return this.ask('listen-read', () => this.store.heard(given.runs, given.events));
  }

  match(matches: readonly Match[], progress?: Progress): PromiseLike<'matched' | 'stale'> {
    const given = copy(matches);
    return this.ask('match', () => this.store.match(given, progress));
  }

  unlooked(
    partition: number,
    limit: number,
  ): PromiseLike<{
    readonly from: number;
    readonly to: number;
    readonly rows: readonly SubscriptionRow[];
  }> {
    return this.ask('listen-read', () => this.store.unlooked(partition, limit));
  }

  kept(
    lookup: Lookup,
    since: number,
    after: { readonly time: number; readonly place: EventPlace } | undefined,
    limit: number,
  ): PromiseLike<readonly KeptEvent[]> {
    return this.ask('listen-read', () => this.store.kept(lookup, since, after, limit));
  }

  matches(
    partition: number,
    after: number | undefined,
    limit: number,
  ): PromiseLike<{
    readonly matches: readonly NumberedMatch[];
    readonly upTo: number;
    readonly listening: boolean;
  }> {
    return this.ask('matches', () => this.store.matches(partition, after, limit));
  }

  purge(partition: number, before: number, limit: number): PromiseLike<number> {
    return this.ask('keep', () => this.store.purge(partition, before, limit));
  }

  private ask<T>(point: PointName, answer: () => T): PromiseLike<T> {
    const { incarnation, process } = this.life;
    return this.gate.request<T>(this.life, {
      point: { point, process: process.name, incarnation },
      perform: (reply: Reply<T>) => reply.ok(answer()),
    });
  }
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
