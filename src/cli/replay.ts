/*
 * `waybill replay FILE`: makes every step of a trace again and holds it against the record that followed;
 * with `--against` it does so with other definitions and says which instances would go on otherwise, or
 * not at all. Progress on stderr, the summary on stdout.
 *
 * Exit codes: 0 equal, 1 something differs or breaks, 2 bad input, 3 nothing differs as far as it could
 * be checked, and something could not, or there was nothing to check.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import pc from 'picocolors';
import {
  examineTrace,
  mapOf,
  type ReplayJob,
  type ReplayProgress,
  type ReplayResult,
} from '../presets/traces.ts';
import { added, EMPTY_TALLY } from '../trace/tally.ts';
import { thousands } from './chaos-numbers.ts';
import type { CliCommand } from './main.ts';
import { replaySummary } from './replay-summary.ts';
import type { FromReplayWorker, ToReplayWorker } from './replay-worker.ts';
import { damage, sayingTrace } from './trace-files.ts';
import { UserError } from './user-error.ts';
import { print } from './validate.ts';

/** Smaller files are examined by this process alone: others would take longer to begin. */
const SHARED_BYTES_MIN = 8 * 1024 * 1024;

interface ReplayFlags {
  readonly instance?: string;
  readonly against?: readonly string[];
  readonly map?: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly workers?: string;
  readonly json?: string;
}

export const replayCommand: CliCommand = {
  configure(command: Command) {
    command
      .argument('<file>', 'a trace: waybill record makes one')
      .option('--instance <id>', 'only this run')
      .option('--against <path...>', 'try these workflow documents in the places of the recorded')
      .option('--map <old=new...>', 'with --against: how recorded tasks are called there')
      .option('--from <n>', 'of each run: from its n-th step on, counted from 1')
      .option('--until <m>', '... up to its m-th step')
      .option('--workers <n>', 'processes at work (cores - 1); 0 = this one alone')
      .option('--json <file>', 'write what was found as JSON; - is the standard output')
      .addHelpText('after', HELP)
      .action(async (file: string, flags: ReplayFlags) => {
        process.exitCode = await replay(file, flags);
      });
  },
};

const HELP = `
Exit code 0: equal; 1: something differs or breaks; 2: bad input; 3: something, or all of it, could not be checked.

Examples:
  waybill replay night.trace
  waybill replay night.trace --against workflows/order.yaml
  waybill replay night.trace --against workflows --map charge=bill --json found.json`;

async function replay(file: string, flags: ReplayFlags): Promise<number> {
  const job = await sayingTrace(async () => jobOf(file, flags));
  const workers = workersOf(flags.workers, file, job);
  const begun = performance.now();
  const progress = new Progress(file);
  let result: ReplayResult;
  try {
    result =
      workers < 2
        ? await sayingTrace(() => examineTrace(job, undefined, (one) => progress.note(0, one)))
        : await shared(job, workers, progress);
  } finally {
    progress.stop();
  }
  const elapsedMs = performance.now() - begun;
  checkFound(file, job, result);
  const code = exitCode(result);
  const text = replaySummary({ file, job, result, elapsedMs, code });
  if (flags.json === '-') process.stderr.write(text);
  else print(text);
  if (flags.json !== undefined) {
    const said = `${JSON.stringify({ file, ...result, code }, null, 2)}\n`;
    if (flags.json === '-') print(said);
    else writeFileSync(flags.json, said);
  }
  for (const line of damage(file, result.problems)) process.stderr.write(`${pc.yellow(line)}\n`);
  return code;
}

