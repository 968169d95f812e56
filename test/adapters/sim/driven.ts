/* A simulation with one process that the test drives by hand. */
import type { Effect, Point } from '../../../src/adapters/sim/index.ts';
import {
  type Life,
  type ServiceModel,
  type SimPorts,
  type SimProcess,
  Simulation,
} from '../../../src/adapters/sim/index.ts';

export interface Driven {
  readonly simulation: Simulation;
  readonly process: SimProcess;
  readonly ports: SimPorts;
  readonly life: Life;
  /** runs the world for so many virtual ms */
  readonly pass: (ms: number) => void;
  /** what the answer is by now; 'pending' when it has not come */
  readonly outcome: <T>(answer: PromiseLike<T>, ms?: number) => T | Error | 'pending';
}

export function boot(simulation: Simulation, process: SimProcess): { life: Life; ports: SimPorts } {
  let made: { life: Life; ports: SimPorts } | undefined;
  process.start((life) => {
    made = { life, ports: simulation.portsFor(life) };
  });
  simulation.scheduler.run({ whileTrue: () => made === undefined });
  if (made === undefined) throw new Error('the process did not start');
  return made;
}

export function driven(
  options: {
    seed?: number;
    partitions?: number;
    services?: ReadonlyMap<string, ServiceModel>;
  } = {},
): Driven {
  const { partitions = 2, seed = 1, services = new Map() } = options;
  const simulation = new Simulation({ seed, partitions, services });
  const process = simulation.process('runner-1');
  const { life, ports } = boot(simulation, process);
  const pass = (ms: number): void => {
    simulation.scheduler.run({ until: simulation.scheduler.now + ms });
  };
  return {
    simulation,
    process,
    ports,
    life,
    pass,
    outcome(answer, ms = 100) {
      return heard(simulation, answer, ms);
    },
  };
}

export function heard<T>(
  simulation: Simulation,
  answer: PromiseLike<T>,
  ms: number,
): T | Error | 'pending' {
  let result: T | Error | 'pending' = 'pending';
  void answer.then(
    (value) => {
      result = value;
    },
    (error: unknown) => {
      result = error as Error;
    },
  );
  simulation.scheduler.run({ until: simulation.scheduler.now + ms });
  return result;
}

/** Strikes once, at the first point that fits. */
export function strikeOnce(
  simulation: Simulation,
  fits: (point: Point) => boolean,
  ...effects: readonly Effect[]
): void {
  let done = false;
  simulation.gate.faults = {
    at: (point) => {
      if (done || !fits(point)) return undefined;
      done = true;
      return effects;
    },
  };
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (record: { readonly bytes: Uint8Array }): string =>
  new TextDecoder().decode(record.bytes);
