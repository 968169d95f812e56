/* The Store, RunIndex and Definitions contracts on a real PostgreSQL (test/live/postgres/server.ts says which). */
import { expect, test } from 'vitest';
import { ServerForTests } from '../live/postgres/store-world.ts';
import { definitionsContract } from './definitions-contract.ts';
import { runIndexContract } from './run-index-contract.ts';
import { storeContract } from './store-contract.ts';

// fsync: these cases ask what is committed, not what survives a power loss
const server = new ServerForTests({ settings: { fsync: 'off' } });

test('there is a PostgreSQL', (context) => {
  expect(server.here(context).port).toBeGreaterThan(0);
});

storeContract({ name: 'postgres', open: () => server.world(), timeout: 60_000 });

runIndexContract({ name: 'postgres', open: () => server.world(), timeout: 60_000 });

definitionsContract({ name: 'postgres', open: () => server.world(), timeout: 60_000 });