function jobOf(file: string, flags: ReplayFlags): ReplayJob {
  const { against = [], instance, map = [] } = flags;
  if (map.length > 0 && against.length === 0) {
    throw new UserError('--map says how tasks are called in other documents: name them, --against');
  }
  mapOf(map);
  const from = numberOf('--from', flags.from);
  const until = numberOf('--until', flags.until);
  if (from !== undefined && until !== undefined && until < from) {
    throw new UserError(`--until ${until} comes before --from ${from}`);
  }
  return {
    file,
    against,
    map,
    ...(instance === undefined ? {} : { instance }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new UserError(`${option} takes a whole number from 1, not ${JSON.stringify(text)}`);
}

function workersOf(text: string | undefined, file: string, { instance }: ReplayJob): number {
  if (text !== undefined) {
    if (/^\d{1,3}$/.test(text)) return Number(text);
    throw new UserError(
      `--workers takes a whole number from 0 to 999, not ${JSON.stringify(text)}`,
    );
  }
  if (instance !== undefined) return 0;
  try {
    if (statSync(file).size < SHARED_BYTES_MIN) return 0;
  } catch {
    return 0; // said when it is opened
  }
  return Math.max(1, availableParallelism() - 1);
}

export function exitCode({ problems, tally }: ReplayResult): number {
  if (tally.groups.some(({ kind }) => kind === 'differs' || kind === 'breaks')) return 1;
  return tally.groups.length > 0 || problems.length > 0 || tally.hops === 0 ? 3 : 0;
}

/** What was asked for is not in the trace: to call that equal would be a test that cannot fail. */
function checkFound(file: string, { from, instance }: ReplayJob, { tally }: ReplayResult): void {
  if (tally.hops > 0 || tally.groups.length > 0) return;
  if (instance !== undefined && tally.runs === 0) {
    throw new UserError(
      `${file}: there is no run ${instance}; waybill inspect ${file} lists its runs`,
    );
  }
  if (from !== undefined && tally.runs > 0) {
    const who = instance === undefined ? 'no run' : 'the run does not';
    throw new UserError(
      `--from ${from}: ${who} ${instance === undefined ? 'has' : 'have'} so many steps`,
    );
  }
}

async function shared(job: ReplayJob, of: number, progress: Progress): Promise<ReplayResult> {
  const children: ChildProcess[] = [];
  try {
    const results = await Promise.all(
      Array.from({ length: of }, (_, index) => {
        const child = start();
        children.push(child);
        return share(child, { job, share: { index, of } }, (one) => progress.note(index, one));
      }),
    );
    const [first] = results;
    return {
      ...first!,
      tally: results.reduce((sum, { tally }) => added(sum, tally), EMPTY_TALLY),
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

const WORKER = import.meta.url.endsWith('.ts') ? './replay-worker.ts' : './replay-worker.js';

function start(): ChildProcess {
  return fork(new URL(WORKER, import.meta.url), [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function share(
  child: ChildProcess,
  work: ToReplayWorker,
  note: (progress: ReplayProgress) => void,
): Promise<ReplayResult> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromReplayWorker) => {
      if (message.kind === 'progress') note(message.progress);
      else if (message.kind === 'done') resolve(message.result);
      else reject(message.user ? new UserError(message.said) : new Error(message.said));
    });
    child.on('exit', (code, signal) => {
      reject(new Error(`a worker process ended: ${signal ?? `exit code ${code}`}`));
    });
    child.send(work, () => undefined);
  });
}

const REDRAW_MS = 100;

/** How far it is, on one line of a terminal. */
class Progress {
  private readonly live = process.stderr.isTTY && process.env['CI'] === undefined;
  private readonly file: string;
  private readonly of: ReplayProgress[] = [];
  private readonly begun = performance.now();
  private drawn = 0;

  constructor(file: string) {
    this.file = file;
  }

  note(index: number, progress: ReplayProgress): void {
    this.of[index] = progress;
    const now = performance.now();
    if (!this.live || now - this.drawn < REDRAW_MS) return;
    this.drawn = now;
    const known = this.of.filter((one) => one !== undefined);
    const hops = known.reduce((sum, one) => sum + one.hops, 0);
    const done = known.reduce((sum, one) => sum + one.done, 0) / Math.max(1, known.length);
    const rate = thousands((hops / Math.max(1, now - this.begun)) * 1_000);
    const line = `${this.file}  ${Math.floor(done * 100)} %  ${thousands(hops)} steps  ${rate}/s`;
    process.stderr.write(`\r\u001B[2K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  }

  stop(): void {
    if (this.live && this.drawn > 0) process.stderr.write('\r\u001B[2K');
  }
}
