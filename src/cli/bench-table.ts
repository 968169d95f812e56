/*
 * Figures for people: one cell as a sheet, several as a table.
 */
import pc from 'picocolors';
import type { Figures } from '../bench/figures.ts';
import { workload, WORKLOADS } from '../bench/workloads.ts';
import { loadText } from './bench-progress.ts';
import { thousands } from './chaos-numbers.ts';

/** Others that use more than this many cores make figures worth less. */
const NOISE_CORES = 0.25;

/** 1,234 / 12.3 / 0.0123: three figures that mean something. */
/** `null`: what JSON makes of what is not there. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '-';
  if (value >= 100) return thousands(value);
  if (value === 0) return '0';
  return String(Number(value.toPrecision(3)));
}

function ms(value: number | null): string {
  return value !== null && Number.isFinite(value) ? `${figure(value)} ms` : '-';
}

function percent(share: number): string {
  return `${figure(share * 100)} %`;
}

/** Everything about one cell. */
export function sheet(figures: Figures, summary: string): string {
  const { baseline, cell, latencyMs, machine, writes } = figures;
  const budget = WORKLOADS.includes(cell.workload)
    ? workload(cell.workload, { emit: async () => {} }).records
    : undefined;
  const allowed = budget === undefined ? '' : pc.dim(` (the budget allows ${budget})`);
  const flushes =
    writes.flushesPerStep === null ? '' : `, ${figure(writes.flushesPerStep)} flushes of the disk`;
  const tables = Object.entries(writes.rowsByTable)
    .filter(([, rows]) => rows >= 0.0005)
    .map(([name, rows]) => `${name} ${figure(rows)}`)
    .join(', ');
  const lines: (readonly [string, string])[] = [
    [
      'steps',
      `${pc.bold(`${figure(figures.stepsPerSecond)}/s`)}   ${figure(figures.runsPerSecond)} runs/s of ${figure(figures.stepsPerRun)} steps`,
    ],
    [
      'latency of a run',
      `p50 ${pc.bold(ms(latencyMs.p50))}   p90 ${ms(latencyMs.p90)}   p99 ${ms(latencyMs.p99)}   p99.9 ${ms(latencyMs.p999)}   max ${ms(latencyMs.max)}`,
    ],
    [
      'CPU',
      `${pc.bold(`${figure(figures.cpuUsPerStep)} us`)} a step, whoever starts the runs included; ${figure(figures.rssMb)} MB`,
    ],
    [
      'records',
      `${pc.bold(figure(writes.ownerRecordsPerRun))} per run${allowed}, ${figure(writes.bytesPerRecord)} bytes each`,
    ],
    [
      'writes per step',
      `${figure(writes.storeRowsPerStep)} rows of the Store, ${figure(writes.appendsPerStep)} appends, ${figure(writes.commitsPerStep)} commits${flushes}`,
    ],
    ['', pc.dim(`all rows: ${tables === '' ? 'none' : tables}`)],
  ];
  if (baseline !== null) {
    lines.push([
      'bare ground',
      `${figure(baseline.rowsPerSecond)} records/s (${baseline.what}, ${figure(baseline.rowsPerCommit)} at once); this is ${pc.bold(percent(baseline.share))} of it`,
    ]);
  }
  const { late, otherCores } = figures;
  if (late > 0)
    lines.push([
      '',
      pc.yellow(`${thousands(late)} runs were due in the window and ended after it`),
    ]);
  if (otherCores !== null && otherCores > NOISE_CORES) {
    lines.push([
      '',
      pc.yellow(`other processes used ${figure(otherCores)} cores meanwhile: compare ratios only`),
    ]);
  }
  const head = `${pc.bold(loadText(cell))}  ${pc.dim(summary)}`;
  const foot = pc.dim(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node.slice(1)}; measured for ${cell.windowMs / 1_000} s, writes counted over ${thousands(writes.runs)} runs`,
  );
  return [
    '',
    head,
    '',
    ...lines.map(([name, text]) => `  ${pc.dim(name.padEnd(18))}${text}`),
    '',
    foot,
    '',
  ].join('\n');
}

const COLUMNS: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['steps/s', ({ stepsPerSecond }) => figure(stepsPerSecond)],
  ['p50', ({ latencyMs }) => ms(latencyMs.p50)],
  ['p99', ({ latencyMs }) => ms(latencyMs.p99)],
  ['p99.9', ({ latencyMs }) => ms(latencyMs.p999)],
  ['CPU us/step', ({ cpuUsPerStep }) => figure(cpuUsPerStep)],
  ['MB', ({ rssMb }) => figure(rssMb)],
  ['records/run', ({ writes }) => figure(writes.ownerRecordsPerRun)],
  ['bytes', ({ writes }) => figure(writes.bytesPerRecord)],
  ['Store rows/step', ({ writes }) => figure(writes.storeRowsPerStep)],
  ['commits/step', ({ writes }) => figure(writes.commitsPerStep)],
  ['of bare ground', ({ baseline }) => (baseline === null ? '-' : percent(baseline.share))],
];

/** Cells beside each other, a blank line between workloads. */
export function table(found: readonly Figures[]): string {
  const names = found.map(({ cell }) => loadText(cell));
  const wide = Math.max(...names.map((name) => name.length));
  const texts = found.map((figures) => COLUMNS.map(([, text]) => text(figures)));
  const widths = COLUMNS.map(([head], column) =>
    Math.max(head.length, ...texts.map((row) => row[column]!.length)),
  );
  const line = (first: string, cells: readonly string[]): string =>
    `${first.padEnd(wide)}${cells.map((cell, column) => cell.padStart(widths[column]! + 3)).join('')}`;
  const rows = found.flatMap(({ cell }, index) => {
    const row = line(names[index]!, texts[index]!);
    const isNew = index > 0 && found[index - 1]!.cell.workload !== cell.workload;
    return isNew ? ['', row] : [row];
  });
  const noisy = Math.max(...found.map(({ otherCores }) => otherCores ?? 0));
  const note =
    noisy > NOISE_CORES
      ? [
          pc.yellow(
            `other processes used up to ${figure(noisy)} cores meanwhile: compare ratios only`,
          ),
          '',
        ]
      : [];
  return [
    '',
    pc.dim(
      line(
        '',
        COLUMNS.map(([head]) => head),
      ),
    ),
    ...rows,
    '',
    ...note,
  ].join('\n');
}
