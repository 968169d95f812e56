/*
 * The offers that an owner makes of hops: what it steps, brings back, puts aside and cancels, and what it
 * makes instead where no record can hold that.
 */
import { isUndoing, standardError, unkept } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { KeptEvent, ParkedRow } from '../ports/index.ts';
import {
  type Cause,
  type EventRule,
  RECORD_BYTES_MAX,
  type State,
  type WorkflowError,
} from '../wire/index.ts';
import type { Batch } from './batch.ts';
import type { Firing } from './event-schedules.ts';
import { type Bodies, LazyBodies } from './held-bodies.ts';
import { Hop } from './hop.ts';
import type { Hopped } from './hop-outcome.ts';
import { lacking, Learnt } from './learnt.ts';
import type { RowInHand } from './rows-in-hand.ts';
import type { Entry } from './view.ts';
import { weightOf } from './weight.ts';
import { type Asked, GONE, LATER, type Made, type Offer } from './offer.ts';
import { RecordOffers } from './record-offers.ts';

/** What was heard takes most of a record by itself: not what is written with it is to blame. */
const HEAVY_BYTES = RECORD_BYTES_MAX / 2;
/** Compensations that are put off one by one before it goes faster. */
const ONE_BY_ONE = 8;

/** How many compensations to put off if the strand is `left` undoing; undefined: none would help. */
function deferMore(defer: number, left: State | undefined): number | undefined {
  if (left === undefined || !isUndoing(left)) return undefined;
  return defer < ONE_BY_ONE ? defer + 1 : 2 * defer;
}

/** The end of the strand tells of something that could not be undone. */
function hasDeferred(left: State | undefined): boolean {
  return left?.compensations?.some(({ outcome }) => outcome === 'deferred') === true;
}

/** What the strand hears in place of an answer that no record can hold; undefined: that is as short as can be. */
function unheard(cause: Cause, why: string): Cause | undefined {
  const error = cause.kind === 'activity' ? unkept(cause, why) : undefined;
  if (cause.kind !== 'activity' || error === undefined) return undefined;
  const { attempt, key, kind } = cause;
  return { kind, key, attempt, error };
}

export class Offers extends RecordOffers {
  /** Steps an open STEP because of what came about at `at` (ms). */
  step(
    entry: Entry,
    cause: Cause,
    at: number,
    defer = 0,
    brief = false,
    fetched: Bodies = new LazyBodies(),
  ): Offer {
    const learnt = new Learnt();
    return {
      entry,
      fetched,
      make: (batch) =>
        this.hop(
          batch,
          entry.header.definition,
          at,
          fetched,
          learnt,
          (hop) => hop.entry(entry, cause),
          defer,
          brief,
        ),
      refused: (reason, left) => {
        const heard = unheard(cause, reason);
        const more = weightOf(cause) > HEAVY_BYTES ? undefined : deferMore(defer, left);
        if (more !== undefined) return this.step(entry, cause, at, more);
        if (!brief && hasDeferred(left)) return this.step(entry, cause, at, defer, true);
        return heard === undefined
          ? this.fail(entry, standardError('runtime', reason, ''))
          : this.step(entry, heard, at);
      },
    };
  }

  /** Begins a run whose definition is known. */
  start(entry: Entry, hash: string, fetched: Bodies = new LazyBodies()): Offer {
    const learnt = new Learnt();
    return {
      entry,
      fetched,
      make: (batch) =>
        this.hop(batch, hash, this.now(), fetched, learnt, (hop) =>
          hop.entry(entry, { kind: 'start' }),
        ),
      refused: (reason) => this.stillborn(entry, () => standardError('runtime', reason, '')),
    };
  }

  /**
   * Brings back a parked strand, if it still is `wanted` when the batch is made; `gone` is called when
   * there is nothing to bring back.
   */
  row(row: ParkedRow, wanted: () => boolean, gone: () => void): Offer {
    // The clock may have gone back since the row was found: no timer is early (P4).
    const at = Math.max(this.now(), row.due ?? 0);
    return this.resumption(row, at, wanted, gone, (hop) => hop.row(row));
  }

  /** Brings back a parked strand that has heard these events, if it takes any of them; else as `row`. */
  hear(
    row: ParkedRow,
    given: readonly KeptEvent[],
    wanted: () => boolean,
    gone: () => void,
  ): Offer {
    return this.resumption(row, this.now(), wanted, gone, (hop) => hop.hear(row, given));
  }

  /** Begins the runs that a schedule by events wants with these; what cannot be written is dropped. */
  fireBy(
    row: ParkedRow,
    rule: EventRule,
    firing: Firing,
    wanted: () => boolean,
    gone: () => void,
  ): Offer {
    const offer = (now: Firing): Offer =>
      this.resumption(row, this.now(), wanted, gone, (hop) => hop.fireBy(row, rule, now));
    const { dropped, sets } = firing;
    const nothing = { ...firing, sets: [], dropped: [...sets.flat(), ...dropped] };
    const drop = (reason: string): Offer => {
      this.context.complain(`${row.run} was not begun by ${sets.length} events: ${reason}`);
      return offer(nothing);
    };
    return { ...offer(firing), refused: drop, broken: drop };
  }

