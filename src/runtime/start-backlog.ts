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
 * B3. A run id says when it was made, and no START of it that counts was appended long before: whether one
 *     counts is known once all STARTs since then are.
 */
import { CLOCK_SKEW_MAX_MS, timeOfRunId } from '../wire/index.ts';
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
  /** all STARTs appended since then are known, ms; -Infinity = all of which a second copy may come */
  private since = Infinity;
  /** in offset order (B1) */
  private list: Waiting[] = [];
  /** all before this place are gone */
  private first = 0;
  /** of those from this place on it is not known whether they count */
  private undecided = 0;
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
    const decided = this.undecided === this.list.length && this.since <= needOf(run);
    if (decided) {
      if (!this.started.admit(run, time)) return 'void';
      if (room && this.waiting === 0) return 'open';
      this.undecided++;
    }
    const { offset } = position;
    this.list.push({ offset, run, force: this.forceAt(position), time, gone: false });
    this.waiting++;
    return 'waits';
  }

  /** Since when all STARTs must be known for the next one to be decided, ms; undefined = none waits for that. */
  get wants(): number | undefined {
    const next = this.list[this.undecided];
    return next === undefined ? undefined : needOf(next.run);
  }

  /** All STARTs that were appended at `since` (ms) or later are known now, by default all that matter. */
  decide(since = -Infinity): void {
    this.since = Math.min(this.since, since);
    for (; this.undecided < this.list.length; this.undecided++) {
      const one = this.list[this.undecided]!;
      if (needOf(one.run) < this.since) return;
      if (!one.gone && !this.started.admit(one.run, one.time)) this.remove(one);
    }
  }

  /** B2: a valid unit has resolved the START at `offset`. False: it is not here. */
  resolve(offset: number): boolean {
    const place = this.find(offset);
    if (place < 0) return false;
    const found = this.list[place]!;
    if (place >= this.undecided) this.started.admit(found.run, found.time);
    this.remove(found);
    return true;
  }

  /** Where the next ones stand that may become open records, at most `count`. */
  next(count: number): number[] {
    const found: number[] = [];
    for (let at = this.start(); at < this.undecided && found.length < count; at++) {
      const { gone, offset } = this.list[at]!;
      if (!gone) found.push(offset);
    }
    return found;
  }

  /** It becomes an open record: what is in force where it stands; undefined = it waits no more. */
  take(offset: number): (Position & { readonly run: string }) | undefined {
    const place = this.find(offset);
    if (place < 0 || place >= this.undecided) return undefined;
    const found = this.list[place]!;
    this.remove(found);
    return { offset, run: found.run, ...found.force };
  }

  /** Where the first one stands. */
  oldest(): Position | undefined {
    for (let at = this.start(); at < this.list.length; at++) {
      const { force, gone, offset } = this.list[at]!;
      if (!gone) return { offset, ...force };
    }
    return undefined;
  }

  /** Whether a START of that run waits here. */
  has(run: string): boolean {
    for (let at = this.start(); at < this.list.length; at++) {
      const one = this.list[at]!;
      if (!one.gone && one.run === run) return true;
    }
    return false;
  }

  /** Its place; -1 = it is not here. */
  private find(offset: number): number {
    let low = this.first;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.list[middle]!.offset < offset) low = middle + 1;
      else high = middle;
    }
    const found = this.list[low];
    return found?.offset === offset && !found.gone ? low : -1;
  }

  private remove(one: Waiting): void {
    one.gone = true;
    this.waiting--;
  }

  /** Place of the first that is not gone. */
  private start(): number {
    while (this.first < this.undecided && this.list[this.first]?.gone === true) this.first++;
    if (this.first > GONE_MAX && this.first > this.list.length / 2) {
      this.list = this.list.slice(this.first);
      this.undecided -= this.first;
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

/** B3. A copy that counts may be as much older than its id as clocks differ; append times may step back a little. */
function needOf(run: string): number {
  const made = timeOfRunId(run);
  return made === undefined ? -Infinity : made - 2 * CLOCK_SKEW_MAX_MS;
}
