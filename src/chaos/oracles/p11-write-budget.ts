/*
 * P11: the write budget holds. In a run of the world in which no fault fired, every run writes exactly
 * the owner records and Store rows that its scenario says for the path that it took.
 *
 * START, CONTROL, CLAIM, MARK, CLOSE and the Store's applied offset are counted apart (PROTOCOL.md),
 * and so is CARRY: it comes with the length of the Log, not with the run. Rows are counted as the fold
 * makes them: one for a PARK, one for each row that a RESUME takes away, two for a kept result, one for
 * each transition that is journalled. Who listens has a row more for each lookup; each event that it takes
 * counts with its row and the one that says who has heard it.
 */
import type { Subscription } from '../../wire/subscription.ts';
import type { FinalRun, Writes } from '../scenario/format.ts';
import { countOf, pathOf } from '../scenario/outcomes.ts';
import type { Run } from './log-reading.ts';
import { putAside } from './put-aside.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const writeBudget: Oracle = {
  name: 'p11-write-budget',
  promise: 'P11',
  says: 'a fault-free run writes exactly what its path is allowed to',
  check({ finalRuns, history, reading, scenario }, verdict) {
    if (scenario === undefined || history.fired.some(({ fault }) => fault >= 0)) return;
    if (scenario.outcomes.every(({ writes }) => writes === undefined)) return;
    // What somebody puts aside costs what that costs, however often it is asked for (PROTOCOL.md).
    const aside = putAside(history);
    for (const final of finalRuns()) {
      if (aside.has(final.id)) continue;
      const path = pathOf(final, scenario);
      const run = reading.runs.get(final.id);
      if (path?.writes === undefined || run === undefined) continue;
      compare(run, final, path.path, path.writes, verdict);
    }
  },
};

function compare(run: Run, final: FinalRun, path: string, writes: Writes, verdict: Verdict): void {
  const { records, rows } = countWrites(run);
  const kinds = new Set([...records.keys(), ...writes.records.keys()]);
  const place = run.ends[0] === undefined ? { run: run.run } : at(run.ends[0]);
  for (const kind of kinds) {
    const expected = countOf(writes.records.get(kind) ?? 0, final);
    const written = records.get(kind) ?? 0;
    verdict.expect(
      written === expected,
      () => `run ${run.run} (${path}) wrote ${written} ${kind}; its budget is ${expected}`,
      place,
    );
  }
  const expected = countOf(writes.rows, final);
  verdict.expect(
    rows === expected,
    () => `run ${run.run} (${path}) cost ${rows} rows of the Store; its budget is ${expected}`,
    place,
  );
}

/** Owner records of a run by kind, and the rows that the fold makes of them. */
export function countWrites(run: Run): {
  readonly records: ReadonlyMap<string, number>;
  readonly rows: number;
} {
  const records = new Map<string, number>();
  /** rows of a parked strand, by its identity */
  const parked = new Map<number, number>();
  let rows = 0;
  for (const entry of run.records) {
    const { kind } = entry.header;
    records.set(kind, (records.get(kind) ?? 0) + 1);
    if (entry.header.journal) rows += 1;
    const { body } = entry;
    if (body.kind === 'PARK') {
      const lookups = body.why === 'listen' ? lookupsOf(body.subscription) : 0;
      parked.set(entry.offset, 1 + lookups);
      rows += 1 + lookups;
    } else if (body.kind === 'RESUME') {
      for (const row of body.rows) rows += parked.get(row) ?? 1;
      rows += 2 * (body.events?.length ?? 0);
    } else if (kind === 'END' && entry.header.strand === '') {
      if (body.kind === 'END' && body.caller?.keep === true) rows += 2;
    }
  }
  return { records, rows };
}

/** Filters are found by type, and by what their first constant correlation expects: a row for each. */
function lookupsOf(subscription: Subscription | undefined): number {
  const { filters = [] } = subscription ?? {};
  const found = filters.map(({ correlate = {}, with: { type } }) => {
    const name = Object.keys(correlate)
      .sort()
      .find((one) => correlate[one]!.expect !== undefined && !correlate[one]!.from.given);
    const by = name === undefined ? [] : [correlate[name]!.from.text, correlate[name]!.expect];
    return JSON.stringify([type !== undefined && 'is' in type ? type.is : '', ...by]);
  });
  return Math.max(1, new Set(found).size);
}
