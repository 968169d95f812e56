/*
 * Parked strands whose time has come (PROTOCOL.md R14, R15): the owner alone brings them back, from
 * the rows that the Store has folded. A Store that is down delays parked work and nothing else.
 *
 * W1. No row is asked for before there is room for it: however many are due, few are in memory.
 * W2. A row is offered once. It may be found again only if its offer came to nothing.
 * W3. Rows whose Definition is not here are put aside, as numbers: they keep no room from others.
 * W4. A Store that has lost commits is found out before any of its rows is brought back.
 */
import type { ParkedRow } from '../ports/index.ts';
import type { Offer } from './offer.ts';
import type { Offers } from './offers.ts';
import type { Ports } from './options.ts';
import type { Plans } from './plans.ts';
import type { Timers } from './timers.ts';
import { RowsAside } from './rows-aside.ts';
import { mustRead } from './validity.ts';
import type { LogView } from './view.ts';
import { weightOf } from './weight.ts';

/** Rows that are asked for at once: at first, and at most. */
const ROWS_FIRST = 32;
const ROWS_MAX = 500;
/** What the rows of one answer should weigh at most, bytes. */
const ROWS_BYTES = 4 * 1_048_576;
const LOOK_AGAIN_MS = 1_000;
/**
 * How far ahead the Store is trusted, rows or none: another look costs little, a missed row is a lost
 * timer, and a Store that has lost commits is found out by asking it (W4).
 */
const LOOK_AHEAD_MS = 300_000;

export interface ParkedRowsEvents {
  /** how many more may be brought back now */
  room(): number;
  /** A row is to be brought back. */
  offer(offer: Offer): void;
  pump(): void;
  guard(act: () => void): void;
  /** How far the Store is known to be. */
  applied(): number;
  /** The Store has less than it had: its rows are not to be trusted (R14). */
  lost(applied: number): void;
}

export class ParkedRows {
  private readonly ports: Ports;
  private readonly partition: number;
  private readonly view: LogView;
  private readonly plans: Plans;
  private readonly offers: Offers;
  private readonly timers: Timers;
  private readonly events: ParkedRowsEvents;
  /** rows that were offered and are not known to be resumed */
  private readonly offered = new Set<number>();
  /** W3: rows by Definition; those of one that this build cannot run stay here */
  private readonly aside: RowsAside;
  /** rows resumed since the question that is under way was asked: its answer may still have them */
  private readonly resumedSince = new Set<number>();
  private rowsAtOnce = ROWS_FIRST;
  /** rows that the question under way may bring; 0 = none is */
  private asked = 0;
  private again = false;
  /** more may be due than was brought back */
  private behind = false;
  /** the Store did not answer: no question before, ms */
  private quietUntil = 0;
  private closed = false;
  private armed: number | undefined;

  constructor(
    ports: Ports,
    partition: number,
    view: LogView,
    plans: Plans,
    offers: Offers,
    timers: Timers,
    events: ParkedRowsEvents,
  ) {
    this.ports = ports;
    this.partition = partition;
    this.view = view;
    this.plans = plans;
    this.offers = offers;
    this.timers = timers;
    this.events = events;
    this.aside = new RowsAside(plans, ports.clock, timers, () => this.look());
  }

  /** Room that rows which are due will take: nobody else may have it. */
  get reserved(): number {
    return this.behind ? this.asked : 0;
  }

  /** A RESUME of these rows is known valid. The Store may have answered before it folded that. */
  resumed(identities: readonly number[]): void {
    for (const identity of identities) {
      this.offered.delete(identity);
      if (this.asked > 0) this.resumedSince.add(identity);
    }
  }

  /** The Store has rows that it had not; the earliest is due then. */
  parked(due: number): void {
    this.arm(due);
  }

  /** There may be room again. */
  more(): void {
    if (this.behind && this.asked === 0 && this.ports.clock.now() >= this.quietUntil) this.look();
  }

  close(): void {
    this.closed = true;
  }

  /** Asks the Store what is due now, as far as there is room, and when to ask again. */
  look(): void {
    if (this.closed) return;
    if (this.asked > 0) {
      this.again = true;
      return;
    }
    const most = Math.min(this.rowsAtOnce, ROWS_MAX - this.offered.size, this.events.room());
    if (most <= 0) {
      this.behind = true;
      return;
    }
    this.asked = most;
    this.again = false;
    this.resumedSince.clear();
    const now = this.ports.clock.now();
    const known = this.events.applied();
    const except = new Set([...this.offered, ...this.view.resumed.keys()]);
    for (const identity of this.aside.identities()) except.add(identity);
    this.ports.store.due(this.partition, now, most, except).then(
      ({ rows, next, applied }) => {
        this.asked = 0;
        if (this.closed) return;
        this.events.guard(() => {
          if (applied < known) return this.events.lost(applied);
          this.found(rows);
          this.behind = rows.length === most;
          if (this.behind || this.again) this.look();
          else this.arm(Math.min(next ?? Infinity, now + LOOK_AHEAD_MS));
          this.events.pump();
        });
      },
      () => {
        this.asked = 0;
        this.quietUntil = now + LOOK_AGAIN_MS;
        this.arm(this.quietUntil);
      },
    );
  }

  private found(rows: readonly ParkedRow[]): void {
    let bytes = 0;
    for (const row of rows) {
      bytes += weightOf(row.record.body);
      if (this.offered.has(row.identity) || this.resumedSince.has(row.identity)) continue;
      mustRead(row);
      this.offered.add(row.identity);
      this.resume(row);
    }
    if (rows.length === 0) return;
    const fitting = Math.floor(ROWS_BYTES / Math.ceil(bytes / rows.length));
    this.rowsAtOnce = Math.max(1, Math.min(2 * this.rowsAtOnce, fitting, ROWS_MAX));
  }

  private resume(row: ParkedRow): void {
    const { definition, identity } = row;
    const known = this.plans.cached(definition);
    if (known === undefined || !('plan' in known)) {
      this.offered.delete(identity);
      return this.aside.put(row);
    }
    // It was found due, and no RESUME of it is known valid.
    const wanted = (): boolean => this.offered.has(identity);
    const gone = (): void => void this.offered.delete(identity);
    this.events.offer(this.offers.row(row, wanted, gone));
  }

  private arm(at: number): void {
    if (this.closed || (this.armed !== undefined && this.armed <= at)) return;
    this.armed = at;
    this.timers.at(at, () => {
      if (this.armed === at) this.armed = undefined;
      this.look();
    });
  }
}
