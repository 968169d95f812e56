/*
 * The Projections port on one SQLite file: a row for each reader and partition.
 *
 * J1. A move is one job of the group's transaction: compared and set there, where nobody else writes.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { LogPosition, Projections } from '../../ports/index.ts';
import type { GroupCommit } from './commits.ts';
import { asStoreFileError } from './store-file-error.ts';

/** A row, roughly, bytes. */
const ROW_BYTES = 100;

export class SqliteProjections implements Projections {
  readonly #path: string;
  readonly #commits: GroupCommit;
  readonly #position: Statement<[string, number], LogPosition>;
  readonly #move: Statement<[string, number, number, number, number, number]>;

  constructor({
    path,
    db,
    commits,
  }: {
    readonly path: string;
    readonly db: Database;
    readonly commits: GroupCommit;
  }) {
    this.#path = path;
    this.#commits = commits;
    this.#position = db.prepare(
      'SELECT "offset", tenure, nonce, n FROM projected WHERE name = ? AND partition = ?',
    );
    this.#move = db.prepare('INSERT OR REPLACE INTO projected VALUES (?, ?, ?, ?, ?, ?)');
  }

  async position(name: string, partition: number): Promise<LogPosition | undefined> {
    try {
      return this.#position.get(name, partition);
    } catch (error) {
      throw asStoreFileError(error, this.#path);
    }
  }

  async move(
    name: string,
    partition: number,
    from: LogPosition | undefined,
    { offset, tenure, nonce, n }: LogPosition,
  ): Promise<'moved' | 'stale'> {
    return this.#commits.submit(() => {
      if (this.#position.get(name, partition)?.offset !== from?.offset) return 'stale';
      this.#move.run(name, partition, offset, tenure, nonce, n);
      return 'moved';
    }, ROW_BYTES);
  }
}
