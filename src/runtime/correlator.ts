/*
 * The correlator of one partition of the events log (PROTOCOL.md R16): reads events from where the last
 * one has got to, keeps them, and matches them with whoever listens. Who listens later looks back.
 *
 * C1. Events are kept before it is asked who listens: what commits in between is seen by one side at least.
 * C2. It goes on only by comparing where it stands: two of one partition, or one that has not heard its
 *     answer, do the same again, and what is there already stays as it is.
 * C3. No event stops it (P10): what cannot be read is passed over, what cannot be judged fits nobody.
 * C4. Nothing waits for it but those who listen; trouble is a lag, said once.
 */
import { wants } from '../dsl/index.ts';
import type {
  Broker,
  Clock,
  EventStore,
  KeptEvent,
  LogReader,
  Lookup,
  Match,
  StoredRecord,
  SubscriptionPlace,
  SubscriptionRow,
} from '../ports/index.ts';
import { OffsetOutOfRange } from '../ports/index.ts';
import { decodeEvent, EVENT_KEEP_MS, type CloudEvent, WireError } from '../wire/index.ts';
import { HeardBefore, keyIn, typeOf } from './lookups.ts';
import { Timers } from './timers.ts';

/** Events of one turn, and what their records may weigh, bytes. */
const EVENTS_MAX = 200;
const BYTES_MAX = 4 * 1_048_576;
/** Subscriptions of one answer, for each lookup. */
const ROWS_MAX = 100;
/** Lookups of one question, and runs of one. */
const LOOKUPS_MAX = 200;
const RUNS_MAX = 500;
/** Matches of one transaction. */
const MATCHES_MAX = 500;
const AGAIN_FIRST_MS = 100;
const AGAIN_MAX_MS = 5_000;
/** Somebody else correlates the partition, too, or has just done so: it goes first, ms. */
const GIVE_WAY_MS = 1_000;
/** So many failures in a row are worth a word. */
const FAILURES_SAID = 10;
/** Events that were kept for long enough are looked for so often, ms, and dropped so many at once. */
const PURGE_EVERY_MS = 10 * 60_000;
const PURGE_EVENTS = 1_000;

export interface CorrelatorPorts {
  readonly events: Broker;
  readonly store: { readonly events: EventStore };
  readonly clock: Clock;
}

export interface CorrelatorEvents {
  /** Runs that are at home in these partitions have been matched. */
  matched(homes: ReadonlySet<number>): void;
  complain(said: string): void;
}

/** What one lookup of an event has to find. */
interface Search {
  readonly kept: KeptEvent;
  readonly question: Lookup & { readonly after?: SubscriptionPlace };
}

interface Fitting {
  readonly kept: KeptEvent;
  readonly row: SubscriptionRow;
}

export class Correlator {
  private readonly partition: number;
  private readonly log: Broker;
  private readonly store: EventStore;
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly events: CorrelatorEvents;
  private reader: LogReader | undefined;
  /** as it is saved; undefined = nobody began */
  private from: number | undefined;
  private unread: readonly StoredRecord[] = [];
  /** by what events of a type were looked for last: one of these is kept with the next of them */
  private readonly looked = new Map<string, string>();
  private failures = 0;
  private over = false;

  constructor(
    partition: number,
    { clock, events: log, store }: CorrelatorPorts,
    events: CorrelatorEvents,
  ) {
    this.partition = partition;
    this.log = log;
    this.store = store.events;
    this.clock = clock;
    this.timers = new Timers(clock);
    this.events = events;
  }

  begin(): void {
    this.locate();
    this.purge();
  }

  /** What comes before has been matched; undefined = not known yet, or nothing has come. */
  get offset(): number | undefined {
    return this.from;
  }

  close(): void {
    this.over = true;
    this.timers.close();
    this.reader?.close();
  }

  // -- reading -------------------------------------------------------------------------------------

  /** Where the last one has got to; where nobody has been, the beginning of the events log. */
  private locate(): void {
    this.reader?.close();
    this.reader = undefined;
    this.unread = [];
    const { log, partition, store } = this;
    this.ask(store.correlated(partition), (from) =>
      this.ask(log.range(partition), ({ begin, end }) => {
        this.from = from;
        if (from !== undefined && from < begin) return this.lost(begin);
        if (from !== undefined && from > end) {
          return this.stop(`it was followed up to ${from}, and ends at ${end}: it is another one`);
        }
        this.reader = log.reader(partition, from ?? begin);
        this.read();
      }),
    );
  }

