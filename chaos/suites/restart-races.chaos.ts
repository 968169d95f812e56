/*
 * Restart-resumption races. Two runners believe that they own a partition; one recovers while the other
 * still writes; one dies again in the middle of its recovery; what is parked is resumed twice. Here the
 * order of the Log decides, and every transition happens once (P2, P9, and the rules of the Log).
 */
import { chaosTest, describe } from '../../src/vitest/index.ts';
import { runs } from './tier.ts';

describe('restart-resumption races', () => {
  chaosTest('crashes in the middle of a recovery', '../../scenarios/merchant-onboarding.yaml', {
    profile: 'crashy',
    runs: runs(),
    instances: [1, 3],
  });
  chaosTest('two owners at once', '../../scenarios/merchant-onboarding.yaml', {
    profile: 'zombie',
    runs: runs(),
    instances: [1, 3],
    runners: 3,
  });
  chaosTest('what is parked is resumed once', '../sabotage/scenarios/rounds.yaml', {
    profile: 'crashy',
    runs: runs(0.7),
    instances: [1, 3],
  });
  chaosTest('a database that does not say what it committed', '../sabotage/scenarios/rounds.yaml', {
    profile: 'database',
    runs: runs(0.7),
    instances: [1, 3],
  });
});
