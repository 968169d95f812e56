/*
 * Parked rows whose Definition is not here: put aside as numbers, so that they keep no room from others, and
 * their Definition asked for until it is there. What this build cannot run stays parked, for one that can
 * (PROTOCOL.md R21).
 */
import type { Clock, ParkedRow } from '../ports/index.ts';
import type { Plans } from './plans.ts';
import type { Timers } from './timers.ts';

/** A Definition that could not be had is asked for again after, ms. */
const AGAIN_MS = 1_000;

export class RowsAside {
  private readonly plans: Plans;
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly back: () => void;
  /** by Definition */
  private readonly rows = new Map<string, Set<number>>();

  /** `back`: rows that were put aside can be run, and are not put aside any more. */
  constructor(plans: Plans, clock: Clock, timers: Timers, back: () => void) {
    this.plans = plans;
    this.clock = clock;
    this.timers = timers;
    this.back = back;
  }

  put({ definition, identity }: ParkedRow): void {
    const rows = this.rows.get(definition);
    if (rows !== undefined) return void rows.add(identity);
    this.rows.set(definition, new Set([identity]));
    this.ask(definition);
  }

  *identities(): Iterable<number> {
    for (const rows of this.rows.values()) yield* rows;
  }

  /** What waits for it, waits on: what cannot be had now is asked for again (P4). */
  private ask(definition: string): void {
    const again = (): void => {
      this.timers.at(this.clock.now() + AGAIN_MS, () => this.ask(definition));
    };
    this.plans.get(
      definition,
      (answer) => {
        if ('unknown' in answer) again();
        else if ('plan' in answer) {
          this.rows.delete(definition);
          this.back();
        }
      },
      again,
    );
  }
}
