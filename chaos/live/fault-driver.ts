/*
 * Carries out a plan on real processes, and notes what happened when.
 *
 * Z1. A fault that cannot be carried out (its process is gone, its server does not come back) says so
 *     in its line; nothing is silently left out.
 * Z2. A zombie is continued only when others have claimed what it owned (or after ZOMBIE_MS_MAX): it is
 *     surely one then.
 * Z3. `heal` undoes everything that is still in force.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StruckLine } from './evidence.ts';
import { type Fault, targetOf } from './fault-plan.ts';
import type { Ground, Lines } from './ground.ts';
import type { LineProxy } from './line-proxy.ts';
import type { LiveProcess } from './processes.ts';

const LOOK_MS = 50;
const ZOMBIE_MS_MAX = 60_000;
/** A busy machine may need more than one try to bring a server back. */
const START_TRIES = 3;
/** A runner that refused to start, or ended by itself, is started again after so long. */
const RESTART_MS = 1_000;

/** One runner: whichever process it is at the moment. */
export class RunnerSlot {
  readonly index: number;
  readonly lines: Lines;
  process: LiveProcess | undefined;
  readonly #start: () => LiveProcess;
  #down = true;

  constructor(index: number, lines: Lines, start: () => LiveProcess) {
    this.index = index;
    this.lines = lines;
    this.#start = start;
  }

  /** From here on it is kept running, as a supervisor would. */
  up(): void {
    if (!this.#down) return;
    this.#down = false;
    this.#launch();
  }

  async kill(): Promise<number | undefined> {
    this.#down = true;
    const { process } = this;
    await process?.kill();
    return process?.pid;
  }

  /** SIGTERM; true when it drained in time. */
  async drain(msMax: number): Promise<boolean> {
    this.#down = true;
    return (await this.process?.end('SIGTERM', msMax)) === 0;
  }

  #launch(): void {
    const process = this.#start();
    this.process = process;
    void process.ended.then(async () => {
      await sleep(RESTART_MS);
      if (!this.#down && this.process === process) this.#launch();
    });
  }
}

interface Done {
  readonly pid?: number;
  readonly failed?: string;
  readonly until?: number;
}

export interface Claims {
  /** whether each of the partitions has been claimed at or after the time (ms since the epoch) */
  since(partitions: readonly number[], time: number): boolean;
}

export class FaultDriver {
  readonly struck: StruckLine[] = [];
  readonly #ground: Ground;
  readonly #slots: readonly RunnerSlot[];
  readonly #claims: Claims;
  readonly #underWay = new Set<Promise<void>>();
  #over = false;
  /** told of each fault as it begins */
  onStrike: (fault: Fault) => void = () => {};
  /** one after the other: broker and database each have one process */
  #broker: Promise<Done> = Promise.resolve({});
  #database: Promise<Done> = Promise.resolve({});

  constructor(ground: Ground, slots: readonly RunnerSlot[], claims: Claims) {
    this.#ground = ground;
    this.#slots = slots;
    this.#claims = claims;
  }

  /** Strikes by the plan; resolves when its last fault has begun. */
  async run(plan: readonly Fault[]): Promise<void> {
    const begun = performance.now();
    for (const [index, fault] of plan.entries()) {
      await sleep(Math.max(0, begun + fault.at - performance.now()));
      if (this.#over) return;
      this.onStrike(fault);
      const striking = this.#strike(index, fault);
      this.#underWay.add(striking);
      void striking.finally(() => this.#underWay.delete(striking));
    }
  }

  /** Z3. Resolves when everything works again. */
  async heal(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#underWay);
    for (const { lines } of this.#slots) {
      lines.log.heal();
      lines.store.heal();
    }
    for (const slot of this.#slots) slot.up();
  }

  async #strike(index: number, fault: Fault): Promise<void> {
    const at = Date.now();
    const { kind } = fault;
    let end: Done = {};
    try {
      end = await this.#done(fault);
    } catch (error) {
      end = { failed: error instanceof Error ? error.message : String(error) };
    }
    const target = targetOf(fault);
    this.struck.push({ fault: index, kind, target, at, until: Date.now(), ...end });
  }

  #done(fault: Fault): Promise<Done> {
    const { forMs, kind } = fault;
    const slot = this.#slots[fault.runner ?? 0]!;
    const line = slot.lines[fault.line ?? 'log'];
    switch (kind) {
      case 'kill':
        return this.#kill(slot, forMs);
      case 'zombie':
        return this.#zombie(slot, forMs);
      case 'broker-kill':
      case 'broker-restart':
        return (this.#broker = this.#broker
          .catch(() => ({}))
          .then(() => this.#restartBroker(kind, forMs)));
      case 'store-kill':
        return (this.#database = this.#database
          .catch(() => ({}))
          .then(() => this.#restartDatabase(forMs)));
      case 'cut':
        return this.#disturb(line, forMs, () => line.cut());
      case 'silence':
        return this.#disturb(line, forMs, () => line.silence());
      case 'delay':
        return this.#disturb(line, forMs, () => line.delay(fault.ms ?? 0));
    }
  }

  async #kill(slot: RunnerSlot, forMs: number): Promise<Done> {
    const runs = slot.process?.running === true;
    const pid = await slot.kill();
    await sleep(forMs);
    slot.up();
    if (pid === undefined || !runs) return { failed: 'it did not run' };
    return { pid };
  }

  /** Z2 */
  async #zombie(slot: RunnerSlot, forMs: number): Promise<Done> {
    const { process } = slot;
    if (process === undefined || !process.running) return { failed: 'it did not run' };
    const { owned, pid } = process;
    process.pause(true);
    const stoppedAt = Date.now();
    await sleep(forMs);
    while (Date.now() - stoppedAt < ZOMBIE_MS_MAX) {
      if (this.#claims.since(owned, stoppedAt)) break;
      await sleep(LOOK_MS);
    }
    const until = Date.now();
    process.pause(false);
    return owned.length === 0 ? { pid, failed: 'it owned nothing' } : { pid, until };
  }

  async #restartBroker(kind: 'broker-kill' | 'broker-restart', forMs: number): Promise<Done> {
    const { broker } = this.#ground;
    if (kind === 'broker-kill') await broker.kill();
    else await broker.stop();
    await sleep(forMs);
    await startAgain(() => broker.start());
    return {};
  }

  async #restartDatabase(forMs: number): Promise<Done> {
    const { database } = this.#ground;
    await database.kill();
    await sleep(forMs);
    await startAgain(() => database.start());
    return {};
  }

  async #disturb(line: LineProxy, forMs: number, strike: () => void): Promise<Done> {
    strike();
    await sleep(forMs);
    line.heal();
    return {};
  }
}

async function startAgain(start: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === START_TRIES) throw error;
    }
  }
}
