/*
 * Broker: a set of partitioned, ordered, durable logs of bytes, and a hint about who should own which
 * partition. Nothing more is asked of it (PROTOCOL.md, "The Log decides"): no transactions, no fencing.
 *
 * B1. A batch goes to one partition and lands whole or not at all, in order, at consecutive offsets.
 * B2. `append` resolves only when the batch is durable. It rejects with AppendRefused when the batch
 *     surely was not appended and never will be; any other rejection means: unknown, it may have
 *     landed, it may land later, it may land twice.
 * B3. Readers see records in offset order, each once, only below the high watermark.
 * B4. Assignment is a suggestion: two members may believe that they own a partition.
 *
 * Answers are PromiseLike and the runtime only ever calls `.then(done, failed)` on them: an answer is
 * an event. An adapter must not call back before `append`, `next`, ... has returned.
 */

export interface StoredRecord {
  readonly offset: number;
  /** append time by the broker's clock, ms since the epoch */
  readonly time: number;
  readonly bytes: Uint8Array;
}

export interface Appended {
  /** offset of the first record of the batch */
  readonly base: number;
  /** append time by the broker's clock, ms since the epoch */
  readonly time: number;
}

/** The batch was not appended and will not be. `code` says why; `retriable` whether trying again can help. */
export class AppendRefused extends Error {
  readonly code: 'too-large' | 'not-leader' | 'no-space' | 'unauthorised' | 'closed';
  readonly retriable: boolean;
  constructor(code: AppendRefused['code'], message: string, retriable: boolean) {
    super(message);
    this.name = 'AppendRefused';
    this.code = code;
    this.retriable = retriable;
  }
}

/** The reader's position is not in the log any more, or not yet: fatal for the partition (R12). */
export class OffsetOutOfRange extends Error {
  readonly begin: number;
  readonly end: number;
  constructor(message: string, begin: number, end: number) {
    super(message);
    this.name = 'OffsetOutOfRange';
    this.begin = begin;
    this.end = end;
  }
}

export interface LogReader {
  /** offset of the next record that `next` will give */
  readonly position: number;
  /** Resolves with at least one record as soon as there is one; one call at a time. */
  next(): PromiseLike<readonly StoredRecord[]>;
  /** Passes over records that the caller knows already: `position` becomes `offset` if that is ahead. */
  skipTo(offset: number): void;
  close(): void;
}

export interface Member {
  /** Everything the member owns now. Told after each change, and repeated while it holds: a member that
   *  has lost a tenure waits for the repetition (PROTOCOL.md R9). `reader`: the newest record format that
   *  every member of the group reads (R21), 0 = not known. */
  assigned(partitions: readonly number[], reader: number): void;
  /** Comes late or never when the member has lost touch (B4). */
  revoked(partitions: readonly number[]): void;
}

export interface Broker {
  readonly partitions: number;
  append(partition: number, batch: readonly Uint8Array[]): PromiseLike<Appended>;
  /** A reader from `offset`, which must be within [begin, end]. */
  reader(partition: number, offset: number): LogReader;
  /** Records [from, to), for what is fetched again in its turn (R8). */
  fetch(partition: number, from: number, to: number): PromiseLike<readonly StoredRecord[]>;
  /** First offset kept, and the offset after the last record (high watermark). */
  range(partition: number): PromiseLike<{ readonly begin: number; readonly end: number }>;
  /** First offset whose append time is at or after `time` (ms); the end if there is none. */
  offsetAt(partition: number, time: number): PromiseLike<number>;
  /** Drops records below `before`; a hint, done in bulk. */
  trim(partition: number, before: number): PromiseLike<void>;
  /** Where a new owner may look for the newest mark: offset of a MARK or CLAIM record. Lost or stale at any time. */
  saveHint(partition: number, offset: number): void;
  hint(partition: number): PromiseLike<number | undefined>;
  /** Joins the group of runners; gives back how to leave it (after which nothing is assigned). */
  join(member: Member): () => void;
  /** This process cannot run the partition (R21): from now on others are given it, or nobody. It may be
   *  given up together with all others, where they cannot be run apart. */
  decline(partition: number): void;
}
