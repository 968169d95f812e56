/*
 * What an owner does about its open records: each is looked at when it comes, when a time it waits for
 * has come, when its activity has answered, and what it needs next is offered (PROTOCOL.md R7, R20).
 *
 * K1. Only the owner of the tenure acts, and only on what is open.
 * K2. An entry has at most one offer at a time (`queued`).
 * K3. What is journalled is in the Store before its activity begins.
 */
import type { Clock } from '../ports/index.ts';
import { HOLD_MAX_MS, type Cause } from '../wire/index.ts';
import type { Answered, Attempts } from './attempts.ts';
import { AwaitedPlans } from './awaited-plans.ts';
import { type Bodies, bodyOf, LazyBodies } from './held-bodies.ts';
import type { Offer } from './offer.ts';
import type { Offers } from './offers.ts';
import type { Plans } from './plans.ts';
import type { Refetch } from './refetch.ts';
import type { Settling } from './settling.ts';
import type { Timers } from './timers.ts';
import type { Entry, LogView } from './view.ts';

export interface OpenWorkEvents {
  /** Whether the tenure writes. */
  writes(): boolean;
  /** Whether activities may begin. */
  begins(): boolean;
  /** Whether the Store has the transition. */
  journalled(identity: number): boolean;
  offer(offer: Offer): void;
  pump(): void;
  /** A START is open. */
  start(entry: Entry): void;
  /** A CONTROL is open. */
  control(entry: Entry): void;
  /** What is to be offered instead of stepping a strand because of that. */
  insteadOf(entry: Entry, cause: Cause, at: number): Offer | undefined;
  readonly settling: Pick<Settling, 'consider' | 'dooms'>;
  guard(act: () => void): void;
  complain(said: string): void;
}

export class OpenWork {
  private readonly view: LogView;
  private readonly offers: Offers;
  private readonly attempts: Attempts;
  private readonly refetch: Refetch;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly events: OpenWorkEvents;
  private readonly plans: AwaitedPlans;
  /** what begins when the Store has it, by identity */
  private readonly unjournalled = new Set<number>();

  constructor(
    view: LogView,
    offers: Offers,
    attempts: Attempts,
    refetch: Refetch,
    plans: Plans,
    timers: Timers,
    clock: Clock,
    events: OpenWorkEvents,
  ) {
    this.view = view;
    this.offers = offers;
    this.attempts = attempts;
    this.refetch = refetch;
    this.timers = timers;
    this.clock = clock;
    this.events = events;
    this.plans = new AwaitedPlans(
      plans,
      timers,
      clock,
      (entries) =>
        events.guard(() => {
          for (const entry of entries) if (this.isOpen(entry)) this.withPlan(entry);
          events.pump();
        }),
      (said) => events.complain(said),
    );
  }

  /** Whether anything waits for its definition. */
  get awaitsPlans(): boolean {
    return this.plans.waits;
  }

  /** An open record has become this owner's business. */
  prepare(entry: Entry): void {
    entry.work ??= {
      due: undefined,
      cancelDue: undefined,
      attemptEnd: undefined,
      attempt: undefined,
      ownedBy: undefined,
      running: false,
      queued: false,
      loading: false,
      slot: undefined,
      waitedSince: undefined,
    };
    const { kind } = entry.header;
    if (kind === 'START') this.events.start(entry);
    else if (kind === 'CONTROL') this.events.control(entry);
    else if (kind === 'STEP' || kind === 'CANCELLING') this.withPlan(entry);
    else if (kind === 'END') this.considerJoin(entry);
  }

  /** A branch has ended: its fork may need the others no more. */
  private considerJoin({ header }: Entry): void {
    const join = this.view.open.joinOf(header.run, header.strand);
    if (join !== undefined) this.events.settling.consider(join);
  }

  /** A cancelled strand waits for the answer of its activity, for some time: in nobody's way where nobody
   *  runs that activity any more. */
  private wakeCancelling(entry: Entry, until: number): void {
    const now = this.clock.now();
    const left = until - now;
    this.view.open.rest(entry, entry.work?.running !== true && left > HOLD_MAX_MS);
    const answer = this.attempts.answerOf(entry);
    if (answer !== undefined) this.offerStep(entry, answer.cause, answer.at);
    else if (left <= 0) this.offerStep(entry, { kind: 'timer' }, now);
    else {
      const again = this.attempts.watch(entry);
      if (entry.work?.queued !== true) this.arm(entry, least(again, until));
    }
  }

  /** It is resolved. */
  forget(entry: Entry): void {
    this.attempts.forget(entry);
    entry.work?.cancelDue?.();
    entry.work = undefined;
  }

