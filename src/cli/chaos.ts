/*
 * `waybill chaos SCENARIO...`: breaks workflows on purpose in the simulator, thousands of times, and
 * says what held. Progress on stderr, the summary on stdout, a page under reports/chaos/.
 *
 * Exit codes: 0 held, 1 a promise was broken or too little was shown, 2 bad input.
 */
import type { Command } from 'commander';
import type { CampaignReport } from '../report/chaos-model.ts';
import { CampaignRun } from './chaos-campaign.ts';
import { DEFAULT_CORPUS, readCorpus, saveFailure } from './chaos-corpus.ts';
import { type ChaosFlags, type ChaosSettings, readSettings } from './chaos-options.ts';
import { openPool, type Worker, WorkerLost } from './chaos-pool.ts';
import { ProgressLine } from './chaos-progress.ts';
import { replay } from './chaos-replay.ts';
import { campaignReport, shellWord } from './chaos-report.ts';
import { openEngine, openStage, scenarioFiles, type Stage } from './chaos-scenarios.ts';
import { profileFor } from './chaos-slice.ts';
import { summary, totals } from './chaos-summary.ts';
import { Destination } from './chaos-destination.ts';
import type { CliCommand } from './main.ts';
import { UserError } from './user-error.ts';
import { print } from './validate.ts';

export const chaosCommand: CliCommand = {
  configure(command: Command) {
    command
      .argument('[scenario...]', 'scenario files, or directories of them')
      .option('--runs <n>', 'simulated runs, shared among the scenarios')
      .option('--for <time>', 'how long in all: 30s, 5m, 1h (20s, if there is no --runs)')
      .option('--seed <n>', 'the same seed and runs give the same campaign')
      .option('--profile <name>', 'which faults: everything, calm, flaky, crashy, zombie, ...')
      .option('--instances <a..b>', 'instances of the workflow in a run')
      .option('--runners <a..b>', 'runner processes in a run')
      .option('--partitions <a..b>', 'partitions of the Log in a run')
      .option('--workers <n>', 'processes at work (cores - 1); 0 = this one alone')
      .option('--report <path>', 'the page: a file or a directory (reports/chaos)')
      .option('--no-report', 'write no page')
      .option('--json <file>', 'write the figures as JSON; - is the standard output')
      .option('--corpus <dir>', `plans that broke something once; run first (${DEFAULT_CORPUS})`)
      .option('--engine <module>', 'test another engine: the default export of this module')
      .option('--replay <token>', 'run the one run of a token again')
      .option('--force', 'replay even if the scenario has changed since')
      .addHelpText('after', EXAMPLES)
      .action(async (paths: string[], flags: ChaosFlags) => {
        const settings = readSettings(flags, process.env);
        const call = callText(flags.engine);
        if (flags.replay !== undefined) process.exitCode = await replay(paths, flags, call);
        else process.exitCode = await campaigns(paths, flags, settings, call);
      });
  },
};

const EXAMPLES = `
Examples:
  waybill chaos scenarios/order-fulfilment.yaml
  waybill chaos scenarios --for 5m --report build/chaos/
  waybill chaos my.yaml --profile zombie --runs 1000 --seed 7
  waybill chaos --replay wb1....`;

/** How this command was called, for commands that people are to copy. */
function callText(engine: string | undefined): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const call = fromSource ? 'npm run waybill -- chaos' : 'npx waybill chaos';
  return engine === undefined ? call : `${call} --engine ${shellWord(engine)}`;
}

async function campaigns(
  paths: readonly string[],
  flags: ChaosFlags,
  settings: ChaosSettings,
  call: string,
): Promise<number> {
  if (paths.length === 0) {
    throw new UserError('name a scenario: waybill chaos scenarios/merchant-onboarding.yaml');
  }
  const files = scenarioFiles(paths);
  // Workers load while this process looks at what it was given.
  const workers = openPool(settings.workers);
  try {
    const stages: Stage[] = [];
    for (const file of files) stages.push(await openStage(file));
    const [only] = stages;
    const name = stages.length === 1 && only !== undefined ? only.scenario.name : 'campaign';
    const destination = new Destination(flags, name);
    await openEngine(flags.engine);
    return await all(stages, workers, flags, settings, destination, call);
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    process.stderr.write(`waybill chaos itself failed; this is no verdict. ${error.message}\n`);
    return 1;
  } finally {
    for (const worker of workers) worker.close();
  }
}

async function all(
  stages: readonly Stage[],
  workers: readonly Worker[],
  flags: ChaosFlags,
  settings: ChaosSettings,
  destination: Destination,
  call: string,
): Promise<number> {
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
    const report = await one(stage, workers, flags, settings, { forMs, runs }, call);
    left -= report.counts.elapsedMs;
    keep(report, flags);
    reports.push(report);
    say(`${reports.length > 1 ? '\n' : ''}${summary(report, destination.page)}`);
    if (report.interrupted) break;
  }
  if (reports.length > 1) say(`\n${totals(reports)}`);
  destination.write(reports);
  return reports.every(({ verdict }) => verdict === 'held') ? 0 : 1;
}

/** What another engine breaks is no concern of this one, unless the user says where to keep it. */
function keep({ failure, scenario }: CampaignReport, { corpus, engine }: ChaosFlags): void {
  if (failure === undefined || (engine !== undefined && corpus === undefined)) return;
  const kept = saveFailure(corpus ?? DEFAULT_CORPUS, scenario, failure);
  if (kept !== undefined) process.stderr.write(`kept for the next campaign: ${kept}\n`);
}

/** Runs of one of several scenarios: as even as can be, the first ones take what is left. */
function shareOf(runs: number | undefined, index: number, of: number): number | undefined {
  if (runs === undefined) return undefined;
  return Math.floor(runs / of) + (index < runs % of ? 1 : 0);
}

async function one(
  stage: Stage,
  workers: readonly Worker[],
  flags: ChaosFlags,
  settings: ChaosSettings,
  goal: { readonly forMs: number | undefined; readonly runs: number | undefined },
  call: string,
): Promise<CampaignReport> {
  const { file, scenario } = stage;
  const { seed, seedFrom, sizes } = settings;
  const profile = profileFor(stage, settings.profile);
  const corpus = readCorpus(flags.corpus ?? DEFAULT_CORPUS, stage);
  const from = seedFrom === 'commit' ? ' (from the commit)' : '';
  process.stderr.write(`breaking ${scenario.name}, profile ${profile.name}, seed ${seed}${from}\n`);
  const run = new CampaignRun(
    {
      ...goal,
      file,
      engine: flags.engine,
      seed,
      profile: profile.name,
      sizes,
      corpus: corpus.entries,
    },
    workers,
  );
  const line = new ProgressLine(scenario.name, goal, () => run.progress());
  const interrupts = onInterrupt(() => run.stop());
  try {
    const outcome = await run.run();
    line.stop();
    const engine = await openEngine(flags.engine);
    return campaignReport({ stage, engine, profile, settings, outcome, notes: corpus.notes, call });
  } finally {
    line.stop();
    interrupts();
  }
}

/** A terminal and a launcher may both pass on one Ctrl-C. */
const SAME_PRESS_MS = 300;

function onInterrupt(stop: () => void): () => void {
  let last = -Infinity;
  const heard = (): void => {
    const now = performance.now();
    if (now - last > SAME_PRESS_MS) stop();
    last = now;
  };
  process.on('SIGINT', heard);
  process.on('SIGTERM', heard);
  return () => {
    process.off('SIGINT', heard);
    process.off('SIGTERM', heard);
  };
}
