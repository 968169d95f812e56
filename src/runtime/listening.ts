/*
 * Parked strands that listen (PROTOCOL.md R15, R16): the owner alone brings them back, with the events
 * that they were matched with, by the correlator or by looking back.
 *
 * L1. Matches are asked for by number: after a poke, after its own fold, and now and then while anybody
 *     listens; who listens is not in memory.
 * L2. A row is offered once at a time, with all events that it has by then. What it does not take then it
 *     will not take as it stands; its next record asks anew.
 * L3. Events at or after the time at which a row is due come too late for it.
 * L4. The row of a schedule stays where it is: it consumes events by FIRE. Those that no FIRE has named wait
 *     here for the rest of their set, or for room. What a FIRE has named and the Store has not folded is
 *     taken out of answers.
 */
import type { EventStore, KeptEvent, Lookup, ParkedRow } from '../ports/index.ts';
import type { EventPlace, ScheduleBody } from '../wire/index.ts';
import { LookBack } from './look-back.ts';
import { byArrival } from './lookups.ts';
import type { Offer } from './offer.ts';
import type { Offers } from './offers.ts';
import type { Ports } from './options.ts';
import type { Plans } from './plans.ts';
import { firingOf } from './event-schedules.ts';
import { soundly } from './sound-rows.ts';
import type { Timers } from './timers.ts';
import { RowsAside } from './rows-aside.ts';
import { mustRead } from './validity.ts';
import type { LogView } from './view.ts';
import { weightOf } from './weight.ts';

/** Matches of one answer, and rows of one. */
const MATCHES_MAX = 200;
const ROWS_MAX = 100;
/** Events in memory for strands that have not been offered them: no more are asked for beyond, bytes. */
const WAITING_BYTES_MAX = 16 * 1_048_576;
const POLL_FIRST_MS = 250;

export interface ListeningEvents {
  /** how many more may be brought back now */
  room(): number;
  /** A row is to be brought back. */
  offer(offer: Offer): void;
  pump(): void;
  /** By these, events are looked for. */
  sought(lookups: readonly Lookup[]): void;
  guard(act: () => void): void;
  /** The Store was so far when it last answered. */
  applied(): number;
  /** It has lost commits, and is there now (R14): its rows may be ones that were resumed long ago. */
  lost(applied: number): void;
}

/** What a row was matched with and has not been offered. */
interface Waiting {
  readonly events: KeptEvent[];
  bytes: number;
}

export class Listening {
  private readonly ports: Ports;
  private readonly store: EventStore;
  private readonly partition: number;
  private readonly view: LogView;
  private readonly plans: Plans;
  private readonly offers: Offers;
  private readonly timers: Timers;
  private readonly pollMsMax: number;
  private readonly events: ListeningEvents;
  private readonly lookBack: LookBack;
  private readonly waiting = new Map<number, Waiting>();
  private waitingBytes = 0;
  /** rows that were offered and are not known to be resumed */
  private readonly offered = new Set<number>();
  /** rows of definitions that are not here yet: they wait, and keep no room from others */
  private readonly aside: RowsAside;
  /** rows resumed since they were asked for: the answer may still have them */
  private readonly resumedSince = new Set<number>();
  /** schedules whose events here come to nothing yet */
  private readonly incomplete = new Set<number>();
  /** consumed by schedules, and not folded when the question under way was asked, or since */
  private fired = new Set<string>();
  /** matches up to this number are known; undefined = none was asked for yet */
  private upTo: number | undefined;
  private asking = false;
  private loading = false;
  private again = false;
  private pollMs = POLL_FIRST_MS;
  private disarm: (() => void) | undefined;
  private closed = false;

  constructor(
    ports: Ports,
    partition: number,
    view: LogView,
    plans: Plans,
    offers: Offers,
    timers: Timers,
    pollMsMax: number,
    events: ListeningEvents,
  ) {
    this.ports = ports;
    this.store = ports.store.events;
    this.partition = partition;
    this.view = view;
    this.plans = plans;
    this.offers = offers;
    this.timers = timers;
    this.pollMsMax = pollMsMax;
    this.events = events;
    this.aside = new RowsAside(plans, ports.clock, timers, () => events.guard(() => this.load()));
    this.lookBack = new LookBack(this.store, partition, timers, {
      now: () => ports.clock.now(),
      guard: (act) => events.guard(act),
      matched: () => this.poke(),
      sought: (lookups) => events.sought(lookups),
    });
  }

  /** `folded`: up to where the Store has applied the Log. */
  begin(folded: number): void {
    this.poke();
    this.lookBack.begin(folded);
  }

  close(): void {
    this.closed = true;
    this.lookBack.close();
  }

  /** The Store has subscriptions that it had not. */
  folded(): void {
    this.lookBack.look();
    this.pollMs = POLL_FIRST_MS;
    this.arm();
  }

  /** Somebody may have been matched. */
  poke(): void {
    this.pollMs = POLL_FIRST_MS;
    this.poll();
  }

  /** A RESUME of these rows is known valid. */
  resumed(identities: readonly number[]): void {
    for (const identity of identities) {
      this.offered.delete(identity);
      this.forget(identity);
      if (this.loading) this.resumedSince.add(identity);
    }
  }

  /** A FIRE of the schedule that names these is known valid. */
  firedBy(identity: number, events: readonly EventPlace[]): void {
    this.offered.delete(identity);
    for (const event of events) this.fired.add(firedKey(identity, event));
    if (this.waiting.has(identity)) this.load();
  }

