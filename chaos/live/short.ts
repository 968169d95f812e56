/*
 * The shortest campaign that has something of everything: one kill, one line cut, one kill of the
 * database, one zombie, one kill of the broker; some runs park. `npm test` has it.
 */
import type { CampaignOptions } from './campaign.ts';
import { shortPlan } from './fault-plan.ts';

export const SHORT = { forMs: 25_000, runners: 3, instances: 300 } as const;

export function shortCampaign(seed: string): CampaignOptions {
  return {
    ...SHORT,
    seed,
    plan: shortPlan(seed, SHORT.runners),
    partitions: 6,
    restMsMax: 240_000,
    // those that park take half a minute from then on: they begin early
    parkedShare: 0.1,
    parkedWithin: 0.25,
  };
}