  private resumption(
    row: ParkedRow,
    at: number,
    wanted: () => boolean,
    gone: () => void,
    resume: (hop: Hop) => Hopped,
  ): Offer {
    const fetched: Bodies = new LazyBodies();
    const learnt = new Learnt();
    const offer = (act: (hop: Hop) => Hopped, defer = 0): Offer => ({
      entry: undefined,
      fetched,
      make: (batch) => {
        if (!wanted()) return GONE;
        const made = this.hop(batch, row.definition, at, fetched, learnt, act, defer);
        if (made.hopped === 'gone') gone();
        return made;
      },
    });
    const bury = (reason: string): Offer => offer((hop) => hop.buryRow(row, reason));
    const fail = (reason: string, defer = 0, itself = false): Offer => ({
      ...offer((hop) => hop.failRow(row, standardError('runtime', reason, ''), itself), defer),
      refused: (worse, left) => {
        const more = deferMore(defer, left);
        if (more !== undefined) return fail(reason, more, itself);
        return itself ? bury(worse) : fail(reason, 0, true);
      },
      broken: bury,
    });
    return { ...offer(resume), refused: (reason) => fail(reason), broken: bury };
  }

  /** Ends a strand with an error that its definition cannot catch; what it did is undone, as far as can be. */
  private fail(entry: Entry, error: WorkflowError, defer = 0, itself = false): Offer {
    const fetched: Bodies = new LazyBodies();
    const learnt = new Learnt();
    return {
      entry,
      fetched,
      make: (batch) =>
        this.hop(
          batch,
          entry.header.definition,
          this.now(),
          fetched,
          learnt,
          (hop) => hop.fail(entry, error, itself),
          defer,
        ),
      // What its fork makes of the error may be too large as well.
      refused: (reason, left) => {
        const more = deferMore(defer, left);
        if (more !== undefined) return this.fail(entry, error, more, itself);
        return itself ? this.bury(entry, reason) : this.fail(entry, error, 0, true);
      },
    };
  }

  /**
   * Cancels a strand whose record is open, for `asked` or because its fork settles. What is known of its
   * activity is looked at when the batch is made.
   */
  cancel(entry: Entry, how: 'run' | 'lost', asked?: Asked, defer = 0, unkeepable?: string): Offer {
    const fetched: Bodies = new LazyBodies();
    const learnt = new Learnt();
    return {
      entry,
      fetched,
      make: (batch) => {
        if (asked !== undefined && !this.isOpen(asked.entry)) {
          asked.gone();
          return GONE;
        }
        const { attempts } = this.context;
        const answer = attempts.answerOf(entry);
        const heard = answer?.cause;
        const cancel = {
          how,
          control: asked?.entry,
          mayRun: attempts.mayRun(entry),
          answer: (unkeepable !== undefined && heard && unheard(heard, unkeepable)) || heard,
        };
        const at = answer?.at ?? this.now();
        const act = (hop: Hop): Hopped => hop.cancel(entry, cancel);
        const { definition } = entry.header;
        const made = this.hop(batch, definition, at, fetched, learnt, act, defer);
        if (made.hopped === 'gone') asked?.gone();
        return made;
      },
      refused: (reason, left) => {
        if (unkeepable === undefined) return this.cancel(entry, how, asked, defer, reason);
        const more = deferMore(defer, left);
        return more === undefined
          ? this.fail(entry, standardError('runtime', reason, ''))
          : this.cancel(entry, how, asked, more, unkeepable);
      },
    };
  }

  /** Puts a run aside, with the answer that its activity has just given; else it is stepped with that. */
  suspend(
    entry: Entry,
    asked: Asked,
    answer?: { readonly cause: Cause; readonly at: number },
  ): Offer {
    const fetched: Bodies = new LazyBodies();
    const learnt = new Learnt();
    // What is fetched is for whichever of the two is made.
    const instead =
      answer && this.step(entry, answer.cause, answer.at, undefined, undefined, fetched);
    return {
      entry,
      fetched,
      make: (batch) => {
        const { definition } = entry.header;
        if (!this.isOpen(asked.entry)) {
          if (instead !== undefined) return instead.make(batch);
          asked.gone();
          return GONE;
        }
        const at = answer?.at ?? this.now();
        const made = this.hop(batch, definition, at, fetched, learnt, (hop) =>
          hop.suspend(entry, asked.entry, answer?.cause),
        );
        if (made.hopped === 'gone') asked.gone();
        return made;
      },
      // It is put aside at its next hop: what is judged is what the strand keeps of the answer.
      refused: (reason) => {
        asked.gone();
        return instead ?? this.fail(entry, standardError('runtime', reason, ''));
      },
    };
  }

