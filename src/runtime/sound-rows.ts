/*
 * Rows of a run, from a Store that has not lost commits (PROTOCOL.md R14): what it lost might bring a row
 * back that was resumed long ago, or hide one that is parked. So whoever gives rows is asked for how far
 * it is right after them. What was resumed in the meantime is left out.
 */
import type { ParkedRow, Store } from '../ports/index.ts';
import type { RowsInHand } from './rows-in-hand.ts';

/** Gives the rows of a run, or fails; neither, when `lost` was told instead. */
export type SoundRows = (
  run: string,
  found: (rows: readonly ParkedRow[]) => void,
  failed: (error: unknown) => void,
) => void;

const NOBODY: ReadonlySet<number> = new Set();

/** `known`: how far the Store was when it last answered; `lost` is told of one that has less. */
export function soundRows(
  store: Store,
  partition: number,
  hands: RowsInHand,
  known: () => number,
  lost: (applied: number) => void,
): SoundRows {
  return (run, found, failed) => {
    const had = known();
    const since = hands.asked();
    const fail = (error: unknown): void => {
      hands.answered(since);
      failed(error);
    };
    store.parked(partition, run).then((rows) => {
      store.due(partition, 0, 1, NOBODY).then(({ applied }) => {
        hands.answered(since);
        if (applied < had) lost(applied);
        else found(rows.filter(({ identity }) => !since.has(identity)));
      }, fail);
    }, fail);
  };
}
