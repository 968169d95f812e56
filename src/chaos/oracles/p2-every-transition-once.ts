/*
 * P2: every state transition happens exactly once.
 *
 * A transition is a valid unit. It must resolve something, what it resolves must have been open, and
 * nothing may be resolved twice; the hops of a strand count up by one; a run has one terminal END
 * and nothing of it happens afterwards; and all of a run stands in one partition (R1).
 */
import type { Entry, Run, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const everyTransitionOnce: Oracle = {
  name: 'p2-every-transition-once',
  promise: 'P2',
  says: 'each open record is resolved by at most one unit, hops count up by one, a run ends once',
  check({ reading }, verdict) {
    for (const partition of reading.partitions) {
      for (const unit of partition.units) checkUnit(unit, verdict);
    }
    for (const run of reading.runs.values()) checkRun(run, verdict);
  },
};

function checkUnit(unit: Unit, verdict: Verdict): void {
  const head = unit.records[0];
  if (head === undefined) return;
  verdict.checked += 1;
  for (const { target, why, before } of unit.bad) {
    const by = before?.records[0];
    verdict.violation(
      why === 'unknown'
        ? `${head.named} (run ${head.header.run}) resolves ${target}, which was never open`
        : `${head.named} (run ${head.header.run}) resolves ${target} once more, after ${by?.named ?? 'another unit'}`,
      at(head),
    );
  }
  const moves = unit.records.find(({ header }) => isMove(header.kind));
  if (moves === undefined) return;
  // What a schedule begins comes from its FIRE, which p4-schedules judges.
  const resumes = unit.records.some(({ header: { kind } }) => kind === 'RESUME' || kind === 'FIRE');
  verdict.expect(
    resumes || unit.targets.length > 0,
    () =>
      `${moves.named} (run ${moves.header.run}) comes from nothing: its unit resolves no record`,
    at(moves),
  );
}

/** Kinds that move a strand from one State to the next. */
function isMove(kind: Entry['header']['kind']): boolean {
  return kind === 'STEP' || kind === 'PARK' || kind === 'END' || kind === 'CANCELLING';
}

function checkRun(run: Run, verdict: Verdict): void {
  const { records, ends } = run;
  const first = records[0];
  if (first === undefined) return;
  verdict.expect(
    ends.length <= 1,
    () => `run ${run.run} ended ${ends.length} times: ${ends.map((end) => end.named).join(', ')}`,
    at(ends.at(-1) ?? first),
  );
  const hops = new Map<string, number>();
  const end = ends[0];
  for (const entry of records) {
    const { header, partition } = entry;
    if (partition !== first.partition) {
      verdict.violation(
        `run ${run.run} lives in partition ${first.partition}, but there is a ${entry.named} (R1)`,
        at(entry),
      );
      continue;
    }
    if (!isMove(header.kind)) continue;
    if (end !== undefined && entry.offset > end.offset) {
      verdict.violation(`run ${run.run} goes on after its end: ${entry.named}`, at(entry));
    }
    const before = hops.get(header.strand);
    hops.set(header.strand, header.hop);
    if (before === undefined) continue;
    verdict.expect(
      header.hop === before + 1,
      () =>
        `strand "${header.strand}" of run ${run.run} goes from hop ${before} to hop ${header.hop} at ${entry.named}`,
      at(entry),
    );
  }
}