  private read(): void {
    if (this.unread.length > 0) return this.turn();
    this.reader!.next().then(
      (records) =>
        this.guard(() => {
          this.unread = records;
          this.turn();
        }),
      (error: unknown) =>
        this.guard(() => {
          if (error instanceof OffsetOutOfRange) this.locate();
          else this.again(error);
        }),
    );
  }

  /** What was not followed in time is gone: that is said, and passed over. */
  private lost(begin: number): void {
    const said = `events ${this.from}-${begin - 1} are not in the events log any more`;
    this.events.complain(`partition ${this.partition} of it goes on at ${begin}: ${said}`);
    this.move([], begin);
  }

  // -- one turn --------------------------------------------------------------------------------------

  private turn(): void {
    let count = 0;
    let bytes = 0;
    for (const record of this.unread) {
      bytes += record.bytes.length;
      if (count > 0 && (count === EVENTS_MAX || bytes > BYTES_MAX)) break;
      count++;
    }
    const records = this.unread.slice(0, count);
    this.unread = this.unread.slice(count);
    const to = records.at(-1)!.offset + 1;
    const kept = records.flatMap((record) => this.eventIn(record) ?? []);
    if (kept.length === 0) return this.move([], to);
    this.ask(this.store.keep(this.partition, this.from, kept), (first) => {
      if (first === 'stale') return this.giveWay();
      const news = kept.filter(({ place }) => first.has(place.offset));
      if (news.length === 0) return this.move([], to);
      this.find(news, (matches) => this.move(matches, to));
    });
  }

  private eventIn({ bytes, offset, time }: StoredRecord): KeptEvent | undefined {
    try {
      const event = decodeEvent(bytes);
      if (event === undefined) return undefined;
      const place = { partition: this.partition, offset };
      return { place, time, event, lookup: this.lookupOf(event, time) };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.events.complain(
        `record ${offset} of partition ${this.partition} of the events log was passed over: ${error.message}`,
      );
      return undefined;
    }
  }

  private lookupOf(event: CloudEvent, now: number): Lookup {
    const type = typeOf(event);
    const from = this.looked.get(type) ?? '';
    const key = this.judged(event, '', () => keyIn(event, from, now) ?? '');
    return key === '' ? { type, from: '', key } : { type, from, key };
  }

  // -- who listens -----------------------------------------------------------------------------------

  private find(news: readonly KeptEvent[], then: (matches: readonly Match[]) => void): void {
    const types = [...new Set(news.map(({ event }) => typeOf(event)))];
    this.ask(this.store.lookups(types), (lookups) => {
      this.sought(lookups);
      const searches = news.flatMap((kept) => this.searches(kept, lookups));
      this.search(searches, [], (fitting) => this.unheard(news, fitting, then));
    });
  }

  /** By these, events are looked for: also by who came too late, and looks back to find his by it. */
  sought(lookups: readonly Omit<Lookup, 'key'>[]): void {
    for (const { from, type } of lookups) {
      const known = this.looked.get(type);
      if (from !== '' && (known === undefined || from < known)) this.looked.set(type, from);
    }
    if (this.looked.size > LOOKUPS_MAX) this.looked.clear();
  }

  private searches(kept: KeptEvent, lookups: readonly Omit<Lookup, 'key'>[]): readonly Search[] {
    const type = typeOf(kept.event);
    return lookups.flatMap((lookup): Search[] => {
      if (lookup.type !== '' && lookup.type !== type) return [];
      const { from } = lookup;
      const key = this.judged(kept.event, undefined, () => keyIn(kept.event, from, kept.time));
      return key === undefined ? [] : [{ kept, question: { type: lookup.type, from, key } }];
    });
  }

  /** All who are found and fit, a page at a time. */
  private search(
    searches: readonly Search[],
    fitting: readonly Fitting[],
    then: (fitting: readonly Fitting[]) => void,
  ): void {
    if (searches.length === 0) return then(fitting);
    const now = searches.slice(0, LOOKUPS_MAX);
    const questions = now.map(({ question }) => question);
    this.ask(this.store.subscribed(questions, ROWS_MAX), (answers) => {
      const found: Fitting[] = [];
      const more: Search[] = [];
      for (const [i, rows] of answers.entries()) {
        const { kept, question } = now[i]!;
        for (const row of rows) if (this.fits(row, kept)) found.push({ kept, row });
        const last = rows.length < ROWS_MAX ? undefined : rows.at(-1);
        if (last === undefined) continue;
        const { identity, nth, partition } = last;
        more.push({ kept, question: { ...question, after: { partition, identity, nth } } });
      }
      const rest = [...more, ...searches.slice(LOOKUPS_MAX)];
      this.search(rest, fitting.concat(found), then);
    });
  }

