/*
 * What `npm test` runs: each stage counts as one test, vitest as many as it has.
 *
 *   npm test                            all of it
 *   npm test -- --only vitest,lint      some stages
 *   npm test -- test/wire -t golden     what is left goes to vitest
 *   npm run nightly                     the same with WAYBILL_TIER=nightly: more, longer, slower, and live chaos
 *
 * On a terminal one line shows how far it is; elsewhere each stage is a line. What fails is named at once
 * and printed in full at the end, what is skipped with its reason, and the last line is
 * `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { unproven } from './proofs/passed.ts';
import type { Report } from './reporter.ts';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules');
const HEARTBEAT_MS = 10_000;
const REDRAW_MS = 200;
const USAGE = `npm test [-- --only STAGE,... | FILTER...]

  --only STAGE,...   some stages: %
  FILTER             a path of tests, or another argument of vitest
  --nightly          all that a night adds (npm run nightly)
`;
const CLEAR_LINE = '\r\u001B[2K';
/** What a tool prints lands in a pipe; tell it what is behind the pipe. */
const COLOURS = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

interface Stage {
  readonly name: string;
  /** stages of one lane run one after the other; lanes run at the same time (two cores) */
  readonly lane: 1 | 2;
  readonly command: readonly string[];
  /** only at night */
  readonly nightly?: true;
  /** the exit code that says why it cannot be run here */
  readonly skips?: number;
}

const STAGES: readonly Stage[] = [
  { name: 'format', lane: 1, command: ['oxfmt/bin/oxfmt', '--check', '.'] },
  { name: 'lint', lane: 1, command: ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '.'] },
  { name: 'types', lane: 1, command: ['typescript/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'proto', lane: 1, command: ['@bufbuild/buf/bin/buf', 'lint'] },
  {
    name: 'proto-breaking',
    lane: 1,
    command: ['@bufbuild/buf/bin/buf', 'breaking', '--against', 'proto/baseline.binpb'],
  },
  { name: 'vitest', lane: 2, command: ['vitest/vitest.mjs', 'run', '--reporter=test/reporter.ts'] },
  {
    // after the tests: real time wants a quiet machine
    name: 'chaos-live',
    lane: 2,
    command: ['../chaos/live/main.ts', '--for', '10m'],
    nightly: true,
    skips: 2,
  },
];

const STAGE_NAMES = STAGES.map(({ name }) => name).join(', ');

interface Options {
  readonly only: readonly string[];
  readonly nightly: boolean;
  readonly filters: readonly string[];
}

function options(argv: readonly string[]): Options {
  const only: string[] = [];
  const filters: string[] = [];
  let nightly = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    if (word === '--help') {
      process.stdout.write(USAGE.replace('%', STAGE_NAMES));
      process.exit(0);
    }
    if (word === '--only') only.push(...(argv[++at] ?? '').split(','));
    else if (word === '--nightly') nightly = true;
    else filters.push(word);
  }
  const unknown = only.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const what = unknown.filter((name) => name !== '');
    const said = what.length === 0 ? '--only takes stages' : `there is no stage ${what.join(', ')}`;
    process.stderr.write(`${said}; there are ${STAGE_NAMES}\n`);
    process.exit(2);
  }
  return { only, nightly, filters };
}

/** How a stage stands, and what it has to say in the end. */
interface Progress {
  readonly stage: Stage;
  state: 'waiting' | 'running' | 'ok' | 'failed' | 'skipped';
  seconds: number;
  passed: number;
  failures: string[];
  skipped: string[];
  notes: string[];
  /** rows of docs/dsl-coverage.md that a test which passed proves */
  readonly proven: Set<string>;
  current: string;
}

class Board {
  readonly begun = performance.now();
  readonly #live = process.stdout.isTTY && process.env['CI'] === undefined;
  readonly #stages: readonly Progress[];
  readonly #timer: NodeJS.Timeout;

  constructor(stages: readonly Progress[]) {
    this.#stages = stages;
    this.#timer = setInterval(() => this.#beat(), this.#live ? REDRAW_MS : HEARTBEAT_MS);
  }

  #beat(): void {
    const line = this.#stages.map(describe).filter((text) => text !== '');
    const text = `${this.seconds()}  ${line.join('  ')}`;
    if (this.#live)
      process.stdout.write(`${CLEAR_LINE}${text.slice(0, (process.stdout.columns || 80) - 1)}`);
    else process.stdout.write(`${text}\n`);
  }

