/*
 * Fan-out blow-ups. A fork, a race, a list of rows worked at once: branches end in one batch or are lost
 * in a takeover, a join counts a redelivered end, a window is too small for what is open. Here a fork
 * joins once, its results in order, and what does not fit waits (P5, P10, and the write budget P11).
 */
import { chaosTest, describe } from '../../src/vitest/index.ts';
import { runs } from './tier.ts';

describe('fan-out blow-ups', () => {
  chaosTest('branches that are lost in a takeover', '../../scenarios/data-enrichment.yaml', {
    profile: 'crashy',
    runs: runs(),
    instances: [1, 4],
  });
  chaosTest('ends that are delivered twice', '../../scenarios/budget/fork-of-activities.yaml', {
    profile: 'flaky',
    runs: runs(),
  });
  chaosTest('a long list, worked at once', '../../scenarios/parallel-list.yaml', {
    profile: 'crashy',
    runs: runs(0.3),
    instances: 1,
  });
  chaosTest('more is open than a window holds', '../sabotage/scenarios/crowded.yaml', {
    profile: 'zombie',
    runs: runs(0.3),
    instances: [2, 6],
  });
  chaosTest('a race has one winner', '../../scenarios/budget/competing-fork.yaml', {
    profile: 'zombie',
    runs: runs(),
  });
});
