/*
 * A histogram of latencies: buckets that grow with the value, so that a percentile is never more than
 * 1 in 128 off, from a microsecond to hours, in a few KB whatever is counted.
 */

/** Buckets per doubling of the value. */
const SUB = 128;
const SUB_BITS = 7;

export interface Percentiles {
  /** ms */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly mean: number;
}

export class Histogram {
  private counts = new Float64Array(SUB * 36);
  private sum = 0;
  private largest = 0;
  count = 0;

  /** A latency in ms. What is below a microsecond counts as one. */
  record(ms: number): void {
    const micros = Math.max(1, Math.round(ms * 1_000));
    const index = indexOf(micros);
    if (index >= this.counts.length) throw new RangeError(`${ms} ms is no latency`);
    this.counts[index]!++;
    this.count++;
    this.sum += ms;
    if (ms > this.largest) this.largest = ms;
  }

  /** The smallest latency, ms, that at least this share of all does not exceed; NaN of nothing. */
  percentile(share: number): number {
    if (this.count === 0) return Number.NaN;
    const wanted = Math.max(1, Math.ceil(share * this.count));
    let seen = 0;
    for (const [index, count] of this.counts.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(this.largest, upperOf(index) / 1_000);
    }
    return this.largest;
  }

  get percentiles(): Percentiles {
    return {
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      p999: this.percentile(0.999),
      max: this.count === 0 ? Number.NaN : this.largest,
      mean: this.sum / this.count,
    };
  }

  /** Points of the curve "share of all that took at most so long", for a chart. */
  get curve(): readonly { readonly share: number; readonly ms: number }[] {
    const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999];
    return shares
      .filter((share) => (1 - share) * this.count >= 1 || share <= 0.5)
      .map((share) => ({ share, ms: this.percentile(share) }));
  }
}

/** Below 256 every value has a bucket of its own; above, each doubling has SUB of them. */
function indexOf(micros: number): number {
  const bits = Math.max(0, Math.floor(Math.log2(micros)) - SUB_BITS);
  return bits * SUB + Math.floor(micros / 2 ** bits);
}

/** The largest value of a bucket. */
function upperOf(index: number): number {
  const bits = Math.max(0, Math.floor(index / SUB) - 1);
  return (index - bits * SUB + 1) * 2 ** bits - 1;
}
