import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/bench/histogram.ts';

describe('histogram of latencies', () => {
  it('gives each percentile as sorting would, to 1 in 128', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), {
          minLength: 1,
          maxLength: 300,
        }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (values, share) => {
          const histogram = new Histogram();
          for (const value of values) histogram.record(value);
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
          const found = histogram.percentile(share);
          // a microsecond is the finest that it tells
          expect(found).toBeGreaterThan(exact - 0.001);
          expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 128) + 0.001);
        },
      ),
    );
  });

  it('says nothing of nothing', () => {
    expect(new Histogram().percentile(0.5)).toBeNaN();
  });
});
