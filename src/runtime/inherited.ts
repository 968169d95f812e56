/*
 * What was open when a tenure began, looked at a slice at a time: the first activities go on before the last
 * record is decoded, and other work in between.
 *
 * I1. All of it is looked at, in order; what is resolved meanwhile, or was looked at already, is left out.
 * I2. Slices double: each makes a MARK that lists all that runs (R20), and these lists are not to outgrow the
 *     records that they are about.
 * I3. The next slice, and what else is in no hurry, waits until what the one before wants has begun; not for
 *     long, for it may want what nobody has deployed.
 */
import type { Timers } from './timers.ts';
import type { Entry } from './view.ts';

const LOOK_AGAIN_MS = 10;
const LOOKS_MAX = 50;

export interface InheritedEvents {
  now(): number;
  /** Whether the tenure still goes on. */
  writes(): boolean;
  isOpen(entry: Entry): boolean;
  prepare(entry: Entry): void;
  /** Something that was looked at is to begin and has not. */
  waits(): boolean;
  /** The first slice has begun. */
  begun(): void;
  /** A slice has been looked at, in a turn of its own. */
  prepared(): void;
  guard(act: () => void): void;
}

export class Inherited {
  private readonly entries: readonly Entry[];
  private readonly timers: Timers;
  private readonly events: InheritedEvents;
  private slice: number;
  private next = 0;
  private begun = false;

  /** `first`: records that are looked at before anything else happens. */
  constructor(entries: Iterable<Entry>, first: number, timers: Timers, events: InheritedEvents) {
    this.entries = [...entries];
    this.slice = first;
    this.timers = timers;
    this.events = events;
  }

  get done(): boolean {
    return this.next >= this.entries.length;
  }

  prepareSlice(): void {
    const { events } = this;
    const end = Math.min(this.entries.length, this.next + this.slice);
    for (; this.next < end; this.next++) {
      const entry = this.entries[this.next]!;
      if (entry.work === undefined && events.isOpen(entry)) events.prepare(entry);
    }
    this.slice *= 2;
  }

  /** Goes on with the others, once the slice before has begun (I3). */
  goOn(looks = 0): void {
    const { events } = this;
    if (!events.writes()) return;
    if (events.waits() && looks < LOOKS_MAX) return this.later(looks + 1);
    if (!this.begun) events.begun();
    this.begun = true;
    if (this.done) return;
    this.prepareSlice();
    events.prepared();
    this.later(0);
  }

  private later(looks: number): void {
    const { events } = this;
    this.timers.at(events.now() + LOOK_AGAIN_MS, () => events.guard(() => this.goOn(looks)));
  }
}
