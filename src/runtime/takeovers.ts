/*
 * Poison (PROTOCOL.md R20): how often a tenure ended without CLOSE while an activity was running. The
 * count is derived from the Log alone, so every owner arrives at the same one.
 *
 * A takeover counts against a record if the last MARK of the ended tenure lists it as running, or if
 * it was written by that tenure and its activity may have begun after that MARK. Activities of earlier
 * tenures, and suspects (TAKEOVERS_ALONE and more), begin only after a MARK that lists them: for them
 * the list alone counts. Reading begins where that makes no difference (mark-places.ts).
 */
import { type RecordBody, TAKEOVERS_ALONE, WireError } from '../wire/index.ts';
import type { Entry } from './open-records.ts';
import type { Position } from './validity.ts';

interface Tenure {
  readonly claim: number;
  /** the last MARK of the tenure, or its CLAIM: where it stands, and when it was written, ms */
  markOffset: number;
  markedAt: number;
  /** what it lists; only the last list before a CLAIM is ever looked at */
  listed: () => RecordBody | undefined;
}

export class Takeovers {
  private tenure: Tenure | undefined;

  /** Reading begins at `from`, mostly in the middle of a tenure: its end counts like any other. */
  constructor({ offset, tenure }: Position) {
    if (tenure < 0) return;
    this.tenure = { claim: tenure, markOffset: offset - 1, markedAt: 0, listed: nobody };
  }

  /**
   * A new tenure begins: what the one before it has left running is counted. A CLAIM that comes late, as a
   * second copy does, was written long before it ended anything: what counts is when it was appended.
   */
  claim(offset: number, written: number, appended: number, open: Iterable<Entry>): void {
    const ended = this.tenure;
    const time = Math.max(written, appended);
    this.tenure = { claim: offset, markOffset: offset, markedAt: written, listed: nobody };
    if (ended === undefined) return;
    const running = listedIn(ended);
    for (const entry of open) {
      if (this.counts(entry, ended, running, time)) entry.takeovers++;
    }
  }

  mark(offset: number, time: number, listed: () => RecordBody): void {
    if (this.tenure === undefined) return;
    this.tenure.markOffset = offset;
    this.tenure.markedAt = time;
    this.tenure.listed = listed;
  }

  /** The owner has left in good order. */
  close(): void {
    this.tenure = undefined;
  }

  private counts(entry: Entry, ended: Tenure, running: ReadonlySet<number>, now: number): boolean {
    const { header, identity } = entry;
    if (header.kind !== 'STEP' || header.joins > 0) return false;
    // Of what is listed nobody has to decode what it wants: activities are.
    if (running.has(identity)) return true;
    if (header.tenure !== ended.claim || entry.takeovers >= TAKEOVERS_ALONE) return false;
    const { activity, notBefore } = entry.wants ?? {};
    if (activity === undefined) return false;
    if (notBefore === undefined) return identity > ended.markOffset;
    // What came about while an append took its time may be due before the MARK that it follows.
    return (notBefore >= ended.markedAt || identity > ended.markOffset) && notBefore <= now;
  }
}

const nobody = (): undefined => undefined;

/** A list that cannot be read is none. */
function listedIn({ listed }: Tenure): ReadonlySet<number> {
  try {
    const body = listed();
    return new Set(body?.kind === 'MARK' ? body.running : []);
  } catch (error) {
    if (error instanceof WireError) return new Set();
    throw error;
  }
}
