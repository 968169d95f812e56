/* All sabotages, in the order of what they break: the Log, requests, the Store and taking over,
 * windows, limits, listening, the core, the DSL and its policies.
 *
 * `F2-n` is the n-th of thirty bugs that home-made engines have, as DESIGN counts them. Those without a
 * sabotage have no place here: (3) the key of an effect has no attempt on purpose; (6, 14) rows go by a
 * fold of the Log alone, and nobody follows a table; (7) what a timer resolves is void once it is
 * resolved; (11) there are no leases; (25) the limit of setTimeout is a matter of adapters/system, and
 * tested there; (28) the broker has no transactions. */
import { CORE_SABOTAGES } from './core-sabotages.ts';
import { DSL_SABOTAGES } from './dsl-sabotages.ts';
import { EVENT_SCHEDULE_SABOTAGES } from './event-schedule-sabotages.ts';
import { FOUND_SABOTAGES } from './found-sabotages.ts';
import { LIMIT_SABOTAGES } from './limit-sabotages.ts';
import { LISTEN_SABOTAGES } from './listen-sabotages.ts';
import { LOG_SABOTAGES } from './log-sabotages.ts';
import { ORACLE_SABOTAGES } from './oracle-sabotages.ts';
import { POLICY_SABOTAGES } from './policy-sabotages.ts';
import { RACE_SABOTAGES } from './race-sabotages.ts';
import { RULE_SABOTAGES } from './rule-sabotages.ts';
import type { Sabotage } from './sabotage.ts';
import { LOSS_SABOTAGES } from './loss-sabotages.ts';
import { REQUEST_SABOTAGES } from './request-sabotages.ts';
import { SAGA_SABOTAGES } from './saga-sabotages.ts';
import { STORE_SABOTAGES } from './store-sabotages.ts';
import { WINDOW_SABOTAGES } from './window-sabotages.ts';

export const SABOTAGES: readonly Sabotage[] = [
  ...LOG_SABOTAGES,
  ...RULE_SABOTAGES,
  ...SAGA_SABOTAGES,
  ...RACE_SABOTAGES,
  ...REQUEST_SABOTAGES,
  ...STORE_SABOTAGES,
  ...LOSS_SABOTAGES,
  ...WINDOW_SABOTAGES,
  ...LIMIT_SABOTAGES,
  ...EVENT_SCHEDULE_SABOTAGES,
  ...LISTEN_SABOTAGES,
  ...CORE_SABOTAGES,
  ...DSL_SABOTAGES,
  ...POLICY_SABOTAGES,
  ...ORACLE_SABOTAGES,
  ...FOUND_SABOTAGES,
];

/** The one that `npm test` runs: shallow, quick, and of the rule that everything rests on. */
export const CANARY = 'numbers-ignored';
