/* How long a simulated world may go on, and how long it is watched once nothing happens any more. */

export interface WorldBudget {
  /** events that one run may take */
  readonly events: number;
  /** how long the faulty phase lasts at most after the last start, virtual ms */
  readonly faultyMs: number;
  /** nothing happened for so long and nothing is due: the world is at rest, virtual ms */
  readonly idleMs: number;
  /** what is still under way when all runs have ended has so long to arrive, virtual ms */
  readonly drainMs: number;
}

export const DEFAULT_BUDGET: WorldBudget = {
  events: 400_000,
  faultyMs: 5 * 60_000,
  idleMs: 20 * 60_000,
  drainMs: 45_000,
};
