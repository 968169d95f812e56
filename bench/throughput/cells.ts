/*
 * Which cells a run of the bench has. The default is what says most in a few minutes; the matrix is all of
 * it. A cell with `rounds` is measured so often, in turns with the others, and its medians are kept: ratios
 * that somebody is held to come from those.
 */

export interface Wanted {
  readonly mode: string;
  readonly workload: string;
  readonly callers?: number;
  readonly rate?: number;
  readonly rounds: number;
}

/** Minutes: about 5. */
export const QUICK: readonly Wanted[] = [
  { mode: 'embedded', workload: 'seq10', callers: 256, rounds: 3 },
  { mode: 'embedded', workload: 'seq10', callers: 1, rounds: 1 },
  { mode: 'embedded', workload: 'seq10', callers: 32, rounds: 1 },
  { mode: 'embedded-normal', workload: 'seq10', callers: 256, rounds: 1 },
  { mode: 'embedded-journal', workload: 'seq10', callers: 1, rounds: 1 },
  { mode: 'embedded-journal', workload: 'seq10', callers: 256, rounds: 1 },
  { mode: 'memory', workload: 'seq10', callers: 1, rounds: 1 },
  { mode: 'memory', workload: 'seq10', callers: 32, rounds: 1 },
  { mode: 'memory', workload: 'seq10', callers: 256, rounds: 3 },
  { mode: 'embedded', workload: 'one', callers: 256, rounds: 1 },
  { mode: 'embedded', workload: 'fan16', callers: 32, rounds: 1 },
  { mode: 'embedded', workload: 'saga', callers: 32, rounds: 1 },
  { mode: 'embedded', workload: 'listen', callers: 32, rounds: 1 },
  { mode: 'embedded', workload: 'seq10', rate: 200, rounds: 1 },
];

/** Minutes: about 9. */
export const USUAL: readonly Wanted[] = [
  ...QUICK.map((wanted) => (wanted.rounds > 1 ? { ...wanted, rounds: 5 } : wanted)),
  { mode: 'embedded', workload: 'seq10', callers: 2_048, rounds: 1 },
  { mode: 'embedded-normal', workload: 'seq10', callers: 1, rounds: 1 },
  { mode: 'embedded-normal', workload: 'seq10', callers: 32, rounds: 1 },
  { mode: 'embedded', workload: 'seq100', callers: 32, rounds: 1 },
  { mode: 'embedded', workload: 'timer', callers: 256, rounds: 1 },
  { mode: 'embedded', workload: 'child', callers: 32, rounds: 1 },
  { mode: 'embedded', workload: 'pure', callers: 32, rounds: 1 },
];

/** With brokers and a database there. */
export const LIVE: readonly Wanted[] = [
  ...[1, 32, 256].map((callers) => ({ mode: 'live', workload: 'seq10', callers, rounds: 1 })),
  ...[1, 256].map((callers) => ({ mode: 'live-journal', workload: 'seq10', callers, rounds: 1 })),
];

/** Everything, on demand: hours. */
export function matrix(modes: readonly string[], workloads: readonly string[]): readonly Wanted[] {
  return workloads.flatMap((workload) =>
    [...modes].flatMap((mode) =>
      [1, 32, 256, 2_048].map((callers) => ({ mode, workload, callers, rounds: 1 })),
    ),
  );
}
