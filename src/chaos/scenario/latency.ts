/*
 * How long a service takes: fixed, uniform, lognormal by its median and 99th percentile, or a mixture
 * such as "4 s, and 90 s on a bad night". Whole milliseconds.
 *
 * One draw per answer (two for a mixture), and no trigonometry: the same numbers give the same times
 * on every machine.
 */
export type Latency = (random: () => number) => number;

/** No service of a scenario takes longer than a day. */
export const LATENCY_MAX_MS = 86_400_000;

export function fixed(ms: number): Latency {
  return () => ms;
}

export function uniform(from: number, to: number): Latency {
  return (random) => Math.round(from + (to - from) * random());
}

export function lognormal(p50: number, p99: number): Latency {
  const sigma = p50 === 0 ? 0 : Math.log(p99 / p50) / Z99;
  return (random) => {
    const ms = Math.round(p50 * Math.exp(sigma * standardNormal(random())));
    return Math.min(ms, LATENCY_MAX_MS);
  };
}

export function mixture(
  parts: readonly { readonly weight: number; readonly latency: Latency }[],
): Latency {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return (random) => {
    let rest = random() * total;
    for (const { weight, latency } of parts) {
      rest -= weight;
      if (rest < 0) return latency(random);
    }
    return parts.at(-1)?.latency(random) ?? 0;
  };
}

/** Quantiles of the standard normal distribution, [probability, z]; linear in between is near enough. */
const QUANTILES: readonly (readonly [number, number])[] = [
  [0, -3.719],
  [0.0005, -3.2905],
  [0.005, -2.5758],
  [0.01, -2.3263],
  [0.025, -1.96],
  [0.05, -1.6449],
  [0.1, -1.2816],
  [0.2, -0.8416],
  [0.3, -0.5244],
  [0.4, -0.2533],
  [0.5, 0],
  [0.6, 0.2533],
  [0.7, 0.5244],
  [0.8, 0.8416],
  [0.9, 1.2816],
  [0.95, 1.6449],
  [0.975, 1.96],
  [0.99, 2.3263],
  [0.995, 2.5758],
  [0.9995, 3.2905],
  [1, 3.719],
];
const Z99 = 2.3263;

function standardNormal(probability: number): number {
  let before: readonly [number, number] = [0, -3.719];
  for (const point of QUANTILES) {
    if (probability <= point[0]) {
      const span = point[0] - before[0];
      return span === 0
        ? point[1]
        : before[1] + ((probability - before[0]) / span) * (point[1] - before[1]);
    }
    before = point;
  }
  return before[1];
}
