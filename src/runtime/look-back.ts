/*
 * Looking back (PROTOCOL.md R16): when the subscription of a parked strand has been folded, its owner
 * compares it with the events that were kept before. Those that are kept later, the correlator compares
 * with it: one of the two sees the other, whichever commits last.
 *
 * K1. Subscriptions are asked for after their fold was committed, kept events after that.
 * K2. It is repeated until it is known to be done: matches are made once, progress is compared.
 * K3. What was looked through was folded. A Store that lost folds while a look was on its way may say more
 *     (R14): whoever takes over goes back to where the fold stands.
 */
import { wants } from '../dsl/index.ts';
import type { EventStore, KeptEvent, Lookup, Match, SubscriptionRow } from '../ports/index.ts';
import { HeardBefore } from './lookups.ts';
import type { Timers } from './timers.ts';

/** Parked strands of one look. */
const STRANDS_MAX = 100;
/** Events of one answer: each may be large. */
const EVENTS_MAX = 50;
/** Matches of one transaction. */
const MATCHES_MAX = 500;
const AGAIN_MS = 500;

export interface LookBackEvents {
  now(): number;
  guard(act: () => void): void;
  /** Matches have been made. */
  matched(): void;
  /** By these, events are looked for. */
  sought(lookups: readonly Lookup[]): void;
}

export class LookBack {
  private readonly store: EventStore;
  private readonly partition: number;
  private readonly timers: Timers;
  private readonly events: LookBackEvents;
  private busy = false;
  private again = false;
  private closed = false;
  /** where the fold stood when this tenure began, until that was compared */
  private folded: number | undefined;

  constructor(store: EventStore, partition: number, timers: Timers, events: LookBackEvents) {
    this.store = store;
    this.partition = partition;
    this.timers = timers;
    this.events = events;
  }

  close(): void {
    this.closed = true;
  }

  /** `folded`: up to where the Store has applied the Log. */
  begin(folded: number): void {
    this.folded = folded;
    this.look();
  }

  /** There may be subscriptions that were not compared yet. */
  look(): void {
    this.again = true;
    if (this.busy || this.closed) return;
    this.busy = true;
    this.again = false;
    this.ask(this.store.unlooked(this.partition, STRANDS_MAX), ({ from, rows, to }) => {
      const { folded = Infinity } = this;
      this.folded = undefined;
      if (from > folded) return this.match([], from, folded);
      if (rows.length === 0) return this.rest();
      this.events.sought(rows.map(({ lookup }) => lookup));
      this.compare(rows, (matches) => this.match(matches, from, to));
    });
  }

  /** Finds what fits these subscriptions and was not heard before. */
  private compare(
    rows: readonly SubscriptionRow[],
    then: (matches: readonly Match[]) => void,
  ): void {
    const matches: Match[] = [];
    const next = (nth: number): void => {
      const row = rows[nth];
      if (row === undefined) return then(matches);
      this.fit(row, undefined, matches, () => next(nth + 1));
    };
    next(0);
  }

  /** Adds what fits this one, a page at a time. */
  private fit(
    row: SubscriptionRow,
    after: KeptEvent | undefined,
    matches: Match[],
    done: () => void,
  ): void {
    const { identity, lookup, partition, run, since, strand, subscription } = row;
    this.ask(this.store.kept(lookup, since, after, EVENTS_MAX), (events) => {
      const wanted = events.filter(
        ({ event, time }) => time >= since && wants(subscription, event, time),
      );
      const last = events.length < EVENTS_MAX ? undefined : events.at(-1);
      const on = (): void => {
        if (last === undefined) done();
        else this.fit(row, last, matches, done);
      };
      if (wanted.length === 0) return on();
      const places = wanted.map(({ place }) => place);
      this.ask(this.store.heard([run], places), (heard) => {
        const before = new HeardBefore(heard);
        const found = wanted.filter(({ place }) => !before.bars(run, strand, place));
        for (const { place } of subscription.first ? found.slice(0, 1) : found) {
          matches.push({ partition, identity, event: place });
        }
        if (subscription.first && found.length > 0) done();
        else on();
      });
    });
  }

  /** The progress comes with the last of the matches. */
  private match(matches: readonly Match[], from: number, to: number): void {
    const now = matches.slice(0, MATCHES_MAX);
    const rest = matches.slice(MATCHES_MAX);
    const progress = { looked: this.partition, from, to };
    const answer = rest.length > 0 ? this.store.match(now) : this.store.match(now, progress);
    this.ask(answer, () => {
      if (now.length > 0) this.events.matched();
      if (rest.length > 0) return this.match(rest, from, to);
      // Also when it was stale: somebody else has got on, or this one without having heard.
      this.again = true;
      this.rest();
    });
  }

  private rest(): void {
    this.busy = false;
    if (this.again) this.look();
  }

  private ask<T>(answer: PromiseLike<T>, then: (value: T) => void): void {
    answer.then(
      (value) => {
        if (!this.closed) this.events.guard(() => then(value));
      },
      () => {
        this.timers.at(this.events.now() + AGAIN_MS, () => {
          this.busy = false;
          this.look();
        });
      },
    );
  }
}