  /** There may be room again. */
  more(): void {
    if (this.waiting.size > 0) this.load();
  }

  // -- who was matched -------------------------------------------------------------------------------

  private poll(): void {
    if (this.closed) return;
    if (this.asking) {
      this.again = true;
      return;
    }
    // It is asked for once what is here has been offered.
    if (this.waitingBytes >= WAITING_BYTES_MAX) return this.arm();
    this.asking = true;
    this.again = false;
    const { upTo } = this;
    // What was folded before the question is in no answer to it (M5).
    this.fired = new Set(
      this.view.changes.flatMap(({ change }) =>
        change.kind === 'fired'
          ? change.events.map((event) => firedKey(change.identity, event))
          : [],
      ),
    );
    this.store.matches(this.partition, upTo, MATCHES_MAX).then(
      (answer) => {
        this.asking = false;
        if (this.closed) return;
        this.events.guard(() => {
          for (const { identity, kept } of answer.matches) this.add(identity, kept);
          this.upTo = answer.upTo;
          if (answer.matches.length > 0) this.pollMs = POLL_FIRST_MS;
          this.load();
          const behind = upTo !== undefined && answer.upTo > upTo;
          if (this.again || behind) this.poll();
          else if (answer.listening) this.arm();
          this.events.pump();
        });
      },
      () => {
        this.asking = false;
        this.arm();
      },
    );
  }

  private arm(): void {
    if (this.closed) return;
    this.disarm?.();
    this.disarm = this.timers.at(this.ports.clock.now() + this.pollMs, () => {
      this.disarm = undefined;
      this.poll();
    });
    this.pollMs = Math.min(2 * this.pollMs, this.pollMsMax);
  }

  private add(identity: number, kept: KeptEvent): void {
    if (this.view.resumed.has(identity) && !this.view.isArmed(identity)) return;
    if (this.fired.has(firedKey(identity, kept.place))) return;
    this.incomplete.delete(identity);
    const bytes = weightOf(kept);
    const waiting = this.waiting.get(identity);
    if (waiting === undefined) this.waiting.set(identity, { events: [kept], bytes });
    else {
      waiting.events.push(kept);
      waiting.bytes += bytes;
    }
    this.waitingBytes += bytes;
  }

  private forget(identity: number): readonly KeptEvent[] {
    const waiting = this.waiting.get(identity);
    if (waiting === undefined) return [];
    this.waiting.delete(identity);
    this.incomplete.delete(identity);
    this.waitingBytes -= waiting.bytes;
    return waiting.events;
  }

  // -- bringing back ---------------------------------------------------------------------------------

  private load(): void {
    if (this.loading || this.closed) return;
    const wanted = this.next(Math.min(this.events.room(), ROWS_MAX));
    if (wanted.length === 0) return;
    this.loading = true;
    this.resumedSince.clear();
    const { store } = this.ports;
    const known = this.events.applied();
    soundly(store, this.partition, store.rows(this.partition, wanted)).then(
      ({ applied, rows }) => {
        this.loading = false;
        if (this.closed) return;
        this.events.guard(() => {
          if (applied < known) return this.events.lost(applied);
          const found = new Map(rows.map((row) => [row.identity, row]));
          for (const identity of wanted) {
            const row = found.get(identity);
            if (row === undefined || this.resumedSince.has(identity)) this.forget(identity);
            else {
              mustRead(row);
              this.found(row);
            }
          }
          this.load();
          this.events.pump();
        });
      },
      () => {
        this.loading = false;
        this.arm();
      },
    );
  }

  private next(most: number): readonly number[] {
    const asleep = new Set(this.aside.identities());
    const found: number[] = [];
    for (const identity of this.waiting.keys()) {
      if (found.length >= most) break;
      if (this.offered.has(identity) || asleep.has(identity)) continue;
      if (!this.incomplete.has(identity)) found.push(identity);
    }
    return found;
  }

  private found(row: ParkedRow): void {
    const { definition, due = Infinity, identity } = row;
    const known = this.plans.cached(definition);
    if (known === undefined || !('plan' in known)) return this.aside.put(row);
    const { body } = row.record;
    if (body.kind === 'SCHEDULE') return this.scheduled(row, body);
    // L3
    const events = this.forget(identity)
      .filter(({ time }) => time < due)
      .sort(byArrival);
    if (events.length === 0) return;
    this.offered.add(identity);
    const wanted = (): boolean => this.offered.has(identity);
    const gone = (): void => {
      this.offered.delete(identity);
      // More of them may have come meanwhile.
      if (this.waiting.has(identity)) this.events.pump();
    };
    this.events.offer(this.offers.hear(row, events, wanted, gone));
  }

  /** L4 */
  private scheduled(row: ParkedRow, { rule }: ScheduleBody): void {
    const { identity } = row;
    const events = [...this.forget(identity)].sort(byArrival);
    if (rule.on === undefined) return;
    const firing = firingOf(rule.on, events, this.ports.clock.now());
    const { dropped, more, sets, waiting } = firing;
    for (const kept of waiting) this.add(identity, kept);
    if (!more && waiting.length > 0) this.incomplete.add(identity);
    if (sets.length === 0 && dropped.length === 0) return;
    this.offered.add(identity);
    const wanted = (): boolean => this.offered.has(identity);
    const gone = (): void => void this.offered.delete(identity);
    this.events.offer(this.offers.fireBy(row, rule.on, firing, wanted, gone));
  }
}

function firedKey(identity: number, { offset, partition }: EventPlace): string {
  return `${identity} ${partition}/${offset}`;
}
