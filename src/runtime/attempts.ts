/*
 * Attempts: the activities that an owner runs (PROTOCOL.md R7, R9, R20).
 *
 * T1. An activity begins only for a record that is known valid, in one's own tenure.
 * T2. Activities of earlier tenures, and suspects, begin only after a MARK that lists them; suspects
 *     run one at a time; after K takeovers the strand is parked (takeovers.ts counts them).
 * T3. The first answer counts. One that no valid record holds yet is kept, for the next tenure.
 * T4. What this process cannot carry out has not begun: no time runs out for it, no MARK lists it, and
 *     it is asked for again after a while (ports/activities.ts, A4).
 * T5. What is limited (metadata.limit) begins only with a slot, and keeps it until it has answered, or for
 *     a while after it was told to stop. While it waits it has not begun: no MARK lists it, and if one was
 *     made meanwhile, another one must list it first (R20 counts what began before the last one).
 */
import type { Pool } from '../dsl/index.ts';
import type { Activities, Clock } from '../ports/index.ts';
import {
  type Activity,
  type Cause,
  CLOCK_SKEW_MAX_MS,
  TAKEOVERS_ALONE,
  TAKEOVERS_DEAD,
} from '../wire/index.ts';
import { Attempt, type AttemptHost } from './attempt.ts';
import type { Slot, Slots } from './slots.ts';
import type { Work } from './open-records.ts';
import type { Entry } from './view.ts';

/** How soon a suspect looks again whether it is its turn, ms. */
const SUSPECT_WAIT_MS = 1_000;
/** How soon what was absent is asked for again, ms. */
const ABSENT_WAIT_MS = 30_000;

/** What an activity has answered, and when (ms). */
export interface Answered {
  readonly cause: Cause;
  readonly at: number;
}

export interface AttemptEvents {
  /** offset of the CLAIM of the tenure */
  tenure(): number;
  /** The activity has answered, or has taken too long. */
  answered(entry: Entry, answer: Answered): void;
  /** It cannot be carried out here, for now. */
  absent(entry: Entry): void;
  /** It has its slot now: it is to be looked at again. */
  admitted(entry: Entry): void;
  /** Where its activity needs a slot. */
  poolsOf(entry: Entry): readonly Pool[];
  /** A MARK must list what is about to begin. */
  announce(): void;
  /** The strand must be parked as dead. */
  bury(entry: Entry, reason: string): void;
}

export class Attempts {
  private readonly activities: Activities;
  private readonly clock: Clock;
  private readonly events: AttemptEvents;
  /** by identity of their STEP; shared by all tenures of this process */
  private readonly answers: Map<number, Answered>;
  private readonly running = new Set<number>();
  private readonly toAnnounce = new Set<number>();
  private readonly announced = new Set<number>();
  private suspect: number | undefined;
  /** what was absent, and when to ask again, ms */
  private readonly absent = new Map<number, number>();
  private readonly slots: Slots;
  /** of what has not begun */
  private readonly held = new Set<Slot>();
  /** lists made for MARKs */
  private lists = 0;
  private readonly host: AttemptHost;

  constructor(
    activities: Activities,
    clock: Clock,
    answers: Map<number, Answered>,
    slots: Slots,
    events: AttemptEvents,
  ) {
    this.activities = activities;
    this.clock = clock;
    this.answers = answers;
    this.slots = slots;
    this.events = events;
    this.host = {
      clock,
      settled: (begun, owner, cause) => {
        this.ended(begun, owner);
        const answer = { cause, at: clock.now() };
        this.answers.set(owner.identity, answer);
        events.answered(owner, answer);
      },
      absent: (begun, owner) => {
        this.ended(begun, owner);
        this.absent.set(owner.identity, clock.now() + ABSENT_WAIT_MS);
        // the next MARK does not list it
        if (this.announced.has(owner.identity)) events.announce();
        events.absent(owner);
      },
    };
  }

  get idle(): boolean {
    return this.running.size === 0;
  }

  /** What is to begin waits for a MARK. */
  get announcing(): boolean {
    return this.toAnnounce.size > 0;
  }

  /** How many are under way. */
  get underWay(): number {
    return this.running.size;
  }

  /** How many have no slot so far. */
  get waiting(): number {
    let waiting = 0;
    for (const slot of this.held) if (!slot.granted) waiting++;
    return waiting;
  }

  /** What a MARK must list: what runs, and what begins once the MARK is known valid. */
  listed(): readonly number[] {
    this.lists++;
    return [...new Set([...this.running, ...this.toAnnounce])];
  }

  /** True when a valid MARK that lists it lets the activity of `identity` begin. */
  listedInMark(identity: number): boolean {
    if (!this.toAnnounce.delete(identity)) return false;
    this.announced.add(identity);
    return true;
  }

  /**
   * Begins the attempt if it may begin, or ends one that takes too long. Gives the time at which to
   * look again, ms; or `load`: it may begin once it is known what to call (R8).
   */
  look(
    entry: Entry,
    activity: Activity | undefined,
    mayBegin: boolean,
  ): number | 'load' | undefined {
    const { work } = entry;
    if (work === undefined) return undefined;
    if (work.running) return this.watch(entry);
    if (!mayBegin) return undefined;
    const again = this.absent.get(entry.identity);
    return again !== undefined && this.clock.now() < again ? again : this.ask(entry, activity);
  }

