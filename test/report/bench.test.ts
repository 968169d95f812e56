/* The bench page: one file that fetches nothing, shows what it was given, and says what was not told. */
import { describe, expect, it } from 'vitest';
import { figureText, powers } from '../../src/report/bench-charts.ts';
import { renderBench } from '../../src/report/bench-html.ts';
import type { BenchCell, BenchPage } from '../../src/report/bench-model.ts';

function cell(mode: string, callers: number, stepsPerSecond: number): BenchCell {
  return {
    mode,
    workload: 'seq10',
    callers,
    stepsPerSecond,
    latency: { p50: 1, p90: 2, p99: 3, p999: 4 },
    curve: [
      { share: 0.5, ms: 1 },
      { share: 0.9, ms: 2 },
      { share: 0.99, ms: 3 },
    ],
    cpuUsPerStep: 12,
    rssMb: 100,
    bytesPerRecord: 500,
    ownerRecords: 11,
    perStep: { records: 1.2, storeRows: 0, commits: 0.01, flushes: null },
    shareOfBare: 0.25,
    rounds: 1,
  };
}

const PAGE: BenchPage = {
  title: 'What a <step> costs',
  at: 'now',
  commit: 'abc"1',
  machine: 'a machine & a half',
  otherCores: 0,
  cells: [cell('embedded', 1, 500), cell('embedded', 32, 9_000), cell('embedded', 256, 54_321)],
  scale: [
    {
      title: 'Cost',
      hint: '',
      x: 'steps',
      unit: 'us',
      points: [
        { x: 10, y: 20 },
        { x: 1_000, y: 21 },
      ],
    },
  ],
  micro: [{ group: 'step', name: 'call', perSecond: 400_001, confidence: 1.2, wanted: 400_000 }],
  peers: [],
};

describe('the bench page', () => {
  it('fetches nothing and lets nothing out of its texts', () => {
    const page = renderBench(PAGE);
    expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
    expect(page).toContain('What a &lt;step&gt; costs');
    expect(page).toContain('a machine &amp; a half');
    expect(page).toContain('abc&quot;1');
  });

  it('has a headline, a chart for each question, and every cell', () => {
    const page = renderBench(PAGE);
    expect(page).toContain('<b>54,321</b><span>durable steps a second');
    expect(page.match(/<figure>/g)).toHaveLength(4);
    expect(page.match(/<th>seq10<\/th>/g)).toHaveLength(3);
    expect(page).toContain('class="reached">400,000');
    // what the machine does not tell is not nought
    expect(page).toContain('not told');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('says when others were at work', () => {
    expect(renderBench(PAGE)).not.toContain('compare ratios only');
    expect(renderBench({ ...PAGE, otherCores: 1.5 })).toContain('compare ratios only');
  });

  it('leaves out of a line what has no place on its scale', () => {
    const none = { ...cell('embedded', 32, 0), curve: [] };
    const page = renderBench({
      ...PAGE,
      cells: [cell('memory', 1, 900), none, cell('embedded', 1, 90)],
    });
    expect(page).toContain('>embedded</text>');
    const heights = [...page.matchAll(/ cy="([^"]+)"/g)].map(([, y]) => Number(y));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...heights)).toBeLessThanOrEqual(300);
  });

  it('draws nothing of what was not measured', () => {
    const page = renderBench({ ...PAGE, cells: [], scale: [], micro: [] });
    expect(page).not.toMatch(/<figure>|NaN|undefined/);
  });

  it('shortens figures, and ticks enclose all values', () => {
    expect([0, 0.0123, 9_999, 54_321, 1_234_567].map(figureText)).toEqual([
      '0',
      '0.0123',
      '9,999',
      '54.3k',
      '1.23M',
    ]);
    const ticks = powers([3, 4_000]).map(({ at }) => at);
    expect(ticks).toEqual([1, 10, 100, 1_000, 10_000]);
  });
});
