/*
 * Which STARTs count (PROTOCOL.md R17). A START is void if its run was started before, or if the time
 * in its id is too far from its append time. Ids are remembered for as long as a second copy may come.
 */
import { CLOCK_SKEW_MAX_MS, START_LATE_MAX_MS, timeOfRunId } from '../wire/index.ts';

/** Two copies of one START are at most this far apart in append time, ms. */
export const START_WINDOW_MS = START_LATE_MAX_MS + CLOCK_SKEW_MAX_MS;

export class StartedRuns {
  private readonly seen = new Map<string, number>();
  private sweptAt = 0;

  /** Reads a START in Log order; says whether it begins a run. */
  admit(run: string, appendedAt: number): boolean {
    if (this.seen.has(run)) return false;
    this.sweep(appendedAt);
    this.seen.set(run, appendedAt);
    return inTime(run, appendedAt);
  }

  /** Forgets what no second copy can come of any more. Append times may step back a little. */
  private sweep(now: number): void {
    if (now < this.sweptAt + START_WINDOW_MS) return;
    this.sweptAt = now;
    for (const [run, at] of this.seen) {
      if (at >= now - 2 * START_WINDOW_MS) break;
      this.seen.delete(run);
    }
  }
}

/** Whether a START appended then comes within the time that its run id allows. */
export function inTime(run: string, appendedAt: number): boolean {
  const made = timeOfRunId(run);
  if (made === undefined) return true; // derived by the engine, not from a clock
  return appendedAt - made <= START_LATE_MAX_MS && made - appendedAt <= CLOCK_SKEW_MAX_MS;
}
