/*
 * STARTs that wait for their first hop, in offset order (PROTOCOL.md R8, R15, R21). They are held back
 * while too much is active, or while the Store lags too far; they stay in the Log meanwhile, and what
 * they say need not be in memory.
 */
import type { Clock } from '../ports/index.ts';
import { type Bodies, bodyOf } from './held-bodies.ts';
import type { Offer, Offers } from './offers.ts';
import type { PlanAnswer, Plans } from './plans.ts';
import type { Refetch } from './refetch.ts';
import type { Timers } from './timers.ts';
import type { Entry } from './view.ts';

const ASK_AGAIN_MS = 1_000;

export class WaitingStarts {
  private readonly plans: Plans;
  private readonly offers: Offers;
  private readonly refetch: Refetch;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly isOpen: (entry: Entry) => boolean;
  private readonly push: (offer: Offer) => void;
  private queue: Entry[] = [];
  private first = 0;
  /** STARTs that were let in and wait for their definition */
  private asking = 0;

  constructor(
    plans: Plans,
    offers: Offers,
    refetch: Refetch,
    timers: Timers,
    clock: Clock,
    isOpen: (entry: Entry) => boolean,
    push: (offer: Offer) => void,
  ) {
    this.plans = plans;
    this.offers = offers;
    this.refetch = refetch;
    this.timers = timers;
    this.clock = clock;
    this.isOpen = isOpen;
    this.push = push;
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

  private offer(entry: Entry, answer: PlanAnswer, fetched: Bodies = new Map()): void {
    if ('plan' in answer) {
      this.push(this.offers.start(entry, answer.plan.definition.hash, fetched));
    } else if ('unknown' in answer) this.push(this.offers.unknown(entry, fetched));
    // R21: what this build cannot run stays open, for one that can
    else this.refetch.release(fetched);
  }
}
