/* The Broker contract on SQLite: two processes are two connections to one file. */
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
