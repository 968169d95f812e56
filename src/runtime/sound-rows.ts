/*
 * Rows of a run, from a Store that has not lost commits (PROTOCOL.md R14): what it lost might bring a row
 * back that was resumed long ago, or hide one that is parked. So whoever gives rows is asked for how far
 * it is right after them. What was resumed in the meantime is left out.
 */
import type { ParkedRow, Store } from '../ports/index.ts';
import type { LogView } from './view.ts';

/** Gives the rows of a run, or fails; neither, when that is no business of this owner any more. */
export type SoundRows = (
  run: string,
  found: (rows: readonly ParkedRow[]) => void,
  failed: (error: unknown) => void,
) => void;

const NOBODY: ReadonlySet<number> = new Set();

/**
 * `known`: how far the Store was when it last answered; `lost` is told of one that has less. `reads`: whether
 * this build may read them (R21).
 */
export function soundRows(
  store: Store,
  partition: number,
  { hands, resumes }: Pick<LogView, 'hands' | 'resumes'>,
  known: () => number,
  lost: (applied: number) => void,
  reads: (rows: readonly ParkedRow[]) => boolean,
): SoundRows {
  return (run, found, failed) => {
    const had = known();
    const since = hands.asked(resumes());
    const fail = (error: unknown): void => {
      hands.answered(since);
      failed(error);
    };
    soundly(store, partition, store.parked(partition, run)).then(({ applied, rows }) => {
      hands.answered(since);
      if (applied < had) lost(applied);
      else if (reads(rows)) found(rows.filter(({ identity }) => !since.has(identity)));
    }, fail);
  };
}

/** Rows that a Store gives, and how far it is after it has given them. */
export function soundly(
  store: Store,
  partition: number,
  rows: PromiseLike<readonly ParkedRow[]>,
): PromiseLike<{ readonly rows: readonly ParkedRow[]; readonly applied: number }> {
  return rows.then((found) =>
    store.due(partition, 0, 1, NOBODY).then(({ applied }) => ({ rows: found, applied })),
  );
}
