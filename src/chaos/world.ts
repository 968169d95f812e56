/*
 * World: one simulated run - scenario, plan and the engine under test - from the first start of a
 * client to rest, and the History of it.
 *
 * Phases: faulty (the plan strikes) -> heal (no more faults, every process restarted, clocks in step)
 * -> rest (nothing is open, or nothing happens any more) within a budget.
 *
 * Invariants: synchronous; everything is made anew for each run and nothing outlives it; the engine is
 * only ever reached through the ports.
 */
import {
  EPOCH_MS,
  type Life,
  type Point,
  type ProcessChange,
  type Random,
  type SimProcess,
  Simulation,
  stream,
} from '../adapters/sim/index.ts';
import { type DefinitionRef, homeOf, READER, scheduleId, uuidv7 } from '../wire/index.ts';
import { portsOfBuild } from './builds.ts';
import { acknowledged, beginWith } from './begin-recorded.ts';
import { Client } from './client.ts';
import { type Engine } from './engine.ts';
import type { ClientEntry, History, ProcessEvent } from './history.ts';
import { Injector } from './inject.ts';
import { latenessOf } from './oracles/declared-loss.ts';
import { leftBehind } from './left-behind.ts';
import { LogWatch, type WatchCounts } from './log-watch.ts';
import { type FaultPlan, type PlannedInstance, planned, processName } from './plan.ts';
import type { Subject } from './subject.ts';
import { WorldActions } from './world-actions.ts';
import { DEFAULT_BUDGET, type WorldBudget } from './world-budget.ts';

export { DEFAULT_BUDGET, type WorldBudget } from './world-budget.ts';

export interface RunCounts extends WatchCounts {
  readonly events: number;
  /** a partition was claimed by another while an activity of it was under way */
  readonly midActivity: number;
}

export interface Ran {
  readonly history: History;
  readonly counts: RunCounts;
}

/** Supervisor: a process that failed by itself is started again after so long, ms. */
const RESTART_MS = 1_000;
/** One build takes the place of another within so long, ms. */
const REPLACED_MS = 800;
/** A process that fails again and again is given up, and the run shows it. */
const FAILURES_MAX = 50;

/** Runs one plan; `observe` sees every port call of the faulty phase. */
export function runPlan(
  engine: Engine,
  subject: Subject,
  plan: FaultPlan,
  budget: Partial<WorldBudget> = {},
  observe?: (point: Point) => void,
): Ran {
  return new World(engine, subject, plan, { ...DEFAULT_BUDGET, ...budget }, observe).run();
}

/** Neither the seed nor the other instances change what an instance is. */
function randomOf({ draw, id }: PlannedInstance): Random {
  return stream('instance', id, draw);
}

/** The run id that the client gives to an instance of a plan. */
export function runIdOf(instance: PlannedInstance, random = randomOf(instance)): string {
  return uuidv7(EPOCH_MS + instance.at, random);
}

/** A client that does not say which version gets the newest that is deployed. */
function startOf({ start }: Subject, plan: FaultPlan): DefinitionRef {
  if (!planned(plan, 'redeploy')) return start;
  const { name, namespace } = start;
  return { name, namespace };
}

class World {
  private readonly engine: Engine;
  private readonly plan: FaultPlan;
  private readonly budget: WorldBudget;
  private readonly simulation: Simulation;
  private readonly watch: LogWatch;
  private readonly injector: Injector;
  private readonly runners: readonly SimProcess[];
  private readonly client: Client;
  /** starts of what was under way before the world began */
  private readonly before: ClientEntry[] = [];
  private readonly processes: ProcessEvent[] = [];
  private readonly complaints: { at: number; process: string; said: string }[] = [];
  private readonly failures = new Map<SimProcess, number>();
  private readonly actions: WorldActions;
  /** partitions that have lost something for good */
  private readonly givenUp = new Set<number>();
  /** processes of other builds than the first */
  private readonly builds = new Map<SimProcess, number>();
  private newestBuild = 0;
  private healed = false;
  private healedAt = 0;
  private skewMax = 0;
  private midActivity = 0;

