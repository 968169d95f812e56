/* The simulator is neither kinder nor stricter than the ports say. */
import { brokerContract } from '../../contracts/broker-contract.ts';
import { definitionsContract } from '../../contracts/definitions-contract.ts';
import { runIndexContract } from '../../contracts/run-index-contract.ts';
import { storeContract } from '../../contracts/store-contract.ts';
import type { World } from '../../contracts/suite.ts';
import { type SimPorts, Simulation } from '../../../src/adapters/sim/index.ts';
import { boot } from './driven.ts';

function world(): { simulation: Simulation; ports: SimPorts; drive: World } {
  const simulation = new Simulation({ seed: 3, partitions: 3, index: true });
  const { ports } = boot(simulation, simulation.process('first'));
  const { scheduler } = simulation;
  const drive: World = {
    settle: <T>(answer: PromiseLike<T>) =>
      new Promise<T>((resolve, reject) => {
        let settled = false;
        void answer.then(
          (value) => {
            settled = true;
            resolve(value);
          },
          (error: unknown) => {
            settled = true;
            reject(error as Error);
          },
        );
        const end = scheduler.run({ whileTrue: () => !settled, maxEvents: 1_000_000 });
        if (!settled) reject(new Error(`no answer: ${end}`));
      }),
    pass: (ms) => {
      scheduler.run({ until: scheduler.now + ms });
      return Promise.resolve();
    },
    close: () => {},
  };
  return { simulation, ports, drive };
}

for (const log of ['broker', 'events'] as const) {
  brokerContract({
    name: log === 'broker' ? 'simulated' : 'simulated, events',
    open: () => {
      const { drive, ports, simulation } = world();
      let others = 0;
      return {
        ...drive,
        broker: ports[log],
        another: () => {
          others += 1;
          return boot(simulation, simulation.process(`other-${others}`)).ports[log];
        },
      };
    },
  });
}

storeContract({
  name: 'simulated',
  open: () => {
    const { drive, ports } = world();
    return { ...drive, store: ports.store };
  },
});

runIndexContract({
  name: 'simulated',
  open: () => {
    const { drive, ports } = world();
    return { ...drive, index: ports.index! };
  },
});

definitionsContract({
  name: 'simulated',
  open: () => {
    const { drive, ports } = world();
    return { ...drive, definitions: ports.definitions };
  },
});
