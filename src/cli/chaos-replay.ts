/*
 * `waybill chaos --replay TOKEN [SCENARIO]`: the one run of a token, made again and shown: what happened,
 * what broke, and the hash that says whether it is the same run.
 */
import pc from 'picocolors';
import { decodeToken, type Token, TokenError } from '../chaos/token.ts';
import type { CampaignReport, RunReport } from '../report/chaos-model.ts';
import { Destination } from './chaos-destination.ts';
import { counted, wrap } from './chaos-numbers.ts';
import { type ChaosFlags, profile } from './chaos-options.ts';
import { failureOf, promisesOf, runReport, type ShownRun } from './chaos-report.ts';
import type { Stage } from '../chaos/stage.ts';
import { openEngine, openStage, scenarioNamed } from './chaos-scenarios.ts';
import { emptyResult } from './chaos-slice.ts';
import { matrixOf } from './chaos-matrix.ts';
import { thisCommand } from './this-command.ts';
import { UserError } from './user-error.ts';
import { print } from './validate.ts';

export async function replay(paths: readonly string[], flags: ChaosFlags): Promise<number> {
  const call = thisCommand(flags.engine);
  const token = tokenOf(flags.replay ?? '');
  const stage = await stageOf(token, paths, flags.force === true);
  const destination = new Destination(flags, `${stage.scenario.name}-replay`);
  const engine = await openEngine(flags.engine);
  const begun = performance.now();
  const shown = runReport(stage, engine, token.plan, 'replay', call);
  const again = runReport(stage, engine, token.plan, 'replay', call);
  const both = compared(shown, again);
  const report = replayReport(stage, both, performance.now() - begun);
  const text = replayText(stage, both, destination.page);
  if (destination.jsonOnStdout) process.stderr.write(text);
  else print(text);
  destination.write([report]);
  return report.verdict === 'held' ? 0 : 1;
}

/** P12 joins the promises: the run was made twice. */
function compared(shown: ShownRun, again: ShownRun): ShownRun {
  const checked = { ...shown.checked, P12: 1 };
  if (shown.report.traceHash === again.report.traceHash) return { ...shown, checked };
  const said = 'made twice from one token, the run was not the same';
  const violation = { promise: 'P12', oracle: 'p12-same-seed-same-run', said };
  return { ...shown, checked, violations: [...shown.violations, violation] };
}

function tokenOf(text: string): Token {
  try {
    return decodeToken(text);
  } catch (error) {
    if (error instanceof TokenError) throw new UserError(`--replay: ${error.message}`);
    throw error;
  }
}

async function stageOf(token: Token, paths: readonly string[], force: boolean): Promise<Stage> {
  if (paths.length > 1) throw new UserError('--replay takes one scenario, the one of the token');
  const file = paths[0] ?? scenarioNamed(token.scenario);
  if (file === undefined) {
    throw new UserError(
      `the token is of the scenario ${JSON.stringify(token.scenario)}, which is not in scenarios/; name its file behind the token`,
    );
  }
  const stage = await openStage(file);
  const { hash, name } = stage.scenario;
  if (name !== token.scenario) {
    throw new UserError(
      `the token is of the scenario ${JSON.stringify(token.scenario)}, and ${file} is ${JSON.stringify(name)}`,
    );
  }
  if (hash !== token.hash && !force) {
    throw new UserError(
      `${file} has changed since the token was made (${token.hash.slice(0, 12)}, now ${hash.slice(0, 12)}); --force replays it all the same`,
    );
  }
  return stage;
}

function replayText(
  stage: Stage,
  { quiescent, report, violations }: ShownRun,
  page: string | undefined,
): string {
  const { size, story, traceHash } = report;
  const sizes = [
    counted(size.instances, 'instance'),
    counted(size.runners, 'runner'),
    counted(size.partitions, 'partition'),
    counted(size.faults, 'fault'),
  ].join(', ');
  const lines = [`${pc.bold(stage.scenario.name)}  one run: ${sizes}`, ''];
  for (const line of story) lines.push(...indented(line));
  if (story.length === 0) lines.push('  no fault');
  lines.push('');
  for (const { oracle, promise, said } of violations) {
    lines.push(pc.red(`  ✗ ${promise} broken (${oracle})`), ...indented(said));
  }
  if (!quiescent) lines.push(pc.yellow('  the run was cut off before it came to rest'));
  if (violations.length === 0 && quiescent) {
    lines.push(pc.green('  ✓ every promise held in this run'));
  }
  lines.push('', `  ${pc.bold('Trace')}   ${traceHash}`);
  if (page !== undefined) lines.push(`  ${pc.bold('Report')}  ${page}`);
  return `${lines.join('\n')}\n`;
}

function indented(text: string): string[] {
  return wrap(text, 74).map((line, at) => `${at === 0 ? '    ' : '       '}${line}`);
}

/** A replay as a campaign of one run. */
function replayReport(
  stage: Stage,
  { checked, quiescent, report, violations }: ShownRun,
  elapsedMs: number,
): CampaignReport {
  const { scenario } = stage;
  const { instances, partitions, runners } = report.size;
  const empty = emptyResult();
  const { name, says } = profile('everything');
  const records = report.timeline.marks.filter(({ kind }) => kind === 'record').length;
  return {
    scenario: scenario.name,
    summary: scenario.summary,
    file: stage.file,
    profile: { name, says },
    seed: 0,
    replay: true,
    verdict: violations.length > 0 ? 'broken' : quiescent ? 'held' : 'inconclusive',
    interrupted: false,
    sizes: {
      instances: String(instances),
      runners: String(runners),
      partitions: String(partitions),
    },
    counts: {
      runs: 1,
      corpusRuns: 0,
      repeated: 1,
      instances,
      steps: records,
      faults: report.size.faults,
      checks: Object.values(checked).reduce((sum, count) => sum + count, 0),
      takeovers: 0,
      voidRecords: 0,
      inconclusive: quiescent ? 0 : 1,
      elapsedMs,
      runsPerSecond: 0,
      stepsPerSecond: 0,
      workers: 0,
    },
    promises: promisesOf(checked, violations),
    faults: [],
    matrix: { ...matrixOf(profile('calm'), empty.coverage, false), rows: [] },
    states: { columns: [], rows: [] },
    situations: [],
    gestures: [],
    outcomes: [],
    pace: [],
    notes: [],
    again: report.command,
    groups: [],
    ...parts(report, violations),
  };
}

function parts(
  report: RunReport,
  violations: ShownRun['violations'],
): Pick<CampaignReport, 'failure' | 'sample'> {
  if (violations.length === 0) return { sample: report };
  return { failure: failureOf(report, violations, false) };
}
