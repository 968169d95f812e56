/*
 * R1: a run and everything that it awaits live in one partition, which follows from its id; and every
 * owner says the same of the house - its prefix, and how many partitions there are.
 */
import { homeOf } from '../../wire/hash.ts';
import { at, type Oracle } from './oracle.ts';

export const homes: Oracle = {
  name: 'r1-homes',
  promise: 'R1',
  says: 'every record of a run stands in the partition that its id gives, of a house that all agree on',
  check({ history, reading }, verdict) {
    const strange = new Set(
      history.strangers?.map(({ offset, partition }) => `${partition}/${offset}`),
    );
    const count = reading.partitions.length;
    const known = new Map<string, number>();
    let prefix: string | undefined;
    for (const { claims, entries, partition } of reading.partitions) {
      for (const entry of entries) {
        const { run } = entry.header;
        if (run === '' || !entry.valid) continue;
        let home = known.get(run);
        if (home === undefined) known.set(run, (home = homeOf(run, count)));
        if (home === partition) verdict.checked += 1;
        else if (!strange.has(`${partition}/${entry.offset}`))
          verdict.violation(
            `${entry.named} is of run ${run}, whose home is partition ${home}`,
            at(entry),
          );
      }
      for (const claim of claims) {
        const { body } = claim;
        if (body.kind !== 'CLAIM') continue;
        const { genesis } = body;
        prefix ??= genesis.prefix;
        verdict.expect(
          genesis.partitions === count && genesis.prefix === prefix,
          () =>
            `${claim.named} is of "${genesis.prefix}" with ${genesis.partitions} partitions; this is "${prefix}" with ${count}`,
          at(claim),
        );
      }
    }
  },
};
