/*
 * STARTs that wait in the Log and not in memory (PROTOCOL.md R8, R17): of each only where it stands is
 * known. Pure.
 *
 * They wait here for one of two things: until it is known what was started before reading began, which
 * says whether they count; or until those before them have begun.
 *
 * B1. In offset order, those that count before those of which that is not known. Who is here has no entry
 *     among the open records, and is open all the same: the mark stays below.
 * B2. What a valid unit resolves was valid.
 */
import { StartedRuns } from './started-runs.ts';
import type { Position } from './validity.ts';

/** What is in force at a place; STARTs in a row share one. */
type Force = Omit<Position, 'offset'>;

interface Waiting {
  readonly offset: number;
  readonly run: string;
  readonly force: Force;
  readonly time: number;
  /** it is resolved, void, or among the open records */
  gone: boolean;
}

/** So many that are gone may stay in the list before it is made anew. */
const GONE_MAX = 1_000;

export class StartBacklog {
  readonly started = new StartedRuns();
  private decided = false;
  /** in offset order (B1) */
  private list: Waiting[] = [];
  /** all before this place are gone */
  private first = 0;
  private waiting = 0;
  private force: Force = { tenure: -1, nonce: 0, n: 0 };

  get size(): number {
    return this.waiting;
  }

  /**
   * Reads a START: it does not count, waits here, or is an open record like others, if there is `room`
   * and nobody before it waits.
   */
  admit(run: string, position: Position, time: number, room: boolean): 'void' | 'waits' | 'open' {
    if (this.decided) {
      if (!this.started.admit(run, time)) return 'void';
      if (room && this.waiting === 0) return 'open';
    }
    const { offset } = position;
    this.list.push({ offset, run, force: this.forceAt(position), time, gone: false });
    this.waiting++;
    return 'waits';
  }

  /** It is known now what was started before. */
  decide(): void {
    if (this.decided) return;
    this.decided = true;
    for (const one of this.list) {
      if (!one.gone && !this.started.admit(one.run, one.time)) this.remove(one);
    }
  }

  /** B2: a valid unit has resolved the START at `offset`. False: it is not here. */
  resolve(offset: number): boolean {
    const found = this.find(offset);
    if (found === undefined) return false;
    if (!this.decided) this.started.admit(found.run, found.time);
    this.remove(found);
    return true;
  }

  /** Where the next ones stand that may become open records, at most `count`. */
  next(count: number): number[] {
    const found: number[] = [];
    if (!this.decided) return found;
    for (let at = this.start(); at < this.list.length && found.length < count; at++) {
      const { gone, offset } = this.list[at]!;
      if (!gone) found.push(offset);
    }
    return found;
  }

  /** It becomes an open record: what is in force where it stands; undefined = it waits no more. */
  take(offset: number): (Position & { readonly run: string }) | undefined {
    const found = this.decided ? this.find(offset) : undefined;
    if (found === undefined) return undefined;
    this.remove(found);
    return { offset, run: found.run, ...found.force };
  }

  /** Where the first one stands. */
  oldest(): Position | undefined {
    const first = this.list[this.start()];
    return first === undefined ? undefined : { offset: first.offset, ...first.force };
  }

  /** Whether a START of that run waits here. */
  has(run: string): boolean {
    for (let at = this.start(); at < this.list.length; at++) {
      const one = this.list[at]!;
      if (!one.gone && one.run === run) return true;
    }
    return false;
  }

  private find(offset: number): Waiting | undefined {
    let low = this.first;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.list[middle]!.offset < offset) low = middle + 1;
      else high = middle;
    }
    const found = this.list[low];
    return found?.offset === offset && !found.gone ? found : undefined;
  }

  private remove(one: Waiting): void {
    one.gone = true;
    this.waiting--;
  }

  /** Place of the first that is not gone. */
  private start(): number {
    while (this.list[this.first]?.gone === true) this.first++;
    if (this.first > GONE_MAX && this.first > this.list.length / 2) {
      this.list = this.list.slice(this.first);
      this.first = 0;
    }
    return this.first;
  }

  private forceAt({ tenure, nonce, n }: Position): Force {
    const { force } = this;
    if (force.tenure === tenure && force.nonce === nonce && force.n === n) return force;
    return (this.force = { tenure, nonce, n });
  }
}
