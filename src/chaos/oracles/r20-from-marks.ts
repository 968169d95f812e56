/*
 * R20 and R10: who begins to read at a mark counts takeovers like who has read everything. What was carried
 * says how often it was counted before; what the tenure that carried it adds must be seen from the mark.
 * Part of the oracle r20-takeovers.
 *
 * Judged wherever a tenure has ended between a mark and the record that says it: there an owner begins.
 */
import type { Entry, Openable, Partition } from './log-reading.ts';
import { at, type Verdict } from './oracle.ts';
import { Counting } from './r20-counting.ts';

export class FromMarks {
  readonly #partition: Partition;
  readonly #due: readonly Openable[];
  readonly #verdict: Verdict;
  #lastClaim = -1;
  #lastCarry = -1;
  /** the mark that was judged last, and the last CLAIM there */
  #judged = '';

  constructor(partition: Partition, due: readonly Openable[], verdict: Verdict) {
    this.#partition = partition;
    this.#due = due;
    this.#verdict = verdict;
  }

  /** `entry` is valid, and all up to it is counted in `whole`. */
  see(entry: Entry, whole: Counting): void {
    const { body, offset } = entry;
    if (body.kind === 'CLAIM') this.#lastClaim = offset;
    if (body.kind === 'CARRY') this.#lastCarry = offset;
    if (body.kind !== 'CLAIM' && body.kind !== 'MARK') return;
    // Of a Log whose beginning is gone nobody can count the whole.
    if (this.#partition.entries[0]?.offset !== 0) return;
    const { mark } = body;
    if (mark.offset > this.#lastClaim || mark.offset > this.#lastCarry) return;
    const judged = `${mark.offset} ${this.#lastClaim}`;
    if (judged === this.#judged) return;
    this.#judged = judged;
    this.#judge(entry, new Counting(this.#due, mark), whole);
  }

  #judge(until: Entry, partly: Counting, whole: Counting): void {
    const { body } = until;
    if (body.kind !== 'CLAIM' && body.kind !== 'MARK') return;
    const { offset } = body.mark;
    for (const entry of this.#partition.entries) {
      if (entry.offset > until.offset) break;
      if (entry.valid && entry.offset >= offset) partly.see(entry);
    }
    for (const [openable, { taken }] of whole.counted) {
      const { copies, first, resolvedBy } = openable;
      if ((resolvedBy?.records[0]?.offset ?? Infinity) < until.offset) continue;
      if (!copies.some((copy) => copy.offset >= offset && copy.offset < until.offset)) continue;
      const { taken: seen = 0 } = partly.counted.get(openable) ?? {};
      this.#verdict.expect(
        seen === taken,
        () =>
          `${until.named} lets one begin to read at ${offset}, who counts ${seen} takeovers of ${first.named} (run ${first.header.run}), which had ${taken}`,
        at(until),
      );
    }
  }
}
