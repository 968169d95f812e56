/*
 * Hops that cannot be made before a definition is here: that of a workflow which a task runs, or of a
 * parent whose child has ended (PROTOCOL.md R21). Their offers wait here and are made again.
 *
 * D1. What a task names is asked for anew by each hop: `latest` is the highest version at that moment.
 * D2. While nobody has deployed it, it is asked for again for UNKNOWN_MAX_MS; then the task is told.
 *     Definitions that do not answer are asked for ever: that is trouble in operation.
 * D3. What this build cannot run is held as it stands in the Log, for one that can (Plans complain).
 */
import type { Clock } from '../ports/index.ts';
import { HOLD_MAX_MS } from '../wire/index.ts';
import type { Lacks } from './learnt.ts';
import type { Offer } from './offer.ts';
import type { PlanAnswer, Plans } from './plans.ts';
import type { Timers } from './timers.ts';

const ASK_AGAIN_MS = 1_000;
/** How long a workflow may be deployed after a task wants to run it, ms. */
const UNKNOWN_MAX_MS = HOLD_MAX_MS;

export class NeededPlans {
  private readonly plans: Plans;
  private readonly timers: Timers;
  private readonly clock: Clock;
  /** The offer can be made again. */
  private readonly offer: (offer: Offer) => void;
  /** No offer is made of it by this process. */
  private readonly held: (offer: Offer) => void;
  private waiting = 0;

  constructor(
    plans: Plans,
    timers: Timers,
    clock: Clock,
    offer: (offer: Offer) => void,
    held: (offer: Offer) => void,
  ) {
    this.plans = plans;
    this.timers = timers;
    this.clock = clock;
    this.offer = offer;
    this.held = held;
  }

  /** No offer waits. */
  get idle(): boolean {
    return this.waiting === 0;
  }

  /** Asks for what the offer needs; it is offered again once that is known. */
  want(lacking: Lacks, offer: Offer): void {
    this.waiting++;
    this.ask(lacking, offer, this.clock.now() + UNKNOWN_MAX_MS);
  }

  private ask(lacking: Lacks, offer: Offer, until: number): void {
    const again = (): void => {
      this.timers.at(this.clock.now() + ASK_AGAIN_MS, () => this.ask(lacking, offer, until));
    };
    const told = (answer: PlanAnswer): void => {
      // A hash was in use already: whoever has it will deploy it again.
      const hopeful = typeof lacking.lacks === 'string' || this.clock.now() < until;
      if ('unknown' in answer && hopeful) return again();
      this.waiting--;
      if ('unfit' in answer) return this.held(offer);
      lacking.learn('plan' in answer ? answer.plan : undefined);
      this.offer(offer);
    };
    if (typeof lacking.lacks === 'string') this.plans.get(lacking.lacks, told, again);
    else this.plans.find(lacking.lacks, told, again);
  }
}
