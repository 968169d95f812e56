/*
 * The options of `waybill bench`: words of a command line to cells. Whatever is wrong with one is a
 * UserError of one line that shows what would be right.
 */
import type { Cell, Figures } from '../bench/figures.ts';
import { isJournaled, isLive, MODES } from '../bench/subject.ts';
import { refusal, workload, WORKLOADS } from '../bench/workloads.ts';
import { isPostgres } from '../presets/cluster.ts';
import { UserError } from './user-error.ts';

/** As commander gives them. */
export interface BenchFlags {
  readonly mode: string;
  readonly workload?: string;
  readonly concurrency: string;
  readonly rate?: string;
  readonly for: string;
  readonly warmUp: string;
  readonly partitions?: string;
  readonly file?: string;
  readonly input?: string;
  readonly functions?: string;
  readonly workflows?: string;
  readonly brokers?: string;
  readonly store?: string;
  readonly folder?: string;
  readonly baseline: boolean;
  readonly json?: boolean;
}

export interface BenchSettings {
  readonly flags: BenchFlags;
  readonly modes: readonly string[];
  readonly workloads: readonly string[];
  readonly concurrency: readonly number[];
  readonly rate: number | undefined;
  readonly windowMs: number;
  readonly warmUpMs: number;
  readonly partitions: number | undefined;
  readonly live: { readonly brokers: readonly string[]; readonly store: string } | undefined;
  /** what a cell is about, in words */
  summary(figures: Figures): string;
}

const CALLERS_MAX = 100_000;
const RATE_MAX = 1_000_000;
const PARTITIONS_MAX = 256;
const WINDOW_MS_MAX = 3_600_000;

export function readBenchFlags(flags: BenchFlags): BenchSettings {
  const modes = names('--mode', flags.mode, MODES);
  if (flags.file !== undefined && flags.workload !== undefined) {
    throw new UserError('--file is a workload of its own: leave --workload out');
  }
  const workloads =
    flags.file === undefined
      ? names('--workload', flags.workload ?? 'seq10', WORKLOADS)
      : [flags.file];
  const runnable = workloads.filter((name) => name === flags.file || refusal(name) === undefined);
  if (runnable.length === 0) throw new UserError(refusal(workloads[0]!)!);
  if (flags.file !== undefined && modes.some(isJournaled)) {
    throw new UserError(
      '--file says itself whether its runs have a journal (metadata.durability): use --mode embedded or live',
    );
  }
  const { partitions, rate } = flags;
  return {
    flags,
    modes,
    workloads: runnable,
    concurrency: flags.concurrency
      .split(',')
      .map((text) => count('--concurrency', text, CALLERS_MAX)),
    rate: rate === undefined ? undefined : count('--rate', rate, RATE_MAX),
    windowMs: time('--for', flags.for, 1),
    warmUpMs: time('--warm-up', flags.warmUp, 0),
    partitions:
      partitions === undefined ? undefined : count('--partitions', partitions, PARTITIONS_MAX),
    live: modes.some(isLive) ? live(flags) : undefined,
    summary: ({ cell }) => flags.file ?? workload(cell.workload, { emit: async () => {} }).summary,
  };
}

export function cellsOf(settings: BenchSettings): readonly Cell[] {
  const { concurrency, flags, modes, partitions, rate, warmUpMs, windowMs, workloads } = settings;
  const loads =
    rate === undefined ? concurrency.map((callers) => ({ concurrency: callers })) : [{ rate }];
  return workloads.flatMap((name) =>
    modes.flatMap((mode) =>
      loads.map((load) => ({
        mode,
        workload: name,
        ...load,
        partitions: partitions ?? (isLive(mode) ? 4 : 1),
        warmUpMs,
        windowMs,
        baseline: flags.baseline,
      })),
    ),
  );
}

function live({ brokers, store }: BenchFlags): BenchSettings['live'] {
  if (brokers === undefined || store === undefined) {
    throw new UserError(
      '--mode live takes brokers and a Store: --brokers localhost:9092 --store postgres://localhost/waybill',
    );
  }
  if (!isPostgres(store)) {
    throw new UserError(`--store ${store}: live mode takes postgres://...`);
  }
  return { brokers: brokers.split(',').map((text) => text.trim()), store };
}

function names(option: string, text: string, known: readonly string[]): readonly string[] {
  const asked = text === 'all' ? known : text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown === undefined) return asked;
  throw new UserError(`${option} ${unknown}: there are ${known.join(', ')}, and all`);
}

function count(option: string, text: string, most: number): number {
  const number = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= most) return number;
  throw new UserError(
    `${option} takes whole numbers from 1 to ${most}, not ${JSON.stringify(text)}`,
  );
}

function time(option: string, text: string, least: number): number {
  const found = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/.exec(text.trim());
  const ms = Number(found?.[1]) * ({ ms: 1, s: 1_000, m: 60_000 }[found?.[2] ?? ''] ?? Number.NaN);
  if (ms >= least && ms <= WINDOW_MS_MAX) return ms;
  throw new UserError(
    `${option} takes a time such as 500ms, 10s or 2m, not ${JSON.stringify(text)}`,
  );
}
