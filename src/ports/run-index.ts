/*
 * RunIndex: one row for each run, for people who ask what there is. It is a projection of the Log
 * (PROTOCOL.md, write budget, last row): nothing in the engine depends on it, and it can be thrown away
 * and made again.
 *
 * X1. `write` is atomic: rows and position come together, only if the position still is `from`.
 * X2. `write` may reject although it was committed; the same one again answers 'stale'.
 * X3. `get` and `list` see what `write` has committed; `get` gives row and position of one moment.
 */
import type { Json } from '../wire/index.ts';

/** A place in the Log with what is in force there: enough to start reading at (PROTOCOL.md R10, R12). */
export interface LogPosition {
  readonly offset: number;
  /** offset of the CLAIM in force; -1 = none yet */
  readonly tenure: number;
  readonly nonce: number;
  /** n of the last valid record of that tenure before this place */
  readonly n: number;
}

export type RunRowStatus =
  /** no owner has let it begin */
  | 'pending'
  | 'running'
  /** every strand waits for a time or an event */
  | 'waiting'
  /** somebody must do something: suspended, or parked as dead */
  | 'suspended'
  | 'completed'
  | 'faulted'
  | 'cancelled';

export interface RunRow {
  readonly run: string;
  readonly partition: number;
  readonly status: RunRowStatus;
  /** Definition hash; '' where not known yet */
  readonly definition: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly version?: string;
  /** JSON pointer of the task where the root stands */
  readonly position?: string;
  /** of the strand that decides its status: activity, timer, wait, retry, listen, dead, ... */
  readonly waitsFor?: string;
  /** when that is over at the latest, ms since the epoch */
  readonly until?: number;
  /** times in ms since the epoch */
  readonly startedAt: number;
  readonly changedAt: number;
  readonly endedAt?: number;
  /** output or error, where it is small */
  readonly value?: Json;
  /** its size as JSON, bytes */
  readonly valueBytes?: number;
  /** of a run that has faulted */
  readonly errorType?: string;
  /** offset of the newest record that the row knows of; of a run that has ended, its END */
  readonly last: number;
  /** of a run that goes on: what the next record of it is added to. Only the writer knows its form */
  readonly detail?: Json;
}

export interface RunQuery {
  readonly status?: RunRowStatus;
  readonly workflow?: {
    readonly namespace: string;
    readonly name: string;
    readonly version?: string;
  };
  /** only what comes after this one in the order of the answer */
  readonly after?: { readonly startedAt: number; readonly run: string };
  readonly limit: number;
}

export interface RunIndex {
  /** Up to where the partition has been indexed; undefined = not at all. */
  position(partition: number): PromiseLike<LogPosition | undefined>;
  /** Puts these rows, each in place of the one of its run, and moves the position. */
  write(
    partition: number,
    from: LogPosition | undefined,
    to: LogPosition,
    rows: readonly RunRow[],
  ): PromiseLike<'written' | 'stale'>;
  /** Rows of those of these runs that have one, in any order. */
  rows(runs: readonly string[]): PromiseLike<readonly RunRow[]>;
  /** The row of a run, with the position of its partition. */
  get(
    run: string,
  ): PromiseLike<{ readonly row: RunRow; readonly position: LogPosition } | undefined>;
  /** What was started last comes first; among equals the greater run id. */
  list(query: RunQuery): PromiseLike<readonly RunRow[]>;
  /** Drops at most `limit` rows of runs of a partition that ended before `before` (ms); says how many. */
  purge(partition: number, before: number, limit: number): PromiseLike<number>;
}
