/*
 * Campaign: many runs of one subject - the corpus first, then generated plans - until a promise is
 * broken, the runs are done, or time is up; and what was exercised on the way.
 *
 * Invariants:
 *  - plan i depends on (seed, i) alone: the same seed and number of runs give the same campaign;
 *  - P12 is checked on one run in twenty and on every failure: a run that differs from itself is a
 *    failure of its own, never ignored;
 *  - a failure is shrunk, run again and told; nothing of a run that held is kept.
 */
import * as fc from 'fast-check';
import { type Coverage, cover, newCoverage } from './coverage.ts';
import type { Engine } from './engine.ts';
import { type PlanBounds, planArbitrary } from './generate.ts';
import type { History, Violation } from './history.ts';
import { narrate } from './narrate.ts';
import type { FaultPlan } from './plan.ts';
import type { Profile } from './profile.ts';
import { shrink } from './shrink.ts';
import type { Subject } from './subject.ts';
import { encodeToken } from './token.ts';
import { firstDifference, traceHash } from './trace-hash.ts';
import { type Ran, type RunCounts, runPlan, type WorldBudget } from './world.ts';

export interface Judged {
  readonly violations: readonly Violation[];
  /** promise or oracle -> how often it was evaluated */
  readonly checked: { readonly [name: string]: number };
}

export interface CampaignOptions {
  readonly engine: Engine;
  readonly subject: Subject;
  readonly profile: Profile;
  readonly bounds: PlanBounds;
  readonly seed: number;
  /** index of the first run (0): a campaign can be made in slices, in any order */
  readonly first?: number;
  /** at most so many runs, the corpus not counted */
  readonly runs?: number;
  /** at most so long, ms of wall time */
  readonly forMs?: number;
  readonly oracles: (history: History) => Judged;
  /** plans that are run first */
  readonly corpus?: readonly { readonly name: string; readonly plan: FaultPlan }[];
  readonly onProgress?: (progress: Progress) => void;
  /** told after each run, right after the oracles were asked about it */
  readonly onRun?: (run: FinishedRun) => void;
  /** asked between runs */
  readonly interrupted?: () => boolean;
  readonly budget?: Partial<WorldBudget>;
  /** failures after which it stops (1) */
  readonly failuresMax?: number;
  /** runs that shrinking may take (2,000) */
  readonly shrinkCalls?: number;
  /** ... and how long, ms of wall time (20 s) */
  readonly shrinkMs?: number;
}

export interface FinishedRun {
  /** undefined for what comes from the corpus */
  readonly index: number | undefined;
  readonly plan: FaultPlan;
  readonly history: History;
  readonly counts: RunCounts;
}

export interface Progress {
  readonly runs: number;
  readonly hops: number;
  readonly events: number;
  readonly fired: number;
  readonly checks: number;
  readonly failures: number;
  readonly elapsedMs: number;
  /** the failure that is being shrunk */
  readonly shrinking?: {
    readonly where: string;
    readonly plan: FaultPlan;
    readonly violations: readonly Violation[];
  };
}

export interface Failure {
  /** corpus entry, or the number of the run */
  readonly where: string;
  readonly violations: readonly Violation[];
  readonly found: FaultPlan;
  readonly plan: FaultPlan;
  readonly minimal: boolean;
  readonly history: History;
  /** one sentence per fault, in order */
  readonly story: readonly string[];
  readonly token: string;
  readonly traceHash: string;
}

export interface CampaignResult {
  readonly subject: string;
  readonly profile: string;
  readonly seed: number;
  readonly runs: number;
  readonly corpusRuns: number;
  /** runs that were made twice for P12 */
  readonly doubled: number;
  readonly hops: number;
  readonly events: number;
  readonly instances: number;
  readonly checked: { readonly [name: string]: number };
  readonly coverage: Coverage;
  readonly failures: readonly Failure[];
  /** runs that the budget cut off: neither good nor bad */
  readonly inconclusive: number;
  readonly elapsedMs: number;
  readonly runsPerSecond: number;
  readonly hopsPerSecond: number;
  readonly interrupted: boolean;
}

/** One run in so many is made twice. */
const DOUBLE_EVERY = 20;
/** The event loop gets a turn so often, for progress and interrupts. */
const BREATHE_MS = 50;
const SHRINK_MS = 20_000;
const SEED_STRIDE = 0x9e_37_79_b1;

/** The plan of run `index` of a campaign. */
export function planOf(arbitrary: fc.Arbitrary<FaultPlan>, seed: number, index: number): FaultPlan {
  let plan: FaultPlan | undefined;
  fc.check(
    fc.property(arbitrary, (generated) => {
      plan = generated;
    }),
    { seed: seedOf(seed, index), numRuns: 1 },
  );
  if (plan === undefined) throw new Error('no plan was generated');
  return plan;
}

function seedOf(seed: number, index: number): number {
  return (Math.imul(index + 1, SEED_STRIDE) ^ Math.imul(seed | 0, 0x85_eb_ca_6b)) | 0;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const campaign = new Campaign(options);
  let breathed = performance.now();
  while (campaign.step()) {
    if (performance.now() - breathed < BREATHE_MS) continue;
    campaign.report();
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    breathed = performance.now();
  }
  campaign.report();
  return campaign.result();
}

class Campaign {
  private readonly options: CampaignOptions;
  private readonly arbitrary: fc.Arbitrary<FaultPlan>;
  private readonly begun = performance.now();
  private readonly coverage = newCoverage();
  private readonly checked: { [name: string]: number } = {};
  private readonly failures: Failure[] = [];
  private corpusAt = 0;
  private runs = 0;
  private doubled = 0;
  private hops = 0;
  private events = 0;
  private instances = 0;
  private checks = 0;
  private inconclusive = 0;
  private interrupted = false;

