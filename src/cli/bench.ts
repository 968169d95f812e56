/*
 * `waybill bench`: what a step costs on this machine, of one of our workloads or of a document of yours,
 * in memory, on an embedded file, or on brokers and a database.
 *
 * Several workloads, modes or numbers of callers give a table; each combination is one cell, measured in
 * a process of its own, so that none has the memory or the compiled code of another.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Figures } from '../bench/figures.ts';
import { measureApart, NotMeasured } from '../bench/apart.ts';
import { MODES } from '../bench/subject.ts';
import { WORKLOADS } from '../bench/workloads.ts';
import { type BenchFlags, type BenchSettings, cellsOf, readBenchFlags } from './bench-options.ts';
import { BenchProgress } from './bench-progress.ts';
import { sheet, table } from './bench-table.ts';
import { measureHere } from './bench-here.ts';
import type { CliCommand } from './main.ts';
import { UserError } from './user-error.ts';

export const benchCommand: CliCommand = {
  configure(command: Command) {
    command
      .option('-m, --mode <names>', MODES.join(', '), 'embedded')
      .option('-w, --workload <names>', WORKLOADS.join(', '))
      .option('-c, --concurrency <counts>', 'callers, each of whom waits for its run', '1,32,256')
      .option(
        '-r, --rate <runs>',
        'runs per second instead, whether or not those before have ended',
      )
      .option('--for <time>', 'how long is measured, such as 10s', '5s')
      .option('--warm-up <time>', 'how long runs come before that', '2s')
      .option('--partitions <count>', 'of the Log (default: 1, live 4)')
      .option('--file <file>', 'a workflow of your own')
      .option('-i, --input <json>', 'its input: JSON, @file, or - for stdin')
      .option('-f, --functions <module>', 'its host functions')
      .option('--workflows <dir>', 'the workflows that it runs')
      .option('--brokers <list>', 'live: host:port,... ; topics of its own are made and taken away')
      .option('--store <url>', 'live: postgres://... ; a schema of its own is made and taken away')
      .option(
        '--folder <path>',
        'where embedded files are made (default: the folder for temporary files)',
      )
      .option('--no-baseline', 'do not measure the bare ground')
      .option('--json', 'print the figures as JSON, one cell a line')
      .addHelpText(
        'after',
        '\nWrites are counted, not assumed: records in the Log, rows and commits in the database, flushes of the disk.\nExit code 0: measured; 2: bad input.',
      )
      .action(bench);
  },
};

async function bench(flags: BenchFlags): Promise<void> {
  const settings = readBenchFlags(flags);
  const cells = cellsOf(settings);
  const folder = mkdtempSync(join(flags.folder ?? tmpdir(), 'waybill-bench-'));
  const progress = new BenchProgress(cells.length);
  const found: Figures[] = [];
  try {
    for (const cell of cells) {
      progress.cell(cell);
      const tell = progress.phase.bind(progress);
      const figures =
        cells.length === 1
          ? await measureHere(cell, settings, folder, tell)
          : await measureApart(argumentsOf(cell, flags), tell);
      found.push(figures);
      if (flags.json === true) {
        progress.clear();
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      }
    }
  } catch (error) {
    progress.clear();
    if (error instanceof NotMeasured && error.code === 2) throw new UserError(error.message);
    throw error;
  } finally {
    progress.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (flags.json !== true) print(found, settings);
  // A client of brokers that is being taken down keeps nobody here.
  if (settings.live !== undefined) process.exit();
}

function print(found: readonly Figures[], settings: BenchSettings): void {
  const [only] = found;
  const text =
    found.length === 1 && only !== undefined ? sheet(only, settings.summary(only)) : table(found);
  process.stdout.write(`${text}\n`);
}

/** The command line of one cell. */
function argumentsOf(
  { mode, workload, concurrency }: Figures['cell'],
  flags: BenchFlags,
): readonly string[] {
  const passed = ['rate', 'for', 'warmUp', 'partitions', 'file', 'input', 'functions', 'workflows']
    .concat(['brokers', 'store', 'folder'])
    .flatMap((name) => {
      const value = (flags as unknown as Record<string, unknown>)[name];
      const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return typeof value === 'string' ? [option, value] : [];
    });
  return [
    ...['bench', '--json', '--mode', mode],
    ...(flags.file === undefined ? ['--workload', workload] : []),
    ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
    ...passed,
    ...(flags.baseline ? [] : ['--no-baseline']),
  ];
}
