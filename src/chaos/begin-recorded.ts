/*
 * A world that begins with a recorded run: its records stand in the Log, its services remember what they
 * did for it, and the History says who started it.
 */
import type { Simulation } from '../adapters/sim/index.ts';
import type { Beginning } from '../trace/beginning.ts';
import { homeOf, READER } from '../wire/index.ts';
import type { ClientEntry } from './history.ts';

/** Puts the run where its home is among so many partitions. */
export function beginWith(
  { broker, services }: Simulation,
  { answers, records, run }: Beginning,
  partitions: number,
): void {
  const home = homeOf(run, partitions);
  for (const { bytes, time } of records(partitions)) broker.land(home, [bytes], time);
  for (const { answer, at, attempt, failed, key, name, request, role, ...of } of answers) {
    services.remember({
      at: of.from,
      key,
      role,
      name,
      request,
      run: of.run,
      strand: of.strand,
      attempt,
      runner: 'recorded',
      reader: READER,
      applied: !failed,
      ...(failed ? {} : { appliedAt: at }),
      heard: failed ? 'error' : 'result',
      answer,
    });
  }
}

/** What its client heard of it. */
export function acknowledged(
  { input, run, startedAt }: Beginning,
  partitions: number,
): ClientEntry {
  const partition = homeOf(run, partitions);
  return { at: startedAt, run, partition, input, outcome: 'acknowledged' };
}
