/*
 * STARTs that wait for their first hop, in offset order (PROTOCOL.md R8, R15, R21). They are held back
 * while too much is active, or while the Store lags too far; they stay in the Log meanwhile.
 */
import type { Clock } from '../ports/index.ts';
import type { Offer, Offers } from './offers.ts';
import type { PlanAnswer, Plans } from './plans.ts';
import type { Timers } from './timers.ts';
import type { Entry } from './view.ts';

const ASK_AGAIN_MS = 1_000;

export class WaitingStarts {
  private readonly plans: Plans;
  private readonly offers: Offers;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly isOpen: (entry: Entry) => boolean;
  private readonly push: (offer: Offer) => void;
  private queue: Entry[] = [];
  private first = 0;

  constructor(
    plans: Plans,
    offers: Offers,
    timers: Timers,
    clock: Clock,
    isOpen: (entry: Entry) => boolean,
    push: (offer: Offer) => void,
  ) {
    this.plans = plans;
    this.offers = offers;
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

  /** Lets up to `room` of them begin. */
  admit(room: number): void {
    for (let left = room; left > 0 && this.first < this.queue.length;) {
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
    const { body, header } = entry;
    if (body?.kind !== 'START' || entry.work === undefined) return;
    entry.work.queued = true;
    const known = header.definition === '' ? undefined : this.plans.cached(header.definition);
    if (known !== undefined) return this.offer(entry, known);
    const resolved = (answer: PlanAnswer): void => {
      if (this.isOpen(entry)) this.offer(entry, answer);
    };
    const again = (): void => {
      this.timers.at(this.clock.now() + ASK_AGAIN_MS, () => this.begin(entry));
    };
    if (header.definition === '') this.plans.find(body.definition, resolved, again);
    else this.plans.get(header.definition, resolved, again);
  }

  private offer(entry: Entry, answer: PlanAnswer): void {
    this.push(
      'plan' in answer
        ? this.offers.start(entry, answer.plan.definition.hash)
        : this.offers.unfit(entry, answer),
    );
  }
}
