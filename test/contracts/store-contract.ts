/*
 * The contract of the Store port (src/ports/store.ts), S1-S3 and every sentence of its comments.
 */
import type { Store } from '../../src/ports/index.ts';
import { foldCases } from './store-fold-cases.ts';
import { findCases } from './store-find-cases.ts';
import { modelCases } from './store-model-cases.ts';
import { eventCases } from './store-event-cases.ts';
import { eventModelCases } from './store-event-model-cases.ts';
import { projectionCases } from './store-projection-cases.ts';
import { onceCases } from './store-once-cases.ts';
import { type Contract, type World, suite } from './suite.ts';

/** A fresh, empty Store of at least two partitions. */
export interface StoreWorld extends World {
  readonly store: Store;
}

export function storeContract(contract: Contract<StoreWorld>): void {
  suite('Store', contract, {
    ...foldCases,
    ...findCases,
    ...onceCases,
    ...projectionCases,
    ...eventCases,
    ...modelCases,
    ...eventModelCases,
  });
}
