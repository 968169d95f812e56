/* The Broker contract on SQLite: two processes are two connections to one file. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { brokerContract } from '../../contracts/broker-contract.ts';
import { sqliteWorld } from './sqlite-world.ts';

for (const synchronous of ['FULL', 'NORMAL'] as const) {
  brokerContract({
    name: `sqlite, ${synchronous}`,
    open: async () => {
      const world = await sqliteWorld({ partitions: 3, synchronous });
      return {
        ...world,
        broker: world.embedded.broker,
        another: async () => (await world.open({ synchronous })).broker,
      };
    },
  });
}

// Nothing polls here: whoever waits is woken by the append itself.
brokerContract({
  name: 'sqlite in memory',
  open: async () => {
    const embedded = await openEmbedded(':memory:', { partitions: 2 });
    return {
      broker: embedded.broker,
      another: () => embedded.broker,
      settle: (answer) => Promise.resolve(answer),
      pass: (ms) => sleep(ms),
      close: () => embedded.close(),
    };
  },
  skip: [
    {
      reason: 'there is no other process',
      cases: ['what a process declines goes to another one, for good'],
    },
  ],
});

brokerContract({
  name: 'sqlite, events',
  open: async () => {
    const world = await sqliteWorld({ partitions: 3 });
    return {
      ...world,
      broker: world.embedded.events,
      another: async () => (await world.open()).events,
    };
  },
});
