/*
 * What a campaign says: a line of progress while it runs, and in the end what was done, what was counted,
 * and what does not hold.
 */
import { counted, thousands } from '../../src/cli/chaos-numbers.ts';
import type { Progress } from './campaign.ts';
import type { Checked } from './checker.ts';
import type { Campaign } from './evidence.ts';
import type { Quantiles } from './figures.ts';

const REDRAW_MS = 500;
const LINE_MS = 10_000;
const CLEAR_LINE = '\r\u001B[2K';
const SHOWN_MAX = 20;

/** On a terminal one line that changes; elsewhere a line every ten seconds. */
export class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #live: boolean;
  #last = -Infinity;
  #phase: Progress['phase'] = 'starting';

  constructor(write: (text: string) => void, live: boolean) {
    this.#write = write;
    this.#live = live;
  }

  show(progress: Progress): void {
    const now = performance.now();
    const due = now - this.#last >= (this.#live ? REDRAW_MS : LINE_MS);
    if (!due && progress.phase === this.#phase) return;
    this.#last = now;
    this.#phase = progress.phase;
    const { claims, ended, faults, last, ms, phase, records, started } = progress;
    const text = [
      ...[`${seconds(ms)}  ${phase}`, `${thousands(started)} started, ${thousands(ended)} ended`],
      `${thousands(records)} records (${thousands(progress.void)} void), ${claims} CLAIMs`,
      `${counted(faults, 'fault')}${last === '' ? '' : `, last: ${last}`}`,
    ].join('   ');
    this.#write(this.#live ? `${CLEAR_LINE}${text.slice(0, 160)}` : `${text}\n`);
  }

  end(): void {
    if (this.#live) this.#write(CLEAR_LINE);
  }
}

/** The whole report. */
export function summary(campaign: Campaign, { checked, figures, violations }: Checked): string {
  const { begunAt, endedAt, forMs, instances, partitions, runners, scenario, seed } = campaign;
  const f = figures;
  const rows: readonly (readonly [string, string])[] = [
    [
      'campaign',
      `${scenario}, ${seconds(forMs)} of faults, ${seconds(endedAt - begunAt)} in all; ${counted(runners, 'runner')}, ${counted(partitions, 'partition')}, seed ${seed}`,
    ],
    [
      'starts',
      `${thousands(instances)} asked for: ${thousands(f.acknowledged)} acknowledged, ${f.unknown} unknown, ${f.refused} refused; ${thousands(f.ended)} runs ended once, ${f.givenUp} were given up`,
    ],
    ['', listed(f.versions)],
    ...(Object.keys(f.cancels).length === 0 ? [] : [['cancels', listed(f.cancels)] as const]),
    ['paths', listed(f.paths)],
    ['took', quantiles(f.duration)],
    [
      'topic',
      `${listed(f.records)}; ${thousands(f.void)} void; ${(f.bytes / 1_048_576).toFixed(1)} MiB`,
    ],
    ['tenures', thousands(f.tenures)],
    [
      'effects',
      `${thousands(f.effects)} keys, ${thousands(f.requests)} requests; ${thousands(f.askedAgain)} keys asked more than once (${f.askedMost} at most), ${thousands(f.attemptsRepeated)} of them for the same attempt`,
    ],
    [
      'timers',
      `${thousands(f.timers.held)} in the Log, ${thousands(f.timers.parked)} in the Store; after their time by ${quantiles(f.timers)}`,
    ],
    [
      'zombies',
      `${f.zombies.stopped} stopped, ${f.zombies.shown} shown on the topic: ${counted(f.zombies.records, 'record')} behind a foreign CLAIM, all void`,
    ],
    [
      'faults',
      `${listed(f.faults)}${f.faultsFailed === 0 ? '' : `; ${f.faultsFailed} could not be done`}`,
    ],
    [
      'processes',
      `${f.startedProcesses} started, ${f.killed} killed, ${f.endedByThemselves} ended by themselves`,
    ],
    ['reference', listed(f.reference)],
    [
      'checks',
      `${thousands(Object.values(checked).reduce((sum, count) => sum + count, 0))} by ${Object.values(checked).filter((count) => count > 0).length} oracles`,
    ],
  ];
  const lines = rows.map(([name, said]) => `  ${name.padEnd(10)} ${said}`);
  if (violations.length === 0) return [...lines, '', 'HOLDS', ''].join('\n');
  const shown = violations
    .slice(0, SHOWN_MAX)
    .map(({ oracle, promise, said }) => `  ${promise.padEnd(5)} ${said} (${oracle})`);
  const more = violations.length - shown.length;
  return [
    ...[...lines, '', `BROKEN: ${counted(violations.length, 'violation')}`, ...shown],
    ...(more > 0 ? [`  ... and ${more} more`] : []),
    '',
  ].join('\n');
}

function quantiles({ least, most, p50, p99 }: Quantiles): string {
  return `p50 ${thousands(p50)} ms, p99 ${thousands(p99)} ms (${least} to ${thousands(most)})`;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${thousands(count)} ${name}`)
    .join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(0)} s`;
}
