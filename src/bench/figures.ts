/*
 * The figures of one cell, as they are kept: a workload in a mode under a load, with the counters of the
 * very run that they come from. Plain data: reports and comparisons are made of these.
 */
import type { Baseline } from './baselines.ts';
import type { Percentiles } from './histogram.ts';
import type { Machine } from './machine.ts';

export interface Cell {
  readonly mode: string;
  readonly workload: string;
  /** closed load: callers at once */
  readonly concurrency?: number;
  /** open load: runs per second */
  readonly rate?: number;
  readonly partitions: number;
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** measure the ground without an engine as well */
  readonly baseline: boolean;
}

/** Writes of whole runs: counted over all runs of the cell, when all is at rest. */
export interface Writes {
  /** runs that they are of */
  readonly runs: number;
  /** records of the Log by kind, all of them */
  readonly records: Readonly<Record<string, number>>;
  /** of the write budget, per run: what owners write for a run */
  readonly ownerRecordsPerRun: number;
  readonly bytesPerRecord: number;
  /** appends to the Log per durable step, whatever each of them holds */
  readonly appendsPerStep: number;
  /** per durable step; the Log of an embedded file is in a database as well, and is in `rowsByTable` */
  readonly rowsPerStep: number;
  readonly storeRowsPerStep: number;
  readonly commitsPerStep: number;
  readonly rowsByTable: Readonly<Record<string, number>>;
  /** of whole disks, whoever asked, in the window; null = not told */
  readonly flushesPerStep: number | null;
}

export interface Figures {
  readonly cell: Cell;
  readonly at: string;
  readonly machine: Machine;
  readonly stepsPerRun: number;
  readonly runsPerSecond: number;
  readonly stepsPerSecond: number;
  readonly latencyMs: Percentiles;
  readonly curve: readonly { readonly share: number; readonly ms: number }[];
  /** of the whole process: engine, functions and whoever starts the runs */
  readonly cpuUsPerStep: number;
  readonly rssMb: number;
  /** cores that others used meanwhile; null = not told */
  readonly otherCores: number | null;
  /** open load: due in the window and not over with it */
  readonly late: number;
  readonly writes: Writes;
  /** records of the Log per second, and what the bare ground bears with equal ones */
  readonly recordsPerSecond: number;
  readonly baseline: (Baseline & { readonly share: number }) | null;
}
