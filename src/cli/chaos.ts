/*
 * `waybill chaos PATH...`: breaks workflows on purpose in the simulator, thousands of times, and
 * says what held. Progress on stderr, the summary on stdout, a page under reports/chaos/.
 *
 * Exit codes: 0 held, 1 a promise was broken or too little was shown, 2 bad input.
 */
import { basename } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { CorpusError, DEFAULT_CORPUS } from '../chaos/corpus.ts';
import { PROFILES } from '../chaos/profile.ts';
import { shellWord } from '../chaos/failure-words.ts';
import type { Stage } from '../chaos/stage.ts';
import type { CampaignReport } from '../report/chaos-model.ts';
import type { ReplayedTest } from '../report/junit.ts';
import { type ChaosFlags, type ChaosSettings, readSettings } from './chaos-options.ts';
import { wrap } from './chaos-numbers.ts';
import { openPool, WorkerLost } from './chaos-pool.ts';
import { replay } from './chaos-replay.ts';
import { campaignOf, type Conditions, keep } from './chaos-run.ts';
import { chaosFiles, openEngine, openStage, SUITE_FILE } from './chaos-scenarios.ts';
import { runSuiteFiles } from './chaos-suites.ts';
import { sweepOf } from './chaos-sweep.ts';
import { summary, totals } from './chaos-summary.ts';
import { Destination } from './chaos-destination.ts';
import type { CliCommand } from './main.ts';
import { UserError } from './user-error.ts';
import { print } from './validate.ts';

export const chaosCommand: CliCommand = {
  configure(command: Command) {
    command
      .argument('[path...]', 'scenarios (YAML), suites (*.chaos.ts), or directories of them')
      .option('--runs <n>', 'simulated runs, shared among the scenarios')
      .option('--for <time>', 'how long in all: 30s, 5m, 1h (20s, if there is no --runs)')
      .option(
        '--exhaustive [how]',
        'no chance: every fault at every call of one workload; `pairs`: and every two crashes',
      )
      .option('--keep-going', 'do not stop at the first failure; tell them in groups')
      .option('--seed <n>', 'the same seed and runs give the same campaign')
      .option('--profile <name>', 'which faults: see below (what the scenario says)')
      .option('--instances <a..b>', 'instances of the workflow in a run')
      .option('--runners <a..b>', 'runner processes in a run')
      .option('--partitions <a..b>', 'partitions of the Log in a run')
      .option('--workers <n>', 'processes at work (cores - 1); 0 = this one alone')
      .option('--report <path>', 'the page: a file or a directory (reports/chaos)')
      .option('--no-report', 'write no page')
      .option('--json <file>', 'write the figures as JSON; - is the standard output')
      .option('--junit <file>', 'write JUnit XML, one test for each promise')
      .option('--corpus <dir>', `plans that broke something once; run first (${DEFAULT_CORPUS})`)
      .option('--test <words>', 'of suites, only the tests whose names hold these words')
      .option('--engine <module>', 'test another engine: the default export of this module')
      .option('--trace <file>', 'start from what a trace has recorded: its inputs, its answers')
      .option('--instance <id>', 'with --trace: of this run')
      .option('--from <n>', 'with --trace and --instance: begin where it stood at its n-th step')
      .option('--replay <token>', 'run the one run of a token again')
      .option('--force', 'replay even if the scenario has changed since')
      .addHelpText('after', `${profilesText()}${EXAMPLES}`)
      .action(async (words: string[], given: ChaosFlags) => {
        const { flags, paths } = sorted(traced(words, given), given);
        const settings = readSettings(flags, process.env);
        const call = callText(flags.engine);
        if (flags.replay !== undefined) process.exitCode = await replay(paths, flags, call);
        else process.exitCode = await campaigns(paths, flags, settings, call);
      });
  },
};

/** A place in a trace goes by one word, for workers and for whoever repeats a run: FILE#ID@N. */
function traced(paths: readonly string[], flags: ChaosFlags): readonly string[] {
  const { from, instance, trace } = flags;
  if (trace === undefined) {
    if (from === undefined && instance === undefined) return paths;
    throw new UserError('--instance and --from say where in a trace: name it, --trace FILE');
  }
  if (from !== undefined && instance === undefined) {
    throw new UserError('--from counts the steps of one run: name it, --instance ID');
  }
  if (from !== undefined && !/^[1-9]\d{0,8}$/.test(from)) {
    throw new UserError(`--from takes a whole number from 1, not ${JSON.stringify(from)}`);
  }
  const file = trace.endsWith('.trace') ? trace : undefined;
  if (file === undefined) throw new UserError(`--trace ${trace}: its name must end with .trace`);
  const place = instance === undefined ? file : `${file}#${instance}`;
  return [from === undefined ? place : `${place}@${from}`, ...paths];
}

/** `--exhaustive my.yaml`: what is no way to be exhaustive is a path. */
function sorted(
  paths: readonly string[],
  flags: ChaosFlags,
): { readonly paths: readonly string[]; readonly flags: ChaosFlags } {
  const how: string | true | undefined = flags.exhaustive;
  if (typeof how !== 'string' || how === 'singles' || how === 'pairs') return { paths, flags };
  return { paths: [how, ...paths], flags: { ...flags, exhaustive: true } };
}

/** Every profile with what goes wrong in it. */
function profilesText(): string {
  const width = Math.max(...PROFILES.map(({ name }) => name.length));
  const lines = PROFILES.flatMap(({ name, says }) => {
    const [first = '', ...rest] = wrap(says, 76 - width);
    return [
      `  ${name.padEnd(width)}  ${first}`,
      ...rest.map((line) => `${' '.repeat(width + 4)}${line}`),
    ];
  });
  return ['', 'Profiles:', ...lines, ''].join('\n');
}

const EXAMPLES = `
Examples:
  waybill chaos scenarios/order-fulfilment.yaml
  waybill chaos scenarios --for 5m --report build/chaos/
  waybill chaos my.yaml --profile zombie --runs 1000 --seed 7
  waybill chaos my.yaml --exhaustive
  waybill chaos orders.chaos.ts --test refunds
  waybill chaos --trace night.trace --instance 0198... --from 3
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
  const { scenarios, suites } = chaosFiles(paths);
  // Workers load while this process looks at what it was given.
  const workers = openPool(settings.workers);
  const conditions: Conditions = { workers, flags, settings, call };
  try {
    const stages: Stage[] = [];
    for (const file of scenarios) stages.push(await openStage(file));
    const destination = new Destination(flags, nameOf(stages, suites));
    await openEngine(flags.engine);
    return await all(stages, suites, conditions, destination);
  } catch (error) {
    if (error instanceof CorpusError) throw new UserError(error.message);
    if (!(error instanceof WorkerLost)) throw error;
    process.stderr.write(`waybill chaos itself failed; this is no verdict. ${error.message}\n`);
    return 1;
  } finally {
    for (const worker of workers) worker.close();
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