  seconds(): string {
    return `${((performance.now() - this.begun) / 1000).toFixed(1)} s`;
  }

  print(text: string): void {
    process.stdout.write(`${this.#live ? CLEAR_LINE : ''}${text}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#live) process.stdout.write(CLEAR_LINE);
  }
}

function describe({ stage, state, passed, failures, current }: Progress): string {
  if (state === 'waiting') return '';
  if (state !== 'running') return `${stage.name} ${state}`;
  if (stage.name !== 'vitest') return `${stage.name} ...`;
  return `vitest ${passed} passed, ${failures.length} failed (${current})`;
}

async function runStage(
  progress: Progress,
  { filters, nightly }: Options,
  print: (text: string) => void,
): Promise<void> {
  const { stage } = progress;
  const isVitest = stage.name === 'vitest';
  const [script, ...rest] = stage.command as [string, ...string[]];
  progress.state = 'running';
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [join(BIN, script), ...rest, ...(isVitest ? filters : [])],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', isVitest ? 'ipc' : 'ignore'],
      env: { ...COLOURS, ...process.env, ...(nightly ? { WAYBILL_TIER: 'nightly' } : {}) },
    },
  );
  let output = '';
  let ended = false;
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  child.on('message', (report: Report) => {
    if (report.kind === 'end') ended = true;
    else {
      note(progress, report);
      if (report.kind === 'failed') print(`failed  ${report.name}`);
    }
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(null);
    });
    child.on('close', resolve);
  });
  progress.seconds = (performance.now() - begun) / 1000;
  const lost = isVitest && !ended;
  if (code !== null && code === stage.skips) {
    progress.skipped.push(`${stage.name}: ${output.trim()}`);
    progress.state = 'skipped';
    return;
  }
  if (progress.failures.length === 0 && (code !== 0 || lost)) {
    const why = lost ? 'ended without a result' : `ended with exit code ${code}`;
    progress.failures.push(`${stage.name} ${why}\n${output.trim()}`);
  } else if (!isVitest) {
    progress.passed = 1;
  } else if (filters.length === 0) {
    progress.failures.push(
      ...unproven(progress.proven).map((row) => `docs/dsl-coverage.md ${row}`),
    );
  }
  progress.state = progress.failures.length === 0 ? 'ok' : 'failed';
}

function note(progress: Progress, report: Exclude<Report, { kind: 'end' }>): void {
  progress.current = report.file;
  if (report.kind === 'passed') {
    progress.passed += 1;
    for (const row of report.proves) progress.proven.add(row);
    progress.notes.push(...report.notes);
  } else if (report.kind === 'skipped') progress.skipped.push(`${report.name}: ${report.reason}`);
  else progress.failures.push(`${report.name}\n${report.details}`);
}

async function main(): Promise<void> {
  const chosen = options(process.argv.slice(2));
  const stages = STAGES.filter(({ name, nightly = false }) =>
    chosen.only.length === 0 ? chosen.nightly || !nightly : chosen.only.includes(name),
  ).map((stage): Progress => ({
    ...{ stage, state: 'waiting', seconds: 0, passed: 0, failures: [], skipped: [], notes: [] },
    proven: new Set(),
    current: 'starting',
  }));
  const board = new Board(stages);
  const lane = async (number: 1 | 2): Promise<void> => {
    for (const progress of stages.filter(({ stage }) => stage.lane === number)) {
      await runStage(progress, chosen, (text) => board.print(text));
      const { stage, state, seconds, passed } = progress;
      const count = stage.name === 'vitest' ? `  ${passed} passed` : '';
      board.print(
        `${state.padEnd(7)} ${stage.name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s${count}`,
      );
    }
  };
  await Promise.all([lane(1), lane(2)]);
  board.stop();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);

  for (const failure of stages.flatMap(({ failures }) => failures)) {
    say(`\nFAILED ${failure}`);
  }
  const skipped = stages.flatMap((progress) => progress.skipped);
  for (const name of skipped) say(`skipped ${name}`);
  for (const note of stages.flatMap(({ notes }) => notes)) say(`note    ${note}`);
  const failed = stages.reduce((sum, { failures }) => sum + failures.length, 0);
  const passed = stages.reduce((sum, progress) => sum + progress.passed, 0);
  say(`\n${board.seconds()}`);
  say(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
