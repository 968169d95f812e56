/*
 * The bench page: one file that fetches nothing. Headline, charts, all cells, parts, and the engines beside
 * this one.
 */
import { type Axis, barChart, figureText, lineChart, powers } from './bench-charts.ts';
import type { BenchCell, BenchPage, ScaleCurve } from './bench-model.ts';
import { BENCH_STYLE } from './bench-style.ts';
import { decimal, escapeHtml, thousands } from './html.ts';

/** Modes in the order in which people think of them; what is not here comes after. */
const MODES = [
  ...['memory', 'embedded-normal', 'embedded', 'live', 'embedded-journal', 'live-journal'],
];
/** Cores that others may use before figures are worth less. */
const NOISE_CORES = 0.25;
const CURVE_AT = 32;

export function renderBench(page: BenchPage): string {
  const noisy =
    page.otherCores > NOISE_CORES
      ? `<p class="noisy">Other processes used up to ${decimal(page.otherCores)} cores meanwhile: compare ratios only.</p>`
      : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(page.title)}</title><style>${BENCH_STYLE}</style></head><body><main>
<h1>${escapeHtml(page.title)}</h1>
<p class="lead">${escapeHtml(page.machine)}. What was written is counted in the very runs that were timed: records read from the Log, rows and commits from the database, flushes from the disk.</p>${noisy}
${tiles(page)}
<div class="charts">${charts(page).join('')}</div>
${cellsTable(page.cells)}
${peersTable(page)}
${microTable(page)}
</main><footer>Measured ${escapeHtml(page.at)} at <code>${escapeHtml(page.commit)}</code>. Figures of one run on one machine; ratios carry over, rates do not.</footer></body></html>
`;
}

function colourOf(mode: string): number {
  const found = MODES.indexOf(mode);
  return found < 0 ? 5 : found;
}

function modesOf(cells: readonly BenchCell[]): readonly string[] {
  const there = [...new Set(cells.map(({ mode }) => mode))];
  return there.sort((a, b) => colourOf(a) - colourOf(b));
}

function cellOf(
  cells: readonly BenchCell[],
  mode: string,
  workload: string,
  callers: number,
): BenchCell | undefined {
  return cells.find(
    (cell) => cell.mode === mode && cell.workload === workload && cell.callers === callers,
  );
}

function tiles({ cells }: BenchPage): string {
  const most = cellOf(cells, 'embedded', 'seq10', 256);
  const alone = cellOf(cells, 'embedded', 'seq10', 1);
  const made: string[] = [];
  const tile = (value: string, name: string, more: string): void =>
    void made.push(
      `<div class="tile"><b>${value}</b><span>${name}</span><small>${more}</small></div>`,
    );
  if (most !== undefined) {
    tile(
      thousands(most.stepsPerSecond),
      'durable steps a second',
      'ten calls in a row, 256 callers, one file, every commit on the disk',
    );
    tile(
      `${decimal(most.cpuUsPerStep)} us`,
      'CPU a step',
      'the whole process, whoever starts the runs included',
    );
    tile(
      figureText(most.perStep.storeRows),
      'rows of the Store a step',
      `${figureText(most.ownerRecords)} records of ${thousands(most.bytesPerRecord)} bytes a run, ${figureText(most.perStep.commits)} commits a step`,
    );
  }
  if (alone !== undefined)
    tile(
      `${figureText(alone.latency.p50)} ms`,
      'for ten durable steps',
      `one caller, median; p99 ${figureText(alone.latency.p99)} ms`,
    );
  return made.length === 0 ? '' : `<div class="tiles">${made.join('')}</div>`;
}

function charts({ cells, scale }: BenchPage): readonly string[] {
  return [throughput(cells), latencies(cells), writes(cells), ...scale.map(scaleChart)].filter(
    (chart) => chart !== '',
  );
}

function figure(title: string, hint: string, svg: string): string {
  return `<figure><h2>${escapeHtml(title)}</h2><p class="hint">${escapeHtml(hint)}</p>${svg}</figure>`;
}

function throughput(all: readonly BenchCell[]): string {
  const cells = all.filter(
    ({ callers, workload }) => workload === 'seq10' && callers !== undefined,
  );
  if (cells.length === 0) return '';
  const counts = [...new Set(cells.map(({ callers }) => callers!))].sort((a, b) => a - b);
  const x: Axis = {
    name: 'callers at once',
    ticks: counts.map((at) => ({ at, text: thousands(at) })),
    log: true,
  };
  const y: Axis = {
    name: 'steps/s',
    ticks: powers(cells.map(({ stepsPerSecond }) => stepsPerSecond)),
    log: true,
  };
  const lines = modesOf(cells).map((mode) => ({
    name: mode,
    colour: colourOf(mode),
    points: cells
      .filter((cell) => cell.mode === mode)
      .map(({ callers, stepsPerSecond }) => ({ x: callers!, y: stepsPerSecond }))
      .sort((a, b) => a.x - b.x),
  }));
  const title = 'Throughput over concurrency';
  return figure(
    title,
    'Durable steps a second, ten calls in a row; both scales are logarithmic.',
    lineChart(title, x, y, lines),
  );
}

/** Evenly spaced for each nine more. */
function nines(share: number): number {
  return -Math.log10(1 - share);
}

function latencies(all: readonly BenchCell[]): string {
  const cells = all.filter(({ callers, workload }) => workload === 'seq10' && callers === CURVE_AT);
  if (cells.length === 0) return '';
  const shares = [0.5, 0.9, 0.99, 0.999];
  const x: Axis = {
    name: 'share of the runs that took at most so long',
    ticks: shares.map((share) => ({ at: nines(share), text: `${decimal(share * 100)} %` })),
    log: false,
  };
  const points = (cell: BenchCell): { x: number; y: number }[] =>
    cell.curve
      .filter(({ share }) => share >= shares[0]! && share <= shares.at(-1)!)
      .map(({ ms, share }) => ({ x: nines(share), y: ms }));
  const y: Axis = {
    name: 'ms',
    ticks: powers(
      cells.flatMap((cell) => points(cell).map((point) => point.y)),
      ' ms',
    ),
    log: true,
  };
  const lines = modesOf(cells).map((mode) => ({
    name: mode,
    colour: colourOf(mode),
    points: points(cells.find((cell) => cell.mode === mode)!),
  }));
  const title = 'How long a run takes';
  return figure(
    title,
    `Ten durable steps, ${CURVE_AT} callers, from the start of a run to its result.`,
    lineChart(title, x, y, lines),
  );
}

function writes(all: readonly BenchCell[]): string {
  const at = (mode: string): BenchCell | undefined =>
    cellOf(all, mode, 'seq10', 256) ??
    cellOf(all, mode, 'seq10', CURVE_AT) ??
    cellOf(all, mode, 'seq10', 1);
  const groups = modesOf(all).flatMap((mode) => {
    const cell = at(mode);
    if (cell === undefined) return [];
    const { commits, flushes, records, storeRows } = cell.perStep;
    const colour = colourOf(mode);
    return [
      {
        name: `${mode}, ${thousands(cell.callers!)} ${cell.callers === 1 ? 'caller' : 'callers'}`,
        bars: [
          { name: 'Log records', colour, value: records },
          { name: 'rows of the Store', colour, value: storeRows },
          { name: 'commits', colour, value: commits },
          { name: 'disk flushes', colour, value: flushes },
        ],
      },
    ];
  });
  if (groups.length === 0) return '';
  const title = 'Writes per step';
  return figure(
    title,
    'Counted over whole runs of ten calls: a start and an end add 0.2 records to each step.',
    barChart(title, groups, 'per durable step'),
  );
}

function scaleChart({ hint, points, title, unit, x }: ScaleCurve): string {
  const xs: Axis = {
    name: x,
    ticks: points.map((point) => ({ at: point.x, text: figureText(point.x) })),
    log: true,
  };
  const values = points.map((point) => point.y);
  const ys: Axis = { name: unit, ticks: powers(values, ` ${unit}`), log: true };
  return figure(title, hint, lineChart(title, xs, ys, [{ name: '', colour: 0, points }]));
}

function cellsTable(cells: readonly BenchCell[]): string {
  let last = '';
  const rows = cells.map((cell) => {
    const { callers, latency, perStep, rate, shareOfBare, workload } = cell;
    const isNew = workload !== last;
    last = workload;
    const columns = [
      thousands(cell.stepsPerSecond),
      ...[latency.p50, latency.p90, latency.p99, latency.p999].map(figureText),
      figureText(cell.cpuUsPerStep),
      thousands(cell.rssMb),
      figureText(cell.ownerRecords),
      thousands(cell.bytesPerRecord),
      figureText(perStep.storeRows),
      figureText(perStep.commits),
      perStep.flushes === null ? '-' : figureText(perStep.flushes),
      shareOfBare === null ? '-' : `${decimal(shareOfBare * 100)} %`,
    ];
    const load = rate === undefined ? thousands(callers!) : `${thousands(rate)}/s`;
    return `<tr${isNew ? ' class="new"' : ''}><th>${escapeHtml(workload)}</th><td class="text">${escapeHtml(cell.mode)}</td><td>${load}</td>${columns.map((text, index) => `<td>${index === 0 ? `<b>${text}</b>` : text}</td>`).join('')}</tr>`;
  });
  const heads = [
    '',
    'mode',
    'callers',
    'steps/s',
    'p50 ms',
    'p90',
    'p99',
    'p99.9',
    'CPU us/step',
    'MB',
    'records/run',
    'bytes',
    'Store rows/step',
    'commits/step',
    'flushes/step',
    'of bare',
  ];
  return `<section><h2>All cells</h2><p class="hint">Latency is from the start of a run to its result. "Of bare" compares records of the Log with what the ground bears without an engine, equal bytes in equal batches, in the same process shape right after.</p><div class="scroll"><table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function peersTable({ peers }: BenchPage): string {
  if (peers.length === 0) return '';
  const rows = peers.map(
    ({ callers, engine, how, p50, stepsPerSecond, workload, writes: written }) =>
      `<tr><th>${escapeHtml(engine)}</th><td class="text">${escapeHtml(how)}</td><td class="text">${escapeHtml(workload)}</td><td>${thousands(callers)}</td><td><b>${thousands(stepsPerSecond)}</b></td><td>${figureText(p50)}</td><td class="text">${escapeHtml(written)}</td></tr>`,
  );
  const heads = ['', 'how', 'workload', 'callers', 'steps/s', 'p50 ms', 'writes per step'];
  return `<section><h2>Beside other engines</h2><p class="hint">Equal work on the same machine, one after the other. bench/peers says what differs.</p><div class="scroll"><table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function microTable({ micro }: BenchPage): string {
  if (micro.length === 0) return '';
  let last = '';
  const rows = micro.map(({ confidence, group, name, perSecond, wanted }) => {
    const isNew = group !== last;
    last = group;
    const reached = wanted !== null && perSecond >= wanted;
    const aim =
      wanted === null
        ? ''
        : `<span class="${reached ? 'reached' : 'missed'}">${thousands(wanted)}</span>`;
    return `<tr${isNew ? ' class="new"' : ''}><th>${escapeHtml(group)}</th><td class="text">${escapeHtml(name)}</td><td><b>${thousands(perSecond)}</b></td><td>±${decimal(confidence)} %</td><td>${aim}</td></tr>`;
  });
  const heads = ['', '', 'per second', 'confidence', 'aimed at'];
  return `<section><h2>Parts</h2><p class="hint">Medians with half of the 95 % confidence interval of the mean: on a machine that is not quiet it is wide.</p><div class="scroll"><table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}
