/*
 * What a build server shows beside the code: an error at the file of the scenario or suite for each group
 * of failures, as a workflow command of GitHub Actions, and the summary of a job in Markdown.
 */
import type { CampaignReport, ChaosReport } from './chaos-model.ts';
import type { ReplayedTest } from './junit.ts';
import { thousands } from './html.ts';

/** Lines for the log of a job; nothing, if all held. */
export function githubAnnotations(
  { campaigns }: ChaosReport,
  replayed: readonly ReplayedTest[] = [],
): string[] {
  return [
    ...campaigns.flatMap(annotationsOf),
    ...replayed
      .filter(({ said }) => said !== '')
      .map(({ name, said, suite }) => command(suite, `${name} fails again`, said)),
  ];
}

function annotationsOf(campaign: CampaignReport): string[] {
  const { counts, failure, file, groups, scenario, suite, test, verdict } = campaign;
  const at = suite ?? file;
  const name = test ?? scenario;
  if (verdict === 'held') return [];
  if (verdict !== 'broken') {
    const said = `${counts.inconclusive} of ${counts.runs} runs were cut off, or not all was tried. Nothing is shown: this is no pass.`;
    return [command(at, `${name}: inconclusive`, said)];
  }
  return groups.map(({ command: replay, count, oracle, said }, index) => {
    const story = index === 0 ? (failure?.story ?? []) : [];
    const often = count > 1 ? [`${count} failures of this kind.`] : [];
    const lines = [said, ...story, ...often, `Replay it: ${replay}`];
    return command(at, `${name}: ${oracle}`, lines.join('\n'));
  });
}

function command(file: string, title: string, message: string): string {
  return `::error file=${property(file)},line=1,title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const SIGNS: Readonly<Record<CampaignReport['verdict'], string>> = {
  held: '✅ held',
  broken: '❌ broken',
  inconclusive: '⚠️ inconclusive',
  nothing: '⚠️ nothing run',
};

/** The summary of a job: a row for each campaign, and how to see a failure again. */
export function markdownSummary({ campaigns }: ChaosReport): string {
  const rows = campaigns.map(
    ({ counts, profile, scenario, seed, test, verdict }) =>
      `| ${cell(test ?? scenario)} | ${SIGNS[verdict]} | ${thousands(counts.runs)} | ${thousands(counts.faults)} | ${thousands(counts.checks)} | ${cell(profile.name)} | ${seed} |`,
  );
  const told = campaigns.flatMap(({ failure, scenario, test }) => {
    if (failure === undefined) return [];
    const { command: replay, promise, says, story, violations } = failure;
    const said = violations.map((one) => `- ${plain(one.said)} (${plain(one.oracle)})`);
    const faults = story.map(verbatim);
    return [
      `### ${plain(test ?? scenario)}: ${plain(promise === 'yours' ? says : `${promise} ${says}`)}`,
      ...[said.join('\n'), faults.join('\n'), verbatim(replay)].filter((part) => part !== ''),
    ];
  });
  return [
    '## Waybill chaos',
    [
      '| | | runs | faults | checks | profile | seed |',
      '|---|---|--:|--:|--:|---|--:|',
      ...rows,
    ].join('\n'),
    ...told,
    '',
  ].join('\n\n');
}

function cell(text: string): string {
  return plain(text).replaceAll('|', String.raw`\|`);
}

/** A line that is shown as it stands. */
function verbatim(text: string): string {
  return `    ${text.replaceAll(/\s+/g, ' ')}`;
}

/** Texts of a report may hold anything; here they are only ever words. */
function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_<>#[\]]/g, (sign) => `\\${sign}`);
}
