/*
 * STARTs that wait in the Log and not in memory (PROTOCOL.md R8, R17): of each only where it stands is
 * known. Pure.
 *
 * They wait here for one of two things: until it is known what was started before reading began, which
 * says whether they count; or until those before them have begun.
 *
 * B1. In offset order. Who is here has no entry among the open records, and is open all the same: the
 *     mark stays below.
 * B2. What a valid unit resolves was valid.
 */
import { StartedRuns } from './started-runs.ts';
import type { Position } from './validity.ts';

/** What is in force at a place; STARTs in a row share one. */
type Force = Omit<Position, 'offset'>;

interface Waiting {
  readonly run: string;
  readonly force: Force;
}

export class StartBacklog {
  readonly started = new StartedRuns();
  private decided = false;
  private readonly undecided = new Map<number, Waiting & { readonly time: number }>();
  private readonly waiting = new Map<number, Waiting>();
  private force: Force = { tenure: -1, nonce: 0, n: 0 };

  get size(): number {
    return this.undecided.size + this.waiting.size;
  }

  /**
   * Reads a START: it does not count, waits here, or is an open record like others, if there is `room`
   * and nobody before it waits.
   */
  admit(run: string, position: Position, time: number, room: boolean): 'void' | 'waits' | 'open' {
    if (!this.decided) {
      this.undecided.set(position.offset, { run, force: this.forceAt(position), time });
      return 'waits';
    }
    if (!this.started.admit(run, time)) return 'void';
    if (room && this.waiting.size === 0) return 'open';
    this.waiting.set(position.offset, { run, force: this.forceAt(position) });
    return 'waits';
  }

  /** It is known now what was started before. */
  decide(): void {
    this.decided = true;
    for (const [offset, { run, force, time }] of this.undecided) {
      if (this.started.admit(run, time)) this.waiting.set(offset, { run, force });
    }
    this.undecided.clear();
  }

  /** B2: a valid unit has resolved the START at `offset`. False: it is not here. */
  resolve(offset: number): boolean {
    const undecided = this.undecided.get(offset);
    if (undecided !== undefined) this.started.admit(undecided.run, undecided.time);
    return this.undecided.delete(offset) || this.waiting.delete(offset);
  }

  /** Where the next ones stand that may become open records, at most `count`. */
  next(count: number): number[] {
    const found: number[] = [];
    for (const offset of this.waiting.keys()) {
      if (found.length >= count) break;
      found.push(offset);
    }
    return found;
  }

  /** It becomes an open record: what is in force where it stands; undefined = it waits no more. */
  take(offset: number): (Position & { readonly run: string }) | undefined {
    const found = this.waiting.get(offset);
    if (found === undefined) return undefined;
    this.waiting.delete(offset);
    return { offset, run: found.run, ...found.force };
  }

  /** Where the first one stands. */
  oldest(): Position | undefined {
    for (const all of [this.waiting, this.undecided]) {
      for (const [offset, { force }] of all) return { offset, ...force };
    }
    return undefined;
  }

  /** Whether a START of that run waits here. */
  has(run: string): boolean {
    for (const all of [this.undecided, this.waiting]) {
      for (const waiting of all.values()) if (waiting.run === run) return true;
    }
    return false;
  }

  private forceAt({ tenure, nonce, n }: Position): Force {
    const { force } = this;
    if (force.tenure === tenure && force.nonce === nonce && force.n === n) return force;
    return (this.force = { tenure, nonce, n });
  }
}
