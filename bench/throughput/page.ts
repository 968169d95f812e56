/* From what was measured to reports/bench/index.html. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from '../../src/bench/figures.ts';
import type { Machine } from '../../src/bench/machine.ts';
import { renderBench } from '../../src/report/bench-html.ts';
import type { BenchCell, BenchPage, ScaleCurve } from '../../src/report/bench-model.ts';

export const REPORTS = join(import.meta.dirname, '../../reports/bench');
const PEERS = join(import.meta.dirname, '../peers/results.json');

export interface Measured {
  readonly at: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly unitNs: number;
  readonly figures: readonly (Figures & { readonly rounds?: number })[];
  readonly scale: readonly ScaleCurve[];
}

export function cellOf(figures: Figures & { readonly rounds?: number }): BenchCell {
  const { baseline, cell, latencyMs, stepsPerRun, writes } = figures;
  const { concurrency, mode, rate, workload } = cell;
  const records = Object.values(writes.records).reduce((sum, count) => sum + count, 0);
  return {
    mode,
    workload,
    ...(concurrency === undefined ? {} : { callers: concurrency }),
    ...(rate === undefined ? {} : { rate }),
    stepsPerSecond: figures.stepsPerSecond,
    latency: {
      p50: told(latencyMs.p50),
      p90: told(latencyMs.p90),
      p99: told(latencyMs.p99),
      p999: told(latencyMs.p999),
    },
    curve: figures.curve,
    cpuUsPerStep: figures.cpuUsPerStep,
    rssMb: figures.rssMb,
    bytesPerRecord: writes.bytesPerRecord,
    ownerRecords: writes.ownerRecordsPerRun,
    perStep: {
      records: records / (writes.runs * stepsPerRun),
      storeRows: writes.storeRowsPerStep,
      commits: writes.commitsPerStep,
      flushes: writes.flushesPerStep,
    },
    shareOfBare: baseline?.share ?? null,
    rounds: figures.rounds ?? 1,
  };
}

/** A file that may not be there. */
type Rows<Name extends 'micro' | 'peers'> = { readonly rows: BenchPage[Name] } | undefined;

/** JSON has no word for what was not measured: no run began and ended in the window. */
function told(value: number | null): number {
  return value ?? Number.NaN;
}

/** Writes the page and gives its path. */
export function writePage({ at, commit, figures, machine, scale }: Measured): string {
  const { cores, cpu, node, system } = machine;
  const page: BenchPage = {
    title: 'What a durable step costs',
    at: at.replace('T', ' ').replace(/\..*/, ' UTC'),
    commit,
    machine: `${cpu}, ${cores} cores, ${system}, Node ${node.slice(1)}`,
    otherCores: Math.max(0, ...figures.map(({ otherCores }) => otherCores ?? 0)),
    cells: figures.map(cellOf).toSorted(byWorkload),
    scale,
    micro: (json(join(REPORTS, 'micro.json')) as Rows<'micro'>)?.rows ?? [],
    peers: (json(PEERS) as Rows<'peers'>)?.rows ?? [],
  };
  const path = join(REPORTS, 'index.html');
  writeFileSync(path, renderBench(page));
  return path;
}

function byWorkload(a: BenchCell, b: BenchCell): number {
  const first = (cell: BenchCell): string => (cell.workload === 'seq10' ? '' : cell.workload);
  if (first(a) !== first(b)) return first(a) < first(b) ? -1 : 1;
  if (a.mode !== b.mode) return a.mode < b.mode ? -1 : 1;
  return (a.callers ?? 1e9) - (b.callers ?? 1e9);
}

function json(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
