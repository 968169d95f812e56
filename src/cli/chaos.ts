/*
 * `waybill chaos PATH...`: breaks workflows on purpose in the simulator, thousands of times, and
 * says what held. Progress on stderr, the summary on stdout, a page under reports/chaos/.
 *
 * This file is its words alone and loads little: workers are started first, and load what they need
 * while this process loads the rest.
 *
 * Exit codes: 0 held, 1 a promise was broken or too little was shown, 2 bad input.
 */
import type { Command } from 'commander';
import { PROFILES } from '../chaos/profile.ts';
import { wrap } from './chaos-numbers.ts';
import { type ChaosFlags, DEFAULT_CORPUS, readSettings } from './chaos-options.ts';
import { openPool } from './chaos-pool.ts';
import type { CliCommand } from './main.ts';
import { UserError } from './user-error.ts';

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
        if (flags.replay !== undefined) {
          process.exitCode = await (await import('./chaos-replay.ts')).replay(paths, flags);
          return;
        }
        if (paths.length === 0) {
          throw new UserError('name a scenario: waybill chaos scenarios/merchant-onboarding.yaml');
        }
        const workers = openPool(settings.workers);
        try {
          const { campaigns } = await import('./chaos-campaigns.ts');
          process.exitCode = await campaigns(paths, flags, settings, workers);
        } finally {
          for (const worker of workers) worker.close();
        }
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
