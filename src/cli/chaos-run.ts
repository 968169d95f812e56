/*
 * One campaign over the pool, from its stage to its report: what `waybill chaos` does for a scenario
 * and for each test of a suite.
 */
import { replayCommand } from '../chaos/failure-words.ts';
import { readCorpus, saveFailure } from '../chaos/corpus.ts';
import type { Profile } from '../chaos/profile.ts';
import { boundsOf, type Sizes, type Stage } from '../chaos/stage.ts';
import type { CampaignReport } from '../report/chaos-model.ts';
import { planOf } from '../chaos/campaign.ts';
import { planArbitrary } from '../chaos/generate.ts';
import { encodeToken } from '../chaos/token.ts';
import { CampaignRun, RunEndless } from './chaos-campaign.ts';
import { type ChaosFlags, type ChaosSettings, DEFAULT_CORPUS } from './chaos-options.ts';
import type { Worker } from './chaos-pool.ts';
import { ProgressLine } from './chaos-progress.ts';
import { campaignReport } from './chaos-report.ts';
import { openEngine } from './chaos-scenarios.ts';
import { profileFor } from './chaos-slice.ts';

/** What all campaigns of a command share. */
export interface Conditions {
  readonly workers: readonly Worker[];
  readonly flags: ChaosFlags;
  readonly settings: ChaosSettings;
  /** `npx waybill chaos` or however it was called */
  readonly call: string;
}

export interface Goal {
  readonly forMs: number | undefined;
  readonly runs: number | undefined;
}

/** What a test of a suite wants in place of what the command line says for all. */
export interface Aim {
  readonly profile?: Profile;
  readonly seed?: number;
  readonly sizes?: Sizes;
  readonly corpus?: string;
  readonly title?: string;
}

export function ownSettings(settings: ChaosSettings, aim: Aim): ChaosSettings {
  return {
    ...settings,
    seed: aim.seed ?? settings.seed,
    sizes: { ...settings.sizes, ...aim.sizes },
    profile: aim.profile ?? settings.profile,
  };
}

export async function campaignOf(
  stage: Stage,
  goal: Goal,
  { call, flags, settings, workers }: Conditions,
  aim: Aim = {},
): Promise<CampaignReport> {
  const { file, scenario } = stage;
  const own = ownSettings(settings, aim);
  const profile = profileFor(stage, own.profile);
  const corpus = readCorpus(aim.corpus ?? flags.corpus ?? DEFAULT_CORPUS, scenario);
  const from = own.seedFrom === 'commit' ? ' (from the commit)' : '';
  const title = aim.title ?? scenario.name;
  if (aim.title === undefined) {
    process.stderr.write(`breaking ${title}, profile ${profile.name}, seed ${own.seed}${from}\n`);
  }
  const run = new CampaignRun(
    {
      ...goal,
      file,
      engine: flags.engine,
      seed: own.seed,
      profile: profile.name,
      sizes: own.sizes,
      corpus: corpus.entries,
      keepGoing: own.keepGoing,
    },
    workers,
  );
  const line = new ProgressLine(title, goal, () => run.progress());
  const endless = ({ index, message }: RunEndless): RunEndless => {
    const said = `${title}: ${message}. P9 is broken, or the world is far too large.`;
    if (index === undefined) return new RunEndless(said, index);
    const plan = planOf(planArbitrary(profile, boundsOf(stage, own.sizes)), own.seed, index);
    const token = encodeToken({ scenario: scenario.name, hash: scenario.hash, plan });
    return new RunEndless(
      `${said}\nTo look where it goes round: ${replayCommand(call, token, file)}`,
      index,
    );
  };
  const interrupts = onInterrupt(() => run.stop());
  try {
    const outcome = await run.run();
    line.stop();
    const engine = await openEngine(flags.engine);
    const { notes } = corpus;
    return campaignReport({ stage, engine, profile, settings: own, outcome, notes, call });
  } catch (error) {
    throw error instanceof RunEndless ? endless(error) : error;
  } finally {
    line.stop();
    interrupts();
  }
}

/** What another engine breaks is no concern of this one, unless the user says where to keep it. */
export function keep(
  { failure, scenario, seed }: CampaignReport,
  { corpus, engine }: ChaosFlags,
): void {
  if (failure === undefined || (engine !== undefined && corpus === undefined)) return;
  const found = failure.where.startsWith('run ') ? `seed ${seed}, ${failure.where}` : failure.where;
  const kept = saveFailure(corpus ?? DEFAULT_CORPUS, { ...failure, scenario, found });
  if (kept !== undefined) process.stderr.write(`kept for the next campaign: ${kept}\n`);
}

/** A terminal and a launcher may both pass on one Ctrl-C. */
const SAME_PRESS_MS = 300;

export function onInterrupt(stop: () => void): () => void {
  let last = -Infinity;
  const heard = (): void => {
    const now = performance.now();
    if (now - last > SAME_PRESS_MS) stop();
    last = now;
  };
  process.on('SIGINT', heard);
  process.on('SIGTERM', heard);
  return () => {
    process.off('SIGINT', heard);
    process.off('SIGTERM', heard);
  };
}
