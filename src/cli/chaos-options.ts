/*
 * The options of `waybill chaos`: words of a command line to numbers, ranges and a seed.
 *
 * Invariant: whatever is wrong with one is a UserError of one line that shows what would be right.
 */
import { availableParallelism } from 'node:os';
import type { Range } from '../chaos/generate.ts';
import { type Profile, profileOf } from '../chaos/profile.ts';
import { commitSeed, SEED_MAX } from '../chaos/seed.ts';
import type { Sizes } from '../chaos/stage.ts';
import type { Exhaustiveness } from '../chaos/sweep-plan.ts';
import { UserError } from './user-error.ts';

/** As commander gives them. */
export interface ChaosFlags {
  readonly runs?: string;
  readonly for?: string;
  readonly exhaustive?: Exhaustiveness | true;
  readonly keepGoing?: boolean;
  readonly seed?: string;
  readonly profile?: string;
  readonly instances?: string;
  readonly runners?: string;
  readonly partitions?: string;
  readonly workers?: string;
  /** absent = where reports go by default, false = none */
  readonly report?: string | false;
  readonly json?: string;
  readonly junit?: string;
  /** absent = chaos/corpus, and nothing is kept there that another engine broke */
  readonly corpus?: string;
  readonly engine?: string;
  /** of suites, only these tests */
  readonly test?: string;
  readonly replay?: string;
  readonly force?: boolean;
  readonly trace?: string;
  /** of a trace: which run, and from which of its steps on */
  readonly instance?: string;
  readonly from?: string;
}

export interface ChaosSettings {
  readonly runs: number | undefined;
  readonly forMs: number | undefined;
  /** every fault at every call instead of drawn plans */
  readonly exhaustive: Exhaustiveness | undefined;
  readonly keepGoing: boolean;
  readonly seed: number;
  readonly seedFrom: 'given' | 'commit' | 'chance';
  readonly profile: Profile | undefined;
  readonly sizes: Sizes;
  readonly workers: number;
}

/** Where plans that broke something are kept. */
export const DEFAULT_CORPUS = 'chaos/corpus';

const DEFAULT_FOR_MS = 20_000;
const RUNS_MAX = 1_000_000_000;
const FOR_MS_MAX = 7 * 24 * 3_600_000;
const WORKERS_MAX = 256;
const SIZE_MAX = { instances: 500, runners: 9, partitions: 64 } as const;

export function readSettings(flags: ChaosFlags, environment: NodeJS.ProcessEnv): ChaosSettings {
  const runs = flags.runs === undefined ? undefined : count('--runs', flags.runs, 1, RUNS_MAX);
  const given = flags.for === undefined ? undefined : duration('--for', flags.for);
  const sizes: { instances?: Range; runners?: Range; partitions?: Range } = {};
  for (const name of ['instances', 'runners', 'partitions'] as const) {
    const text = flags[name];
    if (text !== undefined) sizes[name] = range(`--${name}`, text, SIZE_MAX[name]);
  }
  const exhaustive = flags.exhaustive === true ? 'singles' : flags.exhaustive;
  if (exhaustive !== undefined && runs !== undefined) {
    throw new UserError('--exhaustive makes as many runs as there are faults: leave out --runs');
  }
  const bounded = runs !== undefined || exhaustive !== undefined;
  return {
    runs,
    forMs: given ?? (bounded ? undefined : DEFAULT_FOR_MS),
    exhaustive,
    keepGoing: flags.keepGoing === true,
    ...seedOf(flags.seed, environment),
    profile: flags.profile === undefined ? undefined : profile(flags.profile),
    sizes,
    workers:
      flags.workers === undefined
        ? // A campaign leaves a core to whoever waits for it; a sweep has an end, and is waited for.
          Math.max(1, availableParallelism() - (exhaustive === undefined ? 1 : 0))
        : count('--workers', flags.workers, 0, WORKERS_MAX),
  };
}

function count(option: string, text: string, from: number, to: number): number {
  const number = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  const range = `a whole number from ${from} to ${to.toString()}`;
  throw new UserError(`${option} takes ${range}, not ${quoted(text)}`);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function duration(option: string, text: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (UNITS[unit ?? 's'] ?? Number.NaN);
  if (ms > 0 && ms <= FOR_MS_MAX) return ms;
  throw new UserError(`${option} takes a time such as 30s, 5m or 1h, not ${quoted(text)}`);
}

function range(option: string, text: string, most: number): Range {
  const [, first, second] = /^(\d{1,6})(?:(?:\.\.|-)(\d{1,6}))?$/.exec(text.trim()) ?? [];
  const from = Number(first);
  const to = Number(second ?? first);
  if (from >= 1 && from <= to && to <= most) return { from, to };
  throw new UserError(
    `${option} takes a number or a range such as 2..5, within 1..${most}, not ${quoted(text)}`,
  );
}

export function profile(name: string): Profile {
  try {
    return profileOf(name);
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

function seedOf(
  text: string | undefined,
  environment: NodeJS.ProcessEnv,
): Pick<ChaosSettings, 'seed' | 'seedFrom'> {
  if (text !== undefined) {
    return { seed: count('--seed', text, 0, SEED_MAX), seedFrom: 'given' };
  }
  const commit = commitSeed(environment);
  if (commit !== undefined) return { seed: commit, seedFrom: 'commit' };
  return { seed: Math.floor(Math.random() * 1_000_000_000), seedFrom: 'chance' };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
