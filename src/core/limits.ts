/* Limits of one step and of one run, in one place. */

/** Tasks entered in one step before it stops and yields a hop, so that a loop cannot hang a runner. */
export const TASKS_PER_STEP = 1_000;
/** Hops in a row that only ran out of fuel before the run faults. */
export const PURE_HOPS_MAX = 1_000;
/** Longest delay that backoff may reach, ms: one year. */
export const DELAY_MAX_MS = 365 * 24 * 3_600_000;
/** Items of one `for`. */
export const ITEMS_MAX = 1_000_000;
/** Workflows that wait for one another: a workflow that runs itself must come to an end. */
export const CHILD_DEPTH_MAX = 100;
/** Strands and runs begun one inside the other in one step; what is deeper goes on in a hop of its own. */
export const NESTED_MAX = 32;
