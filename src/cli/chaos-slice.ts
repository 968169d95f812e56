/*
 * A slice of a campaign: some runs in a row, made in this process. What goes in and what comes out is
 * plain data, so that it can be made in any process, and slices of one campaign add up.
 *
 * Invariants:
 *  - a slice is a function of its job alone: which process makes it, and what else it made, is not seen
 *    (times and the effort of shrinking excepted);
 *  - histories stay here: who wants to see a run runs its plan again.
 */
import { type Progress, runCampaign } from '../chaos/campaign.ts';
import type { Saved } from '../chaos/corpus.ts';
import { addCoverage, type Coverage, newCoverage } from '../chaos/coverage.ts';
import type { Engine } from '../chaos/engine.ts';
import type { Violation } from '../chaos/history.ts';
import { checkView, type View, viewOf } from '../chaos/oracles/index.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import type { Profile } from '../chaos/profile.ts';
import { OutcomeTally } from '../chaos/scenario/index.ts';
import { profile } from './chaos-options.ts';
import { boundsOf, type Sizes, type Stage } from '../chaos/stage.ts';

export interface SliceJob {
  readonly file: string;
  readonly engine: string | undefined;
  readonly seed: number;
  readonly profile: string;
  readonly sizes: Sizes;
  readonly first: number;
  readonly runs: number;
  readonly forMs: number | undefined;
  readonly corpus: readonly Saved[];
  /** go on after a failure, and tell all of them */
  readonly keepGoing: boolean;
  /** not drawn plans, but the faults and pairs of a sweep over this workload, by their numbers */
  readonly sweep?: SweptPlan;
}

export interface SweptPlan {
  readonly plan: FaultPlan;
  /** how many crashes follow each crash, in pairs; empty = no pairs */
  readonly rows: readonly number[];
}

export interface FoundFailure {
  readonly where: string;
  readonly violations: readonly Violation[];
  readonly plan: FaultPlan;
  readonly minimal: boolean;
}

/** A run that is worth showing. */
export interface Sample {
  readonly index: number;
  readonly score: number;
}

export interface SliceResult {
  runs: number;
  corpusRuns: number;
  repeated: number;
  steps: number;
  events: number;
  instances: number;
  inconclusive: number;
  readonly checked: Record<string, number>;
  readonly coverage: Coverage;
  readonly outcomes: Record<string, number>;
  outcomeRuns: number;
  sample: Sample | undefined;
  /** in order; one, unless the campaign goes on after it */
  readonly failures: FoundFailure[];
  /** runs of a sweep, by what they came to; what never fired is in none of them */
  readonly struck: StruckCounts;
}

export interface StruckCounts {
  equal: number;
  other: number;
  never: number;
}

export interface SliceHooks {
  readonly progress: (progress: Progress) => void;
  readonly interrupted: () => boolean;
}

export function emptyResult(): SliceResult {
  return {
    runs: 0,
    corpusRuns: 0,
    repeated: 0,
    steps: 0,
    events: 0,
    instances: 0,
    inconclusive: 0,
    checked: {},
    coverage: newCoverage(),
    outcomes: {},
    outcomeRuns: 0,
    sample: undefined,
    failures: [],
    struck: { equal: 0, other: 0, never: 0 },
  };
}

export function profileFor(stage: Stage, asked: Profile | undefined): Profile {
  return asked ?? profile(stage.scenario.faults.profile);
}

export async function runSlice(
  stage: Stage,
  engine: Engine,
  job: SliceJob,
  hooks: SliceHooks,
): Promise<SliceResult> {
  const { scenario, subject } = stage;
  const tally = new OutcomeTally(scenario);
  let view: View | undefined;
  let sample: Sample | undefined;
  const result = await runCampaign({
    engine,
    subject,
    profile: profile(job.profile),
    bounds: boundsOf(stage, job.sizes),
    seed: job.seed,
    first: job.first,
    runs: job.runs,
    ...(job.forMs === undefined ? {} : { forMs: job.forMs }),
    corpus: job.corpus,
    oracles: (history) => checkView((view = viewOf(history, scenario))),
    onRun: ({ counts, history, index, plan }) => {
      // A world that was cut off has not shown how its runs end.
      if (view !== undefined && history.quiescent) tally.add(view.finalRuns());
      if (index === undefined) return;
      const score = scoreOf(plan, history.fired.length, counts.zombies + counts.midActivity);
      if (sample === undefined || score > sample.score) sample = { index, score };
    },
    onProgress: hooks.progress,
    interrupted: hooks.interrupted,
    ...(job.keepGoing ? { failuresMax: Infinity, shrinkMs: SHRINK_EACH_MS } : {}),
  });
  return {
    runs: result.runs,
    corpusRuns: result.corpusRuns,
    repeated: result.doubled,
    steps: result.hops,
    events: result.events,
    instances: result.instances,
    inconclusive: result.inconclusive,
    checked: { ...result.checked },
    coverage: result.coverage,
    outcomes: tally.counts(),
    outcomeRuns: tally.runs,
    sample,
    failures: result.failures.map(({ minimal, plan, violations, where }) => ({
      ...{ where, violations, plan, minimal },
    })),
    struck: { equal: 0, other: 0, never: 0 },
  };
}

/** Of many failures each may be shrunk for so long: most are of the same kind. */
const SHRINK_EACH_MS = 3_000;
const CROWD = 6;

/** Much was done to few: such a run can be followed by eye. */
function scoreOf(plan: FaultPlan, fired: number, situations: number): number {
  const crowded = Math.max(0, plan.instances.length - CROWD);
  return Math.min(fired, 8) + 2 * Math.min(situations, 3) - 3 * crowded;
}

/** Adds a slice to those before it. */
export function addResult(into: SliceResult, part: SliceResult): void {
  into.runs += part.runs;
  into.corpusRuns += part.corpusRuns;
  into.repeated += part.repeated;
  into.steps += part.steps;
  into.events += part.events;
  into.instances += part.instances;
  into.inconclusive += part.inconclusive;
  into.outcomeRuns += part.outcomeRuns;
  addCounts(into.checked, part.checked);
  addCounts(into.outcomes, part.outcomes);
  addCoverage(into.coverage, part.coverage);
  const { sample } = part;
  if (sample !== undefined && sample.score > (into.sample?.score ?? -Infinity))
    into.sample = sample;
  into.failures.push(...part.failures);
  for (const key of ['equal', 'other', 'never'] as const) into.struck[key] += part.struck[key];
}

function addCounts(into: Record<string, number>, part: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(part)) into[name] = (into[name] ?? 0) + count;
}
