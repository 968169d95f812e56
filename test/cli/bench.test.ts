/* `waybill bench` as a user meets it: its options are judged before anything is measured. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/bench/figures.ts';
import { cellsOf, readBenchFlags } from '../../src/cli/bench-options.ts';
import { figure, sheet, table } from '../../src/cli/bench-table.ts';

const FLAGS = {
  mode: 'memory,embedded',
  workload: 'one,seq10',
  concurrency: '1,256',
  for: '2s',
  warmUp: '500ms',
  baseline: true,
} as const;

const FIGURES: Figures = {
  cell: cellsOf(readBenchFlags(FLAGS))[0]!,
  at: '2026-01-01T00:00:00.000Z',
  machine: { node: 'v24.0.0', cores: 2, cpu: 'a CPU', system: 'linux x64' },
  stepsPerRun: 1,
  runsPerSecond: 1_234,
  stepsPerSecond: 1_234,
  latencyMs: { p50: 1, p90: 2, p99: 3, p999: 4, max: 5, mean: 1.5 },
  curve: [],
  cpuUsPerStep: 12.34,
  rssMb: 100,
  otherCores: 1.5,
  late: 0,
  writes: {
    runs: 5_000,
    records: { START: 5_000 },
    ownerRecordsPerRun: 2,
    bytesPerRecord: 500,
    appendsPerStep: 0.03,
    rowsPerStep: 3.01,
    storeRowsPerStep: 0,
    commitsPerStep: 0.02,
    rowsByTable: { log: 3, hint: 0.01 },
    flushesPerStep: 0.02,
  },
  recordsPerSecond: 3_700,
  baseline: {
    what: 'bare SQLite, FULL',
    rowsPerSecond: 10_000,
    bytesPerRow: 500,
    rowsPerCommit: 100,
    share: 0.37,
  },
};

describe('waybill bench', () => {
  it('measures every combination of what is named', () => {
    const cells = cellsOf(readBenchFlags(FLAGS));
    expect(cells.map(({ concurrency, mode, workload }) => [workload, mode, concurrency])).toEqual([
      ['one', 'memory', 1],
      ['one', 'memory', 256],
      ['one', 'embedded', 1],
      ['one', 'embedded', 256],
      ['seq10', 'memory', 1],
      ['seq10', 'memory', 256],
      ['seq10', 'embedded', 1],
      ['seq10', 'embedded', 256],
    ]);
    expect(cells[0]).toMatchObject({ windowMs: 2_000, warmUpMs: 500, partitions: 1 });
  });

  it.each([
    [{ mode: 'disk' }, /--mode disk: there are memory, embedded/],
    [{ workload: 'seq11' }, /--workload seq11: there are one, seq10/],
    [{ concurrency: '0' }, /--concurrency takes whole numbers from 1/],
    [{ for: '2 hours' }, /--for takes a time such as 500ms, 10s or 2m/],
    [{ rate: 'fast' }, /--rate takes whole numbers/],
    [{ file: 'a.yaml' }, /--file is a workload of its own/],
    [{ mode: 'live' }, /--mode live takes brokers and a Store/],
    [{ mode: 'live', brokers: 'b:1', store: 'x.db' }, /--store x.db: live mode takes postgres/],
  ])('says what would be right: %j', (flags, said) => {
    expect(() => readBenchFlags({ ...FLAGS, ...flags })).toThrow(said);
  });

  it('says on a sheet what was written, and that others were at work', () => {
    const text = stripVTControlCharacters(sheet(FIGURES, 'one call'));
    expect(text).toMatch(/1,234\/s/);
    expect(text).toMatch(/2 per run \(the budget allows 2\), 500 bytes each/);
    expect(text).toMatch(
      /0 rows of the Store, 0.03 appends, 0.02 commits, 0.02 flushes of the disk/,
    );
    expect(text).toMatch(
      /10,000 records\/s \(bare SQLite, FULL, 100 at once\); this is 37 % of it/,
    );
    expect(text).toMatch(/other processes used 1.5 cores meanwhile/);
  });

  it('puts cells below each other, each figure under its name', () => {
    const [head, row] = stripVTControlCharacters(table([FIGURES, FIGURES]))
      .split('\n')
      .slice(1);
    expect(row).toMatch(/^one · memory · 1 caller/);
    expect(row!.length).toBe(head!.length);
    expect(row!.slice(head!.indexOf('p50') - 3, head!.indexOf('p50') + 3)).toBe('  1 ms');
  });

  it('shortens figures to what they mean', () => {
    expect([0, 0.012345, 12.345, 1_234.5].map(figure)).toEqual(['0', '0.0123', '12.3', '1,235']);
  });
});
