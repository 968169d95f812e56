/*
 * GroupCommit: everything that wants to write in the same turn of the event loop, or in the next one,
 * shares one transaction, and so one fsync.
 *
 * G1. Answers are given after COMMIT, in the order in which the jobs were carried out: that of
 *     submission, but for those that are to be `last`.
 * G2. A job that fails does not fail the others. Jobs run bare first; only when one throws is the
 *     transaction taken back and run again with a savepoint around each. So a job may run twice:
 *     it changes nothing but the database, and what it remembers goes through `Memory`.
 * G3. A COMMIT that fails with an I/O error may or may not have reached the disk (and SQLite cannot
 *     know after a failed fsync): the outcome is unknown and the file is not written again.
 * G4. A lock held by another process delays; it fails jobs only after `BUSY_GIVE_UP_MS`.
 */
import type { Database, Statement } from 'better-sqlite3';
import { StoreFileError, asStoreFileError, isBusy } from './store-file-error.ts';

/** What is kept in memory about the file, and must follow it. */
export interface Memory {
  /** The transaction has begun: what is in memory must be brought up to date with the file. */
  begun(): void;
  committed(): void;
  rolledBack(): void;
}

interface Job {
  readonly run: () => unknown;
  readonly weight: number;
  readonly last: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  /** what a failure of the file means to who submitted the job */
  readonly meaning: (error: unknown) => unknown;
}

type Result = { readonly value: unknown } | { readonly error: unknown };

/** Bytes of one transaction, roughly: bounds how long a turn lasts when thousands of starts arrive at once. */
const GROUP_BYTES_MAX = 16 * 1024 * 1024;
const LOST = 'an earlier commit failed, and what reached the disk is unknown';
const BUSY_RETRY_MS = 50;
export const BUSY_GIVE_UP_MS = 30_000;

export class GroupCommit {
  readonly #db: Database;
  readonly #path: string;
  readonly #memory: Memory;
  readonly #beginStatement: Statement;
  readonly #commitStatement: Statement;
  #queue: Job[] = [];
  #scheduled = false;
  #busySince: number | undefined;
  /** why nothing is written any more */
  #over: StoreFileError | undefined;

  constructor(db: Database, path: string, memory: Memory) {
    this.#db = db;
    this.#path = path;
    this.#memory = memory;
    this.#beginStatement = db.prepare('BEGIN IMMEDIATE');
    this.#commitStatement = db.prepare('COMMIT');
  }

  /**
   * `run` is called within the group's transaction, after those of it that are not to be `last`; `weight`
   * is roughly its bytes.
   */
  submit<T>(
    run: () => T,
    weight: number,
    meaning: (error: unknown) => unknown = (error) => error,
    last = false,
  ): Promise<T> {
    if (this.#over !== undefined) return Promise.reject(meaning(this.#over) as Error);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const job = {
      run,
      weight,
      last,
      resolve: resolve as (value: unknown) => void,
      reject,
      meaning,
    };
    this.#queue.push(job);
    this.#schedule();
    return promise;
  }

  /** Writes what is queued, now; leaves it queued when the file is locked. */
  drain(): void {
    for (let queued = Infinity; this.#queue.length > 0 && this.#queue.length < queued;) {
      queued = this.#queue.length;
      this.#flush();
    }
  }

  /** Writes what is queued and refuses what comes later. */
  close(): void {
    this.drain();
    this.#stop('the file was closed');
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // after every microtask of this turn and what that leads to in the next one (Clock.soon), so that all
    // hops of the moment share the commit
    setImmediate(() => setImmediate(() => this.#turn()));
  }

  #turn(): void {
    this.#scheduled = false;
    this.#flush();
    if (this.#queue.length > 0) this.#schedule();
  }

  #flush(): void {
    if (this.#queue.length === 0) return;
    if (!this.#begin()) return;
    const jobs = inOrder(this.#take());
    const results = this.#attempt(jobs);
    jobs.forEach((job, i) => {
      const result = results[i] as Result;
      if ('error' in result) job.reject(job.meaning(asStoreFileError(result.error, this.#path)));
      else job.resolve(result.value);
    });
  }

  /** False when the file is locked (tried again later) or lost (every job has been refused). */
  #begin(): boolean {
    try {
      this.#beginStatement.run();
      this.#busySince = undefined;
      return true;
    } catch (error) {
      if (isBusy(error)) this.#postpone(error);
      else this.#refuseAll(asStoreFileError(error, this.#path));
      return false;
    }
  }

  /** G4 */
  #postpone(error: unknown): void {
    this.#busySince ??= performance.now();
    if (performance.now() - this.#busySince < BUSY_GIVE_UP_MS) {
      this.#scheduled = true;
      setTimeout(() => this.#turn(), BUSY_RETRY_MS);
    } else {
      this.#busySince = undefined;
      this.#refuseAll(asStoreFileError(error, this.#path));
    }
  }

  #take(): readonly Job[] {
    let bytes = 0;
    let count = 0;
    for (const job of this.#queue) {
      bytes += job.weight;
      if (count > 0 && bytes > GROUP_BYTES_MAX) break;
      count++;
    }
    if (count === this.#queue.length) {
      const all = this.#queue;
      this.#queue = [];
      return all;
    }
    return this.#queue.splice(0, count);
  }

  /** G2. The transaction has begun; on return it has ended. */
  #attempt(jobs: readonly Job[]): readonly Result[] {
    try {
      this.#memory.begun();
      const results = jobs.map((job) => ({ value: job.run() }));
      return this.#commit(results);
    } catch (error) {
      this.#rollBack();
      if (jobs.length === 1) return [{ error }];
    }
    if (!this.#begin()) return jobs.map(() => ({ error: this.#locked() }));
    try {
      this.#memory.begun();
      return this.#commit(jobs.map((job) => this.#runGuarded(job)));
    } catch (error) {
      // an error that took the whole transaction with it: disk full, I/O
      this.#rollBack();
      return jobs.map(() => ({ error }));
    }
  }

  #runGuarded(job: Job): Result {
    this.#db.exec('SAVEPOINT job');
    try {
      const value = job.run();
      this.#db.exec('RELEASE job');
      return { value };
    } catch (error) {
      if (!this.#db.inTransaction) throw error;
      this.#db.exec('ROLLBACK TO job');
      this.#db.exec('RELEASE job');
      return { error };
    }
  }

  #commit(results: readonly Result[]): readonly Result[] {
    try {
      this.#commitStatement.run();
    } catch (error) {
      const known = asStoreFileError(error, this.#path);
      this.#rollBack();
      // G3
      if (!(known instanceof StoreFileError) || known.code !== 'no-space') this.#stop(LOST, known);
      return results.map(() => ({ error: known }));
    }
    this.#memory.committed();
    return results;
  }

  #rollBack(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#memory.rolledBack();
  }

  #locked(): StoreFileError {
    return new StoreFileError('busy', this.#path, 'another process holds the file locked');
  }

  /** What was not attempted yet was surely not written. */
  #stop(what: string, cause?: unknown): void {
    this.#over ??= new StoreFileError('closed', this.#path, what, cause);
    this.#refuseAll(this.#over);
  }

  #refuseAll(reason: unknown): void {
    const jobs = this.#queue;
    this.#queue = [];
    for (const job of jobs) job.reject(job.meaning(reason));
  }
}

function inOrder(jobs: readonly Job[]): readonly Job[] {
  if (!jobs.some(({ last }) => last)) return jobs;
  return [...jobs.filter(({ last }) => !last), ...jobs.filter(({ last }) => last)];
}
