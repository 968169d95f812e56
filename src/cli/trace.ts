/*
 * `waybill trace cut FILE -o SMALL`: a small trace from a large one, for a test to keep.
 * `waybill trace info FILE`: what a trace has, and what is damaged in it.
 */
import { existsSync, realpathSync } from 'node:fs';
import type { Command } from 'commander';
import pc from 'picocolors';
import { createFile } from '../adapters/files/index.ts';
import { cutTrace } from '../trace/cut.ts';
import type { Trace } from '../trace/read-trace.ts';
import { namedRun } from '../trace/story.ts';
import { TraceWriter } from '../trace/write-trace.ts';
import { decodeHeader } from '../wire/index.ts';
import { counted } from './chaos-numbers.ts';
import type { CliCommand } from './main.ts';
import { damage, openTraceOrSay } from './trace-files.ts';
import { UserError } from './user-error.ts';
import { print, printable } from './validate.ts';

const MOST = 20;

interface CutFlags {
  readonly output: string;
  readonly instance?: readonly string[];
  readonly most: string;
  readonly force?: boolean;
}

export const traceCommand: CliCommand = {
  configure(command: Command) {
    command
      .command('cut')
      .description('a small trace from a large one: the runs that are named, or one of each kind')
      .argument('<file>', 'a trace')
      .requiredOption('-o, --output <file>', 'the small one')
      .option('--instance <id...>', 'these runs')
      .option('--most <n>', 'else one run of each kind, at most so many', String(MOST))
      .option('--force', 'over a file that is there')
      .action(cut);
    command
      .command('info')
      .description('what a trace has, and what is damaged in it')
      .argument('<file>', 'a trace')
      .action(info);
  },
};

function cut(file: string, flags: CutFlags): void {
  const { force, instance = [], output } = flags;
  const most = /^[1-9]\d{0,5}$/.test(flags.most) ? Number(flags.most) : Number.NaN;
  if (Number.isNaN(most)) {
    throw new UserError(`--most takes a whole number from 1, not ${JSON.stringify(flags.most)}`);
  }
  const large = openTraceOrSay(file);
  const again = openTraceOrSay(file);
  try {
    if (existsSync(output) && realpathSync(output) === realpathSync(file)) {
      throw new UserError(`${output}: this is the trace to be cut: name another file`);
    }
    // Before anything is written, over another file perhaps.
    for (const id of instance) {
      if (!hasRun(large.trace, id)) {
        throw new UserError(
          `${file}: there is no run ${id}; waybill inspect ${file} lists its runs`,
        );
      }
    }
    const out = created(output, force === true);
    const { header } = large.trace;
    const writer = new TraceWriter({ ...header, source: 'cut' }, (bytes) => out.write(bytes));
    const runs = cutTrace(large.trace, again.trace, { instances: instance, most }, writer);
    writer.finish();
    out.close();
    for (const line of damage(file, again.trace.problems)) process.stderr.write(`${line}\n`);
    const { bytes, records } = writer.written;
    print(
      `${output}  ${counted(runs, 'run')}, ${counted(records, 'record')}, ${(bytes / 1024).toFixed(1)} KB\n`,
    );
  } finally {
    large.bytes.close();
    again.bytes.close();
  }
}

function hasRun(trace: Trace, id: string): boolean {
  const { run, world } = namedRun(id);
  for (const unit of trace.unitsOf(run)) {
    if (world !== undefined && unit.world !== world) continue;
    if (unit.records.some((bytes) => decodeHeader(bytes).run === run)) return true;
  }
  return false;
}

function created(output: string, force: boolean): ReturnType<typeof createFile> {
  try {
    return createFile(output, force);
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'it is there already; --force writes over it' : code;
    throw new UserError(`${output}: the trace cannot be written: ${why}`);
  }
}

function info(file: string): void {
  const { bytes, trace } = openTraceOrSay(file);
  try {
    const { header } = trace;
    let units = 0;
    let records = 0;
    for (const unit of trace.units()) {
      units += 1;
      records += unit.records.length;
    }
    const footer = trace.footer();
    const at = new Date(header.recordedAt).toISOString();
    const lines = [
      `${pc.bold(file)}  ${header.source}, ${header.partitions} partitions of ${printable(header.prefix)}`,
      `  recorded ${at} by waybill ${header.engine}`,
      `  ${counted(records, 'record')} in ${counted(units, 'unit')}, ${(bytes.size / 1024).toFixed(1)} KB; ${footer === undefined ? 'not closed' : `${counted(footer.voidRecords, 'void record')} left out`}`,
    ];
    if (header.selection.length > 0)
      lines.push(`  only ${header.selection.map(printable).join(' ')}`);
    if (header.redacted.length > 0) {
      lines.push(
        `  without ${header.redacted.map(printable).join(' ')}, by the key ${header.keyName}`,
      );
    }
    for (const { hash, name, namespace, version } of trace.definitions.values()) {
      lines.push(`  ${printable(`${namespace}/${name}/${version}`)}  ${pc.dim(hash.slice(0, 12))}`);
    }
    print(`${lines.join('\n')}\n`);
    for (const line of damage(file, trace.problems)) process.stderr.write(`${pc.yellow(line)}\n`);
    if (trace.problems.length > 0) process.exitCode = 1;
  } finally {
    bytes.close();
  }
}