  private fits({ since, subscription }: SubscriptionRow, { event, time }: KeptEvent): boolean {
    return time >= since && this.judged(event, false, () => wants(subscription, event, time));
  }

  /** Without those whose runs have heard it. In the order of the events, and each strand once. */
  private unheard(
    news: readonly KeptEvent[],
    fitting: readonly Fitting[],
    then: (matches: readonly Match[]) => void,
  ): void {
    if (fitting.length === 0) return then([]);
    const places = [...new Set(fitting.map(({ kept }) => kept.place))];
    const runs = [...new Set(fitting.map(({ row }) => row.run))];
    const order = new Map(news.map(({ place }, i) => [place.offset, i]));
    const sorted = [...fitting].sort(
      (a, b) => order.get(a.kept.place.offset)! - order.get(b.kept.place.offset)!,
    );
    const before = new HeardBefore([]);
    const next = (at: number): void => {
      if (at >= runs.length) return then(matchesOf(sorted, before));
      this.ask(this.store.heard(runs.slice(at, at + RUNS_MAX), places), (heard) => {
        for (const { event, run, strand } of heard) before.add(run, strand, event);
        next(at + RUNS_MAX);
      });
    };
    next(0);
  }

  // -- going on --------------------------------------------------------------------------------------

  /** Makes the matches, and with the last of them the progress. */
  private move(matches: readonly Match[], to: number): void {
    const now = matches.slice(0, MATCHES_MAX);
    const rest = matches.slice(MATCHES_MAX);
    const progress = { events: this.partition, from: this.from, to };
    const answer = rest.length > 0 ? this.store.match(now) : this.store.match(now, progress);
    this.ask(answer, (said) => {
      if (now.length > 0) this.events.matched(new Set(now.map(({ partition }) => partition)));
      if (rest.length > 0) return this.move(rest, to);
      if (said === 'stale') return this.giveWay();
      this.from = to;
      if (this.reader === undefined) this.locate();
      else this.read();
    });
  }

  private giveWay(): void {
    this.timers.at(this.clock.now() + GIVE_WAY_MS, () => this.guard(() => this.locate()));
  }

  /** Events that were kept for long enough go, some at a time. */
  private purge(): void {
    const { clock, partition } = this;
    const later = (): void => {
      this.timers.at(clock.now() + PURGE_EVERY_MS, () => this.purge());
    };
    this.store.purge(partition, clock.now() - EVENT_KEEP_MS, PURGE_EVENTS).then((gone) => {
      if (gone === PURGE_EVENTS && !this.over) this.purge();
      else later();
    }, later);
  }

  // -- trouble -------------------------------------------------------------------------------------

  private ask<T>(answer: PromiseLike<T>, then: (value: T) => void): void {
    answer.then(
      (value) =>
        this.guard(() => {
          this.failures = 0;
          then(value);
        }),
      (error: unknown) => this.guard(() => this.again(error)),
    );
  }

  /** From where it stands: whatever was done, and was not heard of, is found there (C2). */
  private again(error: unknown): void {
    this.failures++;
    if (this.failures === FAILURES_SAID) {
      const said = error instanceof Error ? error.message : String(error);
      this.events.complain(`events of partition ${this.partition} wait to be matched: ${said}`);
    }
    const delay = Math.min(AGAIN_MAX_MS, AGAIN_FIRST_MS * 2 ** (this.failures - 1));
    this.timers.at(this.clock.now() + delay, () => this.guard(() => this.locate()));
  }

  /** C3: the engine is at fault, and the event may be wanted or not. */
  private judged<T>(event: CloudEvent, instead: T, judge: () => T): T {
    try {
      return judge();
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      this.events.complain(`event ${event.id} of ${event.source} cannot be judged: ${said}`);
      return instead;
    }
  }

  private guard(act: () => void): void {
    if (this.over) return;
    try {
      act();
    } catch (error) {
      this.stop(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  private stop(reason: string): void {
    this.close();
    this.events.complain(
      `partition ${this.partition} of the events log is not followed any more: ${reason}`,
    );
  }
}

/** Of those for whom the first event that fits is all that is wanted, that one. */
function matchesOf(fitting: readonly Fitting[], heard: HeardBefore): readonly Match[] {
  const matches = new Map<string, Match>();
  const served = new Set<string>();
  for (const { kept, row } of fitting) {
    const { identity, partition, run, strand, subscription } = row;
    const { place } = kept;
    const strandName = `${partition}/${identity}`;
    if (served.has(strandName) || heard.bars(run, strand, place)) continue;
    if (subscription.first) served.add(strandName);
    matches.set(`${strandName} ${place.offset}`, { partition, identity, event: place });
  }
  return [...matches.values()];
}
