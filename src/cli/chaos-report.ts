/*
 * From what a campaign did to what its report says: every number in words, the failure or a sample run
 * made once more to be shown.
 *
 * Invariant: the runs that are shown are run again from their plans, so what is drawn is what a replay
 * of their tokens gives.
 */
import type { Profile } from '../chaos/profile.ts';
import type { Engine } from '../chaos/engine.ts';
import { planArbitrary } from '../chaos/generate.ts';
import type { Violation } from '../chaos/history.ts';
import { planOf } from '../chaos/campaign.ts';
import {
  inWords,
  promiseWords,
  replayCommand,
  rowOf,
  ROWS,
  shellWord,
} from '../chaos/failure-words.ts';
import { unexercised } from '../chaos/exercised.ts';
import { narrate } from '../chaos/narrate.ts';
import { checkAll, ORACLES, readLogs } from '../chaos/oracles/index.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import { OutcomeTally } from '../chaos/scenario/index.ts';
import { encodeToken } from '../chaos/token.ts';
import { triage } from '../chaos/triage.ts';
import { traceHash } from '../chaos/trace-hash.ts';
import { runPlan } from '../chaos/world.ts';
import type {
  CampaignReport,
  FailureReport,
  OutcomeRow,
  PromiseRow,
  RunReport,
  Verdict,
} from '../report/chaos-model.ts';
import type { CampaignOutcome } from './chaos-campaign.ts';
import { matrixOf, statesOf } from './chaos-matrix.ts';
import type { ChaosSettings } from './chaos-options.ts';
import { boundsOf, type Stage } from '../chaos/stage.ts';
import type { FoundFailure, SliceResult } from './chaos-slice.ts';
import { RunNames } from './chaos-run-names.ts';
import { timelineOf } from './chaos-timeline.ts';
import { faultOrder, faultWords, SITUATIONS } from './chaos-words.ts';

/** More runs than this share that were cut off, and the campaign has not shown anything. */
const INCONCLUSIVE_SHARE = 0.01;

export interface ReportInput {
  readonly stage: Stage;
  readonly engine: Engine;
  readonly profile: Profile;
  readonly settings: ChaosSettings;
  readonly outcome: CampaignOutcome;
  readonly notes: readonly string[];
  /** `npx waybill chaos` or however it was called */
  readonly call: string;
  /** of a sweep */
  readonly exhaustive?: CampaignReport['exhaustive'];
}

export function campaignReport(input: ReportInput): CampaignReport {
  const { call, outcome, profile, settings, stage } = input;
  const { elapsedMs, interrupted, pace, result } = outcome;
  const bounds = boundsOf(stage, settings.sizes);
  const verdict = verdictOf(result, input.exhaustive);
  // A sweep is over one workload: the shares of its ends say nothing.
  const outcomes = input.exhaustive === undefined ? outcomesOf(result, stage) : [];
  const perSecond = (count: number): number => (count / Math.max(1, elapsedMs)) * 1_000;
  const { failures, sample } = result;
  const [failure] = failures;
  return {
    scenario: stage.scenario.name,
    summary: stage.scenario.summary,
    file: stage.file,
    profile: { name: profile.name, says: profile.says },
    seed: settings.seed,
    verdict,
    interrupted,
    sizes: {
      instances: rangeText(bounds.instances),
      runners: rangeText(bounds.runners),
      partitions: rangeText(bounds.partitions),
    },
    counts: {
      runs: result.runs,
      corpusRuns: result.corpusRuns,
      repeated: result.repeated,
      instances: result.instances,
      steps: result.steps,
      faults: result.coverage.fired,
      checks: Object.values(result.checked).reduce((sum, count) => sum + count, 0),
      takeovers: result.coverage.takeovers,
      voidRecords: result.coverage.voidRecords,
      inconclusive: result.inconclusive,
      elapsedMs,
      runsPerSecond: perSecond(result.runs + result.corpusRuns),
      stepsPerSecond: perSecond(result.steps),
      workers: settings.workers,
    },
    promises: promisesOf(
      result.checked,
      failures.flatMap(({ violations }) => violations),
    ),
    faults: [...result.coverage.kinds]
      .map(([kind, { fired, planned }]) => ({ kind, says: faultWords(kind), planned, fired }))
      .sort((a, b) => faultOrder(a.kind) - faultOrder(b.kind)),
    matrix: matrixOf(profile, result.coverage, bounds.listens === true),
    states: statesOf(profile, result.coverage),
    situations: (Object.keys(SITUATIONS) as (keyof typeof SITUATIONS)[]).map((name) => ({
      says: SITUATIONS[name],
      count: result.coverage.situations[name],
    })),
    gestures: [...result.coverage.gestures]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count),
    outcomes,
    pace,
    notes: [
      ...input.notes,
      ...rarePaths(outcomes),
      ...(input.exhaustive === undefined && verdict === 'held'
        ? neverStruck(profile, result, bounds.listens === true)
        : []),
    ],
    again: againText(input),
    groups: groupsOf(input, failures),
    ...(failure === undefined ? {} : { failure: failureReport(input, failure) }),
    ...(input.exhaustive === undefined ? {} : { exhaustive: input.exhaustive }),
    ...(verdict !== 'held' || sample === undefined
      ? {}
      : {
          sample: runReport(
            stage,
            input.engine,
            planOf(planArbitrary(profile, bounds), settings.seed, sample.index),
            `run ${sample.index}`,
            call,
          ).report,
        }),
  };
}

