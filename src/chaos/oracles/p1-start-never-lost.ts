/*
 * P1: an acknowledged start is never lost.
 *
 * The client was told that its START is durable: from then on there is a valid START of that run in
 * the partition it was told, and once the world has come to rest somebody has taken it up. That the
 * run also ends is P9's business.
 */
import type { Oracle } from './oracle.ts';
import { at } from './oracle.ts';

export const startNeverLost: Oracle = {
  name: 'p1-start-never-lost',
  promise: 'P1',
  says: 'an acknowledged start has a run that is there',
  check({ history, reading }, verdict) {
    for (const { run, partition, outcome } of history.client) {
      if (outcome !== 'acknowledged') continue;
      const found = reading.runs.get(run);
      const start = found?.start;
      verdict.expect(
        start !== undefined,
        () =>
          found === undefined
            ? `run ${run} was acknowledged, but no record of it is in any log`
            : `run ${run} was acknowledged, but none of its START records is valid`,
        { run, partition },
      );
      if (start === undefined) continue;
      verdict.expect(
        start.partition === partition,
        () =>
          `run ${run} was acknowledged in partition ${partition} and stands in ${start.partition}`,
        at(start),
      );
      if (!history.quiescent) continue;
      const openable = reading.partitions[start.partition]?.openables.get(start.identity);
      verdict.expect(
        openable?.resolvedBy !== undefined,
        () => `run ${run} was acknowledged, and nobody ever took up its START`,
        at(start),
      );
    }
  },
};
