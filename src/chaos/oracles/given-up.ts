/*
 * R20, from outside: a strand may be parked as dead once K tenures have come and gone while its
 * activity was due. Such a run is no promise broken - it waits for a person, with its State - and what
 * the workflow's author expects of its end cannot be asked of it.
 */
import { TAKEOVERS_DEAD } from '../../wire/limits.ts';
import type { Entry, Reading, Run } from './log-reading.ts';

/** Whether a strand of the run was given up after so many takeovers, and is still parked. */
export function isGivenUp(run: Run, reading: Reading): boolean {
  return givenUp(run, reading, true);
}

/** Whether a strand of the run was given up so at some time, whatever became of it. */
export function wasGivenUp(run: Run, reading: Reading): boolean {
  return givenUp(run, reading, false);
}

function givenUp(run: Run, reading: Reading, still: boolean): boolean {
  return run.records.some((entry) => {
    if (entry.header.kind !== 'PARK') return false;
    const { body } = entry;
    if (body.kind !== 'PARK' || body.why !== 'dead') return false;
    const partition = reading.partitions[entry.partition];
    if (still && partition?.parkings.get(entry.offset)?.resumedBy !== undefined) return false;
    const step = entry.header.targets
      .map((target) => partition?.openables.get(target)?.first)
      .find((target): target is Entry => target?.header.kind === 'STEP');
    if (step === undefined) return false;
    const takeovers = partition?.claims.filter(
      ({ offset }) => offset > step.offset && offset < entry.offset,
    );
    return (takeovers?.length ?? 0) >= TAKEOVERS_DEAD;
  });
}
