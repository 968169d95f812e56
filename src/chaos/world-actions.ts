/*
 * What only the world can do, not one call of a port: storms, leaders that change, databases that are
 * down, clocks of brokers, records from strangers, new builds and new definitions.
 *
 * Owns: the list of what was lost for good, for the oracles that judge such worlds (O19).
 */
import {
  type Point,
  type SimProcess,
  type Simulation,
  shuffled,
  stream,
} from '../adapters/sim/index.ts';
import type { StoredRecord } from '../ports/index.ts';
import type { Intrusion, Loss } from './history.ts';
import { hostileRecord } from './hostile.ts';
import type { WorldAction } from './plan.ts';
import type { Subject } from './subject.ts';

export interface World {
  readonly simulation: Simulation;
  readonly runners: readonly SimProcess[];
  readonly seed: number;
  readonly subject: Subject;
  /** everything works again: nothing more is done */
  healed(): boolean;
  /** the partition is given up: what becomes of its runs is nobody's promise any more */
  giveUp(partition: number): void;
  /** the clock of the broker, or of a process, stands otherwise */
  skewed(): void;
  /** a run that a stranger has begun */
  strange(run: string): void;
  /** the process comes back as a build of this number */
  rebuild(process: SimProcess, build: number): void;
}

export class WorldActions {
  readonly losses: Loss[] = [];
  readonly intrusions: Intrusion[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  perform(action: WorldAction, point: Point): void {
    const { simulation } = this.world;
    const { broker, store } = simulation;
    const partition = (point.partition ?? 0) % broker.partitions;
    switch (action.kind) {
      case 'storm':
        return this.storm(action.down);
      case 'swizzle':
        return this.swizzle(action.ms);
      case 'thaw':
        for (const runner of this.world.runners) runner.resume();
        return;
      case 'leader-change':
        return broker.elect(partition, action.ms);
      case 'tail-lost':
        return this.loseTail(partition, action.records);
      case 'overtaken':
        return this.overtake(partition);
      case 'broker-jump':
        broker.skew += action.ms;
        return this.world.skewed();
      case 'store-down':
        return store.breakDown(action.ms, 'all');
      case 'disk-full':
        return store.breakDown(action.ms, 'writes');
      case 'store-failover':
        return this.failOver(action.commits);
      case 'hostile':
        return this.intrude(partition, action.which);
      case 'build':
        return this.build(point, action.build);
      case 'redeploy':
        return this.redeploy();
    }
  }

  private storm(down: number): void {
    for (const runner of this.world.runners) runner.crash('in the storm', down);
  }

  private swizzle(ms: number): void {
    const { healed, runners, seed, simulation } = this.world;
    const { scheduler } = simulation;
    const step = ms / runners.length;
    const thawing = shuffled([...runners.keys()], stream(seed, 'swizzle'));
    runners.forEach((runner, index) => {
      scheduler.after(index * step, () => {
        const { life } = runner;
        if (life === undefined || healed()) return;
        runner.pause(false);
        const thawed = ((thawing[index] ?? index) - index) * step + ms;
        scheduler.after(thawed, () => {
          if (life === runner.life) runner.resume();
        });
      });
    });
  }

  private loseTail(partition: number, records: number): void {
    const { broker } = this.world.simulation;
    broker.elect(partition, ELECTION_MS);
    const lost = broker.loseTail(partition, records);
    this.note('tail', partition, broker.log(partition).end, lost);
  }

  private overtake(partition: number): void {
    const { broker } = this.world.simulation;
    const log = broker.log(partition);
    const { begin, end } = log;
    broker.retain(partition, end);
    this.note('retention', partition, begin, log.records.slice(begin, end));
  }

  private failOver(commits: number): void {
    const { store } = this.world.simulation;
    for (const partition of store.failover(commits)) {
      this.note('commits', partition, store.applied(partition), []);
    }
  }

  private note(
    what: Loss['what'],
    partition: number,
    from: number,
    records: readonly StoredRecord[],
  ): void {
    if (what !== 'commits' && records.length === 0) return;
    const at = this.world.simulation.scheduler.now;
    this.losses.push({ at, what, partition, from, records });
    if (what !== 'commits') this.world.giveUp(partition);
  }

  private intrude(partition: number, which: number): void {
    const { broker, scheduler } = this.world.simulation;
    const random = stream(this.world.seed, 'stranger', this.intrusions.length);
    const { bytes, run } = hostileRecord(which, {
      random,
      partition,
      partitions: broker.partitions,
      time: Math.floor(scheduler.now),
      log: broker.log(partition).records,
    });
    if (run !== undefined) this.world.strange(run);
    const { base } = broker.land(partition, [bytes]);
    this.intrusions.push({ partition, offset: base, ...(run === undefined ? {} : { run }) });
  }

  private build(point: Point, build: number): void {
    const runner = this.world.runners.find(({ name }) => name === point.process);
    if (runner !== undefined) this.world.rebuild(runner, build);
  }

  private redeploy(): void {
    const { simulation, subject } = this.world;
    const { successor } = subject;
    if (successor !== undefined) simulation.definitions.deploy(successor, VISIBLE_MS);
  }
}

/** How long a partition is without a leader when its tail is lost. */
const ELECTION_MS = 400;
/** How much later others see a definition that was deployed. */
const VISIBLE_MS = 200;
