/*
 * What can be compared between runs of the bench on different days and machines: ratios and counts, never
 * times. Pure.
 */
import type { Measured } from './page.ts';

export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** a change by more than this share is worth a word; 0 = counted, must be equal */
  readonly tolerance: number;
  /** which way is worse; counted ones may not move at all */
  readonly worse: 'less' | 'more';
}

export interface Moved extends Ratio {
  readonly was: number;
  readonly verdict: 'better' | 'worse' | 'changed';
}

export type Ratios = Readonly<Record<string, number>>;

/** Half as fast and twice as fast happen on machines that are not quiet; a third does not. */
const TIMED = 0.35;
const COUNTED = 0;
const SIZE = 0.03;

export function ratiosOf({ figures, scale, unitNs }: Measured): readonly Ratio[] {
  const found: Ratio[] = [];
  const add = (
    name: string,
    value: number | undefined,
    tolerance: number,
    worse: Ratio['worse'],
  ): void => {
    if (value !== undefined && Number.isFinite(value))
      found.push({ name, value, tolerance, worse });
  };
  for (const { baseline, cell, cpuUsPerStep, writes } of figures) {
    const { concurrency, mode, rate, workload } = cell;
    if (rate !== undefined) continue;
    const name = `${workload}, ${mode}, ${concurrency}`;
    add(`${name}: owner records per run`, writes.ownerRecordsPerRun, COUNTED, 'more');
    add(`${name}: Store rows per step`, round(writes.storeRowsPerStep), COUNTED, 'more');
    add(`${name}: bytes per record`, writes.bytesPerRecord, SIZE, 'more');
    if (workload !== 'seq10' || concurrency !== 256) continue;
    add(`${name}: share of the bare ground`, baseline?.share, TIMED, 'less');
    add(`${name}: CPU per step, in units of work`, (cpuUsPerStep * 1_000) / unitNs, TIMED, 'more');
  }
  const stepsPerSecond = (mode: string, callers: number): number | undefined =>
    figures.find(
      ({ cell }) => cell.workload === 'seq10' && cell.mode === mode && cell.concurrency === callers,
    )?.stepsPerSecond;
  const over = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : a / b;
  add(
    'seq10: embedded over memory, 256',
    over(stepsPerSecond('embedded', 256), stepsPerSecond('memory', 256)),
    TIMED,
    'less',
  );
  add(
    'seq10: NORMAL over FULL, 256',
    over(stepsPerSecond('embedded-normal', 256), stepsPerSecond('embedded', 256)),
    TIMED,
    'less',
  );
  for (const { points, title } of scale) {
    add(`${title}: last over first`, over(points.at(-1)?.y, points[0]?.y), TIMED, 'more');
  }
  return found;
}

/** What has moved by more than it may, worst first. What is only on one side is not compared. */
export function moved(now: readonly Ratio[], accepted: Ratios): readonly Moved[] {
  return now.flatMap((ratio): Moved[] => {
    const was = accepted[ratio.name];
    if (was === undefined) return [];
    const { tolerance, value, worse } = ratio;
    const change = was === 0 ? (value === 0 ? 0 : Infinity) : Math.abs(value - was) / Math.abs(was);
    if (change <= tolerance + 1e-9) return [];
    if (tolerance === COUNTED)
      return [{ ...ratio, was, verdict: value < was ? 'better' : 'worse' }];
    const isMore = value > was;
    return [{ ...ratio, was, verdict: isMore === (worse === 'more') ? 'worse' : 'better' }];
  });
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
