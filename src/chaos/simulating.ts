/*
 * How V8 is set up in a process that does nothing but simulate: worlds come and go, and nothing of one outlives it.
 * Measured with `npm run bench:simulator`, which sets itself up in this way: they take a fifth off a world.
 */

/** For `execArgv`. */
export const SIMULATING: readonly string[] = [
  // What is made where much has survived would be made among the old, hold its whole world there and wait for a full collection.
  '--no-allocation-site-pretenuring',
  // A world or two between two small collections: most of it is gone by then.
  '--max-semi-space-size=32',
  '--min-semi-space-size=32',
  // Other cores have worlds of their own to make: helpers take more CPU than they save.
  '--single-threaded-gc',
];
