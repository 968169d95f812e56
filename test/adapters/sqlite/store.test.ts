/* The Store, RunIndex and Definitions contracts on SQLite, on a file and in memory. */
import { definitionsContract } from '../../contracts/definitions-contract.ts';
import { runIndexContract } from '../../contracts/run-index-contract.ts';
import { storeContract } from '../../contracts/store-contract.ts';
import { openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { sqliteWorld } from './sqlite-world.ts';

storeContract({
  name: 'sqlite',
  open: async () => {
    const world = await sqliteWorld({ partitions: 2 });
    return { ...world, store: world.embedded.store };
  },
});

storeContract({
  name: 'sqlite in memory',
  open: async () => {
    const embedded = await openEmbedded(':memory:', { partitions: 2 });
    return {
      store: embedded.store,
      settle: (answer) => Promise.resolve(answer),
      pass: async () => {},
      close: () => embedded.close(),
    };
  },
});

definitionsContract({
  name: 'sqlite',
  open: async () => {
    const world = await sqliteWorld();
    return { ...world, definitions: world.embedded.definitions };
  },
});

runIndexContract({
  name: 'sqlite',
  open: async () => {
    const world = await sqliteWorld({ partitions: 2 });
    return { ...world, index: world.embedded.index };
  },
});
