/*
 * Parked strands whose time has come (PROTOCOL.md R14, R15): the owner alone brings them back, from
 * the rows that the Store has folded. A Store that is down delays parked work and nothing else.
 */
import type { ParkedRow } from '../ports/index.ts';
import type { Offer, Offers } from './offers.ts';
import type { Ports } from './options.ts';
import type { Plans } from './plans.ts';
import type { Timers } from './timers.ts';
import type { LogView } from './view.ts';

const ROWS_AT_ONCE = 500;
const LOOK_AGAIN_MS = 1_000;
const PLAN_AGAIN_MS = 1_000;
/** How far ahead a due time is trusted: another look costs little, a missed row is a lost timer. */
const LOOK_AHEAD_MS = 3_600_000;

export interface ParkedRowsEvents {
  /** A row is to be brought back. */
  offer(offer: Offer): void;
  pump(): void;
  guard(act: () => void): void;
  complain(said: string): void;
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
  /** rows resumed since the question that is under way was asked: its answer may still have them */
  private readonly resumedSince = new Set<number>();
  private busy = false;
  private again = false;
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
  }

  /** A RESUME of these rows is known valid. The Store may have answered before it folded that. */
  resumed(identities: readonly number[]): void {
    for (const identity of identities) {
      this.offered.delete(identity);
      if (this.busy) this.resumedSince.add(identity);
    }
  }

  close(): void {
    this.closed = true;
  }

  /** Asks the Store what is due now, and when to ask again. */
  look(): void {
    if (this.closed) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.again = false;
    this.resumedSince.clear();
    const now = this.ports.clock.now();
    const except = new Set([...this.offered, ...this.view.resumed.keys()]);
    this.ports.store.due(this.partition, now, ROWS_AT_ONCE, except).then(
      ({ rows, next }) => {
        this.busy = false;
        if (this.closed) return;
        for (const row of rows) {
          if (this.offered.has(row.identity) || this.resumedSince.has(row.identity)) continue;
          this.offered.add(row.identity);
          this.resume(row);
        }
        if (rows.length === ROWS_AT_ONCE || this.again) this.look();
        else if (next !== undefined) this.arm(Math.min(next, now + LOOK_AHEAD_MS));
      },
      () => {
        this.busy = false;
        this.arm(now + LOOK_AGAIN_MS);
      },
    );
  }

  private resume(row: ParkedRow): void {
    const { definition, identity } = row;
    // It was found due, and no RESUME of it is known valid.
    const wanted = (): boolean => this.offered.has(identity);
    const gone = (): void => void this.offered.delete(identity);
    const offer = (): void => {
      this.events.offer(this.offers.row(row, wanted, gone));
      this.events.pump();
    };
    const known = this.plans.cached(definition);
    if (known !== undefined && 'plan' in known) return this.events.guard(offer);
    // Its time has come and stays so: what cannot be had now is asked for again (P4).
    const again = (): void => {
      this.timers.at(this.ports.clock.now() + PLAN_AGAIN_MS, () => {
        if (wanted()) this.resume(row);
      });
    };
    this.plans.get(
      definition,
      (answer) =>
        this.events.guard(() => {
          if ('plan' in answer) offer();
          else if ('unknown' in answer) again();
          else {
            const said = `its definition cannot run here: ${answer.unfit}`;
            this.events.complain(`${row.run} stays parked: ${said}`);
          }
        }),
      again,
    );
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
