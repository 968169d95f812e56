/*
 * R20, counted from the Log alone: how often a tenure ended without CLOSE while an activity may have run.
 * Part of the oracle r20-takeovers.
 */
import { TAKEOVERS_ALONE, TAKEOVERS_DEAD } from '../../wire/limits.ts';
import type { Mark } from '../../wire/record.ts';
import type { Entry, Openable } from './log-reading.ts';

export interface Taken {
  taken: number;
  /** the CLAIM with which it became too much */
  dead: Entry | undefined;
}

interface Tenure {
  readonly claim: number;
  /** where and when its last MARK was written, or the CLAIM */
  marked: number;
  markedAt: number;
  running: ReadonlySet<number>;
}

/** Counts what it sees, in the order of the Log: all of it, or what somebody sees who begins at a mark. */
export class Counting {
  readonly counted = new Map<Openable, Taken>();
  readonly #due: readonly Openable[];
  readonly #from: number;
  #tenure: Tenure | undefined;

  /** `due`: what may be counted, see `mayRun` */
  constructor(due: readonly Openable[], from?: Mark) {
    this.#due = due;
    this.#from = from?.offset ?? 0;
    if (from === undefined || from.tenure < 0) return;
    this.#tenure = { claim: from.tenure, marked: this.#from - 1, markedAt: 0, running: new Set() };
  }

  /** `entry` is valid. */
  see(entry: Entry): void {
    const { header, offset } = entry;
    if (header.kind === 'CLAIM') {
      const tenure = this.#tenure;
      if (tenure !== undefined) for (const one of this.#due) this.#take(one, tenure, entry);
      this.#tenure = { claim: offset, marked: offset, markedAt: header.time, running: new Set() };
    } else if (header.kind === 'CLOSE') this.#tenure = undefined;
    else if (header.kind === 'MARK' && this.#tenure !== undefined && entry.body.kind === 'MARK') {
      this.#tenure.marked = offset;
      this.#tenure.markedAt = header.time;
      this.#tenure.running = new Set(entry.body.running);
    } else if (header.kind === 'CARRY' && entry.identity < this.#from) this.#learn(entry);
  }

  /** What was first there before reading began: its carried copy says how often it was counted until then. */
  #learn({ body, identity }: Entry): void {
    const openable = this.#due.find(({ first }) => first.identity === identity);
    if (openable === undefined || this.counted.has(openable) || body.kind !== 'CARRY') return;
    this.counted.set(openable, { taken: body.takeovers, dead: undefined });
  }

  /** The tenure has ended with `by`: does that count against the record? */
  #take(openable: Openable, tenure: Tenure, by: Entry): void {
    const { first, resolvedBy } = openable;
    if (first.offset > by.offset || (resolvedBy?.records[0]?.offset ?? Infinity) < by.offset)
      return;
    const found = this.counted.get(openable);
    if (found === undefined && first.offset < this.#from) return;
    const known = found ?? { taken: 0, dead: undefined };
    if (!tenure.running.has(first.identity) && !mayHaveBegun(first, tenure, by, known.taken))
      return;
    known.taken += 1;
    if (known.taken === TAKEOVERS_DEAD) known.dead = by;
    this.counted.set(openable, known);
  }
}

/** Written by the tenure, and due after its last MARK. Suspects begin only once a MARK lists them. */
function mayHaveBegun(first: Entry, tenure: Tenure, by: Entry, taken: number): boolean {
  const { body, header, offset } = first;
  if (header.tenure !== tenure.claim || taken >= TAKEOVERS_ALONE || body.kind !== 'STEP')
    return false;
  const { notBefore } = body;
  if (notBefore === undefined) return offset > tenure.marked;
  // What a MARK lists was so when it was written; a tenure ends when the next CLAIM is appended, however late.
  // A step whose append took its time may be due before the MARK that it follows.
  const since = notBefore >= tenure.markedAt || offset > tenure.marked;
  return since && notBefore <= Math.max(by.header.time, by.time);
}

/** Whether it may be counted: an activity is due. */
export function mayRun({ body, header }: Entry): boolean {
  return header.kind === 'STEP' && body.kind === 'STEP' && body.activity !== undefined;
}
