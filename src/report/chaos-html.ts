/*
 * The page of a chaos report: one self-contained HTML file, light and dark by the reader's preference,
 * for wide and narrow screens, no fonts or scripts to fetch. Pure: the page is a function of the data.
 *
 * Invariants: every text of the data goes through escapeHtml; the page is whole without its script.
 */
import type { CampaignReport, ChaosReport, FailureReport, RunReport } from './chaos-model.ts';
import { SCRIPT } from './chaos-script.ts';
import {
  coverageSection,
  factsSection,
  faultsSection,
  groupsSection,
  outcomesSection,
  promisesSection,
  sweepSection,
} from './chaos-sections.ts';
import { STYLE } from './chaos-style.ts';
import { timelineFigure } from './chaos-timeline-svg.ts';
import { counted, escapeHtml } from './html.ts';

export function chaosHtml(report: ChaosReport): string {
  const { campaigns, made, version } = report;
  const title = campaigns.length === 1 ? (campaigns[0]?.scenario ?? '') : 'Waybill chaos';
  const broken = campaigns.some(({ verdict }) => verdict === 'broken');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} - ${broken ? 'broken' : 'chaos report'}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="top"><b>Waybill</b> chaos report<span>${escapeHtml(made.slice(0, 16).replace('T', ' '))} UTC</span><span>engine ${escapeHtml(version)}</span></header>
${campaigns.length > 1 ? contents(campaigns) : ''}
${campaigns.map(article).join('\n')}
<footer>Every run is decided by its token: whoever replays it sees the same run, record for record. How to read this page: reports/README.md.</footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function contents(campaigns: readonly CampaignReport[]): string {
  const links = campaigns.map(({ counts, scenario, test, verdict }, index) => {
    const figures = `${counted(counts.runs, 'run')}, ${counted(counts.faults, 'fault')}`;
    return `<li class="${verdict}"><a href="#c${index}">${escapeHtml(test ?? scenario)}</a><span>${figures}</span><b>${VERDICT_WORDS[verdict]}</b></li>`;
  });
  return `<nav><ol>${links.join('')}</ol></nav>`;
}

const VERDICT_WORDS: Readonly<Record<CampaignReport['verdict'], string>> = {
  held: 'held',
  broken: 'broken',
  inconclusive: 'inconclusive',
  nothing: 'nothing run',
};

function article(report: CampaignReport, index: number): string {
  const { failure, sample, verdict } = report;
  const single = report.replay === true;
  return `<article id="c${index}" class="${verdict}">
${headline(report)}
${sweepSection(report)}
${groupsSection(report)}
${failure === undefined ? '' : failureSection(failure, `t${index}`)}
${single ? '' : factsSection(report)}
<div class="columns">
${promisesSection(report)}
${single ? '' : outcomesSection(report)}
</div>
${single ? '' : faultsSection(report)}
${single ? '' : coverageSection(report)}
${sample === undefined ? '' : sampleSection(sample, `t${index}`, single)}
${notes(report)}
${againSection(report)}
</article>`;
}

function headline(report: CampaignReport): string {
  const { counts, failure, interrupted, scenario, summary, test, verdict } = report;
  const figures = `${counted(counts.runs, 'simulated run')}, ${counted(counts.instances, 'instance')}, ${counted(counts.faults, 'fault')}`;
  const one = report.replay === true;
  const said = {
    held: one ? 'Every promise held in this run.' : 'Every promise held.',
    broken: failure === undefined ? 'A promise is broken.' : brokenWords(failure),
    inconclusive: 'This says nothing: too much was cut off.',
    nothing: 'No run was finished.',
  }[verdict];
  const stopped = interrupted
    ? '<p class="hint">Stopped by hand: this is what was seen until then.</p>'
    : '';
  return `<section class="headline">
<p class="scenario">${escapeHtml(test === undefined ? scenario : `${test} (${scenario})`)}</p>
<h1>${escapeHtml(said)}</h1>
<p class="lead">${escapeHtml(summary)}</p>
${one ? '' : `<p class="figures">${figures}</p>`}${stopped}
</section>`;
}