  constructor(
    engine: Engine,
    subject: Subject,
    plan: FaultPlan,
    budget: WorldBudget,
    observe: ((point: Point) => void) | undefined,
  ) {
    this.engine = engine;
    this.plan = plan;
    this.budget = budget;
    const { partitions, seed } = plan;
    const { services } = subject;
    this.simulation = new Simulation({ seed, partitions, services, index: engine.index === true });
    const { broker, definitions, gate, scheduler } = this.simulation;
    for (const definition of subject.definitions) definitions.deploy(definition);
    this.watch = new LogWatch(partitions);
    // Both are named first: what is assigned to a property as it is written V8 makes among the old, where it
    // holds its world until a full collection.
    const landed = (partition: number, base: number, count: number): void => {
      const { records } = broker.log(partition);
      for (let offset = base; offset < base + count; offset += 1) {
        const record = records[offset];
        if (record !== undefined) this.watch.landed(partition, record);
      }
    };
    const takenOver = (partition: number): void => this.takenOver(partition);
    broker.onAppend = landed;
    this.watch.onTakeover = takenOver;
    const starts = plan.instances.map((instance) => {
      const random = randomOf(instance);
      const run = runIdOf(instance, random);
      const input = subject.input(random, instance.id);
      return { ...instance, run, input, partition: homeOf(run, partitions) };
    });
    const process = this.watched('client');
    this.client = new Client(this.simulation, process, startOf(subject, plan), starts, (run) =>
      this.watch.open.has(run),
    );
    if (subject.begins !== undefined) {
      beginWith(this.simulation, subject.begins, partitions);
      this.before.push(acknowledged(subject.begins, partitions));
    }
    const { scheduledFor } = subject;
    for (const { document, hash, name, namespace } of subject.definitions) {
      if (scheduledFor === undefined || !('schedule' in JSON.parse(document))) continue;
      const id = scheduleId(namespace, name, partitions);
      this.client.schedule(id, homeOf(id, partitions), hash, scheduledFor);
    }
    for (const { name, of, plan: planned } of subject.events ?? []) {
      if (of === 'world') {
        const about = { index: 0, run: null, input: null };
        this.client.emit(planned(stream('event', seed, name), about));
        continue;
      }
      for (const { at, draw, id, input, run } of starts) {
        const events = planned(stream('event', id, draw, name), { index: id, run, input });
        this.client.emit(events.map((one) => ({ ...one, at: at + one.at })));
      }
    }
    const runs = new Map(starts.map((start) => [start.run, start.id]));
    this.injector = new Injector(plan, runs, {
      perform: (action, point) => this.actions.perform(action, point),
      now: () => scheduler.now,
    });
    const { injector } = this;
    this.simulation.store.remembers = planned(plan, 'store-failover');
    if (observe !== undefined) {
      gate.faults = {
        at: (point) => {
          observe(point);
          return injector.at(point);
        },
      };
    } else if (plan.faults.length > 0) gate.faults = injector;
    this.runners = Array.from({ length: plan.runners }, (_, index) =>
      this.watched(processName(index)),
    );
    this.actions = new WorldActions({
      simulation: this.simulation,
      runners: this.runners,
      seed,
      subject,
      healed: () => this.healed,
      giveUp: (partition) => this.giveUp(partition),
      skewed: () => this.noteSkew(),
      strange: (run) => this.watch.ignore(run),
      rebuild: (process, build) => this.rebuild(process, build),
    });
  }

  run(): Ran {
    for (const runner of this.runners) this.start(runner);
    this.client.begin();
    // Nobody but who looks for a run asks for the offset of a time.
    if (this.plan.faults.some((fault) => fault.at.point === 'offset-at')) this.client.lookForRuns();
    this.faulty();
    this.heal();
    const quiescent = this.rest();
    return { history: this.history(quiescent), counts: this.counts() };
  }

  private faulty(): void {
    const { scheduler } = this.simulation;
    const last = this.plan.instances.reduce((latest, one) => Math.max(latest, one.at), 0);
    scheduler.run({
      until: EPOCH_MS + last + this.budget.faultyMs,
      whileTrue: () => !this.ended(),
      maxEvents: this.budget.events,
    });
  }

  /** Everything works from now on: only what was done before may still show. */
  private heal(): void {
    const { broker, events, gate, scheduler } = this.simulation;
    this.healed = true;
    // What was slowed down before is still on its way.
    this.healedAt = Math.max(scheduler.now, gate.busyUntil);
    gate.faults = undefined;
    gate.down = undefined;
    broker.skew = 0;
    for (const log of [broker, events]) log.lead();
    this.failures.clear();
    if (this.injector.fired.length === 0 && this.runners.every((one) => one.state === 'up')) return;
    // A restart cures much: in half of the plans those that have survived must get on as they are.
    const restarts = this.plan.seed % 2 === 0;
    // What a newer build has written is for newer ones: no upgrade ends half-way.
    const newest = this.newestBuild;
    for (const runner of this.runners) {
      const outdated = newest > 0 && this.buildOf(runner) < newest;
      if (newest > 0) this.builds.set(runner, newest);
      if (restarts || outdated) runner.crash('restarted when the faults ended', 0);
      else runner.resume();
      runner.jump(-runner.skew);
      this.start(runner);
    }
  }

  /** True when the world came to rest by itself. */
  private rest(): boolean {
    const { gate, scheduler, services } = this.simulation;
    const { drainMs, events, idleMs } = this.budget;
    const left = (): number => Math.max(0, events - scheduler.events);
    let before = -1;
    for (;;) {
      const due = Math.max(this.nextDue() ?? 0, this.client.sendsUntil);
      const end = scheduler.run({
        until: Math.max(scheduler.now, due, services.busyUntil) + idleMs,
        whileTrue: () => !this.ended(),
        maxEvents: left(),
      });
      if (end === 'budget') return false;
      if (this.ended() || end === 'idle') {
        // What a client sent before it died may still be on its way, and begin a run.
        // ... and what a database has lost is noticed when it is asked;
        const unnoticed = latenessOf({ losses: this.actions.losses });
        // ... and what waits by a clock that was set back, to be folded again, say, waits so much longer.
        const setBack = this.skewMax;
        const drained = scheduler.run({
          until: Math.max(scheduler.now, gate.busyUntil) + drainMs + unnoticed + setBack,
          maxEvents: left(),
        });
        if (drained === 'budget') return false;
        if (this.ended() || drained === 'idle') return true;
      }
      const progress = this.watch.progress + services.ledger.length;
      // Nobody got on for so long, and what was due is long past: this is how it stays.
      if (progress === before) break;
      before = progress;
    }
    return true;
  }

