/*
 * The fold role: brings the Store up to what is known valid in the Log (PROTOCOL.md R13).
 *
 * F1. One transaction at a time, each from `applied` to the place up to which the view has read, or as
 *     far as one transaction should go.
 * F2. An unknown outcome is repeated; a stale one tells where the Store really is.
 */
import type { Store, StoreChange } from '../ports/index.ts';
import type { Timers } from './timers.ts';
import type { LogView, Position } from './view.ts';

const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 5_000;
/** Changes of one transaction, and what they may weigh, bytes. */
const CHANGES_MAX = 2_000;
const CHANGES_BYTES_MAX = 16 * 1_048_576;

export interface FoldEvents {
  now(): number;
  /** The Store has come nearer. When the earliest of the rows that were added or rearmed is due, ms, if
   *  any is; and whether any of them listens. */
  folded(due: number | undefined, listens: boolean): void;
  /** The Store has less than it had: commits are lost, and the Log is to be folded again (R14). */
  lost(applied: number): void;
}

export class Fold {
  /** Lower bound of what the Store has, with what is in force there. */
  applied: Position;
  private readonly store: Store;
  private readonly partition: number;
  private readonly view: LogView;
  private readonly timers: Timers;
  private readonly events: FoldEvents;
  private from: number;
  private busy = false;
  private wanted = false;
  private closed = false;

  constructor(
    store: Store,
    partition: number,
    view: LogView,
    timers: Timers,
    events: FoldEvents,
    applied: Position,
    from: number,
  ) {
    this.store = store;
    this.partition = partition;
    this.view = view;
    this.timers = timers;
    this.events = events;
    this.applied = applied;
    this.from = from;
  }

  close(): void {
    this.closed = true;
  }

  /** Where the Store was when it last answered. */
  get known(): number {
    return this.from;
  }

  /** True when the Store has everything that the view has read. */
  get current(): boolean {
    return this.from >= this.view.offset;
  }

  /** Folds what there is to fold; `all` = even if it only moves `applied`. */
  kick(all: boolean): void {
    this.wanted ||= all;
    if (this.busy || this.closed || this.current) return;
    if (!this.wanted && this.view.changes.length === 0) return;
    this.busy = true;
    const { changes, to } = this.next();
    if (to.offset >= this.view.offset) this.wanted = false;
    let due: number | undefined;
    let listens = false;
    for (const change of changes) {
      listens ||= change.kind === 'park' && change.listens !== undefined;
      const { due: at } =
        change.kind === 'park' ? change.row : change.kind === 'rearm' ? change : {};
      if (at !== undefined && (due === undefined || at < due)) due = at;
    }
    this.fold(to, due, listens, changes, RETRY_FIRST_MS);
  }

  /** What one transaction takes, and how far it goes. */
  private next(): { readonly changes: readonly StoreChange[]; readonly to: Position } {
    const changes: StoreChange[] = [];
    let bytes = 0;
    let to: Position | undefined;
    for (const unfolded of this.view.changes) {
      if (unfolded.offset < this.from) continue;
      bytes += unfolded.bytes;
      const full = changes.length >= CHANGES_MAX || bytes > CHANGES_BYTES_MAX;
      if (full && to !== undefined) return { changes, to };
      changes.push(unfolded.change);
      to = unfolded.after;
    }
    return { changes, to: this.view.position };
  }

  private fold(
    to: Position,
    due: number | undefined,
    listens: boolean,
    changes: readonly StoreChange[],
    delay: number,
  ): void {
    this.store.fold(this.partition, this.from, to.offset, changes).then(
      (answer) => {
        if (this.closed) return;
        this.busy = false;
        let further = false;
        if (answer === 'applied') {
          this.applied = to;
          this.from = to.offset;
        } else if (answer.stale < this.from) {
          return this.events.lost(answer.stale);
        } else {
          // Somebody else has folded; what it folded beyond this range may be due at any time.
          further = answer.stale > to.offset;
          this.from = Math.max(this.from, answer.stale);
          if (this.from >= to.offset) this.applied = to;
          // It folded less than this, and all that changes anything: how far that is has to be known.
          else this.wanted = true;
        }
        this.view.folded(this.from);
        this.events.folded(further ? this.events.now() : due, listens || further);
        this.kick(false);
      },
      () => {
        if (this.closed) return;
        this.timers.at(this.events.now() + delay, () => {
          if (this.closed) return;
          this.fold(to, due, listens, changes, Math.min(2 * delay, RETRY_MAX_MS));
        });
      },
    );
  }
}
