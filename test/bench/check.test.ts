/* What is compared between runs of the bench, and what is said of it. */
import { describe, expect, it } from 'vitest';
import { withHeadline } from '../../bench/throughput/headline.ts';
import { median } from '../../bench/throughput/median.ts';
import { moved, type Ratio } from '../../bench/throughput/ratios.ts';

const timed = (value: number, worse: Ratio['worse'] = 'less'): Ratio => ({
  name: 'share',
  value,
  tolerance: 0.35,
  worse,
});

describe('bench:check', () => {
  it('lets time vary, and says when it moved and which way', () => {
    expect(moved([timed(0.8)], { share: 1 })).toEqual([]);
    expect(moved([timed(0.6)], { share: 1 })).toMatchObject([{ was: 1, verdict: 'worse' }]);
    expect(moved([timed(1.5)], { share: 1 })).toMatchObject([{ verdict: 'better' }]);
    expect(moved([timed(1.5, 'more')], { share: 1 })).toMatchObject([{ verdict: 'worse' }]);
  });

  it('lets no count move', () => {
    const counted: Ratio = { name: 'rows', value: 0.001, tolerance: 0, worse: 'more' };
    expect(moved([counted], { rows: 0 })).toMatchObject([{ verdict: 'worse' }]);
    expect(moved([{ ...counted, value: 0 }], { rows: 0 })).toEqual([]);
    expect(moved([{ ...counted, value: 10 }], { rows: 11 })).toMatchObject([{ verdict: 'better' }]);
  });

  it('compares what is on both sides alone', () => {
    expect(moved([timed(0.1)], { other: 1 })).toEqual([]);
  });

  it('takes medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('puts the table between its marks and leaves the rest', () => {
    const marks = [
      '<!-- bench: npm run bench && npm run bench:check -- --accept -->',
      '<!-- /bench -->',
    ];
    const readme = `before\n${marks[0]}\n\nold\n\n${marks[1]}\nafter\n`;
    expect(withHeadline(readme, 'new')).toBe(`before\n${marks[0]}\n\nnew\n\n${marks[1]}\nafter\n`);
    expect(() => withHeadline('no marks', 'new')).toThrow(/README.md lacks/);
  });
});