/** What the scenario itself demands has a name of its own, before the first colon. */
function brokenWords({ promise, says, violations }: FailureReport): string {
  const words = says.slice(0, 1).toLowerCase() + says.slice(1);
  if (promise !== 'yours') return `${promise} is broken: ${words}`;
  return `Broken: ${violations[0]?.said.split(': ')[0] ?? words}`;
}

function failureSection(failure: FailureReport, id: string): string {
  const { minimal, size, story, timeline, violations, where } = failure;
  const said = violations.map(
    ({ oracle, promise, said: words }) =>
      `<li><b>${escapeHtml(promise)}</b> ${escapeHtml(words)} <code>${escapeHtml(oracle)}</code></li>`,
  );
  const extent = `${sizeText(size)}${minimal ? '; no fault can be taken away without the failure going away' : ''}`;
  return `<section class="failure">
<h2>What is wrong</h2>
<ul class="violations">${said.join('')}</ul>
<h2>${minimal ? 'The smallest plan that shows it' : 'A plan that shows it'}</h2>
<p class="hint">${escapeHtml(extent)}. Found in ${escapeHtml(where)}.</p>
${storyList(story)}
${copyBox('Replay it', failure)}
<h2>What happened</h2>
${timelineFigure(timeline, id)}
</section>`;
}

function sampleSection(sample: RunReport, id: string, only: boolean): string {
  return `<section class="sample">
<h2>${only ? 'What happened' : 'One of these runs, as it happened'}</h2>
<p class="hint">${escapeHtml(sizeText(sample.size))}${only ? '' : ` (${escapeHtml(sample.where)})`}. Every mark is a record, a call or a fault; point at one to see what it says and what it led to.</p>
<details class="told"${only ? ' open' : ''}><summary>${sample.story.length === 0 ? 'No fault was planned' : 'The faults, in order'}</summary>${storyList(sample.story)}</details>
${timelineFigure(sample.timeline, id)}
${only ? '' : copyBox('Replay this run', sample)}
</section>`;
}

function sizeText({ faults, instances, partitions, runners }: RunReport['size']): string {
  return [
    counted(instances, 'instance'),
    counted(runners, 'runner'),
    counted(partitions, 'partition'),
    counted(faults, 'fault'),
  ].join(', ');
}

/** As many faults are read; of more, the rest is folded away, as is what never fired. */
const STORY_MAX = 30;

function storyList(story: readonly string[]): string {
  const fired = story.filter((line) => !line.startsWith('-')).map(storyLine);
  const never = story.filter((line) => line.startsWith('-')).map(storyLine);
  const shown = fired.slice(0, STORY_MAX);
  const rest = fired.slice(STORY_MAX);
  return [
    shown.length === 0 ? '' : `<ol class="story">${shown.join('')}</ol>`,
    rest.length === 0
      ? ''
      : `<details class="told"><summary>${counted(rest.length, 'more fault')}</summary><ol class="story" start="${STORY_MAX + 1}">${rest.join('')}</ol></details>`,
    never.length === 0
      ? ''
      : `<details class="told"${story.length <= STORY_MAX ? ' open' : ''}><summary>Planned, and never fired: ${counted(never.length, 'fault')}</summary><ul class="story never">${never.join('')}</ul></details>`,
  ].join('');
}

/** The numbers are drawn by the list. */
function storyLine(line: string): string {
  const text = line.replace(/^(?:\d+\.|-)\s+(?:never fired: )?/, '');
  return `<li>${escapeHtml(text)}</li>`;
}

function copyBox(label: string, { command, token }: RunReport): string {
  return `<div class="copy"><b>${label}</b><code>${escapeHtml(command)}</code><button type="button" data-copy="${escapeHtml(command)}">copy command</button><button type="button" data-copy="${escapeHtml(token)}">copy token</button></div>`;
}

function notes({ notes: all }: CampaignReport): string {
  if (all.length === 0) return '';
  return `<section class="notes"><h2>Notes</h2><ul>${all.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></section>`;
}

function againSection({ again, replay, seed }: CampaignReport): string {
  if (replay === true) return '';
  return `<section><h2>The same campaign again</h2><div class="copy"><b>Seed ${seed}</b><code>${escapeHtml(again)}</code><button type="button" data-copy="${escapeHtml(again)}">copy command</button></div></section>`;
}
