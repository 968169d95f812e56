/*
 * Readers of the Log, and what wakes them.
 *
 * Owns: pending `next` calls, the turn in which they are answered, the poll for other processes.
 *
 * N1. Records are read when they are handed over, not when they are asked for: what the runtime
 *     skipped in between (its own appends) is never read at all.
 * N2. Answers of appends are out before readers are woken: both are events of one turn, the answers first.
 * N3. The poll runs only while somebody waits, and its timers do not keep a process alive.
 * N4. After `close` nothing is delivered; a pending `next` stays unanswered.
 */
import type { LogReader, StoredRecord } from '../../ports/index.ts';
import type { Log } from './log.ts';
import { StoreFileError, asStoreFileError, isBusy } from './store-file-error.ts';

const POLL_MS_MIN = 20;
const POLL_MS_MAX = 250;
const POLL_GROWTH = 1.25;

interface Pending {
  readonly resolve: (records: readonly StoredRecord[]) => void;
  readonly reject: (reason: unknown) => void;
}

export class Readers {
  readonly #log: Log;
  readonly #path: string;
  readonly #polls: boolean;
  readonly #waiting = new Set<Reader>();
  #wakeScheduled = false;
  #pollMs = POLL_MS_MIN;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `polls`: the file can be written by other processes. */
  constructor(log: Log, path: string, polls: boolean) {
    this.#log = log;
    this.#path = path;
    this.#polls = polls;
    log.onGrown = () => this.#wakeSoon();
    log.onForeign = () => {
      this.#pollMs = POLL_MS_MIN;
      this.#wakeSoon();
    };
  }

  open(partition: number, offset: number): LogReader {
    return new Reader(this, partition, offset);
  }

  /** Called by a reader that has a pending `next`. */
  wait(reader: Reader): void {
    if (this.#closed) {
      reader.fail(new StoreFileError('closed', this.#path, 'the file was closed'));
      return;
    }
    this.#waiting.add(reader);
    this.#wakeSoon();
  }

  leave(reader: Reader): void {
    this.#waiting.delete(reader);
    if (this.#waiting.size === 0) this.#stopPolling();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    this.#stopPolling();
  }

  #wakeSoon(): void {
    if (this.#wakeScheduled || this.#waiting.size === 0) return;
    this.#wakeScheduled = true;
    setImmediate(() => {
      this.#wakeScheduled = false;
      if (!this.#closed) this.#wake();
    });
  }

  #wake(): void {
    try {
      this.#log.refresh();
    } catch (error) {
      if (isBusy(error)) this.#poll();
      else this.#failAll(error);
      return;
    }
    for (const reader of this.#waiting) this.#deliver(reader);
    if (this.#polls && this.#waiting.size > 0) this.#poll();
    else this.#stopPolling();
  }

  #deliver(reader: Reader): void {
    try {
      const records = this.#log.read(reader.partition, reader.position, Infinity);
      if (records.length === 0) return;
      this.#waiting.delete(reader);
      reader.give(records);
    } catch (error) {
      // locked for a moment (another process recovers the file): the next poll tries again
      if (isBusy(error)) return;
      this.#waiting.delete(reader);
      reader.fail(asStoreFileError(error, this.#path));
    }
  }

  #failAll(error: unknown): void {
    for (const reader of this.#waiting) reader.fail(asStoreFileError(error, this.#path));
    this.#waiting.clear();
    this.#stopPolling();
  }

  #poll(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pollMs = Math.min(POLL_MS_MAX, this.#pollMs * POLL_GROWTH);
      this.#wake();
    }, this.#pollMs).unref();
  }

  #stopPolling(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

export class Reader implements LogReader {
  readonly partition: number;
  readonly #readers: Readers;
  #position: number;
  #pending: Pending | undefined;
  #closed = false;

  constructor(readers: Readers, partition: number, offset: number) {
    this.#readers = readers;
    this.partition = partition;
    this.#position = offset;
  }

  get position(): number {
    return this.#position;
  }

  next(): Promise<readonly StoredRecord[]> {
    if (this.#closed) return Promise.reject(new Error('this reader was closed'));
    if (this.#pending !== undefined) {
      return Promise.reject(new Error('one `next` at a time: the last one is still unanswered'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<readonly StoredRecord[]>();
    this.#pending = { resolve, reject };
    this.#readers.wait(this);
    return promise;
  }

  skipTo(offset: number): void {
    if (offset > this.#position) this.#position = offset;
  }

  close(): void {
    this.#closed = true;
    this.#pending = undefined;
    this.#readers.leave(this);
  }

  give(records: readonly StoredRecord[]): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#position = (records.at(-1) as StoredRecord).offset + 1;
    pending?.resolve(records);
  }

  fail(reason: unknown): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(reason);
  }
}
