/*
 * Bodies of open records that are not in memory, fetched again in their turn (PROTOCOL.md R8).
 *
 * F1. Who asks first is served first, a round at a time. A round begins once what was fetched before
 *     has been released: what is out is bounded by count and bytes. A single request may exceed that:
 *     a join needs all of its ends at once.
 * F2. Who holds something already and needs more goes before all others, and waits for nobody's
 *     release: else they would wait for each other.
 * F3. What is fetched must be what was read before: anything else means that this is another Log, and
 *     is fatal for the partition (R12).
 */
import type { StoredRecord } from '../ports/index.ts';
import { decodeRecord, type RecordBody, type RecordHeader, WireError } from '../wire/index.ts';
import { type Bodies, bodyOf, LazyBodies } from './held-bodies.ts';
import type { ReadAgain } from './read-again.ts';
import type { Entry, LogView } from './view.ts';

export interface RefetchLimits {
  /** bodies that are fetched in one round, and out at once */
  readonly refetchMax: number;
  /** what they may weigh, bytes */
  readonly refetchBytesMax: number;
}

interface Request {
  readonly entries: readonly Entry[];
  readonly into: Bodies;
  readonly then: () => void;
}

export class Refetch {
  private readonly log: ReadAgain;
  private readonly view: LogView;
  private readonly limits: RefetchLimits;
  private waiting: Request[] = [];
  private first = 0;
  /** F2 */
  private urgent: Request[] = [];
  private busy = false;
  private out = 0;

  constructor(log: ReadAgain, view: LogView, limits: RefetchLimits) {
    this.log = log;
    this.view = view;
    this.limits = limits;
  }

  /** requests that wait for their turn */
  get queued(): number {
    return this.waiting.length - this.first + this.urgent.length;
  }

  /** Calls `then` once `into` has what the newest copies of `entries` say; release it after use. */
  load(entries: readonly Entry[], into: Bodies, then: () => void): void {
    (into.size > 0 ? this.urgent : this.waiting).push({ entries, into, then });
    this.next();
  }

  /** What was fetched into `bodies` is not needed any more. */
  release(bodies: Bodies): void {
    if (bodies.size === 0) return;
    this.out -= bodies.size;
    bodies.clear();
    this.next();
  }

  private next(): void {
    if (this.busy) return;
    const round = this.take();
    if (round.length === 0) return;
    this.busy = true;
    const wanted = new Map<number, Entry>();
    for (const { entries, into } of round) {
      for (const entry of entries) {
        if (this.isOpen(entry) && bodyOf(entry, into) === undefined) {
          wanted.set(entry.position.offset, entry);
        }
      }
    }
    const found: Bodies = new LazyBodies();
    this.log.read(
      [...wanted.keys()],
      (record) => this.compare(wanted.get(record.offset)!, record, found),
      () => this.hand(found, round),
    );
  }

  /** F1, F2: the next round. */
  private take(): Request[] {
    if (this.urgent.length > 0) {
      const { urgent } = this;
      this.urgent = [];
      return urgent;
    }
    const round: Request[] = [];
    let count = this.out;
    let bytes = 0;
    while (this.first < this.waiting.length && count < this.limits.refetchMax) {
      const request = this.waiting[this.first]!;
      for (const { weight } of request.entries) bytes += weight;
      if (round.length > 0 && bytes > this.limits.refetchBytesMax) break;
      count += request.entries.length;
      round.push(request);
      this.first++;
    }
    if (this.first > 1_000 && this.first > this.waiting.length / 2) {
      this.waiting = this.waiting.slice(this.first);
      this.first = 0;
    }
    return round;
  }

  /** F3 */
  private compare(entry: Entry, { offset, bytes }: StoredRecord, found: Bodies): void {
    let body: RecordBody;
    try {
      const record = decodeRecord(bytes);
      const carried = record.body.kind === 'CARRY' ? record.body : record;
      if (!sameHeader(carried.header, entry.header)) throw new WireError('it is another record');
      body = carried.body;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.log.differs(offset, error.message);
    }
    found.set(entry.identity, { at: offset, body });
  }

  private hand(found: Bodies, round: readonly Request[]): void {
    this.busy = false;
    for (const { entries, into, then } of round) {
      for (const entry of entries) {
        const body = found.get(entry.identity);
        if (body === undefined) continue;
        if (!into.has(entry.identity)) this.out++;
        into.set(entry.identity, body);
        // Every further end of a branch asks for it.
        const { header, position } = entry;
        if (header.joins > 0 && body.at === position.offset && this.isOpen(entry)) {
          this.view.open.bodies.keep(entry, body.body);
        }
      }
      then();
    }
    this.next();
  }

  private isOpen(entry: Entry): boolean {
    return this.view.open.get(entry.identity) === entry;
  }
}

function sameHeader(a: RecordHeader, b: RecordHeader): boolean {
  return (
    a.kind === b.kind &&
    a.tenure === b.tenure &&
    a.nonce === b.nonce &&
    a.n === b.n &&
    a.run === b.run &&
    a.strand === b.strand &&
    a.hop === b.hop
  );
}
