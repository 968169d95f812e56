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
    store.parked(partition, run).then((rows) => {
      store.due(partition, 0, 1, NOBODY).then(({ applied }) => {
        hands.answered(since);
        if (applied < had) lost(applied);
        else if (reads(rows)) found(rows.filter(({ identity }) => !since.has(identity)));
      }, fail);
    }, fail);
  };
}