  private withPlan(entry: Entry): void {
    const known = this.plans.of(entry);
    // what this build cannot run stays open, for one that can (R21)
    if (known !== undefined && 'plan' in known) this.wake(entry);
  }

  /** Does what the entry wants at this moment, and arms a timer for what it will want. */
  private wake(entry: Entry, fetched?: Bodies): void {
    const { wants, work, header } = entry;
    if (!this.events.writes() || work === undefined || wants === undefined) return;
    if (work.queued || work.loading) return;
    if (wants.until !== undefined) return this.wakeCancelling(entry, wants.until);
    const doom = this.events.settling.dooms(entry);
    if (doom !== undefined && wants.cancellable) {
      work.queued = true;
      return this.events.offer(this.offers.cancel(entry, doom));
    }
    if (header.joins > 0) this.events.settling.consider(entry);
    const now = this.clock.now();
    const { deadline, notBefore, activity } = wants;
    // Whose clock was ahead has held it for so long; what others wait for is not to wait for that.
    this.view.open.rest(entry, notBefore !== undefined && notBefore - now > HOLD_MAX_MS);
    if (deadline !== undefined && now >= deadline) this.offerStep(entry, { kind: 'timer' }, now);
    else if (header.joins > 0) this.arm(entry, deadline);
    else if (notBefore !== undefined && now < notBefore)
      this.arm(entry, least(notBefore, deadline));
    else if (activity !== undefined) {
      const body = bodyOf(entry, fetched);
      const due = body?.kind === 'STEP' ? body.activity : undefined;
      const again = this.attempts.look(entry, due, this.events.begins() && this.isKept(entry));
      if (again === 'load') this.load(entry);
      else if (!work.queued) this.arm(entry, least(again, deadline));
    } else this.offerStep(entry, { kind: notBefore === undefined ? 'continue' : 'timer' }, now);
  }

  /** K3. */
  private isKept({ header, identity }: Entry): boolean {
    if (!header.journal || this.events.journalled(identity)) return true;
    this.unjournalled.add(identity);
    return false;
  }

  /** The Store has come nearer. */
  folded(): void {
    for (const identity of this.unjournalled) {
      if (!this.events.journalled(identity)) continue;
      this.unjournalled.delete(identity);
      const entry = this.view.open.get(identity);
      if (entry !== undefined) this.wake(entry);
    }
  }

  /** Looks at it again once its body is there (R8). */
  private load(entry: Entry): void {
    const { work } = entry;
    if (work === undefined) return;
    work.loading = true;
    const fetched: Bodies = new LazyBodies();
    this.refetch.load([entry], fetched, () => {
      work.loading = false;
      if (entry.work === work) {
        this.wake(entry, fetched);
        this.events.pump();
      }
      this.refetch.release(fetched);
    });
  }

  private arm(entry: Entry, at: number | undefined): void {
    const { work } = entry;
    if (work === undefined || work.due === at) return;
    work.cancelDue?.();
    work.due = at;
    work.cancelDue =
      at === undefined
        ? undefined
        : this.timers.at(at, () =>
            this.events.guard(() => {
              work.due = undefined;
              work.cancelDue = undefined;
              this.wake(entry);
              this.events.pump();
            }),
          );
  }

  /** A valid MARK lists it as running. */
  listedInMark(identity: number): void {
    if (!this.attempts.listedInMark(identity)) return;
    const entry = this.view.open.get(identity);
    if (entry !== undefined) this.wake(entry);
  }

  /** An answer that comes after the deadline is none: what is recorded as a result stands (P3). */
  answered(entry: Entry, { cause, at }: Answered): void {
    const deadline = entry.wants?.deadline;
    const late = deadline !== undefined && at >= deadline;
    this.offerStep(entry, late ? { kind: 'timer' } : cause, at);
  }

  /** Its activity cannot be carried out here, or has its slot now: it is asked for again, in its time. */
  lookAgain(entry: Entry): void {
    this.wake(entry);
    this.events.pump();
  }

  private offerStep(entry: Entry, cause: Cause, at: number): void {
    const { work } = entry;
    if (!this.events.writes() || work === undefined || work.queued || !this.isOpen(entry)) return;
    work.queued = true;
    const instead = this.events.insteadOf(entry, cause, at);
    this.events.offer(instead ?? this.offers.step(entry, cause, at));
  }

  /** What cannot be processed is parked with its reason (P10). */
  bury(entry: Entry, reason: string): void {
    if (entry.work === undefined || entry.work.queued) return;
    this.events.offer(this.burial(entry, reason));
  }

  burial(entry: Entry, reason: string): Offer {
    if (entry.work !== undefined) entry.work.queued = true;
    return this.offers.bury(entry, reason);
  }

  private isOpen(entry: Entry): boolean {
    return this.view.open.get(entry.identity) === entry;
  }
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
