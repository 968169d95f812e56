/*
 * What a chaosTest asks for and what comes back, as plain data: suites say it, whoever runs them does it.
 */
import type { Sizes } from '../chaos/stage.ts';
import type { Exhaustiveness } from '../chaos/sweep-plan.ts';

/** One campaign of a suite. */
export interface ChaosJob {
  /** name of the test, without its seed */
  readonly test: string;
  /** path of the suite */
  readonly suite: string;
  /** path of the scenario */
  readonly scenario: string;
  /** absent = the scenario's own */
  readonly profile?: string;
  readonly seed: number;
  readonly runs?: number;
  /** at most so long, ms of real time */
  readonly forMs?: number;
  readonly sizes: Sizes;
  /** no chance: every fault at every call of one workload; `pairs`: and every two crashes */
  readonly exhaustive?: Exhaustiveness;
  /** a folder of plans that are run first, besides what the suite keeps itself */
  readonly corpus?: string;
}

export interface ChaosResult {
  readonly verdict: 'held' | 'broken' | 'inconclusive' | 'nothing';
  readonly runs: number;
  readonly faults: number;
  readonly checks: number;
  readonly inconclusive: number;
  /** of a sweep: what its runs came to */
  readonly swept?: Swept;
  /** of what is broken */
  readonly failure?: ChaosFailure;
}

export interface Swept {
  /** calls that there are to strike */
  readonly boundaries: number;
  /** runs that there are to make: one for each fault, and for each pair */
  readonly runs: number;
  /** came to the same end as the run without a fault */
  readonly equal: number;
  /** ... to another one that no oracle objects to */
  readonly other: number;
}

export interface ChaosFailure {
  readonly scenario: string;
  /** `run 12`, `corpus: ...` */
  readonly where: string;
  readonly violations: readonly {
    readonly promise: string;
    readonly oracle: string;
    readonly said: string;
  }[];
  /** one sentence per fault, in order */
  readonly story: readonly string[];
  readonly token: string;
  /** replays it */
  readonly command: string;
}

/** Makes campaigns: this process alone, or the processes of `waybill chaos`. */
export type Conduct = (job: ChaosJob) => Promise<ChaosResult>;

/** More runs than this share that were cut off, and the campaign has not shown anything. */
export const INCONCLUSIVE_SHARE = 0.01;
