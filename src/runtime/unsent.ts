/*
 * Events that valid records of one Log have emitted and that the events log has not acknowledged, as far
 * as this reader knows (PROTOCOL.md R10, R19). Pure.
 *
 * S1. Entries stand in the order of the records that emitted them, wherever a copy of theirs stands now.
 * S2. A reader that begins at a mark takes all that it meets for unsent: receivers drop duplicates.
 */
import type { CloudEvent, OutputBody } from '../wire/index.ts';
import type { Position } from './validity.ts';
import { weightOf } from './weight.ts';

/** What one record has emitted. */
export interface UnsentEntry {
  readonly run: string;
  /** offset of the record that emitted it */
  readonly origin: number;
  /** where its newest copy stands, with what was in force there */
  position: Position;
  readonly events: readonly CloudEvent[];
  /** bytes in memory */
  readonly weight: number;
  /** how many of them have been acknowledged */
  acknowledged: number;
  /** offset of the head from which it is carried forward */
  carryAt: number;
}

export class Unsent {
  /** what the events weigh in memory, bytes */
  bytes = 0;
  private entries = new Map<number, UnsentEntry>();
  private readonly carryDistance: number;
  /** below this offset of the head nothing is due to be carried; a lower bound */
  private nextCarry = Infinity;
  /** highest origin so far: what comes after it is in order by itself */
  private last = -1;

  constructor(carryDistance: number) {
    this.carryDistance = carryDistance;
  }

  get size(): number {
    return this.entries.size;
  }

  /** In order (S1). */
  all(): Iterable<UnsentEntry> {
    return this.entries.values();
  }

  /** A valid record has emitted them. */
  emitted(run: string, position: Position, events: readonly CloudEvent[]): void {
    this.add(run, position.offset, position, events);
  }

  /** A valid OUTPUT stands at `position`. */
  carried(body: OutputBody, position: Position): void {
    for (const { run, origin, events } of body.unsent) {
      const known = this.entries.get(origin);
      if (known === undefined) this.add(run, origin, position, events);
      else {
        known.position = position;
        known.carryAt = this.carryAt(origin, position);
        this.nextCarry = Math.min(this.nextCarry, known.carryAt);
      }
    }
  }

  /** The first `count` of its events have been acknowledged. */
  acknowledge(entry: UnsentEntry, count: number): void {
    entry.acknowledged = Math.max(entry.acknowledged, count);
    if (entry.acknowledged < entry.events.length) return;
    if (this.entries.delete(entry.origin)) this.bytes -= entry.weight;
  }

  /** Smallest position of an entry: nothing is unsent below (R10). */
  oldest(): Position | undefined {
    let oldest: Position | undefined;
    for (const { position, origin } of this.entries.values()) {
      if (oldest === undefined || position.offset < oldest.offset) oldest = position;
      // What was never carried stands where it was emitted, and all that follows stands later.
      if (position.offset === origin) break;
    }
    return oldest;
  }

  /** What is to be carried to the head, the longest unsent first: with what is due, what soon will be. */
  due(head: number): readonly UnsentEntry[] {
    if (head < this.nextCarry) return [];
    const soon: UnsentEntry[] = [];
    let next = Infinity;
    for (const entry of this.entries.values()) {
      next = Math.min(next, entry.carryAt);
      if (entry.carryAt - head <= this.carryDistance / 2) soon.push(entry);
    }
    this.nextCarry = next;
    return next <= head ? soon : [];
  }

  private add(
    run: string,
    origin: number,
    position: Position,
    events: readonly CloudEvent[],
  ): void {
    const carryAt = this.carryAt(origin, position);
    const weight = weightOf(events);
    this.entries.set(origin, { run, origin, position, events, weight, acknowledged: 0, carryAt });
    this.bytes += weight;
    this.nextCarry = Math.min(this.nextCarry, carryAt);
    if (origin < this.last) {
      this.entries = new Map([...this.entries].sort(([a], [b]) => a - b));
    } else this.last = origin;
  }

  private carryAt(origin: number, { offset }: Position): number {
    const distance = offset - origin;
    return offset + (distance === 0 ? 1 : 2) * Math.max(this.carryDistance, distance);
  }
}
