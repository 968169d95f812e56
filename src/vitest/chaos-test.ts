/*
 * chaosTest: one scenario under one aim of faults, as a test.
 *
 * A campaign is one test, named with its seed. What it breaks is kept beside the suite, in __chaos__,
 * and is from then on a test of its own that comes first, named with the seed and the run that found it.
 *
 * Invariants: what is neither good nor bad fails; a broken promise fails with its sentences and the
 * command that replays it, without a stack that would lead into the engine.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpusEntries, type CorpusEntry, saveFailure } from '../chaos/corpus.ts';
import { failureText } from '../chaos/failure-words.ts';
import { profileOf } from '../chaos/profile.ts';
import { commitSeed, SEED_MAX } from '../chaos/seed.ts';
import type { Sizes } from '../chaos/stage.ts';
import type { Exhaustiveness } from '../chaos/sweep-plan.ts';
import { conduct, replayKept } from './conduct.ts';
import { findHost, shownPath } from './host.ts';
import type { ChaosJob, ChaosResult } from './job.ts';

export interface ChaosOptions {
  /** which faults, by name: everything, calm, flaky, crashy, zombie, ... (the scenario's own) */
  readonly profile?: string;
  /** simulated runs (200, if there is no `forMs`) */
  readonly runs?: number;
  /** at most so long, ms of real time */
  readonly forMs?: number;
  /**
   * no chance: strike every call of one workload with every fault that fits it; `pairs`: and with every two
   * crashes, which are made anyway where they are few. A sweep that `forMs` cuts off has not passed.
   */
  readonly exhaustive?: boolean | 'pairs';
  /** the same seed gives the same runs (WAYBILL_SEED, the commit on a build server, or chance) */
  readonly seed?: number;
  /** instances of the workflow in a run: a number, or from and to */
  readonly instances?: number | readonly [from: number, to: number];
  readonly runners?: number | readonly [from: number, to: number];
  readonly partitions?: number | readonly [from: number, to: number];
  /** a folder of plans that are run first, besides what the suite has kept itself */
  readonly corpus?: string;
}

const RUNS = 200;
/** What breaks is shrunk for 20 s at most; the rest is patience with slow machines. */
const PATIENCE_MS = 600_000;
/** A sweep ends when everything was tried. */
const SWEEP_PATIENCE_MS = 6 * 3_600_000;
const KEPT = '__chaos__';

const host = await findHost();
/** One for all tests of a process that do not say. */
const seedOfProcess = seedNow();

export interface ChaosTest {
  (name: string, scenario: string | URL, options?: ChaosOptions): void;
  only(name: string, scenario: string | URL, options?: ChaosOptions): void;
  skip(name: string, scenario: string | URL, options?: ChaosOptions): void;
}

/**
 * Breaks a scenario on purpose, in a test.
 *
 * @param scenario path of its YAML, from the folder of the suite, or a file: URL
 */
export const chaosTest: ChaosTest = Object.assign(declareWith(host.test), {
  only: declareWith(host.test.only),
  skip: declareWith(host.test.skip),
});

export const describe = host.describe;

function declareWith(test: (typeof host)['test']['only']) {
  return (name: string, scenario: string | URL, options: ChaosOptions = {}): void => {
    const suite = host.file();
    if (suite === undefined)
      throw new Error(`chaosTest("${name}"): call it where tests are called`);
    const job = jobOf(name, suite, pathOf(name, suite, scenario), options);
    const folder = join(dirname(suite), KEPT);
    const patience = job.exhaustive === undefined ? PATIENCE_MS : SWEEP_PATIENCE_MS;
    const settings = { timeout: (job.forMs ?? 0) + patience, retry: 0 };
    for (const entry of corpusEntries(folder)) {
      if (entry.test !== name) continue;
      const from = entry.found ?? entry.name;
      test(`${name} (failed with ${from})`, settings, async ({ task }) => {
        Object.assign(task.meta, { chaos: { replays: from } });
        await again(entry, job);
      });
    }
    test(`${name} (seed ${job.seed})`, settings, async ({ task }) => {
      const result = await (host.conduct ?? conduct)(job);
      const { failure: _, ...figures } = result;
      Object.assign(task.meta, { chaos: { seed: job.seed, ...figures } });
      judge(result, job, folder);
    });
  };
}

async function again(entry: CorpusEntry, job: ChaosJob): Promise<void> {
  const failure = await replayKept(entry, job.scenario);
  if (failure !== undefined) throw new Broken(failureText(failure));
}

