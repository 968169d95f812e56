/*
 * How far a campaign is, on stderr: one line that is redrawn on a terminal, a plain line every few
 * seconds elsewhere.
 */
import pc from 'picocolors';
import type { CampaignProgress } from './chaos-campaign.ts';
import { decimal, thousands } from './chaos-numbers.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 100;
const PLAIN_MS = 3_000;
const CLEAR_LINE = '\r\u001B[2K';

export interface Goal {
  readonly runs: number | undefined;
  readonly forMs: number | undefined;
}

export class ProgressLine {
  private readonly live = process.stderr.isTTY && process.env['CI'] === undefined;
  private readonly name: string;
  private readonly goal: Goal;
  private readonly read: () => CampaignProgress;
  private readonly timer: NodeJS.Timeout;
  private frame = 0;

  constructor(name: string, goal: Goal, read: () => CampaignProgress) {
    this.name = name;
    this.goal = goal;
    this.read = read;
    this.timer = setInterval(() => this.draw(), this.live ? REDRAW_MS : PLAIN_MS);
    if (this.live) this.draw();
  }

  stop(): void {
    clearInterval(this.timer);
    if (this.live) process.stderr.write(CLEAR_LINE);
  }

  private draw(): void {
    this.frame += 1;
    const text = line(this.read(), this.goal);
    if (!this.live) {
      process.stderr.write(`${this.name}  ${text}\n`);
      return;
    }
    const spinner = FRAMES[this.frame % FRAMES.length] ?? '';
    const width = (process.stderr.columns || 80) - 1;
    const shown = `${spinner} ${text}`.slice(0, width);
    process.stderr.write(`${CLEAR_LINE}${pc.cyan(shown.slice(0, 1))}${shown.slice(1)}`);
  }
}

function line(progress: CampaignProgress, { forMs, runs: runsMax }: Goal): string {
  const { checks, elapsedMs, failures, faults, runs, shrinking, steps } = progress;
  if (shrinking !== undefined) {
    const promise = shrinking.violations[0]?.promise ?? '';
    return `${promise} broken in ${shrinking.where}: looking for the smallest plan that breaks it ...`;
  }
  const seconds = Math.floor(elapsedMs / 1_000);
  const time = forMs === undefined ? `${seconds} s` : `${seconds}/${decimal(forMs / 1_000)} s`;
  const rate = (count: number): string =>
    thousands(Math.round((count / Math.max(1, elapsedMs)) * 1_000));
  const leftS = ((runsMax ?? 0) - runs) / Math.max(0.001, runs / Math.max(1, elapsedMs / 1_000));
  const left = runsMax === undefined || runs < 20 ? [] : [`about ${thousands(leftS)} s left`];
  const of = runsMax === undefined ? '' : `/${thousands(runsMax)}`;
  return [
    time,
    `${thousands(runs)}${of} runs (${rate(runs)}/s)`,
    failures === 0 ? '0 broken' : `${failures} BROKEN`,
    `${rate(steps)} steps/s`,
    `${thousands(faults)} faults`,
    `${short(checks)} checks`,
    ...left,
  ].join('  ');
}

function short(count: number): string {
  if (count < 10_000) return thousands(count);
  if (count < 1_000_000) return `${Math.round(count / 1_000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}