  private ask(entry: Entry, activity: Activity | undefined): number | 'load' | undefined {
    const { identity, takeovers, wants, work } = entry;
    const answer = this.answers.get(identity);
    if (answer !== undefined) {
      this.events.answered(entry, answer);
      return undefined;
    }
    if (takeovers >= TAKEOVERS_DEAD) {
      const name = wants?.activity ?? '';
      this.events.bury(entry, `${takeovers} tenures ended while its activity ${name} ran`);
      return undefined;
    }
    const suspect = takeovers >= TAKEOVERS_ALONE;
    const announced = this.announced.has(identity);
    if (suspect && !announced) {
      if (this.suspect !== undefined && this.suspect !== identity) {
        return this.clock.now() + SUSPECT_WAIT_MS;
      }
      this.suspect = identity;
    }
    const slot = this.slotOf(entry, work!);
    if (slot?.granted === false) return undefined;
    const foreign = entry.header.tenure !== this.events.tenure();
    const overlooked = work!.waitedSince !== undefined && work!.waitedSince !== this.lists;
    if ((suspect || foreign || overlooked) && !announced) {
      this.toAnnounce.add(identity);
      this.events.announce();
      return undefined;
    }
    if (activity === undefined) return 'load';
    this.begin(entry, activity);
    return this.attemptDue(work?.attemptEnd);
  }

  /** Its slot, asked for when it is looked at first; undefined = it needs none. */
  private slotOf(entry: Entry, work: Work): Slot | undefined {
    if (work.slot !== undefined) return work.slot;
    const pools = this.events.poolsOf(entry);
    if (pools.length === 0) return undefined;
    const slot = this.slots.ask(pools, () => this.events.admitted(entry));
    this.held.add(slot);
    work.slot = slot;
    work.waitedSince = slot.granted ? undefined : this.lists;
    return slot;
  }

  /** What has not begun will not begin here any more: it waits no longer, and keeps nobody waiting. */
  giveUpSlots(): void {
    for (const slot of this.held) slot.release();
    this.held.clear();
  }

  /** When the wall clock will show the end of an attempt, unless it is set meanwhile. */
  private attemptDue(end: number | undefined): number | undefined {
    if (end === undefined) return undefined;
    return Math.ceil(this.clock.now() + Math.max(1, end - this.clock.elapsed()));
  }

  /** What the activity has answered, if no valid record holds it yet. */
  answerOf({ identity }: Entry): Answered | undefined {
    return this.answers.get(identity);
  }

  /**
   * Whether the activity of an open STEP may be under way, or be done already: here, or where an earlier
   * tenure began it, or before the strand was put aside (R18).
   */
  mayRun({ header, revived, wants, work }: Entry): boolean {
    if (work?.running === true) return true;
    const isNew = header.tenure === this.events.tenure() && revived !== true;
    if (wants?.activity === undefined || isNew) return false;
    return (wants.notBefore ?? 0) - CLOCK_SKEW_MAX_MS <= this.clock.now();
  }

  /** The activity of `from` goes on under the record `to` that has replaced it, and is asked to stop. */
  handOver(from: Entry, to: Entry): void {
    const { work } = from;
    const answer = this.answers.get(from.identity);
    if (answer !== undefined) this.answers.set(to.identity, answer);
    if (work?.running !== true) return;
    from.work = undefined;
    to.work = work;
    work.queued = false;
    work.cancelDue?.();
    work.cancelDue = undefined;
    work.due = undefined;
    this.running.delete(from.identity);
    this.running.add(to.identity);
    work.ownedBy = to;
    work.attempt?.ask();
  }

  /** Ends an attempt that takes too long. Gives the time at which to look again, ms. */
  watch({ work }: Entry): number | undefined {
    if (work?.running !== true) return undefined;
    if (work.attemptEnd !== undefined && this.clock.elapsed() >= work.attemptEnd)
      work.attempt?.timedOut();
    return this.attemptDue(work.attemptEnd);
  }

  /** The entry is resolved: whatever still runs for it is not wanted any more. */
  forget(entry: Entry): void {
    const { identity, work } = entry;
    this.answers.delete(identity);
    this.absent.delete(identity);
    this.announced.delete(identity);
    this.toAnnounce.delete(identity);
    if (this.suspect === identity) this.suspect = undefined;
    if (this.running.delete(identity)) work?.attempt?.abort();
    const slot = work?.slot;
    if (slot !== undefined && this.held.delete(slot)) slot.release();
  }

  /** Asks everything that runs to stop. */
  abort(entryOf: (identity: number) => Entry | undefined): void {
    for (const identity of this.running) entryOf(identity)?.work?.attempt?.abort();
    this.running.clear();
    this.giveUpSlots();
  }

  /** Drops answers that no open record waits for. */
  prune(isOpen: (identity: number) => boolean): void {
    for (const identity of [...this.answers.keys()]) {
      if (!isOpen(identity)) this.answers.delete(identity);
    }
  }

  private begin(entry: Entry, activity: Activity): void {
    const work = entry.work!;
    if (work.slot !== undefined) this.held.delete(work.slot);
    this.running.add(entry.identity);
    new Attempt(this.host, entry, work, activity).begin(this.activities);
  }

  private ended(begun: Entry, { identity }: Entry): void {
    this.running.delete(identity);
    if (this.suspect === begun.identity) this.suspect = undefined;
  }
}
