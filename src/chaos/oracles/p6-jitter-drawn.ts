/*
 * P6: the jitter of a retry is drawn: from all that the policy allows, for each run anew.
 *
 * That a delay lies within its policy, `differential` sees of every single retry. That it was drawn only many of
 * them tell: of `count` fair draws out of `width` values, at most d differ with a probability below
 * C(width, d) * (d / width)^count. What is less likely than RARE was not drawn, but left out or made up.
 */
import { compareRuns } from './differential.ts';
import type { Oracle, View } from './oracle.ts';

/** ln of the probability with which this oracle may be wrong about the draws of one world: 1 in 10^7. */
const RARE = -16.1;

export const jitterDrawn: Oracle = {
  name: 'p6-jitter-drawn',
  promise: 'P6',
  says: 'where a policy has jitter, retries are put off by delays that were drawn from it',
  check(view, verdict) {
    for (const [width, draws] of drawsByWidth(view)) {
      const different = new Set(draws).size;
      verdict.expect(
        likelihood(width + 1, draws.length, different) > RARE,
        () =>
          `${draws.length} retries had ${width} ms of jitter to draw from, and all drew ${[...new Set(draws)].join(' or ')} ms`,
      );
    }
  },
};

/** What was drawn out of so many ms. Each is the retry of an activity, and no two of these are equal. */
function drawsByWidth(view: View): ReadonlyMap<number, number[]> {
  const byWidth = new Map<number, number[]>();
  for (const { draws = [] } of compareRuns(view)) {
    for (const { drawn, width } of draws) {
      const all = byWidth.get(width);
      if (all === undefined) byWidth.set(width, [drawn]);
      else all.push(drawn);
    }
  }
  return byWidth;
}

/** ln of a bound of the probability that `count` draws out of `values` show so few different ones. */
function likelihood(values: number, count: number, different: number): number {
  const ratio = Math.log(values / different);
  return different * (1 + ratio) - count * ratio;
}
