/*
 * Lost timers. An engine that keeps timers in memory, or deletes a row before what it fires is durable,
 * loses one in a crash at the wrong moment; one that trusts a clock fires it early. Here every wait -
 * short ones that are held in the Log, long ones that are parked, retries, schedules, deadlines - must
 * come, once, not early, whatever dies meanwhile (P4, P9).
 */
import { chaosTest, describe } from '../../src/vitest/index.ts';
import { runs } from './tier.ts';

describe('lost timers', () => {
  chaosTest(
    'a long wait outlives crashes of all runners',
    '../../scenarios/budget/long-wait.yaml',
    {
      profile: 'crashy',
      runs: runs(2),
      instances: [3, 8],
    },
  );
  chaosTest('days of waiting outlive a bad database', '../../scenarios/document-approval.yaml', {
    profile: 'database',
    runs: runs(),
    instances: [1, 4],
  });
  chaosTest(
    'a short wait is held through a change of owners',
    '../../scenarios/budget/short-wait.yaml',
    {
      profile: 'zombie',
      runs: runs(2),
      instances: [3, 8],
    },
  );
  chaosTest('no clock that jumps makes a timer early', '../../scenarios/budget/long-wait.yaml', {
    profile: 'clock',
    runs: runs(2),
    instances: [3, 8],
  });
  chaosTest('a schedule ticks on, each tick once', '../../scenarios/hourly-statement.yaml', {
    profile: 'crashy',
    runs: runs(0.5),
  });
});
