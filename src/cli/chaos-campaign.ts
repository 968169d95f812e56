/*
 * One campaign over a pool of workers: hands out slices, adds up what comes back, in order.
 *
 * Invariants:
 *  - slices are cut by index alone, and the result is the sum of the slices up to the first that
 *    failed: same seed and number of runs, same result, whatever the number of workers;
 *  - a failure lets the slices before it finish and stops those behind it;
 *  - a stop asked for by the user gives what has been finished, at once if it must be;
 *  - a run that does not end is found and named: nothing waits for it.
 */
import type { Progress } from '../chaos/campaign.ts';
import type { Saved } from '../chaos/corpus.ts';
import type { Violation } from '../chaos/history.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import { type Worker, WorkerLost, WorkerSilent } from './chaos-pool.ts';
import { addResult, emptyResult, type SliceJob, type SliceResult } from './chaos-slice.ts';

export interface CampaignJob extends Omit<SliceJob, 'first' | 'runs' | 'forMs' | 'corpus'> {
  readonly runs: number | undefined;
  readonly forMs: number | undefined;
  readonly corpus: readonly Saved[];
}

/** What the campaign has done so far, over all workers. */
export interface CampaignProgress {
  readonly runs: number;
  readonly steps: number;
  readonly faults: number;
  readonly checks: number;
  readonly failures: number;
  readonly elapsedMs: number;
  readonly shrinking:
    | { readonly where: string; readonly violations: readonly Violation[] }
    | undefined;
}

export interface CampaignOutcome {
  readonly result: SliceResult;
  readonly interrupted: boolean;
  readonly elapsedMs: number;
  readonly pace: readonly { readonly ms: number; readonly runs: number; readonly steps: number }[];
}

/** Runs of a slice; as many as campaign.ts has between two that it makes twice. */
const SLICE_RUNS = 20;
const PACE_MS = 500;
const PACE_POINTS = 400;
/** After Ctrl-C a run may end by itself for so long; shrinking may not. */
const GRACE_MS = 1_500;

interface Shrinking {
  readonly where: string;
  readonly plan: FaultPlan;
  readonly violations: readonly Violation[];
}

interface UnderWay {
  readonly worker: Worker;
  progress: Progress | undefined;
  /** nobody waits for it any more: its process may be ended */
  dropped: boolean;
}

interface Slice {
  readonly number: number;
  readonly first: number;
  readonly runs: number;
  readonly corpus: readonly Saved[];
}

/** A run goes round in circles: nothing more is to be had of it. */
export class RunEndless extends Error {
  /** its number; undefined = it is from the corpus */
  readonly index: number | undefined;

  constructor(message: string, index: number | undefined) {
    super(message);
    this.name = 'RunEndless';
    this.index = index;
  }
}

export class CampaignRun {
  private readonly job: CampaignJob;
  private readonly workers: readonly Worker[];
  private readonly begun = performance.now();
  /** the sum of the slices before `summed`: what is kept does not grow with the campaign */
  private readonly total = emptyResult();
  private summed = 0;
  /** finished before one that comes before them */
  private readonly finished = new Map<number, SliceResult>();
  private readonly underWay = new Map<number, UnderWay>();
  private pace: { ms: number; runs: number; steps: number }[] = [];
  private next = 0;
  /** number of the first slice that failed */
  private failed = Infinity;
  private interrupted = false;

  constructor(job: CampaignJob, workers: readonly Worker[]) {
    this.job = job;
    this.workers = workers;
  }

  async run(): Promise<CampaignOutcome> {
    const timer = setInterval(() => this.measure(), PACE_MS);
    try {
      await Promise.all(this.workers.map((worker) => this.serve(worker)));
    } finally {
      clearInterval(timer);
    }
    this.measure();
    return {
      result: this.sum(),
      interrupted: this.interrupted,
      elapsedMs: this.elapsedMs,
      pace: this.pace,
    };
  }

  /** The user has seen enough. */
  stop(): void {
    if (this.interrupted) return this.kill();
    this.interrupted = true;
    for (const { worker } of this.underWay.values()) worker.interrupt();
    setTimeout(() => this.kill(), GRACE_MS).unref();
  }

  progress(): CampaignProgress {
    const sum = { runs: 0, steps: 0, faults: 0, checks: 0, failures: 0 };
    for (const result of [this.total, ...this.finished.values()]) {
      sum.runs += result.runs + result.corpusRuns;
      sum.steps += result.steps;
      sum.faults += result.coverage.fired;
      for (const count of Object.values(result.checked)) sum.checks += count;
      sum.failures += result.failures.length;
    }
    let shrinking: Shrinking | undefined;
    for (const { progress } of this.underWay.values()) {
      if (progress === undefined) continue;
      sum.runs += progress.runs;
      sum.steps += progress.hops;
      sum.faults += progress.fired;
      sum.checks += progress.checks;
      shrinking ??= progress.shrinking;
    }
    if (shrinking !== undefined) sum.failures += 1;
    return { ...sum, elapsedMs: this.elapsedMs, shrinking };
  }

