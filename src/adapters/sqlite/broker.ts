/*
 * The Broker port on one SQLite file: partitioned logs are rows, assignment is a file lock.
 *
 * B2 here: an append that fails was not made (AppendRefused), with one exception - a COMMIT that
 * failed with an I/O error, which rejects with StoreFileError and means "unknown" (commits.ts, G3).
 */
import {
  AppendRefused,
  type Appended,
  type Broker,
  type LogReader,
  type Member,
  type StoredRecord,
} from '../../ports/index.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from '../../wire/limits.ts';
import type { GroupCommit } from './commits.ts';
import type { Log } from './log.ts';
import type { Membership } from './membership.ts';
import { Readers } from './reader.ts';
import { StoreFileError, asStoreFileError } from './store-file-error.ts';

/** Records that one transaction of a trim removes: about 1 ms. */
const TRIM_CHUNK = 1_000;

export interface SqliteBrokerOptions {
  readonly path: string;
  readonly log: Log;
  readonly commits: GroupCommit;
  readonly membership: Membership;
  /** other processes can write the file */
  readonly shared: boolean;
  /** a client writes inbox records only (PROTOCOL.md R2): says why a record is none */
  readonly refuses?: (record: Uint8Array) => string | undefined;
  /**
   * Whether a record goes behind the batches of the same commit: an owner whose batch lands right behind
   * what it has read need not read that again (PROTOCOL.md R7).
   */
  readonly yields?: (record: Uint8Array) => boolean;
}

export class SqliteBroker implements Broker {
  readonly partitions: number;
  readonly #path: string;
  readonly #log: Log;
  readonly #commits: GroupCommit;
  readonly #membership: Membership;
  readonly #readers: Readers;
  readonly #refuses: ((record: Uint8Array) => string | undefined) | undefined;
  readonly #yields: (record: Uint8Array) => boolean;
  #closed = false;

  constructor(options: SqliteBrokerOptions) {
    this.partitions = options.log.partitions;
    this.#path = options.path;
    this.#log = options.log;
    this.#commits = options.commits;
    this.#membership = options.membership;
    this.#refuses = options.refuses;
    this.#yields = options.yields ?? (() => false);
    this.#readers = new Readers(options.log, options.path, options.shared);
  }

  append(partition: number, batch: readonly Uint8Array[]): Promise<Appended> {
    this.#check(partition);
    const bytes = batch.reduce((sum, record) => sum + record.length, 0);
    const refusal = this.#refusal(batch, bytes);
    if (refusal !== undefined) return Promise.reject(refusal);
    const yields = batch.length === 1 && this.#yields(batch[0]!);
    return this.#commits.submit(
      () => this.#log.append(partition, batch),
      bytes,
      appendFailed,
      yields,
    );
  }

  #refusal(batch: readonly Uint8Array[], bytes: number): AppendRefused | undefined {
    if (this.#closed) return new AppendRefused('closed', `${this.#path} was closed`, false);
    if (batch.length === 0) return new AppendRefused('too-large', 'a batch has no record', false);
    if (batch.length > BATCH_RECORDS_MAX) {
      return tooLarge('batch', batch.length, 'records', BATCH_RECORDS_MAX);
    }
    if (bytes > BATCH_BYTES_MAX) return tooLarge('batch', bytes, 'bytes', BATCH_BYTES_MAX);
    for (const record of batch) {
      if (record.length > RECORD_BYTES_MAX) {
        return tooLarge('record', record.length, 'bytes', RECORD_BYTES_MAX);
      }
      const why = this.#refuses?.(record);
      if (why !== undefined) return new AppendRefused('unauthorised', why, false);
    }
    return undefined;
  }

  reader(partition: number, offset: number): LogReader {
    this.#check(partition);
    return this.#readers.open(partition, offset);
  }

  async fetch(partition: number, from: number, to: number): Promise<readonly StoredRecord[]> {
    this.#check(partition);
    return this.#reading(() => {
      this.#log.check(partition, from);
      this.#log.check(partition, to);
      const records: StoredRecord[] = [];
      for (let at = from; at < to;) {
        const more = this.#log.read(partition, at, to);
        if (more.length === 0) break;
        for (const record of more) records.push(record);
        at += more.length;
      }
      return records;
    });
  }

  async range(partition: number): Promise<{ begin: number; end: number }> {
    this.#check(partition);
    return this.#reading(() => ({
      begin: this.#log.begin(partition),
      end: this.#log.end(partition),
    }));
  }

  async offsetAt(partition: number, time: number): Promise<number> {
    this.#check(partition);
    return this.#reading(() => this.#log.offsetAt(partition, time));
  }

  async trim(partition: number, before: number): Promise<void> {
    this.#check(partition);
    if (this.#refuses !== undefined) return;
    // chunk by chunk through the group's commits: hops go on in between
    while (await this.#commits.submit(() => this.#log.trim(partition, before, TRIM_CHUNK), 0));
  }

  saveHint(partition: number, offset: number): void {
    this.#check(partition);
    this.#log.keepHint(partition, offset);
  }

  async hint(partition: number): Promise<number | undefined> {
    this.#check(partition);
    return this.#reading(() => this.#log.hint(partition));
  }

  join(member: Member): () => void {
    if (this.#refuses !== undefined) {
      throw new StoreFileError(
        'client',
        this.#path,
        'a client of a file cannot run its partitions',
      );
    }
    return this.#membership.join(member);
  }

  decline(partition: number): void {
    this.#check(partition);
    this.#membership.decline();
  }

  /** Nothing is answered, delivered or assigned from here on. */
  close(): void {
    this.#closed = true;
    this.#readers.close();
    this.#membership.close();
  }

  #check(partition: number): void {
    if (Number.isInteger(partition) && partition >= 0 && partition < this.partitions) return;
    throw new RangeError(`there is no partition ${partition}: there are ${this.partitions}`);
  }

  #reading<T>(read: () => T): T {
    if (this.#closed) throw new StoreFileError('closed', this.#path, 'the file was closed');
    try {
      this.#log.refresh();
      return read();
    } catch (error) {
      throw asStoreFileError(error, this.#path);
    }
  }
}

function tooLarge(what: string, size: number, unit: string, limit: number): AppendRefused {
  const said = `a ${what} of ${size} ${unit} is over the limit of ${limit}`;
  return new AppendRefused('too-large', said, false);
}

/** Codes that surely mean "not appended, and never will be". */
const CERTAIN: {
  readonly [code in StoreFileError['code']]?: readonly [AppendRefused['code'], retriable: boolean];
} = {
  'no-space': ['no-space', true],
  busy: ['not-leader', true],
  'read-only': ['unauthorised', false],
  'no-access': ['unauthorised', false],
  closed: ['closed', false],
};

/** What a failed append means to the runtime: refused where that is certain, else unknown. */
function appendFailed(error: unknown): unknown {
  if (!(error instanceof StoreFileError)) return error;
  const refusal = CERTAIN[error.code];
  return refusal === undefined ? error : new AppendRefused(refusal[0], error.message, refusal[1]);
}
