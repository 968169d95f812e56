/*
 * The contract of the Broker port (src/ports/broker.ts), B1-B4 and every sentence of its comments.
 * Appends, readers, random access and membership are in one file each beside this one.
 */
import type { Broker } from '../../src/ports/index.ts';
import { appendCases } from './broker-append-cases.ts';
import { membershipCases } from './broker-membership-cases.ts';
import { randomAccessCases } from './broker-random-access-cases.ts';
import { readerCases } from './broker-reader-cases.ts';
import { type Contract, type World, suite } from './suite.ts';

/** A fresh Log of at least two empty partitions. */
export interface BrokerWorld extends World {
  readonly broker: Broker;
  /** the Broker of another process on the same Log */
  another(): Broker | Promise<Broker>;
}

export function brokerContract(contract: Contract<BrokerWorld>): void {
  suite('Broker', contract, {
    ...appendCases,
    ...readerCases,
    ...randomAccessCases,
    ...membershipCases,
  });
}
