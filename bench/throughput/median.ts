/* Several rounds of one cell as one: the median of every figure that time decides. */
import type { Figures } from '../../src/bench/figures.ts';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What was counted comes from the round whose throughput is the median. */
export function medianOf(rounds: readonly Figures[]): Figures & { readonly rounds: number } {
  const order = rounds.toSorted((a, b) => a.stepsPerSecond - b.stepsPerSecond);
  const middle = order[Math.floor(order.length / 2)]!;
  const of = (read: (figures: Figures) => number): number => median(rounds.map(read));
  const { baseline, latencyMs } = middle;
  return {
    ...middle,
    runsPerSecond: of((one) => one.runsPerSecond),
    stepsPerSecond: of((one) => one.stepsPerSecond),
    recordsPerSecond: of((one) => one.recordsPerSecond),
    cpuUsPerStep: of((one) => one.cpuUsPerStep),
    rssMb: of((one) => one.rssMb),
    latencyMs: {
      ...latencyMs,
      p50: of((one) => one.latencyMs.p50),
      p90: of((one) => one.latencyMs.p90),
      p99: of((one) => one.latencyMs.p99),
      p999: of((one) => one.latencyMs.p999),
    },
    baseline:
      baseline === null
        ? null
        : {
            ...baseline,
            rowsPerSecond: of((one) => one.baseline?.rowsPerSecond ?? Number.NaN),
            share: of((one) => one.baseline?.share ?? Number.NaN),
          },
    otherCores: Math.max(...rounds.map((one) => one.otherCores ?? 0)),
    rounds: rounds.length,
  };
}
