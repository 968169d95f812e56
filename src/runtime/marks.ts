/*
 * When a MARK is worth writing (PROTOCOL.md R10): after so many records or so much time, if it would
 * say anything new, and once the Store has come nearer.
 */
import type { Clock } from '../ports/index.ts';
import type { Fold } from './fold.ts';
import type { RuntimeLimits } from './options.ts';
import type { Timers } from './timers.ts';
import type { LogView } from './view.ts';

export interface MarkEvents {
  writes(): boolean;
  /** The next batch shall begin with a MARK. */
  want(): void;
  pump(): void;
  guard(act: () => void): void;
}

export class Marks {
  private readonly view: LogView;
  private readonly fold: Fold;
  private readonly limits: RuntimeLimits;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly events: MarkEvents;
  private armed = false;
  private wanted = false;

  constructor(
    view: LogView,
    fold: Fold,
    limits: RuntimeLimits,
    timers: Timers,
    clock: Clock,
    events: MarkEvents,
  ) {
    this.view = view;
    this.fold = fold;
    this.limits = limits;
    this.timers = timers;
    this.clock = clock;
    this.events = events;
  }

  /** More has been read. */
  grown(): void {
    if (this.view.unmarked >= this.limits.markEveryRecords) this.want();
    this.arm();
  }

  /** The Store has come nearer. */
  folded(): void {
    if (this.wanted) this.now();
  }

  private arm(): void {
    if (this.armed || this.view.unmarked === 0) return;
    this.armed = true;
    this.timers.at(this.clock.now() + this.limits.markEveryMs, () =>
      this.events.guard(() => {
        this.armed = false;
        this.want();
        this.events.pump();
      }),
    );
  }

  /** A MARK is worth writing once the Store has come nearer. */
  private want(): void {
    if (this.view.unmarked === 0 || this.wanted || !this.events.writes()) return;
    this.wanted = true;
    if (this.fold.current) this.now();
    else this.fold.kick(true);
  }

  private now(): void {
    this.wanted = false;
    if (this.view.unmarked > 0) this.events.want();
  }
}
