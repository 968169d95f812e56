/* What `waybill inspect` shows, as text for a terminal. */
import pc from 'picocolors';
import { type RunStory, type StoryStep, becauseOf, nowOf } from '../trace/story.ts';
import { shortened } from '../trace/words.ts';
import type { LogRecord } from '../wire/index.ts';
import { printable } from './validate.ts';

const CHANGES_SHOWN = 12;

/** A run in a list. */
export interface RunOverview {
  readonly workflow: string;
  steps: number;
  state: string;
  /** when its first step was, ms */
  readonly at: number;
}

export function runLine(
  run: string,
  { at, state, steps, workflow }: RunOverview,
  alive: boolean,
): string {
  const when = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const name = printable(workflow).padEnd(24);
  const where = alive ? pc.yellow(printable(state)) : printable(state);
  return `${run}  ${pc.dim(when)}  ${pc.bold(name)} ${String(steps).padStart(4)} steps  ${where}\n`;
}

export function title({ ended, run, steps, workflow }: RunStory): string {
  const tone = ended === 'completed' ? pc.green : ended === 'running' ? pc.yellow : pc.red;
  return `${pc.bold(printable(workflow))}  ${run}  ${tone(ended)}, ${steps.length} steps`;
}

/** All steps, a line each. */
export function stepsScreen(story: RunStory): string {
  const lines = [title(story), ''];
  const first = story.steps[0]?.at ?? 0;
  for (const step of story.steps) lines.push(stepLine(step, first));
  return `${lines.join('\n')}\n`;
}

function stepLine({ at, because, now, number, replay, strand }: StoryStep, first: number): string {
  const who = strand === '' ? '' : pc.cyan(`[${strand}] `);
  const mark = replay === 'equal' ? ' ' : pc.red('≠');
  const time = `+${((at - first) / 1_000).toFixed(3)} s`;
  return `${String(number).padStart(4)} ${mark} ${pc.dim(time.padStart(12))}  ${who}${printable(because)} ${pc.dim('→')} ${printable(now)}`;
}

/** One step: lanes, what led there, what now, what changed; at most so many rows. */
export function stepScreen(story: RunStory, number: number, rows: number, whole = false): string {
  const step = story.steps[number - 1];
  if (step === undefined) return '';
  const lines = [title(story), lane(story, number), ''];
  const fact = (name: string, text: string): void => {
    lines.push(`  ${pc.dim(name.padEnd(8))} ${printable(text)}`);
  };
  const strand = step.strand === '' ? '' : `  strand ${step.strand}`;
  lines.push(
    `${pc.bold(`Step ${number}`)} of ${story.steps.length}${strand}  ${pc.dim(step.record)}`,
  );
  fact('because', step.because);
  if (step.heard !== undefined) fact('heard', shortened(step.heard, 140));
  fact('now', step.now);
  if (step.activity !== undefined) fact('asks', shortened(step.activity.arguments, 140));
  fact('at', step.task === '' ? 'the workflow itself' : step.task);
  fact('when', new Date(step.at).toISOString().replace('T', ' ').replace('Z', ''));
  if (step.replay !== 'equal')
    lines.push(`  ${pc.red('replay  ')} ${pc.red(printable(step.replay))}`);
  lines.push('', pc.bold(whole ? 'State' : 'What the step changed'));
  if (whole)
    lines.push(
      ...JSON.stringify(step.state, null, 2)
        .split('\n')
        .map((line) => `  ${printable(line)}`),
    );
  else lines.push(...changes(step));
  const shown = lines.slice(0, rows);
  if (lines.length > rows) shown[rows - 1] = pc.dim('  ...');
  return `${shown.join('\n')}\n`;
}

function changes({ changes: all }: StoryStep): string[] {
  if (all.length === 0) return [pc.dim('  nothing')];
  const lines: string[] = [];
  for (const one of all.slice(0, CHANGES_SHOWN)) {
    lines.push(`  ${printable(one.at === '' ? 'the record' : one.at)}`);
    if ('recorded' in one) lines.push(pc.red(`    - ${printable(shortened(one.recorded, 120))}`));
    if ('computed' in one) lines.push(pc.green(`    + ${printable(shortened(one.computed, 120))}`));
  }
  if (all.length > CHANGES_SHOWN) lines.push(pc.dim(`  and ${all.length - CHANGES_SHOWN} more`));
  return lines;
}

const LANE_COLUMNS = 64;

/** The steps in a row, with the one at hand. */
function lane({ steps }: RunStory, number: number): string {
  const from = Math.max(0, Math.min(steps.length - LANE_COLUMNS, number - LANE_COLUMNS / 2));
  const signs = steps.slice(from, from + LANE_COLUMNS).map(({ kind, number: at }) => {
    const sign = kind === 'END' ? '■' : kind === 'PARK' ? '◆' : '●';
    return at === number ? pc.inverse(sign) : pc.dim(sign);
  });
  return `${from > 0 ? '…' : ' '}${signs.join('')}${from + LANE_COLUMNS < steps.length ? '…' : ''}`;
}

/** One record by itself: everything about its strand is in it. */
export function recordScreen({ body, header }: LogRecord): string {
  const { definition, hop, kind, run, strand, time } = header;
  const lines = [
    `${pc.bold(kind)}  ${run === '' ? '' : `run ${run}`}${strand === '' ? '' : `, strand ${strand}`}`,
    `  ${pc.dim('hop     ')} ${hop}`,
    `  ${pc.dim('when    ')} ${new Date(time).toISOString().replace('T', ' ').replace('Z', '')}`,
  ];
  if (definition !== '') lines.push(`  ${pc.dim('follows ')} ${definition}`);
  if ('cause' in body) lines.push(`  ${pc.dim('because ')} ${printable(becauseOf(body.cause))}`);
  lines.push(`  ${pc.dim('now     ')} ${printable(nowOf(header, body))}`, '', pc.bold('All of it'));
  const text = JSON.stringify(
    body,
    (_, value: unknown) => (value instanceof Map ? [...value] : value),
    2,
  );
  lines.push(...text.split('\n').map((line) => `  ${printable(line)}`));
  return `${lines.join('\n')}\n`;
}
