/*
 * Projections: how far readers of the Log have got that keep nothing else in the Store, by name and
 * partition (PROTOCOL.md R12).
 *
 * J1. `move` compares before it sets: of two that read the same, one goes first.
 * J2. `move` may reject although it was committed; the same one again answers 'stale'.
 */
import type { LogPosition } from './run-index.ts';

export interface Projections {
  /** Up to where that reader has read the partition; undefined = nobody has begun. */
  position(name: string, partition: number): PromiseLike<LogPosition | undefined>;
  /** It has got from `from` to `to`. */
  move(
    name: string,
    partition: number,
    from: LogPosition | undefined,
    to: LogPosition,
  ): PromiseLike<'moved' | 'stale'>;
}
