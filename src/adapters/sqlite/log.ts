/*
 * Log: the records of all partitions in one table, and where each partition ends. A file has two: the
 * Log itself (`log`, `hint`) and the events log (`event_log`, `event_hint`).
 *
 * Owns: the statements on those tables, the cached tails.
 *
 * O1. Offsets have no gaps: a batch takes the next offsets within the transaction that inserts it.
 * O2. The tails in memory are those of the last commit known. Within a transaction `append` works on
 *     a copy, which becomes the truth at COMMIT and is forgotten at ROLLBACK.
 * O3. Other processes append too: `PRAGMA data_version` moves when they commit, and then the tails are
 *     read again - always at the beginning of our own transactions, where nobody else can write.
 * O4. Append times never go back within a partition, whatever the clock does.
 * O5. The last record of a partition is never trimmed: the tail survives in the data itself, and no
 *     commit has to write it a second time.
 * O6. Many records are read as one row: their bytes in one piece, their places and lengths beside it. All are
 *     put together as the rows are met, so that places in order say that bytes are. Three times as fast as
 *     row by row, which makes a buffer of its own of each.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { Appended, StoredRecord } from '../../ports/index.ts';
import { OffsetOutOfRange } from '../../ports/index.ts';
import type { Memory } from './commits.ts';
import { offsetOf, rowKey } from './schema.ts';

interface Tail {
  readonly end: number;
  /** append time of the last record, ms */
  readonly time: number;
}

type LogRow = [key: number, time: number, bytes: Uint8Array];
/** Of each: how far from the first key, and how long; then the time of each, or of all; then all bytes. */
type ManyRows = [places: string, first: number, last: number, times: string | null, bytes: Buffer];

export interface LogTables {
  readonly log: string;
  readonly hint: string;
}
const COMMANDS: LogTables = { log: 'log', hint: 'hint' };
export const EVENTS: LogTables = { log: 'event_log', hint: 'event_hint' };

/** Rows per INSERT: fewer calls into SQLite, a fifth more rows/s than one by one. */
const ROWS_PER_INSERT = 8;
/** What one read gives at most. */
const READ_RECORDS_MAX = 4_000;
/** Fewer are read row by row. */
const MANY_RECORDS = 16;
const READ_BYTES_MAX = 4 * 1024 * 1024;

export class Log implements Memory {
  readonly partitions: number;
  readonly #now: () => number;
  readonly #dataVersion: Statement<[], number>;
  readonly #insert: Statement;
  readonly #insertMany: Statement;
  readonly #select: Statement<[number, number], LogRow>;
  readonly #selectMany: Statement<[number, number, number], ManyRows>;
  readonly #weigh: Statement<[number, number], number>;
  readonly #first: Statement<[number, number], number>;
  readonly #last: Statement<[number, number], [key: number, time: number]>;
  readonly #time: Statement<[number], number>;
  readonly #delete: Statement<[number, number]>;
  readonly #saveHint: Statement<[number, number]>;
  readonly #hint: Statement<[number], number>;
  #version = -1;
  #tails: Tail[] = [];
  #working: Tail[] = [];
  #grows = false;
  #unsavedHints = new Map<number, number>();
  /** called when a partition may have grown */
  onGrown: () => void = () => {};
  /** called when another process has committed */
  onForeign: () => void = () => {};

