/*
 * Parked strands whose time has come (PROTOCOL.md R14, R15): the owner alone brings them back, from
 * the rows that the Store has folded. A Store that is down delays parked work and nothing else.
 */
import type { ParkedRow } from '../ports/index.ts';
import type { Ports } from './options.ts';
import type { Timers } from './timers.ts';
import type { LogView } from './view.ts';

const ROWS_AT_ONCE = 500;
const LOOK_AGAIN_MS = 1_000;
/** How far ahead a due time is trusted: another look costs little, a missed row is a lost timer. */
const LOOK_AHEAD_MS = 3_600_000;

export class ParkedRows {
  private readonly ports: Ports;
  private readonly partition: number;
  private readonly view: LogView;
  private readonly timers: Timers;
  private readonly found: (row: ParkedRow) => void;
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
    timers: Timers,
    found: (row: ParkedRow) => void,
  ) {
    this.ports = ports;
    this.partition = partition;
    this.view = view;
    this.timers = timers;
    this.found = found;
  }

  /** A RESUME of these rows is known valid. The Store may have answered before it folded that. */
  resumed(identities: readonly number[]): void {
    for (const identity of identities) {
      this.offered.delete(identity);
      if (this.busy) this.resumedSince.add(identity);
    }
  }

  /** The row was found due, and no RESUME of it is known valid. */
  wants(identity: number): boolean {
    return this.offered.has(identity);
  }

  /** The row is resumed, or was gone. */
  release(identity: number): void {
    this.offered.delete(identity);
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
          this.found(row);
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

  private arm(at: number): void {
    if (this.closed || (this.armed !== undefined && this.armed <= at)) return;
    this.armed = at;
    this.timers.at(at, () => {
      if (this.armed === at) this.armed = undefined;
      this.look();
    });
  }
}
