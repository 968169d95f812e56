/*
 * SimProcess: a machine that runs a runner (or a client), crashes, pauses and starts again; Life: one
 * incarnation of it. Every callback that reaches a process goes through its Life.
 *
 * Invariants:
 *  - nothing of a dead Life ever runs again: its answers never settle, its timers never fire;
 *  - what arrives while a Life is paused or busy waits and is delivered in order of arrival;
 *  - a callback costs virtual time, so a process that is given too much falls behind;
 *  - a callback that throws kills its process, as an unhandled rejection does.
 */
import { READER } from '../../wire/index.ts';
import { type Scheduled, type Scheduler } from './scheduler.ts';

export type ProcessChange =
  | { readonly event: 'started' }
  | {
      readonly event: 'crashed';
      readonly said: string;
      readonly down: number;
      /** it has told the group that it goes */
      readonly left: boolean;
    }
  | { readonly event: 'failed'; readonly said: string }
  | { readonly event: 'stopped' }
  | { readonly event: 'paused'; readonly expel: boolean }
  | { readonly event: 'resumed' }
  | { readonly event: 'jumped'; readonly by: number };

export type Watcher = (process: SimProcess, life: Life, change: ProcessChange) => void;

/** Virtual ms that one callback costs. */
const CALLBACK_MS = 0.02;

export class Life {
  readonly process: SimProcess;
  readonly incarnation: number;
  /** the newest record format that its build reads */
  reader: number = READER;
  alive = true;
  paused = false;
  private readonly scheduler: Scheduler;
  private inbox: (() => void)[] = [];
  private inboxAt = 0;
  private busyUntil = 0;
  private wake: Scheduled | undefined;

  constructor(process: SimProcess, incarnation: number, scheduler: Scheduler) {
    this.process = process;
    this.incarnation = incarnation;
    this.scheduler = scheduler;
  }

  /** Runs `fn` in the process: now, or when it has time, or when it is resumed, or never. */
  deliver(fn: () => void): void {
    if (!this.alive) return;
    const waits = this.inboxAt < this.inbox.length || this.busyUntil > this.scheduler.now;
    if (!this.paused && !waits) {
      this.run(fn);
      return;
    }
    this.inbox.push(fn);
    if (!this.paused) this.wakeUp();
  }

  /** For answers that are settled already: an event of its own. */
  readonly soon = (fn: () => void): void => {
    if (this.scheduler.running) this.scheduler.after(0, () => this.deliver(fn));
    else fn();
  };

  /** Keeps the process busy for so many ms more. */
  charge(ms: number): void {
    this.busyUntil = Math.max(this.busyUntil, this.scheduler.now) + ms;
  }

  end(): void {
    this.alive = false;
    this.inbox = [];
    this.inboxAt = 0;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    if (this.inboxAt < this.inbox.length) this.wakeUp();
  }

  private run(fn: () => void): void {
    this.busyUntil = this.scheduler.now + CALLBACK_MS;
    try {
      fn();
    } catch (error) {
      // Code that goes on after its process was killed in the middle of it may well stumble.
      if (this.alive) this.process.fail(error);
    }
  }

  private wakeUp(): void {
    if (this.wake?.fn !== undefined) return;
    this.wake = this.scheduler.at(this.busyUntil, () => this.drain());
  }

  private drain(): void {
    if (!this.alive || this.paused) return;
    const fn = this.inbox[this.inboxAt];
    this.inboxAt += 1;
    if (this.inboxAt >= this.inbox.length) {
      this.inbox = [];
      this.inboxAt = 0;
    }
    if (fn !== undefined) this.run(fn);
    if (this.alive && !this.paused && this.inboxAt < this.inbox.length) this.wakeUp();
  }
}

export class SimProcess {
  readonly name: string;
  incarnation = 0;
  life: Life | undefined;
  /** how far its clock is ahead of virtual time, ms */
  skew = 0;
  private readonly scheduler: Scheduler;
  private readonly watchers: Watcher[] = [];

  constructor(name: string, scheduler: Scheduler) {
    this.name = name;
    this.scheduler = scheduler;
  }

  get state(): 'up' | 'paused' | 'down' {
    if (this.life === undefined) return 'down';
    return this.life.paused ? 'paused' : 'up';
  }

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  /** Starts a new incarnation; `boot` is its first callback. */
  start(boot: (life: Life) => void): Life {
    if (this.life !== undefined) throw new Error(`${this.name} is running already`);
    this.incarnation += 1;
    const life = new Life(this, this.incarnation, this.scheduler);
    this.life = life;
    this.tell(life, { event: 'started' });
    this.scheduler.after(0, () => life.deliver(() => boot(life)));
    return life;
  }

  /** Kills it where it stands. `down` is how long it should stay down (ms): a wish to whoever restarts it. */
  crash(said: string, down: number, left = false): void {
    this.die({ event: 'crashed', said, down, left });
  }

  fail(error: unknown): void {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.die({ event: 'failed', said });
  }

  /** It ended by itself: nothing is told to it any more. */
  stopped(): void {
    this.die({ event: 'stopped' });
  }

  /** Freezes it; `expel`: the group takes its partitions away without waiting for the session timeout. */
  pause(expel: boolean): void {
    const life = this.life;
    if (life === undefined || life.paused) return;
    life.pause();
    this.tell(life, { event: 'paused', expel });
  }

  resume(): void {
    const life = this.life;
    if (life === undefined || !life.paused) return;
    life.resume();
    this.tell(life, { event: 'resumed' });
  }

  jump(by: number): void {
    this.skew += by;
    if (this.life !== undefined) this.tell(this.life, { event: 'jumped', by });
  }

  private die(change: ProcessChange): void {
    const life = this.life;
    if (life === undefined) return;
    this.life = undefined;
    life.end();
    this.tell(life, change);
  }

  private tell(life: Life, change: ProcessChange): void {
    for (const watcher of this.watchers) watcher(this, life, change);
  }
}
