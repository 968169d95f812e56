/*
 * P8: a run stays on the definition that its first record was written with, whatever is deployed
 * meanwhile, however often it is parked, carried and taken over. An awaited child has a definition of its
 * own, and keeps that.
 */
import type { Entry } from './log-reading.ts';
import { at, type Oracle } from './oracle.ts';

export const definitionPinned: Oracle = {
  name: 'p8-definition-pinned',
  promise: 'P8',
  says: 'every strand of a run stays on the definition it began with',
  check({ reading }, verdict) {
    for (const { records, run } of reading.runs.values()) {
      const first = new Map<string, Entry>();
      for (const entry of records) {
        const { definition, strand } = entry.header;
        if (definition === '') continue;
        const before = first.get(strand);
        if (before === undefined) {
          first.set(strand, entry);
          continue;
        }
        verdict.expect(
          before.header.definition === definition,
          () =>
            `strand "${strand}" of run ${run} began with definition ${before.header.definition.slice(0, 12)} (${before.named}), and ${entry.named} is of ${definition.slice(0, 12)}`,
          at(entry),
        );
      }
    }
  },
};