function verdictOf(result: SliceResult, exhaustive: CampaignReport['exhaustive']): Verdict {
  if (result.failures.length > 0) return 'broken';
  const runs = result.runs + result.corpusRuns;
  if (runs === 0) return 'nothing';
  // What was cut off has not shown that nothing was left out.
  if (exhaustive !== undefined && !exhaustive.complete) return 'inconclusive';
  return result.inconclusive > runs * INCONCLUSIVE_SHARE ? 'inconclusive' : 'held';
}

/** All promises in order, those without anything to check included; broken ones by their violations. */
export function promisesOf(
  checked: Readonly<Record<string, number>>,
  violations: readonly Violation[],
): PromiseRow[] {
  const rows = new Map<
    string,
    { checks: number; broken: number; parts: PromiseRow['parts'][number][] }
  >();
  const row = (
    id: string,
  ): { checks: number; broken: number; parts: PromiseRow['parts'][number][] } => {
    let found = rows.get(id);
    if (found === undefined) rows.set(id, (found = { checks: 0, broken: 0, parts: [] }));
    return found;
  };
  for (const { name, promise, says } of ORACLES) {
    const into = row(rowOf(promise));
    const checks = checked[name] ?? 0;
    into.checks += checks;
    into.parts.push({ name, says, checks });
  }
  const twice = checked['P12'] ?? 0;
  const says = 'a run that is made twice is the same, record for record';
  row('P12').checks += twice;
  row('P12').parts.push({ name: 'p12-same-seed-same-run', says, checks: twice });
  for (const { promise } of violations) row(rowOf(promise)).broken += 1;
  return [...rows]
    .map(([id, counts]) => ({ id, says: promiseWords(id), ...counts }))
    .sort((a, b) => orderOf(a.id) - orderOf(b.id));
}

function orderOf(row: string): number {
  const at = ROWS.indexOf(row);
  return at < 0 ? ROWS.length : at;
}

function outcomesOf(result: SliceResult, { scenario }: Stage): OutcomeRow[] {
  const tally = new OutcomeTally(scenario);
  tally.addCounts(result.outcomes, result.outcomeRuns);
  return tally.shares().map(({ expected, path, runs, share }) => {
    const enough = isEnough(runs, result.outcomeRuns, expected);
    return { path, instances: runs, share, expected, enough };
  });
}

/** A path is too rare when chance alone would hardly make it so (three standard deviations). */
function isEnough(taken: number, of: number, expected: number): boolean {
  return taken >= of * expected - 3 * Math.sqrt(of * expected * (1 - expected));
}

function rarePaths(outcomes: readonly OutcomeRow[]): string[] {
  return outcomes
    .filter(({ enough }) => !enough)
    .map(({ expected, path, share }) => {
      return `"${path}" was taken by ${percent(share)} of the instances; the scenario expects at least ${percent(expected)}.`;
    });
}

