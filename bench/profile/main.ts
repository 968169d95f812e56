/*
 * npm run profile -- WORKLOAD [MODE] [CALLERS] [--with cpu|flame|doctor|bubbleprof|heapprofiler] [--for 5s]
 *
 * Runs one cell under a profiler and leaves what it saw under reports/profile. `cpu` is Node's own, needs
 * nothing, and prints what took most; the others are clinic's, installed in bench/tools when they are asked
 * for first (bench/NOTES.md says which of them work).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptWords } from '../../.ci/script-words.ts';
import { MODES } from '../../src/bench/subject.ts';
import { WORKLOADS } from '../../src/bench/workloads.ts';
import { hottest } from './hottest.ts';

const TOOLS = join(import.meta.dirname, '../tools');
const CLINIC = ['flame', 'doctor', 'bubbleprof', 'heapprofiler'] as const;
const ROOT = join(import.meta.dirname, '../..');
const REPORTS = join(ROOT, 'reports/profile');
const SHOWN = 25;

const { positionals, values } = scriptWords(import.meta.url, {
  allowPositionals: true,
  options: {
    with: { type: 'string', default: 'cpu' },
    for: { type: 'string', default: '5s' },
    brokers: { type: 'string' },
    store: { type: 'string' },
  },
});
const [workload = 'seq10', mode = 'embedded', callers = '256'] = positionals;
const profiler = values.with;

function fail(said: string): never {
  process.stderr.write(`${said}\n`);
  process.exit(2);
}

if (!WORKLOADS.includes(workload))
  fail(`there is no workload ${workload}: there are ${WORKLOADS.join(', ')}`);
if (!MODES.some((known) => known === mode))
  fail(`there is no mode ${mode}: there are ${MODES.join(', ')}`);
if (profiler !== 'cpu' && !CLINIC.some((known) => known === profiler)) {
  fail(`--with ${profiler}: there are cpu, ${CLINIC.join(', ')}`);
}

mkdirSync(REPORTS, { recursive: true });
const program = [
  join(ROOT, 'src/cli/main.ts'),
  ...['bench', '--mode', mode, '--workload', workload, '--concurrency', callers],
  ...['--for', values.for, '--no-baseline'],
  ...(values.brokers === undefined ? [] : ['--brokers', values.brokers]),
  ...(values.store === undefined ? [] : ['--store', values.store]),
];
const name = `${workload}-${mode}-${callers}`;

function run(command: string, words: readonly string[], more: NodeJS.ProcessEnv = {}): void {
  const env = { ...process.env, ...more };
  const { error, status } = spawnSync(command, words, { cwd: REPORTS, env, stdio: 'inherit' });
  if (error !== undefined) fail(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

if (profiler === 'cpu') {
  const before = new Set(readdirSync(REPORTS));
  run(process.execPath, [
    '--cpu-prof',
    '--cpu-prof-dir',
    REPORTS,
    '--cpu-prof-interval',
    '500',
    ...program,
  ]);
  const made = readdirSync(REPORTS).find(
    (file) => file.endsWith('.cpuprofile') && !before.has(file),
  );
  if (made === undefined) fail('Node has left no profile');
  const path = join(REPORTS, made);
  process.stdout.write(
    `${hottest(readFileSync(path, 'utf8'), SHOWN)}\n\n${path}\nopens in the developer tools of a browser, and in speedscope\n`,
  );
} else {
  const clinic = join(TOOLS, 'node_modules/clinic/bin.js');
  if (!existsSync(clinic)) {
    process.stderr.write('installing clinic in bench/tools, once ...\n');
    run('npm', ['ci', '--prefix', TOOLS, '--no-audit', '--no-fund', '--loglevel=error']);
  }
  run(
    process.execPath,
    [
      clinic,
      profiler,
      '--open=false',
      '--name',
      `${name}-${profiler}`,
      '--',
      process.execPath,
      ...program,
    ],
    { NO_INSIGHT: '1' },
  );
}