  private get elapsedMs(): number {
    return performance.now() - this.begun;
  }

  private async serve(worker: Worker): Promise<void> {
    for (let slice = this.cut(); slice !== undefined; slice = this.cut()) {
      const { number } = slice;
      const state: UnderWay = { worker, progress: undefined, dropped: false };
      this.underWay.set(number, state);
      let result: SliceResult;
      try {
        result = await worker.make(this.jobOf(slice), (progress) => {
          state.progress = progress;
        });
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        if (!state.dropped) throw await this.explained(error, slice, state);
        result = givenUp(state.progress?.shrinking);
      }
      this.underWay.delete(number);
      this.finished.set(number, result);
      if (result.failures.length > 0) this.broken(number);
      this.addUp();
    }
  }

  /** Which run of the slice it is that does not end: they are made one by one. */
  private async explained(error: WorkerLost, slice: Slice, state: UnderWay): Promise<Error> {
    if (!(error instanceof WorkerSilent) || state.progress?.shrinking !== undefined) return error;
    const { corpus, first, number, runs } = slice;
    const told = corpus.length > 0 ? 0 : (state.progress?.runs ?? 0);
    const alone = [
      ...corpus.map((saved) => ({ number, first, runs: 0, corpus: [saved] })),
      ...Array.from({ length: runs - told }, (_, at) => {
        return { number, first: first + told + at, runs: 1, corpus: [] };
      }),
    ];
    for (const one of alone) {
      if (this.interrupted) break;
      try {
        await state.worker.make(this.jobOf(one), () => undefined);
      } catch (again) {
        if (!(again instanceof WorkerSilent)) break;
        const [saved] = one.corpus;
        const where = saved === undefined ? `run ${one.first}` : `corpus: ${saved.name}`;
        const index = saved === undefined ? one.first : undefined;
        return new RunEndless(`${where} has not ended after ${again.silentMs / 1_000} s`, index);
      }
    }
    return error;
  }

  private cut(): Slice | undefined {
    const { corpus, forMs, runs = Infinity } = this.job;
    const number = this.next;
    const ahead = corpus.length > 0 ? 1 : 0;
    const first = (number - ahead) * SLICE_RUNS;
    const late = forMs !== undefined && number > 0 && this.elapsedMs >= forMs;
    if (this.interrupted || late || number > this.failed || first >= runs) return undefined;
    this.next += 1;
    if (number < ahead) return { number, first: 0, runs: 0, corpus };
    return { number, first, runs: Math.min(SLICE_RUNS, runs - first), corpus: [] };
  }

  private jobOf({ corpus, first, runs }: Slice): SliceJob {
    const { engine, file, forMs, keepGoing, profile, seed, sizes, sweep } = this.job;
    const left = forMs === undefined ? undefined : Math.max(1, forMs - this.elapsedMs);
    return {
      ...{ file, engine, seed, profile, sizes, first, runs, forMs: left, corpus, keepGoing },
      ...(sweep === undefined ? {} : { sweep }),
    };
  }

  private broken(number: number): void {
    if (this.job.keepGoing) return;
    this.failed = Math.min(this.failed, number);
    for (const [other, state] of this.underWay) {
      if (other <= this.failed) continue;
      state.worker.interrupt();
      // Shrinking hears nothing, and what it finds would not count.
      if (state.progress?.shrinking !== undefined) drop(state);
    }
  }

  private kill(): void {
    for (const state of this.underWay.values()) drop(state);
  }

  private addUp(): void {
    for (;;) {
      const result = this.finished.get(this.summed);
      if (result === undefined || this.summed > this.failed) return;
      addResult(this.total, result);
      this.finished.delete(this.summed);
      this.summed += 1;
    }
  }

  /** What was stopped in the middle may have left gaps; the order is kept all the same. */
  private sum(): SliceResult {
    const numbers = [...this.finished.keys()].sort((a, b) => a - b);
    for (const number of numbers) {
      const result = this.finished.get(number);
      if (result !== undefined && number <= this.failed) addResult(this.total, result);
    }
    return this.total;
  }

  private measure(): void {
    const { elapsedMs, runs, steps } = this.progress();
    this.pace.push({ ms: Math.round(elapsedMs), runs, steps });
    // A long campaign is drawn from every second point, then every fourth, ...
    if (this.pace.length > PACE_POINTS) this.pace = this.pace.filter((_, at) => at % 2 === 1);
  }
}

function drop(state: UnderWay): void {
  state.dropped = true;
  state.worker.close();
}

/** A slice whose process was ended: what it had found counts, its shrinking does not. */
function givenUp(shrinking: Shrinking | undefined): SliceResult {
  const result = emptyResult();
  if (shrinking === undefined) return result;
  const { plan, violations, where } = shrinking;
  return { ...result, runs: 1, failures: [{ where, violations, plan, minimal: false }] };
}
