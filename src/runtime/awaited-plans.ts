/*
 * Open records whose Definition is not here yet: they are held until it is, and nothing is dropped
 * (PROTOCOL.md R21).
 */
import type { Clock } from '../ports/index.ts';
import type { PlanAnswer, Plans } from './plans.ts';
import type { Timers } from './timers.ts';
import type { Entry } from './view.ts';

const ASK_AGAIN_MS = 1_000;
/** Questions without an answer until people are told. */
const COMPLAIN_AFTER = 30;

export class AwaitedPlans {
  private readonly plans: Plans;
  private readonly timers: Timers;
  private readonly clock: Clock;
  /** A Definition has come: what waited for it goes on. */
  private readonly come: (entries: readonly Entry[]) => void;
  private readonly complain: (said: string) => void;
  private readonly waiting = new Map<string, Entry[]>();

  constructor(
    plans: Plans,
    timers: Timers,
    clock: Clock,
    come: (entries: readonly Entry[]) => void,
    complain: (said: string) => void,
  ) {
    this.plans = plans;
    this.timers = timers;
    this.clock = clock;
    this.come = come;
    this.complain = complain;
  }

  get waits(): boolean {
    return this.waiting.size > 0;
  }

  /** What is known of the Plan of `entry`; undefined = it is asked for, and `come` is told of the entry. */
  of(entry: Entry): PlanAnswer | undefined {
    const { definition } = entry.header;
    const known = this.plans.cached(definition);
    if (known !== undefined) return known;
    const waiting = this.waiting.get(definition);
    if (waiting !== undefined) waiting.push(entry);
    else {
      this.waiting.set(definition, [entry]);
      this.ask(definition);
    }
    return undefined;
  }

  private ask(hash: string, times = 1): void {
    const again = (): void => {
      this.timers.at(this.clock.now() + ASK_AGAIN_MS, () => this.ask(hash, times + 1));
    };
    this.plans.get(
      hash,
      (answer) => {
        if ('unknown' in answer) {
          if (times === COMPLAIN_AFTER) {
            const [first] = this.waiting.get(hash) ?? [];
            const said = `waits for the definition ${hash}, which nobody has deployed`;
            this.complain(`${first?.header.run ?? 'a run'} ${said}, and so do all others of it`);
          }
          return again();
        }
        const entries = this.waiting.get(hash) ?? [];
        this.waiting.delete(hash);
        this.come(entries);
      },
      again,
    );
  }
}
