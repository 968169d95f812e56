/* The table of figures in README.md, generated. Pure. */
import { figureText } from '../../src/report/bench-charts.ts';
import { decimal, thousands } from '../../src/report/html.ts';
import { cellOf, type Measured } from './page.ts';

const START = '<!-- bench: npm run bench && npm run bench:check -- --accept -->';
const END = '<!-- /bench -->';

const NAMES: Readonly<Record<string, string>> = {
  memory: 'in memory',
  'embedded-normal': 'one file, `NORMAL`',
  embedded: 'one file, `FULL`',
  live: 'Kafka and PostgreSQL',
  'embedded-journal': 'one file, journal',
  'live-journal': 'Kafka and PostgreSQL, journal',
};

export function headline({ at, commit, figures, machine }: Measured): string {
  const rows = figures
    .filter(({ cell }) => cell.workload === 'seq10' && [1, 256].includes(cell.concurrency ?? 0))
    .map(cellOf)
    .toSorted((a, b) => order(a.mode) - order(b.mode) || a.callers! - b.callers!)
    .map(({ callers, cpuUsPerStep, latency, mode, perStep, shareOfBare, stepsPerSecond }) =>
      [
        NAMES[mode] ?? mode,
        thousands(callers!),
        thousands(stepsPerSecond),
        ms(latency.p50),
        ms(latency.p99),
        `${figureText(cpuUsPerStep)} us`,
        figureText(perStep.records),
        figureText(perStep.storeRows),
        figureText(perStep.commits),
        shareOfBare === null ? '-' : `${decimal(shareOfBare * 100)} %`,
      ].join(' | '),
    );
  const heads = [
    'ten calls in a row',
    'callers',
    'steps/s',
    'p50 of a run',
    'p99',
    'CPU a step',
    'records a step',
    'Store rows',
    'commits',
    'of the bare ground',
  ];
  const noisy = Math.max(...figures.map(({ otherCores }) => otherCores ?? 0));
  const quiet =
    noisy > 0.25 ? `; other processes used up to ${decimal(noisy)} cores meanwhile` : '';
  const note = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node.slice(1)}, ${at.slice(0, 10)}, \`${commit}\`${quiet}.`;
  return [
    `| ${heads.join(' | ')} |`,
    `|${heads.map((_, index) => (index === 0 ? '---|' : '--:|')).join('')}`,
    ...rows.map((row) => `| ${row} |`),
    '',
    note,
  ].join('\n');
}

function ms(value: number): string {
  return Number.isFinite(value) ? `${figureText(value)} ms` : '-';
}

function order(mode: string): number {
  return Object.keys(NAMES).indexOf(mode);
}

/** README.md with that table between its marks. */
export function withHeadline(readme: string, table: string): string {
  const from = readme.indexOf(START);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md lacks ${START} and ${END}`);
  return `${readme.slice(0, from)}${START}\n\n${table}\n\n${readme.slice(to)}`;
}