  suspendRow(row: ParkedRow, asked: Asked): Offer {
    return this.onRow(row, asked, (hop) => hop.suspendRow(row, asked.entry));
  }

  /**
   * Lets a strand go on that was put aside or is dead. The request `asked` is carried out by that, once all
   * rows of `others` have been brought back: who dies before leaves it open.
   */
  revive(row: ParkedRow, asked?: Asked, others: readonly RowInHand[] = []): Offer {
    const onRow = (act: (hop: Hop) => Hopped, defer = 0): Offer =>
      this.onRow(row, asked, act, defer, others);
    const { body } = row.record;
    const fail = (reason: string, defer = 0, itself = false): Offer => {
      const error = standardError('runtime', reason, '');
      const act = (hop: Hop): Hopped => hop.failRow(row, error, itself, asked?.entry);
      return {
        ...onRow(act, defer),
        refused: (worse, left) => {
          const more = deferMore(defer, left);
          if (more !== undefined) return fail(reason, more, itself);
          return itself ? bury(worse) : fail(reason, 0, true);
        },
      };
    };
    const bury = (reason: string): Offer => onRow((hop) => hop.buryRow(row, reason, asked?.entry));
    const go = (cause?: Cause, defer = 0): Offer => ({
      ...onRow((hop) => hop.revive(row, asked?.entry, cause), defer),
      refused: (reason, left) => {
        const more = deferMore(defer, left);
        if (more !== undefined) return go(cause, more);
        const told = cause ?? (body.kind === 'PARK' ? body.cause : undefined);
        const heard = told && unheard(told, reason);
        return heard === undefined ? fail(reason) : go(heard);
      },
    });
    return go();
  }

  private onRow(
    row: ParkedRow,
    asked: Asked | undefined,
    act: (hop: Hop) => Hopped,
    defer = 0,
    others: readonly RowInHand[] = [],
  ): Offer {
    const fetched: Bodies = new LazyBodies();
    const learnt = new Learnt();
    const hand = this.context.view.hands.take(row.identity);
    return {
      entry: undefined,
      fetched,
      make: (batch) => {
        if (asked !== undefined && !this.isOpen(asked.entry)) return GONE;
        if (hand.resumed) {
          asked?.gone();
          return GONE;
        }
        if (others.some(({ resumed }) => !resumed)) return LATER;
        const made = this.hop(batch, row.definition, this.now(), fetched, learnt, act, defer);
        if (made.hopped === 'gone') asked?.gone();
        return made;
      },
    };
  }

  /** Cancels a parked strand; `done` is called when there is nothing left to be cancelled. */
  cancelRow(
    row: ParkedRow,
    how: 'run' | 'lost',
    done: () => void,
    asked?: Asked,
    defer = 0,
  ): Offer {
    const fetched: Bodies = new LazyBodies();
    const learnt = new Learnt();
    const hand = this.context.view.hands.take(row.identity);
    return {
      entry: undefined,
      fetched,
      make: (batch) => {
        if (asked !== undefined && !this.isOpen(asked.entry)) return GONE;
        if (hand.resumed) {
          done();
          asked?.gone();
          return GONE;
        }
        const act = (hop: Hop): Hopped => hop.cancelRow(row, how, asked?.entry);
        const made = this.hop(batch, row.definition, this.now(), fetched, learnt, act, defer);
        if (made.hopped === 'gone') {
          done();
          asked?.gone();
        }
        return made;
      },
      refused: (reason, left) => {
        const more = deferMore(defer, left);
        if (more !== undefined) return this.cancelRow(row, how, done, asked, more);
        // Who waits for its end must not wait for ever.
        const error = standardError('runtime', `${reason}; what it did is not undone`, '');
        return this.onRow(row, asked, (hop) => hop.endRow(row, error, asked?.entry));
      },
    };
  }

  private hop(
    batch: Batch,
    hash: string,
    at: number,
    fetched: Bodies,
    learnt: Learnt,
    act: (hop: Hop) => Hopped,
    defer = 0,
    brief = false,
  ): Made {
    const { view, plans, observe = false, home, cron, lifecycle } = this.context;
    const known = plans.cached(hash);
    if (known === undefined) return { ...GONE, hopped: lacking(hash) };
    if (!('plan' in known)) return GONE;
    const planOf = (other: string): Plan => learnt.planOf(other, plans.cached(other));
    const options = { observe, home, defer, brief, definitions: learnt.definition };
    const hop = new Hop(
      view,
      batch,
      { plan: known.plan, planOf, options, fetched, cron, lifecycle },
      at,
    );
    try {
      const hopped = act(hop);
      return { hopped, closing: hop.closing, joinWaits: hop.joinWaits, left: hop.left };
    } catch (error) {
      return { hopped: learnt.lacks(error), closing: false, joinWaits: undefined };
    }
  }
}