  constructor(options: CampaignOptions) {
    this.options = options;
    this.arbitrary = planArbitrary(options.profile, options.bounds);
  }

  /** One run; false when the campaign is over. */
  step(): boolean {
    const { corpus = [], failuresMax = 1, forMs = Infinity, interrupted, runs } = this.options;
    if (this.failures.length >= failuresMax) return false;
    if (interrupted?.()) {
      this.interrupted = true;
      return false;
    }
    const saved = corpus[this.corpusAt];
    if (saved !== undefined) {
      this.corpusAt += 1;
      this.one(saved.plan, `corpus: ${saved.name}`, true);
      return true;
    }
    const most = runs ?? (forMs === Infinity ? 1_000 : Infinity);
    if (this.runs >= most || performance.now() - this.begun >= forMs) return false;
    const { first = 0, seed } = this.options;
    const index = first + this.runs;
    this.runs += 1;
    const plan = planOf(this.arbitrary, seed, index);
    this.one(plan, `run ${index}`, index % DOUBLE_EVERY === 0, {
      index,
      seed: seedOf(seed, index),
    });
    return true;
  }

  report(shrinking?: Progress['shrinking']): void {
    this.options.onProgress?.({
      runs: this.runs,
      hops: this.hops,
      events: this.events,
      fired: this.coverage.fired,
      checks: this.checks,
      failures: this.failures.length,
      elapsedMs: performance.now() - this.begun,
      ...(shrinking === undefined ? {} : { shrinking }),
    });
  }

  result(): CampaignResult {
    const elapsedMs = performance.now() - this.begun;
    const perSecond = (count: number): number => (count / Math.max(1, elapsedMs)) * 1_000;
    return {
      subject: this.options.subject.name,
      profile: this.options.profile.name,
      seed: this.options.seed,
      runs: this.runs,
      corpusRuns: this.corpusAt,
      doubled: this.doubled,
      hops: this.hops,
      events: this.events,
      instances: this.instances,
      checked: this.checked,
      coverage: this.coverage,
      failures: this.failures,
      inconclusive: this.inconclusive,
      elapsedMs,
      runsPerSecond: perSecond(this.runs + this.corpusAt),
      hopsPerSecond: perSecond(this.hops),
      interrupted: this.interrupted,
    };
  }

  private one(
    plan: FaultPlan,
    where: string,
    twice: boolean,
    origin?: { readonly index: number; readonly seed: number },
  ): void {
    const ran = this.run(plan);
    this.hops += ran.counts.hops;
    this.events += ran.counts.events;
    this.instances += plan.instances.length;
    if (!ran.history.quiescent) this.inconclusive += 1;
    cover(this.coverage, plan, ran.history, ran.counts);
    const { checked, violations } = this.options.oracles(ran.history);
    for (const [name, count] of Object.entries(checked)) {
      this.checked[name] = (this.checked[name] ?? 0) + count;
      this.checks += count;
    }
    const { counts, history } = ran;
    this.options.onRun?.({ index: origin?.index, plan, history, counts });
    if (violations.length === 0 && !twice) return;
    const different = this.differs(plan, ran.history);
    if (different !== undefined) this.fail(plan, where, [different], undefined);
    else if (violations.length > 0) this.fail(plan, where, violations, origin?.seed);
  }

  private run(plan: FaultPlan): Ran {
    const { budget, engine, subject } = this.options;
    return runPlan(engine, subject, plan, budget);
  }

  /** Runs the plan once more: P12. */
  private differs(plan: FaultPlan, history: History): Violation | undefined {
    this.doubled += 1;
    this.checks += 1;
    this.checked['P12'] = (this.checked['P12'] ?? 0) + 1;
    const again = this.run(plan).history;
    if (traceHash(history) === traceHash(again)) return undefined;
    const said = firstDifference(history, again) ?? 'their hashes differ';
    return {
      promise: 'P12',
      oracle: 'p12-same-seed-same-run',
      said: `two runs of one plan differ: ${said}`,
    };
  }

  private fail(
    found: FaultPlan,
    where: string,
    violations: readonly Violation[],
    origin: number | undefined,
  ): void {
    this.report({ where, plan: found, violations });
    const oracles = new Set(violations.map((one) => one.oracle));
    const isP12 = oracles.has('p12-same-seed-same-run');
    const fails = (plan: FaultPlan): boolean => {
      const { history } = this.run(plan);
      if (isP12) return traceHash(history) !== traceHash(this.run(plan).history);
      return this.options.oracles(history).violations.some((one) => oracles.has(one.oracle));
    };
    const until = performance.now() + (this.options.shrinkMs ?? SHRINK_MS);
    const { minimal, plan } = shrink(found, {
      fails,
      over: () => performance.now() > until,
      ...(origin === undefined ? {} : { origin: { arbitrary: this.arbitrary, seed: origin } }),
      ...(this.options.shrinkCalls === undefined ? {} : { callsMax: this.options.shrinkCalls }),
    });
    const { history } = this.run(plan);
    const seen = this.options.oracles(history).violations;
    const { hash, name } = this.options.subject;
    this.failures.push({
      where,
      violations: seen.length > 0 ? seen : violations,
      found,
      plan,
      minimal,
      history,
      story: narrate(plan, history),
      token: encodeToken({ scenario: name, hash, plan }),
      traceHash: traceHash(history),
    });
  }
}
