/*
 * What a bench page is made of. Plain data: whoever measures fills it in, the page only shows it.
 */

export interface BenchCell {
  readonly mode: string;
  readonly workload: string;
  /** closed load: callers at once */
  readonly callers?: number;
  /** open load: runs per second */
  readonly rate?: number;
  readonly stepsPerSecond: number;
  /** ms */
  readonly latency: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
  };
  /** share of all runs that took at most so many ms */
  readonly curve: readonly { readonly share: number; readonly ms: number }[];
  readonly cpuUsPerStep: number;
  readonly rssMb: number;
  readonly bytesPerRecord: number;
  /** per run, by the write budget */
  readonly ownerRecords: number;
  readonly perStep: {
    readonly records: number;
    readonly storeRows: number;
    readonly commits: number;
    /** null = the machine does not tell */
    readonly flushes: number | null;
  };
  /** of what the bare ground bears with equal records; null = not measured */
  readonly shareOfBare: number | null;
  /** rounds that these are the medians of */
  readonly rounds: number;
}

export interface ScaleCurve {
  readonly title: string;
  readonly hint: string;
  readonly x: string;
  readonly unit: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface BenchPage {
  readonly title: string;
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  /** cores that other processes used at most while it was measured */
  readonly otherCores: number;
  readonly cells: readonly BenchCell[];
  readonly scale: readonly ScaleCurve[];
  readonly micro: readonly {
    readonly group: string;
    readonly name: string;
    readonly perSecond: number;
    /** half of the 95 % confidence interval, % */
    readonly confidence: number;
    readonly wanted: number | null;
  }[];
  readonly peers: readonly {
    readonly engine: string;
    readonly how: string;
    readonly workload: string;
    readonly callers: number;
    readonly stepsPerSecond: number;
    readonly p50: number;
    readonly writes: string;
  }[];
}