function judge(result: ChaosResult, { seed, test }: ChaosJob, folder: string): void {
  const { failure, inconclusive, runs, swept, verdict } = result;
  if (verdict === 'held') return;
  if (verdict === 'nothing') throw new Broken('no run was finished, so nothing is shown');
  if (failure === undefined && swept !== undefined && runs < swept.runs) {
    throw new Broken(
      `inconclusive: ${runs} of ${swept.runs} runs were made in the time that it had, so nothing is shown`,
    );
  }
  if (failure === undefined) {
    throw new Broken(
      `inconclusive: ${inconclusive} of ${runs} runs were cut off before they came to rest, so nothing is shown`,
    );
  }
  const isDrawn = /^(?:run|fault|crash) /.test(failure.where);
  const found = isDrawn ? `seed ${seed}, ${failure.where}` : failure.where;
  const keeps = host.overrides?.keeps !== false;
  const kept = keeps ? saveFailure(folder, { ...failure, test, found }, true) : undefined;
  const note =
    kept === undefined ? '' : `\nKept in ${shownPath(kept)}; it is run first from now on.`;
  throw new Broken(`${failureText({ ...failure, where: found })}${note}`);
}

/** What a test fails with: words for people, and no stack. */
class Broken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Broken';
    this.stack = '';
  }
}

function pathOf(name: string, suite: string, scenario: string | URL): string {
  const isUrl = scenario instanceof URL || scenario.startsWith('file:');
  const path = isUrl ? fileURLToPath(scenario) : resolve(dirname(suite), scenario);
  if (existsSync(path)) return path;
  const said = `there is no scenario at ${shownPath(path)} (it is looked for from the folder of the suite)`;
  throw new Error(`${shownPath(suite)}: chaosTest("${name}"): ${said}`);
}

function jobOf(test: string, suite: string, scenario: string, options: ChaosOptions): ChaosJob {
  const wrong = (said: string): never => {
    throw new Error(`${shownPath(suite)}: chaosTest("${test}"): ${said}`);
  };
  const { overrides = {} } = host;
  const profile = overrides.profile ?? options.profile;
  try {
    if (profile !== undefined) profileOf(profile);
  } catch (error) {
    wrong((error as Error).message);
  }
  for (const key of ['runs', 'forMs'] as const) {
    const value = options[key];
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      wrong(`${key} is a whole number from 1, not ${String(value)}`);
    }
  }
  const sizes: Sizes = Object.fromEntries(
    (['instances', 'runners', 'partitions'] as const).flatMap((key) => {
      const asked = options[key];
      if (asked === undefined) return [];
      const [from, to] = typeof asked === 'number' ? [asked, asked] : asked;
      if (Number.isInteger(from) && from >= 1 && Number.isInteger(to) && to >= from) {
        return [[key, { from, to }]];
      }
      return wrong(`${key} is a number from 1 or a pair such as [2, 5]`);
    }),
  );
  const seed = overrides.seed ?? options.seed ?? seedOfProcess;
  if (!Number.isInteger(seed) || seed < 0 || seed > SEED_MAX) {
    wrong(`seed is a whole number from 0 to ${SEED_MAX}, not ${seed}`);
  }
  const exhaustive = overrides.exhaustive ?? sweepOf(options, wrong);
  const asked = overrides.runs ?? overrides.forMs ?? undefined;
  const runs = asked === undefined ? options.runs : overrides.runs;
  const forMs = asked === undefined ? options.forMs : overrides.forMs;
  const corpus = overrides.corpus ?? options.corpus;
  return {
    ...{ test, suite, scenario, seed, sizes: { ...sizes, ...overrides.sizes } },
    ...(profile === undefined ? {} : { profile }),
    ...(exhaustive === undefined ? {} : { exhaustive }),
    ...(exhaustive !== undefined || (runs === undefined && forMs !== undefined)
      ? {}
      : { runs: runs ?? RUNS }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(corpus === undefined ? {} : { corpus }),
  };
}

function sweepOf(
  { exhaustive, runs }: ChaosOptions,
  wrong: (said: string) => never,
): Exhaustiveness | undefined {
  if (exhaustive === undefined || exhaustive === false) return undefined;
  if (exhaustive !== true && exhaustive !== 'pairs') {
    return wrong(`exhaustive is true, false or 'pairs', not ${JSON.stringify(exhaustive)}`);
  }
  if (runs !== undefined) {
    return wrong('exhaustive makes as many runs as there are faults: leave out runs');
  }
  return exhaustive === true ? 'singles' : exhaustive;
}

function seedNow(): number {
  const asked = process.env['WAYBILL_SEED'];
  if (asked !== undefined && asked !== '') return Number(asked);
  return commitSeed(process.env) ?? Math.floor(Math.random() * 1_000_000_000);
}
