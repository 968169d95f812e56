/*
 * STARTs that wait for their first hop, in offset order (PROTOCOL.md R8, R15, R21). They are held back
 * while too much is active, or while the Store lags too far. The first of them are open records here;
 * the others wait in the Log (start-backlog.ts) and are brought in when it becomes their turn.
 */
import type { Clock } from '../ports/index.ts';
import { type Bodies, bodyOf, LazyBodies } from './held-bodies.ts';
import type { Offer } from './offer.ts';
import type { Offers } from './offers.ts';
import type { PlanAnswer, Plans } from './plans.ts';
import type { ReadAgain } from './read-again.ts';
import type { Refetch } from './refetch.ts';
import type { Timers } from './timers.ts';
import { WireError } from '../wire/index.ts';
import type { Entry, LogView } from './view.ts';

const ASK_AGAIN_MS = 1_000;
/** STARTs that are brought in at once. */
const STARTS_AT_ONCE = 500;

export interface WaitingStartsEvents {
  /** Whether the tenure writes. */
  writes(): boolean;
  /** Whether runs may begin at all. */
  begins(): boolean;
  /** A START has become an open record. */
  brought(entry: Entry): void;
  /** Not while STARTs are being let in: whoever does that makes the next batch. */
  pump(): void;
  offer(offer: Offer): void;
}

export class WaitingStarts {
  private readonly view: LogView;
  private readonly log: ReadAgain;
  private readonly plans: Plans;
  private readonly offers: Offers;
  private readonly refetch: Refetch;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly startsMax: number;
  private readonly events: WaitingStartsEvents;
  private queue: Entry[] = [];
  private first = 0;
  private bringing = false;
  /** STARTs that were let in and wait for their definition */
  private asking = 0;

  constructor(
    view: LogView,
    log: ReadAgain,
    plans: Plans,
    offers: Offers,
    refetch: Refetch,
    timers: Timers,
    clock: Clock,
    startsMax: number,
    events: WaitingStartsEvents,
  ) {
    this.view = view;
    this.log = log;
    this.plans = plans;
    this.offers = offers;
    this.refetch = refetch;
    this.timers = timers;
    this.clock = clock;
    this.startsMax = startsMax;
    this.events = events;
  }

  add(entry: Entry): void {
    this.queue.push(entry);
  }

  clear(): void {
    this.queue = [];
    this.first = 0;
  }

  /** Lets up to `room` of them begin, those included that were let in and have not begun yet. */
  admit(room: number): void {
    for (let left = room - this.asking; left > 0 && this.first < this.queue.length;) {
      const entry = this.queue[this.first++]!;
      if (!this.isOpen(entry)) continue;
      left--;
      this.begin(entry);
    }
    if (this.first > 1_000 && this.first > this.queue.length / 2) {
      this.queue = this.queue.slice(this.first);
      this.first = 0;
    }
    this.bring();
  }

  /** Fills up what is here once half of it has begun. */
  private bring(): void {
    const here = this.queue.length - this.first;
    if (this.bringing || !this.events.begins() || 2 * here >= this.startsMax) return;
    const offsets = this.view.backlog.next(Math.min(STARTS_AT_ONCE, this.startsMax - here));
    if (offsets.length === 0) return;
    this.bringing = true;
    this.log.read(
      offsets,
      ({ offset, time, bytes }) => {
        try {
          const entry = this.view.bring(offset, time, bytes);
          if (entry !== undefined) this.events.brought(entry);
        } catch (error) {
          if (!(error instanceof WireError)) throw error;
          this.log.differs(offset, error.message);
        }
      },
      () => {
        this.bringing = false;
        this.events.pump();
      },
    );
  }

  private isOpen(entry: Entry): boolean {
    return this.events.writes() && this.view.open.get(entry.identity) === entry;
  }

  private begin(entry: Entry): void {
    const { definition } = entry.header;
    if (entry.work === undefined) return;
    entry.work.queued = true;
    const known = definition === '' ? undefined : this.plans.cached(definition);
    if (known !== undefined) return this.offer(entry, known);
    this.asking++;
    if (definition === '') this.read(entry, new Map());
    else this.ask(entry, new Map(), (...told) => this.plans.get(definition, ...told));
  }

  /** Which definition it means is in its body, and that may have to be fetched (R8). */
  private read(entry: Entry, fetched: Bodies): void {
    const body = bodyOf(entry, fetched);
    if (body === undefined) {
      return this.refetch.load([entry], fetched, () => {
        if (this.isOpen(entry)) this.read(entry, fetched);
        else this.drop(fetched);
      });
    }
    if (body.kind !== 'START') return;
    this.ask(entry, fetched, (...told) => this.plans.find(body.definition, ...told));
  }

  private ask(
    entry: Entry,
    fetched: Bodies,
    question: (then: (answer: PlanAnswer) => void, failed: () => void) => void,
  ): void {
    question(
      (answer) => {
        if (!this.isOpen(entry)) return this.drop(fetched);
        this.asking--;
        this.offer(entry, answer, fetched);
      },
      () => {
        this.timers.at(this.clock.now() + ASK_AGAIN_MS, () => this.ask(entry, fetched, question));
      },
    );
  }

  private drop(fetched: Bodies): void {
    this.asking--;
    this.refetch.release(fetched);
  }

  private offer(entry: Entry, answer: PlanAnswer, fetched: Bodies = new LazyBodies()): void {
    if ('plan' in answer) {
      this.events.offer(this.offers.start(entry, answer.plan.definition.hash, fetched));
    } else if ('unknown' in answer) this.events.offer(this.offers.unknown(entry, fetched));
    // R21: what this build cannot run stays open, for one that can
    else this.refetch.release(fetched);
  }
}
