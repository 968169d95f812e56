/*
 * A campaign of a suite in this process, and the replay of one plan: what a test runner's own worker
 * does. `waybill chaos` hands campaigns to its pool instead.
 *
 * Invariant: run `index` of a seed is the same run here and there.
 */
import { runCampaign } from '../chaos/campaign.ts';
import { type CorpusEntry, readCorpus } from '../chaos/corpus.ts';
import { currentEngine } from '../chaos/engine.ts';
import { inWords, replayCommand } from '../chaos/failure-words.ts';
import type { Violation } from '../chaos/history.ts';
import { narrate } from '../chaos/narrate.ts';
import { checkAll } from '../chaos/oracles/index.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import { profileOf } from '../chaos/profile.ts';
import { boundsOf, loadStage, type Stage } from '../chaos/stage.ts';
import { encodeToken } from '../chaos/token.ts';
import { runPlan } from '../chaos/world.ts';
import { schemas } from '../presets/schemas.ts';
import { conductSweep } from './conduct-sweep.ts';
import { shownPath } from './host.ts';
import { type ChaosFailure, type ChaosJob, type ChaosResult, INCONCLUSIVE_SHARE } from './job.ts';

export async function conduct(job: ChaosJob): Promise<ChaosResult> {
  const stage = await loadStage(shownPath(job.scenario));
  const { scenario, subject } = stage;
  const profile = profileOf(job.profile ?? scenario.faults.profile);
  const { exhaustive } = job;
  if (exhaustive !== undefined) {
    return conductSweep(stage, job, exhaustive, profile, ({ plan, violations, where }) =>
      sweepFailure(stage, plan, violations, where),
    );
  }
  const saved = job.corpus === undefined ? [] : readCorpus(job.corpus, scenario).entries;
  const result = await runCampaign({
    engine: currentEngine(schemas),
    subject,
    profile,
    bounds: boundsOf(stage, job.sizes),
    seed: job.seed,
    ...(job.runs === undefined ? {} : { runs: job.runs }),
    ...(job.forMs === undefined ? {} : { forMs: job.forMs }),
    corpus: saved,
    oracles: (history) => checkAll(history, scenario),
  });
  const [found] = result.failures;
  const runs = result.runs + result.corpusRuns;
  const checks = Object.values(result.checked).reduce((sum, count) => sum + count, 0);
  const figures = {
    runs,
    faults: result.coverage.fired,
    checks,
    inconclusive: result.inconclusive,
  };
  if (found === undefined) {
    const cutOff = result.inconclusive > runs * INCONCLUSIVE_SHARE;
    return { verdict: runs === 0 ? 'nothing' : cutOff ? 'inconclusive' : 'held', ...figures };
  }
  const { plan, story, token, violations, where } = found;
  const failure: ChaosFailure = {
    scenario: scenario.name,
    where,
    violations: inWords(violations, plan),
    story,
    token,
    command: commandOf(token, stage),
  };
  return { verdict: 'broken', ...figures, failure };
}

/** What a sweep has found is as small as it can be. */
function sweepFailure(
  stage: Stage,
  plan: FaultPlan,
  violations: readonly Violation[],
  where: string,
): ChaosFailure {
  const { scenario, subject } = stage;
  const token = encodeToken({ scenario: scenario.name, hash: scenario.hash, plan });
  const { history } = runPlan(currentEngine(schemas), subject, plan);
  return {
    scenario: scenario.name,
    where,
    violations: inWords(violations, plan),
    story: narrate(plan, history),
    token,
    command: commandOf(token, stage),
  };
}

/** Runs what was kept once more: what it still breaks, or undefined. */
export async function replayKept(
  entry: CorpusEntry,
  scenarioFile: string,
): Promise<ChaosFailure | undefined> {
  const stage = await loadStage(shownPath(scenarioFile));
  const { scenario, subject } = stage;
  const { plan, word } = entry;
  const { history } = runPlan(currentEngine(schemas), subject, plan);
  const { violations } = checkAll(history, scenario);
  if (violations.length === 0 && history.quiescent) return undefined;
  const cutOff = {
    promise: 'P9',
    oracle: 'inconclusive',
    said: 'the run was cut off before it came to rest: neither good nor bad',
  };
  return {
    scenario: scenario.name,
    where: `${entry.found ?? entry.name}, kept in ${shownPath(entry.file)}`,
    violations: violations.length === 0 ? [cutOff] : inWords(violations, plan),
    story: narrate(plan, history),
    token: word,
    command: commandOf(word, stage),
  };
}

function commandOf(token: string, { file }: Stage): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return replayCommand(fromSource ? 'npm run waybill -- chaos' : 'npx waybill chaos', token, file);
}
