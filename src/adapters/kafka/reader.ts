/*
 * A reader's place in a partition. It holds no records: what a fetch brings is filtered by the position
 * of that moment and handed over, so what the runtime has skipped meanwhile never reaches it.
 *
 * N1. A reader is fetched for only while a `next` waits: that is all the back-pressure there is.
 * N2. After `close` nothing is delivered; a pending `next` stays unanswered.
 * N3. Offsets follow each other without a gap; a gap is fatal for the partition (R12).
 */
import { type LogReader, OffsetOutOfRange, type StoredRecord } from '../../ports/index.ts';

interface Pending {
  readonly resolve: (records: readonly StoredRecord[]) => void;
  readonly reject: (reason: unknown) => void;
}

export interface ReaderEvents {
  waiting(reader: Reader): void;
  closed(reader: Reader): void;
}

export class Reader implements LogReader {
  readonly partition: number;
  readonly #events: ReaderEvents;
  #position: number;
  #pending: Pending | undefined;
  #closed = false;
  /** a fetch for it is under way */
  fetching = false;

  constructor(events: ReaderEvents, partition: number, offset: number) {
    this.#events = events;
    this.partition = partition;
    this.#position = offset;
  }

  get position(): number {
    return this.#position;
  }

  /** N1 */
  get waits(): boolean {
    return this.#pending !== undefined;
  }

  next(): Promise<readonly StoredRecord[]> {
    if (this.#closed) return Promise.reject(new Error('this reader was closed'));
    if (this.#pending !== undefined) {
      return Promise.reject(new Error('one `next` at a time: the last one is still unanswered'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<readonly StoredRecord[]>();
    this.#pending = { resolve, reject };
    this.#events.waiting(this);
    return promise;
  }

  skipTo(offset: number): void {
    if (offset > this.#position) this.#position = offset;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pending = undefined;
    this.#events.closed(this);
  }

  /** Records from the position on, in order. */
  give(records: readonly StoredRecord[]): void {
    const first = records[0];
    const last = records.at(-1);
    if (first === undefined || last === undefined || this.#pending === undefined) return;
    if (first.offset !== this.#position || last.offset - first.offset !== records.length - 1) {
      this.fail(gapAfter(this.partition, this.#position, records));
      return;
    }
    const { resolve } = this.#pending;
    this.#pending = undefined;
    this.#position = last.offset + 1;
    resolve(records);
  }

  fail(reason: unknown): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(reason);
  }
}

/** N3: says where records are missing that should have come at `position`. */
export function gapAfter(
  partition: number,
  position: number,
  records: readonly StoredRecord[],
): OffsetOutOfRange {
  const wrong = records.findIndex(({ offset }, i) => offset !== position + i);
  const missing = position + Math.max(0, wrong);
  const found = records[wrong]?.offset ?? missing;
  const end = (records.at(-1)?.offset ?? position) + 1;
  return new OffsetOutOfRange(
    `partition ${partition} has a gap: offset ${missing} is missing, ${found} comes next`,
    found,
    end,
  );
}
