/*
 * What was found, in words: lines of text without colours, the same in a terminal, in a test that fails
 * and in a page.
 */
import type { Difference } from './diff.ts';
import type { FindingGroup, FindingKind } from './tally.ts';

export type Tone = 'bad' | 'unsure' | 'name' | 'quiet' | 'plain';

/** A line of text in parts, each in its tone. */
export type Line = readonly (readonly [tone: Tone, text: string])[];

const DIFFERENCES_SHOWN = 4;
const VALUE_COLUMNS = 96;

const TITLES: Readonly<Record<FindingKind, string>> = {
  differs: 'differs',
  breaks: 'breaks',
  depends: 'not checkable',
  unknown: 'not checkable',
};

/** A group of runs with its first difference. */
export function groupLines(group: FindingGroup): Line[] {
  const { first, inFlight, kind, runs, some } = group;
  const tone: Tone = kind === 'differs' || kind === 'breaks' ? 'bad' : 'unsure';
  const flight = inFlight === 0 ? '' : `, ${inFlight} in flight`;
  const { expression, task } = first.responsible;
  const where = task === '' ? 'the workflow itself' : task;
  const lines: Line[] = [
    [
      [tone, TITLES[kind]],
      ['plain', `  ${runs} ${runs === 1 ? 'run' : 'runs'}${flight}  `],
      ['name', first.workflow],
      ['plain', `  ${where}`],
    ],
  ];
  const said =
    kind === 'depends' ? `depends on ${first.said}, which the trace is without` : first.said;
  if (said !== '') lines.push([['plain', `  ${said}`]]);
  if (expression !== undefined) {
    lines.push([
      ['quiet', `  ${expression.at}`],
      ['plain', `  ${shortened(expression.text)}`],
    ]);
  }
  for (const one of first.differences.slice(0, DIFFERENCES_SHOWN)) lines.push(...differing(one));
  const more = first.differences.length - DIFFERENCES_SHOWN;
  if (more > 0) lines.push([['quiet', `  and ${more} more`]]);
  const strand = first.strand === '' ? '' : ` (strand ${first.strand})`;
  lines.push([['quiet', `  first: ${first.run}${strand}, ${first.record}`]]);
  const others = some.filter((run) => run !== first.run);
  const rest = runs > some.length ? ' ...' : '';
  if (others.length > 0) lines.push([['quiet', `  also:  ${others.join(' ')}${rest}`]]);
  return lines;
}

/** One difference: where, and both sides. */
export function differing(one: Difference): Line[] {
  const side = (name: string, value: unknown): Line => [
    ['quiet', `    ${name} `],
    ['plain', value === undefined ? 'nothing' : shortened(value)],
  ];
  return [
    [['name', `  ${one.at === '' ? 'the record' : one.at}`]],
    side('recorded', one.recorded),
    side('now     ', one.computed),
  ];
}

/** A value as JSON, cut where it gets long. */
export function shortened(value: unknown, columns = VALUE_COLUMNS): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= columns ? text : `${text.slice(0, columns)} ...`;
}

export function plainText(lines: readonly Line[]): string {
  return lines.map((line) => line.map(([, text]) => text).join('')).join('\n');
}