/** Runs after which a fault that has not struck is worth a word. */
const STRUCK_BY = 200;

/** O28: what did not happen has proved nothing. */
function neverStruck(
  profile: Profile,
  { coverage, checked, runs }: SliceResult,
  listens: boolean,
): string[] {
  const { gestures, kinds } = unexercised([profile], coverage, checked, listens);
  const names = [...kinds.map(faultWords), ...gestures.map((name) => `"${name}" as a whole`)];
  if (runs < STRUCK_BY || names.length === 0) return [];
  return [`What never struck in these runs: ${names.join(', ')}.`];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function failureReport({ call, engine, stage }: ReportInput, found: FoundFailure): FailureReport {
  const { report, violations } = runReport(stage, engine, found.plan, found.where, call);
  const seen = violations.length > 0 ? violations : inWords(found.violations, found.plan);
  return failureOf(report, seen, found.minimal);
}

/** Failures that are most likely one bug, each with a command that shows one of them. */
function groupsOf(
  { call, stage }: ReportInput,
  failures: readonly FoundFailure[],
): CampaignReport['groups'] {
  const { hash, name } = stage.scenario;
  return triage(failures).map(({ kinds, members, oracle, promise }) => {
    const [first] = members;
    const plan = first?.plan;
    return {
      ...{ oracle, promise, count: members.length },
      faults: kindsInWords(kinds),
      said: plan === undefined ? '' : (inWords(first?.violations ?? [], plan)[0]?.said ?? ''),
      where: first?.where ?? '',
      command:
        plan === undefined
          ? ''
          : replayCommand(call, encodeToken({ scenario: name, hash, plan }), stage.file),
    };
  });
}

/** `2 x crash before a call`: what comes more than once is said once. */
function kindsInWords(kinds: readonly string[]): string[] {
  return [...new Set(kinds)].map((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 1 ? faultWords(kind) : `${count} x ${faultWords(kind)}`;
  });
}

export function failureOf(
  report: RunReport,
  violations: readonly Violation[],
  minimal: boolean,
): FailureReport {
  const row = rowOf(violations[0]?.promise ?? '');
  return {
    ...report,
    promise: row === 'rules' ? (violations[0]?.promise ?? row) : row,
    says: promiseWords(row),
    violations: violations.map(({ oracle, promise, said }) => ({ promise, oracle, said })),
    minimal,
  };
}

export interface ShownRun {
  readonly report: RunReport;
  readonly violations: readonly Violation[];
  readonly checked: Readonly<Record<string, number>>;
  readonly quiescent: boolean;
}

/** Runs a plan to show it. */
export function runReport(
  stage: Stage,
  engine: Engine,
  plan: FaultPlan,
  where: string,
  call: string,
): ShownRun {
  const { scenario, subject } = stage;
  const { history } = runPlan(engine, subject, plan);
  const { checked, violations } = checkAll(history, scenario);
  const token = encodeToken({ scenario: scenario.name, hash: scenario.hash, plan });
  const { instances, partitions, runners } = plan;
  const names = new RunNames(plan, readLogs(history.logs));
  const report: RunReport = {
    where,
    size: { instances: instances.length, runners, partitions, faults: plan.faults.length },
    story: narrate(plan, history).map((line) => names.inText(line)),
    token,
    command: replayCommand(call, token, stage.file),
    traceHash: traceHash(history),
    timeline: timelineOf(plan, history, violations),
  };
  return { report, violations: inWords(violations, plan), checked, quiescent: history.quiescent };
}

function againText({ call, exhaustive, outcome, profile, settings, stage }: ReportInput): string {
  const runs = String(Math.max(1, outcome.result.runs));
  const words = [call, shellWord(stage.file)];
  if (exhaustive === undefined) words.push('--runs', runs);
  else words.push('--exhaustive', exhaustive.pairs > 0 ? 'pairs' : 'singles');
  words.push('--seed', String(settings.seed));
  if (settings.profile !== undefined) words.push('--profile', profile.name);
  for (const [name, range] of Object.entries(settings.sizes)) {
    words.push(`--${name}`, `${range.from}..${range.to}`);
  }
  return words.join(' ');
}

function rangeText({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${from}-${to}`;
}
