/*
 * What `waybill replay` says in the end: a verdict in one line, and each group of runs with its first
 * difference - where, what was recorded, what it would be, and who is responsible.
 */
import pc from 'picocolors';
import type { ReplayJob, ReplayResult } from '../presets/traces.ts';
import type { FindingKind } from '../trace/tally.ts';
import { groupLines, type Line, type Tone } from '../trace/words.ts';
import { counted, decimal, thousands } from './chaos-numbers.ts';
import { printable } from './validate.ts';

export interface Replayed {
  readonly file: string;
  readonly job: ReplayJob;
  readonly result: ReplayResult;
  readonly elapsedMs: number;
  readonly code: number;
}

/** Groups that are shown in full. */
const GROUPS_SHOWN = 12;

export function replaySummary(replayed: Replayed): string {
  const { elapsedMs, file, job, result } = replayed;
  const { header, tally, tried } = result;
  const seconds = elapsedMs / 1_000;
  const rate = thousands(tally.hops / Math.max(0.001, seconds));
  const lines = [
    `${pc.bold(file)}  ${header.source}, recorded by waybill ${header.engine}`,
    `  ${counted(tally.hops, 'step')} of ${counted(tally.runs, 'run')}, ${thousands(tally.inFlight)} in flight; ${decimal(seconds)} s (${rate}/s)`,
  ];
  if (job.against.length > 0) {
    lines.push(`  tried instead of ${[...new Set(tried)].join(', ')}`);
  }
  if (header.redacted.length > 0) lines.push(`  without ${header.redacted.join(' ')}`);
  lines.push('', `  ${verdict(replayed)}`);
  const passed = passedOver(replayed);
  if (passed !== '') lines.push(pc.dim(`    ${passed}`));
  for (const group of tally.groups.slice(0, GROUPS_SHOWN))
    lines.push('', ...painted(groupLines(group), '  '));
  const more = tally.groups.length - GROUPS_SHOWN;
  if (more > 0) lines.push('', `  and ${counted(more, 'group')} more (--json FILE has all)`);
  return `${lines.join('\n')}\n`;
}

function verdict({ code, job, result }: Replayed): string {
  const { groups, hops, inFlight } = result.tally;
  const of = (...kinds: readonly FindingKind[]): number =>
    groups.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { runs }) => sum + runs, 0);
  const alive = groups.reduce((sum, group) => sum + group.inFlight, 0);
  if (hops === 0 && groups.length === 0) {
    return pc.yellow('! the trace has no step: nothing could be checked');
  }
  if (code === 0) {
    const say =
      job.against.length > 0
        ? `equal: every recorded step, and ${thousands(inFlight)} in flight would go on as they are`
        : 'equal: every step, record for record';
    return pc.green(`✓ ${say}`);
  }
  const parts = [
    part(of('breaks'), 'would break', 'breaks', job),
    part(of('differs'), 'would differ', 'differs', job),
    part(of('depends', 'unknown'), 'cannot be checked', 'cannot be checked', job),
  ].filter((text) => text !== '');
  const flight =
    job.against.length > 0 ? `; of ${thousands(inFlight)} in flight: ${thousands(alive)}` : '';
  const said =
    parts.length === 0 ? 'the file is damaged: what is sound in it is equal' : parts.join(', ');
  return code === 1 ? pc.red(`✗ ${said}${flight}`) : pc.yellow(`! ${said}${flight}`);
}

function part(runs: number, would: string, does: string, { against }: ReplayJob): string {
  if (runs === 0) return '';
  const verb = against.length > 0 ? would : does;
  return `${counted(runs, 'run')} ${runs === 1 || verb.includes(' ') ? verb : verb.replace(/s$/, '')}`;
}

function passedOver({ result }: Replayed): string {
  const { begins, imposed } = result.tally;
  const parts: string[] = [];
  if (begins > 0) {
    const follow = begins === 1 ? 'follows' : 'follow';
    parts.push(`${counted(begins, 'step')} ${follow} something that was before the trace`);
  }
  if (imposed > 0) parts.push(`${counted(imposed, 'step')} the engine decided by itself`);
  return parts.join('; ');
}

const PAINT: Readonly<Record<Tone, (text: string) => string>> = {
  bad: pc.red,
  unsure: pc.yellow,
  name: pc.bold,
  quiet: pc.dim,
  plain: (text) => text,
};

/** Lines in the colours of a terminal; what comes from data cannot steer it. */
export function painted(lines: readonly Line[], indent = ''): string[] {
  return lines.map(
    (line) => indent + line.map(([tone, text]) => PAINT[tone](printable(text))).join(''),
  );
}
