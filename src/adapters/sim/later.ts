/*
 * Later: the answer of a simulated port. A PromiseLike without promises: its callbacks run
 * synchronously when the scheduler settles it, never inside the call that asked.
 *
 * Invariants:
 *  - settles at most once; callbacks run in the order in which they were given;
 *  - a callback given after the settlement runs as an event of its own, unless nobody is running the
 *    scheduler (a test that awaits), when it runs at once;
 *  - what a callback throws is thrown into the event that settled it: the process fails loudly.
 */

/** How a Later that is settled already gets its late callbacks run. */
export type Soon = (fn: () => void) => void;

export class Later<T> implements PromiseLike<T> {
  private state: 'pending' | 'done' | 'failed' = 'pending';
  private value: T | undefined;
  private error: unknown;
  private waiting: ((value: T) => void) | undefined;
  private waitingFailed: ((error: unknown) => void) | undefined;
  private readonly soon: Soon;

  constructor(soon: Soon) {
    this.soon = soon;
  }

  get settled(): boolean {
    return this.state !== 'pending';
  }

  resolve(value: T): void {
    if (this.state !== 'pending') return;
    this.state = 'done';
    this.value = value;
    const waiting = this.waiting;
    this.waiting = undefined;
    this.waitingFailed = undefined;
    waiting?.(value);
  }

  reject(error: unknown): void {
    if (this.state !== 'pending') return;
    this.state = 'failed';
    this.error = error;
    const waiting = this.waitingFailed;
    this.waiting = undefined;
    this.waitingFailed = undefined;
    waiting?.(error);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is one, on purpose
  then<A = T, B = never>(
    done?: ((value: T) => A | PromiseLike<A>) | null,
    failed?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    const chained = new Later<A | B>(this.soon);
    const onDone = (value: T): void => {
      if (done) follow(chained, done(value));
      else chained.resolve(value as unknown as A);
    };
    const onFailed = (error: unknown): void => {
      if (failed) follow(chained, failed(error));
      else chained.reject(error);
    };
    if (this.state === 'pending') this.wait(onDone, onFailed);
    else if (this.state === 'done') this.soon(() => onDone(this.value as T));
    else this.soon(() => onFailed(this.error));
    return chained;
  }

  private wait(onDone: (value: T) => void, onFailed: (error: unknown) => void): void {
    const { waiting, waitingFailed } = this;
    if (waiting === undefined || waitingFailed === undefined) {
      this.waiting = onDone;
      this.waitingFailed = onFailed;
      return;
    }
    this.waiting = both(waiting, onDone);
    this.waitingFailed = both(waitingFailed, onFailed);
  }
}

function both<T>(first: (value: T) => void, second: (value: T) => void): (value: T) => void {
  return (value) => {
    first(value);
    second(value);
  };
}

function follow<T>(chained: Later<T>, value: T | PromiseLike<T>): void {
  if (typeof value === 'object' && value !== null && 'then' in value) {
    value.then(
      (inner) => chained.resolve(inner),
      (error: unknown) => chained.reject(error),
    );
  } else {
    chained.resolve(value);
  }
}
