/*
 * Double-fired activities. An answer is lost, a runner freezes and wakes up as a zombie, a record lands
 * twice: an engine that decides by what it remembers makes the call again under another key, or books an
 * older attempt's answer. Here a repeated attempt has the same key and the same request, and one result
 * stands (P2, P3, P6).
 */
import { chaosTest, describe } from '../../src/vitest/index.ts';
import { runs } from './tier.ts';

describe('double-fired activities', () => {
  chaosTest('an order is paid once on a bad network', '../../scenarios/order-fulfilment.yaml', {
    profile: 'flaky',
    runs: runs(),
    instances: [1, 5],
  });
  chaosTest('a zombie that wakes up charges nobody', '../../scenarios/order-fulfilment.yaml', {
    profile: 'zombie',
    runs: runs(),
    instances: [1, 5],
  });
  chaosTest('answers that come after the next attempt', '../sabotage/scenarios/impatient.yaml', {
    profile: 'flaky',
    runs: runs(),
    instances: [1, 5],
  });
  chaosTest(
    'retries that are exhausted are not begun anew',
    '../sabotage/scenarios/stubborn.yaml',
    {
      profile: 'crashy',
      runs: runs(),
      instances: [1, 5],
    },
  );
  chaosTest('a saga undoes each step once', '../../scenarios/trip-saga.yaml', {
    profile: 'flaky',
    runs: runs(),
    instances: [1, 4],
  });
});
