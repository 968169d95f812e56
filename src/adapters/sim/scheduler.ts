/*
 * Scheduler: virtual time and the one event heap that drives a simulated world.
 *
 * Owns: the order of everything. Invariants:
 *  - events run in order of (time, sequence), one at a time, never inside another;
 *  - time only moves forward, and only between events;
 *  - nothing here or above uses promises, microtasks or wall time.
 */

/** 2026-01-01T00:00:00Z: every world begins there. */
export const EPOCH_MS = 1_767_225_600_000;

/** A scheduled event; `fn` is dropped when it is cancelled or has run. */
export interface Scheduled {
  readonly time: number;
  readonly sequence: number;
  fn: (() => void) | undefined;
}

export interface RunLimits {
  /** do not run what is later than this (virtual ms since the epoch) */
  readonly until?: number;
  /** checked before each event */
  readonly whileTrue?: () => boolean;
  readonly maxEvents?: number;
}

/** Why `run` came back: nothing left, time reached, condition false, budget spent. */
export type RunEnd = 'idle' | 'until' | 'false' | 'budget';

export class Scheduler {
  now = EPOCH_MS;
  /** events run so far */
  events = 0;
  /** an event is being run */
  running = false;
  private sequence = 0;
  private readonly heap: Scheduled[] = [];

  at(time: number, fn: () => void): Scheduled {
    this.sequence += 1;
    const event = { time: time > this.now ? time : this.now, sequence: this.sequence, fn };
    this.push(event);
    return event;
  }

  after(delay: number, fn: () => void): Scheduled {
    return this.at(this.now + delay, fn);
  }

  cancel(event: Scheduled): void {
    // It stays in the heap as a husk: finding it would cost more than passing it by.
    event.fn = undefined;
  }

  run(limits: RunLimits = {}): RunEnd {
    const { until = Infinity, whileTrue, maxEvents = Infinity } = limits;
    const last = this.events + maxEvents;
    for (;;) {
      const next = this.heap[0];
      if (next === undefined) return 'idle';
      if (next.fn === undefined) {
        this.pop();
        continue;
      }
      if (whileTrue !== undefined && !whileTrue()) return 'false';
      if (next.time > until) {
        this.now = Math.max(this.now, until);
        return 'until';
      }
      if (this.events >= last) return 'budget';
      this.pop();
      this.step(next);
    }
  }

  /** When the next event is due, if there is one. */
  get next(): number | undefined {
    while (this.heap[0] !== undefined && this.heap[0].fn === undefined) this.pop();
    return this.heap[0]?.time;
  }

  private step(event: Scheduled): void {
    const fn = event.fn;
    event.fn = undefined;
    this.now = event.time;
    this.events += 1;
    this.running = true;
    try {
      fn?.();
    } finally {
      this.running = false;
    }
  }

  private push(event: Scheduled): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Scheduled;
      if (!isBefore(event, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = event;
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop();
    const length = heap.length;
    if (last === undefined || length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= length) break;
      const right = below + 1;
      if (right < length && isBefore(heap[right] as Scheduled, heap[below] as Scheduled)) {
        below = right;
      }
      const child = heap[below] as Scheduled;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}
