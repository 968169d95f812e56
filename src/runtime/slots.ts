/*
 * How many activities may be under way at once (metadata.limit): the places of all pools, for all
 * partitions of one runner.
 *
 * L1. Whoever needs places of several pools takes them in the order in which it names them, narrow before
 *     wide, and keeps what it has while it waits for the next. All name them in that order, and who has
 *     all is waited for by nobody who must wait for it: they cannot block one another for ever.
 * L2. Each pool serves in order of arrival, so nobody waits for ever. A place is never given to someone
 *     whose own `max` it would exceed; versions of a workflow may differ in that.
 * L3. Places that come free are given out by an event of its own, never while somebody else is at work.
 */
import type { Pool } from '../dsl/index.ts';
import type { Clock } from '../ports/index.ts';

/** Somebody's places, and its place in a queue. */
export interface Slot {
  /** it has all of its places */
  readonly granted: boolean;
  /** It waits no more, and needs none of its places any more. */
  release(): void;
}

interface Queue {
  taken: number;
  /** in order of arrival */
  readonly waiting: Set<Ticket>;
}

interface Ticket {
  readonly pools: readonly Pool[];
  /** of how many pools it has a place: the first ones */
  has: number;
  readonly ready: () => void;
}

export class Slots {
  private readonly clock: Clock;
  private readonly queues = new Map<string, Queue>();
  /** pools in which something has changed since places were given out */
  private readonly changed = new Set<string>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Asks for a place in each of `pools`; `ready` is called, later, if they are not there at once. */
  ask(pools: readonly Pool[], ready: () => void): Slot {
    const ticket: Ticket = { pools, has: 0, ready };
    this.advance(ticket);
    let released = false;
    return {
      get granted() {
        return !released && ticket.has === pools.length;
      },
      release: () => {
        if (released) return;
        released = true;
        this.giveBack(ticket);
      },
    };
  }

  /** Takes what is free for it, and queues for what is not. */
  private advance(ticket: Ticket): void {
    for (;;) {
      const pool = ticket.pools[ticket.has];
      if (pool === undefined) return;
      const queue = this.queue(pool.name);
      if (queue.waiting.size > 0 || queue.taken >= pool.max) {
        queue.waiting.add(ticket);
        return;
      }
      queue.taken++;
      ticket.has++;
    }
  }

  private giveBack(ticket: Ticket): void {
    for (const [index, { name }] of ticket.pools.entries()) {
      if (index > ticket.has) break;
      const queue = this.queue(name);
      if (index < ticket.has) queue.taken--;
      else queue.waiting.delete(ticket);
      this.change(name);
    }
  }

  private change(name: string): void {
    // At once, whatever the clock is set to meanwhile.
    if (this.changed.size === 0) this.clock.at(0, () => this.serve());
    this.changed.add(name);
  }

  private serve(): void {
    const names = [...this.changed];
    this.changed.clear();
    const ready: Ticket[] = [];
    for (const name of names) {
      const queue = this.queue(name);
      for (const ticket of queue.waiting) {
        if (queue.taken >= ticket.pools[ticket.has]!.max) break;
        queue.waiting.delete(ticket);
        queue.taken++;
        ticket.has++;
        this.advance(ticket);
        if (ticket.has === ticket.pools.length) ready.push(ticket);
      }
      if (queue.taken === 0 && queue.waiting.size === 0) this.queues.delete(name);
    }
    for (const ticket of ready) ticket.ready();
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (queue === undefined) this.queues.set(name, (queue = { taken: 0, waiting: new Set() }));
    return queue;
  }
}
