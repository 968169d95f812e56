/*
 * `waybill chaos FILE.chaos.ts...`: suites of chaosTests, their campaigns made by the pool, one line
 * for each test and the failures in full at the end.
 *
 * Invariant: whether a test passed is what its suite says (src/vitest); this only makes campaigns and
 * prints, so that the same file means the same under vitest.
 */
import { basename, resolve } from 'node:path';
import pc from 'picocolors';
import { shellWord } from '../chaos/failure-words.ts';
import { profileOf } from '../chaos/profile.ts';
import type { CampaignReport, Exhaustive } from '../report/chaos-model.ts';
import type { ReplayedTest } from '../report/junit.ts';
import type { ChaosJob, ChaosResult, Swept } from '../vitest/job.ts';
import { type Overrides, shownPath as shown } from '../vitest/host.ts';
import type { SuiteHooks, TestPlace, TestResult } from '../vitest/standalone.ts';
import { counted, decimal, thousands } from './chaos-numbers.ts';
import { campaignOf, type Conditions, type Goal } from './chaos-run.ts';
import { openStage } from './chaos-scenarios.ts';
import { sweepOf } from './chaos-sweep.ts';
import { UserError } from './user-error.ts';

export interface SuitesOutcome {
  readonly reports: readonly CampaignReport[];
  readonly failed: number;
  /** tests that are no campaigns: what failed before, run again */
  readonly replayed: readonly ReplayedTest[];
}

/** Runs the tests of these suites; `say` prints what people read. */
export async function runSuiteFiles(
  files: readonly string[],
  conditions: Conditions,
  say: (text: string) => void,
): Promise<SuitesOutcome> {
  const run = new SuiteRun(conditions, say);
  const { runSuites } = await import('../vitest/standalone.ts');
  const bad = await runSuites(
    files.map((file) => resolve(file)),
    patternOf(conditions.flags.test),
    run,
  );
  if (bad.length > 0) {
    throw new UserError(bad.map(({ file, said }) => lineOf(file, said)).join('\n'));
  }
  return run.outcome();
}

/** An error of an import names the file already; else the file comes first. */
function lineOf(file: string, said: string): string {
  const [first = ''] = said.split('\n');
  return first.includes(basename(file)) ? first : `${shown(file)}: ${first}`;
}

function patternOf(words: string | undefined): RegExp | undefined {
  if (words === undefined) return undefined;
  return new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), 'i');
}

class SuiteRun implements SuiteHooks {
  readonly overrides: Overrides;
  private readonly conditions: Conditions;
  private readonly say: (text: string) => void;
  private readonly reports: CampaignReport[] = [];
  private readonly failures: { readonly place: TestPlace; readonly said: string }[] = [];
  private readonly replayed: ReplayedTest[] = [];
  private readonly begun = performance.now();
  private waiting = 0;
  private passed = 0;
  private skipped = 0;
  private suite = '';
  private current: TestPlace | undefined;
  private report: CampaignReport | undefined;

  constructor(conditions: Conditions, say: (text: string) => void) {
    this.conditions = conditions;
    this.say = say;
    const { flags, settings } = conditions;
    this.overrides = {
      sizes: settings.sizes,
      keeps: flags.engine === undefined,
      ...(settings.profile === undefined ? {} : { profile: settings.profile.name }),
      ...(flags.seed === undefined ? {} : { seed: settings.seed }),
      ...(settings.runs === undefined ? {} : { runs: settings.runs }),
      ...(flags.for === undefined || settings.forMs === undefined ? {} : { forMs: settings.forMs }),
      ...(flags.corpus === undefined ? {} : { corpus: flags.corpus }),
      ...(settings.exhaustive === undefined ? {} : { exhaustive: settings.exhaustive }),
    };
  }

