/*
 * What `waybill chaos` does with scenarios and suites: one campaign after the other over the pool, the
 * time and the runs shared among them, and the page of them all.
 */
import { basename } from 'node:path';
import pc from 'picocolors';
import { CorpusError } from '../chaos/corpus.ts';
import type { Stage } from '../chaos/stage.ts';
import type { CampaignReport } from '../report/chaos-model.ts';
import type { ReplayedTest } from '../report/junit.ts';
import { Destination } from './chaos-destination.ts';
import { thisCommand } from './this-command.ts';
import type { ChaosFlags, ChaosSettings } from './chaos-options.ts';
import { RunEndless } from './chaos-campaign.ts';
import { type Worker, WorkerLost } from './chaos-pool.ts';
import { campaignOf, type Conditions, keep } from './chaos-run.ts';
import { chaosFiles, openEngine, openStage, SUITE_FILE } from './chaos-scenarios.ts';
import { runSuiteFiles } from './chaos-suites.ts';
import { summary, totals } from './chaos-summary.ts';
import { sweepOf } from './chaos-sweep.ts';
import { UserError } from './user-error.ts';
import { print } from './validate.ts';

/** Returns the exit code. */
export async function campaigns(
  paths: readonly string[],
  flags: ChaosFlags,
  settings: ChaosSettings,
  workers: readonly Worker[],
): Promise<number> {
  const { scenarios, suites } = chaosFiles(paths);
  const conditions: Conditions = { workers, flags, settings, call: thisCommand(flags.engine) };
  try {
    const stages: Stage[] = [];
    for (const file of scenarios) stages.push(await openStage(file));
    const destination = new Destination(flags, nameOf(stages, suites));
    await openEngine(flags.engine);
    return await all(stages, suites, conditions, destination);
  } catch (error) {
    if (error instanceof CorpusError) throw new UserError(error.message);
    if (error instanceof RunEndless) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    if (!(error instanceof WorkerLost)) throw error;
    process.stderr.write(`waybill chaos itself failed; this is no verdict. ${error.message}\n`);
    return 1;
  }
}

/** What the page is called: after the one thing that was asked for. */
function nameOf(stages: readonly Stage[], suites: readonly string[]): string {
  const [stage] = stages;
  const [suite] = suites;
  if (stages.length + suites.length !== 1) return 'campaign';
  return stage?.scenario.name ?? basename(suite ?? '').replace(SUITE_FILE, '');
}

async function all(
  stages: readonly Stage[],
  suites: readonly string[],
  conditions: Conditions,
  destination: Destination,
): Promise<number> {
  const { flags, settings } = conditions;
  const reports: CampaignReport[] = [];
  const say = (text: string): void => {
    if (destination.jsonOnStdout) process.stderr.write(text);
    else print(text);
  };
  let left = settings.forMs ?? 0;
  for (const [index, stage] of stages.entries()) {
    const share = stages.length - index;
    const forMs = settings.forMs === undefined ? undefined : Math.max(1, left / share);
    const runs = shareOf(settings.runs, index, stages.length);
    if (runs === 0) continue;
    const report =
      settings.exhaustive === undefined
        ? await campaignOf(stage, { forMs, runs }, conditions)
        : await sweepOf(stage, forMs, conditions, settings.exhaustive);
    left -= report.counts.elapsedMs;
    keep(report, flags);
    reports.push(report);
    say(`${reports.length > 1 ? '\n' : ''}${summary(report, destination.page)}`);
    if (report.interrupted) break;
  }
  if (reports.length > 1) say(`\n${totals(reports)}`);
  let failed = 0;
  let replayed: readonly ReplayedTest[] = [];
  if (suites.length > 0) {
    const outcome = await runSuiteFiles(suites, conditions, say);
    ({ failed, replayed } = outcome);
    reports.push(...outcome.reports);
    if (destination.page !== undefined) say(`${pc.bold('Report')}  ${destination.page}\n`);
  }
  destination.write(reports, replayed);
  return failed === 0 && reports.every(({ verdict }) => verdict === 'held') ? 0 : 1;
}

/** Runs of one of several scenarios: as even as can be, the first ones take what is left. */
function shareOf(runs: number | undefined, index: number, of: number): number | undefined {
  if (runs === undefined) return undefined;
  return Math.floor(runs / of) + (index < runs % of ? 1 : 0);
}
