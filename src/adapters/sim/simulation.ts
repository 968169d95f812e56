/*
 * Simulation: one simulated world with everything in it, and the ports of each process. Nothing is
 * shared between two simulations.
 */
import type {
  Activities,
  Broker,
  Clock,
  Definitions,
  Entropy,
  RunIndex,
  Store,
} from '../../ports/index.ts';
import { SimBroker } from './broker.ts';
import { SimClock } from './clock.ts';
import { SimDefinitions } from './definitions.ts';
import { SimEntropy } from './entropy.ts';
import { Gate } from './gate.ts';
import type { GroupOptions } from './group.ts';
import { type Life, SimProcess } from './process.ts';
import { SimRunIndex } from './run-index.ts';
import { Scheduler } from './scheduler.ts';
import { type ServiceModel, SimServices } from './services.ts';
import { SimStore } from './store.ts';

export interface SimulationOptions extends Partial<GroupOptions> {
  readonly seed: number | string;
  readonly partitions: number;
  readonly services?: ReadonlyMap<string, ServiceModel>;
  /** whether processes are given an index of runs (no) */
  readonly index?: boolean;
}

export interface SimPorts {
  readonly broker: Broker;
  readonly events: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly activities: Activities;
  readonly definitions: Definitions;
  readonly index?: RunIndex;
}

export class Simulation {
  readonly scheduler = new Scheduler();
  readonly gate: Gate;
  readonly broker: SimBroker;
  /** the events log */
  readonly events: SimBroker;
  readonly store: SimStore;
  readonly definitions: SimDefinitions;
  readonly index: SimRunIndex | undefined;
  readonly services: SimServices;
  private readonly seed: number | string;

  constructor(options: SimulationOptions) {
    const { seed } = options;
    this.seed = seed;
    this.gate = new Gate(this.scheduler, seed);
    this.broker = new SimBroker(this.gate, options);
    this.events = new SimBroker(this.gate, { ...options, log: 'events' });
    this.store = new SimStore(this.gate, seed);
    this.definitions = new SimDefinitions(this.gate);
    this.index = options.index === true ? new SimRunIndex(this.gate, seed) : undefined;
    this.services = new SimServices(this.gate, seed, options.services ?? new Map());
  }

  process(name: string): SimProcess {
    return new SimProcess(name, this.scheduler);
  }

  /** The ports of one incarnation: they die with it. */
  portsFor(life: Life): SimPorts {
    const { index } = this;
    return {
      ...(index === undefined ? {} : { index: index.portFor(life) }),
      broker: this.broker.portFor(life),
      events: this.events.portFor(life),
      store: this.store.portFor(life),
      clock: new SimClock(this.gate, life),
      entropy: new SimEntropy(this.seed, life),
      activities: this.services.portFor(life),
      definitions: this.definitions.portFor(life),
    };
  }
}