  readonly conduct = async (job: ChaosJob): Promise<ChaosResult> => {
    const { corpus, exhaustive, profile, seed, sizes } = job;
    const stage = await openStage(shown(job.scenario));
    const aim = {
      ...{ seed, sizes, title: this.current?.name ?? job.test },
      ...(profile === undefined ? {} : { profile: profileOf(profile) }),
      corpus: corpus ?? '',
    };
    const goal = this.goalOf(job);
    const report =
      exhaustive === undefined
        ? await campaignOf(stage, goal, this.conditions, aim)
        : await sweepOf(stage, goal.forMs, this.conditions, exhaustive, aim);
    // A name that a build server knows again: the seed is told beside it.
    const test = (this.current?.name ?? job.test).replace(/ \(seed \d+\)$/, '');
    const suite = shown(job.suite);
    const { call } = this.conditions;
    const runs = String(Math.max(1, report.counts.runs));
    const words = [
      ...['--test', shellWord(job.test)],
      ...(exhaustive === undefined ? ['--runs', runs] : ['--exhaustive', exhaustive]),
    ];
    const again = [call, shellWord(suite), ...words, '--seed', String(seed)].join(' ');
    this.report = { ...report, test, suite, again };
    this.reports.push(this.report);
    const { counts, exhaustive: sweep, failure, verdict } = report;
    return {
      ...{ verdict, runs: counts.runs + counts.corpusRuns, faults: counts.faults },
      ...{ checks: counts.checks, inconclusive: counts.inconclusive },
      ...(sweep === undefined ? {} : { swept: sweptOf(sweep) }),
      ...(failure === undefined ? {} : { failure: { ...failure, scenario: report.scenario } }),
    };
  };

  /** Time given on the command line is for all tests together. */
  private goalOf({ forMs, runs }: ChaosJob): Goal {
    if (this.overrides.forMs === undefined) return { runs, forMs };
    const left = this.overrides.forMs - (performance.now() - this.begun);
    return { runs, forMs: Math.max(1, left / Math.max(1, this.waiting)) };
  }

  collected(tests: number): void {
    this.waiting = tests;
    const { test } = this.conditions.flags;
    if (tests > 0) return;
    throw new UserError(
      test === undefined
        ? 'every test of these suites is skipped'
        : `--test: no test of these suites has ${JSON.stringify(test)} in its name`,
    );
  }

  begins(place: TestPlace): void {
    if (place.suite !== this.suite) this.say(`${pc.bold(shown(place.suite))}\n`);
    this.suite = place.suite;
    this.current = place;
    this.report = undefined;
  }

  ended(place: TestPlace, { elapsedMs, said, state }: TestResult): void {
    if (state === 'skipped') {
      this.skipped += 1;
      return;
    }
    this.waiting -= 1;
    if (state === 'passed') this.passed += 1;
    else this.failures.push({ place, said });
    const sign = state === 'passed' ? pc.green('✓') : pc.red('✗');
    const counts = this.report?.counts;
    if (counts === undefined) {
      const suite = shown(place.suite);
      this.replayed.push({ suite, name: place.name, seconds: elapsedMs / 1_000, said });
    }
    const figures =
      counts === undefined
        ? 'one run'
        : `${counted(counts.runs, 'run')}, ${counted(counts.faults, 'fault')}${equalText(this.report?.exhaustive)}`;
    const time = `${decimal(elapsedMs / 1_000)} s`;
    this.say(`  ${sign} ${place.name}  ${pc.dim(`${figures}, ${time}`)}\n`);
  }

  outcome(): SuitesOutcome {
    for (const { place, said } of this.failures) {
      const title = `${shown(place.suite)} > ${place.name}`;
      this.say(`\n${pc.red(pc.bold(`✗ ${title}`))}\n${indented(said)}\n`);
    }
    const failed = this.failures.length;
    const runs = this.reports.reduce((sum, { counts }) => sum + counts.runs, 0);
    const parts = [
      pc.green(`${this.passed} passed`),
      ...(failed === 0 ? [] : [pc.red(`${failed} failed`)]),
      ...(this.skipped === 0 ? [] : [`${this.skipped} skipped`]),
    ];
    this.say(`\n${parts.join(', ')}  ${pc.dim(`${thousands(runs)} simulated runs`)}\n`);
    return { reports: this.reports, failed, replayed: this.replayed };
  }
}

function sweptOf({ boundaries, equal, faults, other, pairs }: Exhaustive): Swept {
  return { boundaries, runs: faults + pairs, equal, other };
}

/** How many of the runs of a sweep came to the end of the calm run. */
function equalText(sweep: Exhaustive | undefined): string {
  if (sweep === undefined) return '';
  const { boundaries, equal, faults, pairs } = sweep;
  const places = counted(boundaries, 'boundary', 'boundaries');
  return ` at ${places}, ${thousands(equal)} of ${thousands(faults + pairs)} equal to the fault-free run`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
