/*
 * Timers of one owner: any number of due times behind one timer of the clock. What is cancelled is
 * passed over when its time comes, or swept out when it makes up most of the heap.
 */
import type { Clock } from '../ports/index.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

const SWEEP_FROM = 1_000;

export class Timers {
  private readonly clock: Clock;
  private readonly heap: Due[] = [];
  private order = 0;
  private armed: { readonly at: number; readonly cancel: () => void } | undefined;
  private closed = false;
  private cancelled = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Calls `fire` once the clock has reached `at` (ms); the answer cancels it. */
  at(at: number, fire: () => void): () => void {
    if (this.closed) return () => undefined;
    const due: Due = { at, order: this.order++, fire };
    push(this.heap, due);
    this.arm();
    return () => {
      if (due.fire === undefined) return;
      due.fire = undefined;
      if (++this.cancelled > SWEEP_FROM && this.cancelled > this.heap.length / 2) this.sweep();
    };
  }

  private sweep(): void {
    const live = this.heap.filter(({ fire }) => fire !== undefined);
    this.heap.length = 0;
    this.cancelled = 0;
    for (const due of live) push(this.heap, due);
  }

  close(): void {
    this.closed = true;
    this.armed?.cancel();
    this.armed = undefined;
    this.heap.length = 0;
  }

  private arm(): void {
    const next = this.heap[0];
    if (next === undefined || (this.armed !== undefined && this.armed.at <= next.at)) return;
    this.armed?.cancel();
    this.armed = { at: next.at, cancel: this.clock.at(next.at, () => this.run()) };
  }

  private run(): void {
    this.armed = undefined;
    // The clock is read each time: it may step back in between, and what is armed again must wait.
    while (!this.closed && this.heap.length > 0 && this.heap[0]!.at <= this.clock.now()) {
      const due = pop(this.heap);
      const { fire } = due;
      due.fire = undefined;
      if (fire === undefined) this.cancelled--;
      else fire();
    }
    if (!this.closed) this.arm();
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Due[], due: Due): void {
  let i = heap.push(due) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(due, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = due;
}

function pop(heap: Due[]): Due {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
