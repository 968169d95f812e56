/*
 * SimClock: the wall clock of one process - virtual time plus its skew - and its timers.
 *
 * Invariants: a timer fires once `now()` has reached it, also when the clock jumps forward to it, and
 * waits longer when the clock jumps back; timers of a dead Life never fire.
 */
import type { Clock } from '../../ports/index.ts';
import type { Gate } from './gate.ts';
import type { Life } from './process.ts';
import type { Scheduled, Scheduler } from './scheduler.ts';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
  event: Scheduled | undefined;
}

export class SimClock implements Clock {
  private readonly gate: Gate;
  private readonly scheduler: Scheduler;
  private readonly life: Life;
  private readonly timers = new Set<Timer>();

  constructor(gate: Gate, life: Life) {
    this.gate = gate;
    this.scheduler = gate.scheduler;
    this.life = life;
    life.process.watch((_, who, change) => {
      if (who !== life || change.event !== 'jumped') return;
      for (const timer of this.timers) this.arm(timer);
    });
  }

  now(): number {
    return Math.floor(this.scheduler.now + this.life.process.skew);
  }

  elapsed(): number {
    return this.scheduler.now;
  }

  at(at: number, fire: () => void): () => void {
    const timer: Timer = { at, fire, event: undefined };
    if (!this.life.alive) return () => {};
    this.timers.add(timer);
    this.arm(timer);
    return () => {
      this.timers.delete(timer);
      if (timer.event !== undefined) this.scheduler.cancel(timer.event);
    };
  }

  private arm(timer: Timer): void {
    if (timer.event !== undefined) this.scheduler.cancel(timer.event);
    timer.event = this.scheduler.at(timer.at - this.life.process.skew, () => {
      this.life.deliver(() => this.ring(timer));
    });
  }

  private ring(timer: Timer): void {
    // Cancelled while it waited for a paused process, or the clock went back in the meantime.
    if (!this.timers.has(timer)) return;
    if (this.now() < timer.at) {
      this.arm(timer);
      return;
    }
    this.timers.delete(timer);
    const { incarnation, process } = this.life;
    this.gate.pass(this.life, { point: 'timer', process: process.name, incarnation }, timer.fire);
  }
}