  private ended(): boolean {
    return this.watch.open.size === 0 && this.client.done;
  }

  private nextDue(): number | undefined {
    let next: number | undefined;
    for (let partition = 0; partition < this.plan.partitions; partition += 1) {
      if (this.givenUp.has(partition)) continue;
      const due = this.simulation.store.due(partition, -1, 0, new Set()).next;
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
    return next;
  }

  private watched(name: string): SimProcess {
    const process = this.simulation.process(name);
    process.watch((_, life, change) => this.changed(process, life, change));
    return process;
  }

  private changed(process: SimProcess, _life: Life, change: ProcessChange): void {
    const at = this.simulation.scheduler.now;
    const { event } = change;
    // A clock may have jumped while its process was down: then it shows at the next start.
    if (event === 'jumped' || event === 'started') this.noteSkew();
    if (event === 'jumped') return;
    const said = 'said' in change ? { said: change.said } : {};
    const reads =
      event === 'started' && this.newestBuild > 0 ? { reader: READER + this.buildOf(process) } : {};
    this.processes.push({ at, process: process.name, event, ...said, ...reads });
    if (process.name === 'client') {
      if (event === 'crashed') this.client.again();
      return;
    }
    if (event === 'crashed' && !this.healed) this.restart(process, change.down);
    if (event !== 'failed') return;
    const failures = (this.failures.get(process) ?? 0) + 1;
    this.failures.set(process, failures);
    if (failures <= FAILURES_MAX) this.restart(process, RESTART_MS);
  }

  private restart(process: SimProcess, after: number): void {
    this.simulation.scheduler.after(after, () => this.start(process));
  }

  private giveUp(partition: number): void {
    this.givenUp.add(partition);
    const { partitions } = this.plan;
    this.watch.giveUp(partition, (run) => homeOf(run, partitions) === partition);
  }

  private buildOf(process: SimProcess): number {
    return this.builds.get(process) ?? 0;
  }

  /** The highest that a process has had counts, also after a rollback: what it wrote stays. */
  private rebuild(process: SimProcess, build: number): void {
    this.newestBuild = Math.max(this.newestBuild, build);
    this.builds.set(process, build);
    process.crash(`replaced by build ${build}`, REPLACED_MS, true);
  }

  private start(process: SimProcess): void {
    if (process.life !== undefined) return;
    process.start((life) => {
      const complain = (said: string): void => {
        const at = this.simulation.scheduler.now;
        this.complaints.push({ at, process: process.name, said });
      };
      const build = this.buildOf(process);
      life.reader = READER + build;
      const ports = portsOfBuild(this.simulation.portsFor(life), build);
      this.engine.boot(ports, process.name, complain, this.plan.window);
    });
  }

  private noteSkew(): void {
    const { broker } = this.simulation;
    const skews = [0, broker.skew, ...(this.runners ?? []).map((runner) => runner.skew)];
    this.skewMax = Math.max(this.skewMax, Math.max(...skews) - Math.min(...skews));
  }

  private takenOver(partition: number): void {
    const settled = new Set<string>();
    const { ledger } = this.simulation.services;
    for (const entry of ledger) if (entry.heard !== 'nothing') settled.add(entry.key);
    const open = ledger.some(
      ({ heard, key, run }) =>
        heard === 'nothing' &&
        !settled.has(key) &&
        homeOf(run, this.plan.partitions) === partition &&
        this.watch.open.has(run),
    );
    if (open) this.midActivity += 1;
  }

  private counts(): RunCounts {
    const { events } = this.simulation.scheduler;
    return { ...this.watch.counts, events, midActivity: this.midActivity };
  }

  private history(quiescent: boolean): History {
    return {
      ...leftBehind(this.simulation, this.plan.partitions, this.client, this.engine.lifecycle),
      client: [...this.before, ...this.client.entries],
      controls: this.client.controls,
      ...(this.client.lookUps.length === 0 ? {} : { lookUps: this.client.lookUps }),
      fired: this.injector.fired,
      ...(this.actions.losses.length === 0 ? {} : { losses: this.actions.losses }),
      ...(this.actions.intrusions.length === 0 ? {} : { strangers: this.actions.intrusions }),
      processes: this.processes,
      complaints: this.complaints,
      healedAt: this.healedAt,
      endedAt: this.simulation.scheduler.now,
      quiescent,
      skewMax: this.skewMax,
    };
  }
}