  constructor(db: Database, partitions: number, now: () => number, tables: LogTables = COMMANDS) {
    this.partitions = partitions;
    this.#now = now;
    this.#dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
    const { log, hint } = tables;
    this.#insert = db.prepare(`INSERT INTO ${log} VALUES (?, ?, ?)`);
    const many = Array.from({ length: ROWS_PER_INSERT }, () => '(?, ?, ?)').join(', ');
    this.#insertMany = db.prepare(`INSERT INTO ${log} VALUES ${many}`);
    this.#select = db
      .prepare<[number, number], LogRow>(`SELECT * FROM ${log} WHERE key >= ? AND key < ?`)
      .raw();
    // text and bytes are the same to a file in UTF-8
    this.#selectMany = db
      .prepare<[number, number, number], ManyRows>(
        `SELECT group_concat((key - ?) || ' ' || length(bytes), ' '), min(time), max(time),
                CASE WHEN min(time) < max(time) THEN group_concat(time, ' ') END,
                CAST(group_concat(bytes, '') AS BLOB)
           FROM ${log} WHERE key >= ? AND key < ?`,
      )
      .raw();
    this.#weigh = db
      .prepare<[number, number], number>(
        `SELECT total(length(bytes)) FROM ${log} WHERE key >= ? AND key < ?`,
      )
      .pluck();
    this.#first = db
      .prepare<[number, number], number>(`SELECT min(key) FROM ${log} WHERE key >= ? AND key < ?`)
      .pluck();
    this.#last = db
      .prepare<[number, number], [number, number]>(
        `SELECT key, time FROM ${log} WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT 1`,
      )
      .raw();
    this.#time = db.prepare<[number], number>(`SELECT time FROM ${log} WHERE key = ?`).pluck();
    this.#delete = db.prepare(`DELETE FROM ${log} WHERE key >= ? AND key < ?`);
    this.#saveHint = db.prepare(
      `INSERT INTO ${hint} VALUES (?, ?) ON CONFLICT DO UPDATE SET "offset" = excluded."offset"`,
    );
    this.#hint = db
      .prepare<[number], number>(`SELECT "offset" FROM ${hint} WHERE partition = ?`)
      .pluck();
    this.refresh();
  }

  /** O3. Looks whether another process has committed. */
  refresh(): void {
    const version = this.#dataVersion.get() as number;
    if (version === this.#version) return;
    this.#version = version;
    this.#tails = Array.from({ length: this.partitions }, (_, partition) => this.#read(partition));
    this.onForeign();
  }

  #read(partition: number): Tail {
    const last = this.#last.get(rowKey(partition, 0), rowKey(partition + 1, 0));
    return last === undefined ? { end: 0, time: 0 } : { end: offsetOf(last[0]) + 1, time: last[1] };
  }

  begun(): void {
    this.refresh();
    this.#working = [...this.#tails];
    this.#grows = false;
    // hints ride along with commits that happen anyway
    if (this.#unsavedHints.size > 0) this.saveHints();
  }

  committed(): void {
    this.#tails = this.#working;
    this.#unsavedHints.clear();
    if (this.#grows) this.onGrown();
  }

  rolledBack(): void {
    this.#working = this.#tails;
  }

  /** Within a transaction. */
  append(partition: number, batch: readonly Uint8Array[]): Appended {
    const tail = this.#working[partition] as Tail;
    const time = Math.max(tail.time, this.#now());
    const base = tail.end;
    let at = 0;
    for (; at + ROWS_PER_INSERT <= batch.length; at += ROWS_PER_INSERT) {
      const values: unknown[] = [];
      for (let i = at; i < at + ROWS_PER_INSERT; i++) {
        values.push(rowKey(partition, base + i), time, batch[i]);
      }
      this.#insertMany.run(values);
    }
    for (; at < batch.length; at++) {
      this.#insert.run(rowKey(partition, base + at), time, batch[at]);
    }
    this.#working[partition] = { end: base + batch.length, time };
    this.#grows = true;
    return { base, time };
  }

  end(partition: number): number {
    return (this.#tails[partition] as Tail).end;
  }

  begin(partition: number): number {
    const first = this.#first.get(rowKey(partition, 0), rowKey(partition + 1, 0));
    return typeof first === 'number' ? offsetOf(first) : 0;
  }

  /** Records from `from` on, below `to`: as many as one read gives, at least one if there is one. */
  read(partition: number, from: number, to: number): StoredRecord[] {
    const end = this.end(partition);
    if (from < 0 || from > end) throw this.#outOfRange(partition, from);
    const records: StoredRecord[] = [];
    if (from >= Math.min(to, end)) {
      // at the very end everything is in range, even in a log that was trimmed up to there
      return records;
    }
    const last = Math.min(to, end, from + READ_RECORDS_MAX);
    if (last - from >= MANY_RECORDS) {
      const many = this.#many(partition, from, last);
      if (many !== undefined) return many;
    }
    let bytes = 0;
    for (const row of this.#select.iterate(rowKey(partition, from), rowKey(partition, last))) {
      records.push({ offset: offsetOf(row[0]), time: row[1], bytes: row[2] });
      bytes += row[2].length;
      if (bytes >= READ_BYTES_MAX) break;
    }
    // O1: anything but `from` first means that it was trimmed away
    if (records[0]?.offset !== from) throw this.#outOfRange(partition, from);
    return records;
  }

  /** O6. As many of them as one read gives; undefined: they are to be read row by row. */
  #many(partition: number, from: number, to: number): StoredRecord[] | undefined {
    const first = rowKey(partition, from);
    let count = to - from;
    while ((this.#weigh.get(first, first + count) as number) > READ_BYTES_MAX) {
      count = Math.floor(count / 2);
      if (count < MANY_RECORDS) return undefined;
    }
    const row = this.#selectMany.get(first, first, first + count) as ManyRows;
    const [places, earliest, , times, bytes] = row;
    const numbers = places?.split(' ') ?? [];
    const each = times?.split(' ');
    const records: StoredRecord[] = [];
    let at = 0;
    for (let i = 0; i < numbers.length; i += 2) {
      const nth = i / 2;
      // trimmed away meanwhile, or met in another order
      if (Number(numbers[i]) !== nth) return undefined;
      const next = at + Number(numbers[i + 1]);
      const time = each === undefined ? earliest : Number(each[nth]);
      records.push({ offset: from + nth, time, bytes: bytes.subarray(at, next) });
      at = next;
    }
    return records.length > 0 && at === bytes.length ? records : undefined;
  }

  /** Throws OffsetOutOfRange unless begin <= offset <= end. */
  check(partition: number, offset: number): void {
    if (offset >= this.begin(partition) && offset <= this.end(partition)) return;
    throw this.#outOfRange(partition, offset);
  }

  #outOfRange(partition: number, offset: number): OffsetOutOfRange {
    const begin = this.begin(partition);
    const end = this.end(partition);
    const said = `offset ${offset} of partition ${partition} is outside [${begin}, ${end}]`;
    return new OffsetOutOfRange(said, begin, end);
  }

  /** By bisection: times grow with offsets (O4), so that no index on time is needed. */
  offsetAt(partition: number, time: number): number {
    let low = this.begin(partition);
    let high = this.end(partition);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#time.get(rowKey(partition, middle)) as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Within a transaction: removes at most `count` of the records below `before`; true = more are left. */
  trim(partition: number, before: number, count: number): boolean {
    const limit = Math.min(before, (this.#working[partition] as Tail).end - 1); // O5
    const from = this.begin(partition);
    if (from >= limit) return false;
    const to = Math.min(limit, from + count);
    this.#delete.run(rowKey(partition, from), rowKey(partition, to));
    return to < limit;
  }

  hint(partition: number): number | undefined {
    return this.#unsavedHints.get(partition) ?? this.#hint.get(partition);
  }

  keepHint(partition: number, offset: number): void {
    this.#unsavedHints.set(partition, offset);
  }

  get hasUnsavedHints(): boolean {
    return this.#unsavedHints.size > 0;
  }

  /** Within a transaction. */
  saveHints(): void {
    for (const [partition, offset] of this.#unsavedHints) this.#saveHint.run(partition, offset);
  }
}
