/*
 * R6: the records of a hop are valid or void together, side by side in one batch.
 */
import { at, type Oracle } from './oracle.ts';

export const unitsWhole: Oracle = {
  name: 'r6-units-whole',
  promise: 'R6',
  says: 'a unit is there as a whole or not at all',
  check({ reading }, verdict) {
    for (const { units } of reading.partitions) {
      for (const unit of units) {
        const head = unit.records[0];
        if (head === undefined) continue;
        verdict.expect(
          unit.whole,
          () =>
            `the unit of ${head.named} (run ${head.header.run}) is torn: ${unit.records.length} of ${head.header.unitSize} records, ${unit.records.map(({ header }) => header.kind).join(' ')}`,
          at(head),
        );
      }
    }
  },
};
