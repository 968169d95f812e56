/*
 * The command line. Each command is one file in this folder and is imported only when it is asked
 * for, so that `waybill --help` and a small `waybill run` start fast.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { UserError } from './user-error.ts';

/** What a file in this folder exports: it adds its options and its action to `command`. */
export interface CliCommand {
  readonly configure: (command: Command) => void;
}

/** name -> one line of help, and where the command lives. Arguments are declared by the command. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<CliCommand> }> = {
  validate: {
    summary: 'check workflow documents; one clear error per mistake',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  graph: {
    summary: 'draw a workflow (Mermaid or SVG)',
    load: async () => (await import('./graph.ts')).graphCommand,
  },
  jq: {
    summary: 'try a jq expression the way the engine evaluates it',
    load: async () => (await import('./jq.ts')).jqCommand,
  },
  run: {
    summary: 'run a workflow durably on the embedded file',
    load: async () => (await import('./run.ts')).runCommand,
  },
  resume: {
    summary: 'carry on the unfinished runs of an embedded file',
    load: async () => (await import('./resume.ts')).resumeCommand,
  },
  serve: {
    summary: 'run workflows until told to stop, on brokers and a Store or on one file',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  start: {
    summary: 'start a run of a deployed workflow',
    load: async () => (await import('./start.ts')).startCommand,
  },
  get: {
    summary: 'where a run is, what it waits for, how it ended',
    load: async () => (await import('./get.ts')).getCommand,
  },
  list: {
    summary: 'runs, newest first: by status, by workflow',
    load: async () => (await import('./list.ts')).listCommand,
  },
  cancel: {
    summary: 'cancel a run; what it did is undone where its workflow says how',
    load: async () => (await import('./cancel.ts')).cancelCommand,
  },
  suspend: {
    summary: 'put a run aside',
    load: async () => (await import('./suspend.ts')).suspendCommand,
  },
  unsuspend: {
    summary: 'let a run go on that was put aside, or parked as dead',
    load: async () => (await import('./suspend.ts')).unsuspendCommand,
  },
  unschedule: {
    summary: 'end the schedule of a workflow',
    load: async () => (await import('./unschedule.ts')).unscheduleCommand,
  },
  emit: {
    summary: 'send an event to the events log',
    load: async () => (await import('./emit.ts')).emitCommand,
  },
  topics: {
    summary: 'create or check the topics on the brokers',
    load: async () => (await import('./topics.ts')).topicsCommand,
  },
  up: {
    summary: 'Redpanda and PostgreSQL in containers, for local use',
    load: async () => (await import('./up.ts')).upCommand,
  },
  config: {
    summary: 'what is configured, and where each value comes from',
    load: async () => (await import('./config.ts')).configCommand,
  },
  record: {
    summary: 'write what runs have left in the Logs to a trace file',
    load: async () => (await import('./record.ts')).recordCommand,
  },
  replay: {
    summary: 'make every step of a trace again; try other definitions on it',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
  inspect: {
    summary: 'step through a recorded run, in a terminal or as a page',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
  trace: {
    summary: 'cut a small trace from a large one; say what one has',
    load: async () => (await import('./trace.ts')).traceCommand,
  },
  chaos: {
    summary: 'break a scenario on purpose, thousands of times, reproducibly',
    load: async () => (await import('./chaos.ts')).chaosCommand,
  },
  bench: {
    summary: 'what a step costs here: throughput, latency, and everything that is written',
    load: async () => (await import('./bench.ts')).benchCommand,
  },
};

/** Exit codes: 0 done, 1 a promise or a workflow failed, 2 bad input or usage. */
async function main(argv: readonly string[]): Promise<void> {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  const program = new Command('waybill')
    .description('Durable workflows whose state travels in the messages that drive them.')
    .version(manifest.version)
    .showHelpAfterError('(waybill --help lists the commands)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const asked = argv.find((word) => !word.startsWith('-'));
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(summary);
    command.showHelpAfterError(`(waybill ${name} --help lists its options)`);
    command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
    if (name === asked) (await load()).configure(command);
  }
  await program.parseAsync(argv, { from: 'user' });
}

// Started through the launcher on an older Node: leave when the launcher is killed.
if (process.channel) {
  process.channel.unref();
  process.once('disconnect', () => process.exit(1));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
