/*
 * Poison (PROTOCOL.md R20): how often a tenure ended without CLOSE while an activity was running. The
 * count is derived from the Log alone, so every owner arrives at the same one.
 *
 * A takeover counts against a record if the last MARK of the ended tenure lists it as running, or if
 * it was written by that tenure and its activity may have begun after that MARK. Activities of earlier
 * tenures, and suspects (TAKEOVERS_ALONE and more), begin only after a MARK that lists them: for them
 * the list alone counts.
 */
import { TAKEOVERS_ALONE } from '../wire/index.ts';
import type { Entry } from './open-records.ts';
import type { Position } from './validity.ts';

interface Tenure {
  readonly claim: number;
  /** the last MARK of the tenure, or its CLAIM: where it stands, and when it was written, ms */
  markOffset: number;
  markedAt: number;
  running: ReadonlySet<number>;
}

export class Takeovers {
  private tenure: Tenure | undefined;

  /** Reading begins at `from`, mostly in the middle of a tenure: its end counts like any other. */
  constructor({ offset, tenure }: Position) {
    if (tenure < 0) return;
    this.tenure = { claim: tenure, markOffset: offset - 1, markedAt: 0, running: new Set() };
  }

  /** A new tenure begins: what the one before it has left running is counted. */
  claim(offset: number, time: number, open: Iterable<Entry>): void {
    const ended = this.tenure;
    this.tenure = { claim: offset, markOffset: offset, markedAt: time, running: new Set() };
    if (ended === undefined) return;
    for (const entry of open) {
      if (mayRun(entry) && this.counts(entry, ended, time)) entry.takeovers++;
    }
  }

  mark(offset: number, time: number, running: readonly number[]): void {
    if (this.tenure === undefined) return;
    this.tenure.markOffset = offset;
    this.tenure.markedAt = time;
    this.tenure.running = new Set(running);
  }

  /** The owner has left in good order. */
  close(): void {
    this.tenure = undefined;
  }

  private counts(entry: Entry, ended: Tenure, now: number): boolean {
    if (ended.running.has(entry.identity)) return true;
    if (entry.header.tenure !== ended.claim || entry.takeovers >= TAKEOVERS_ALONE) return false;
    const notBefore = entry.wants?.notBefore;
    if (notBefore !== undefined) return notBefore >= ended.markedAt && notBefore <= now;
    return entry.identity > ended.markOffset;
  }
}

function mayRun(entry: Entry): boolean {
  return entry.wants?.activity !== undefined;
}
