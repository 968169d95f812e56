/*
 * The Store port on PostgreSQL: parked strands, results, once-keys, and how far each partition has been
 * folded.
 *
 * T1. A fold is one statement (`fold_2`, migrations.ts) and so one round trip and one transaction. Its
 *     rows written are those of the write budget: one per PARK, one per RESUME, one for `applied`.
 * T2. What is due is found by walking the index (partition, due, identity): cost grows with what is
 *     given back and what is excepted, never with what waits.
 * T3. The number of parked rows is kept beside `applied` and changes with it: a start counts nothing.
 * T4. A RESUME of a row that is not there, or a PARK of one that is, means that the Store does not
 *     match the Log: the fold is refused and nothing of it is kept.
 * T5. A statement whose outcome is not known is a rejection. All of them may be repeated: a fold then
 *     is stale, a key has its run, what is forgotten stays so.
 * T6. Every statement asks the primary, in a transaction begun after the call: it sees what was
 *     committed before.
 */
import type { PoolClient, QueryConfig } from 'pg';
import type {
  Due,
  Folded,
  JournalRow,
  ParkedBranch,
  ParkedRow,
  ResultRow,
  Store,
  StoreChange,
} from '../../ports/index.ts';
import { int8Array } from './array-parameter.ts';
import type { Connections } from './connections.ts';
import { PostgresEventStore } from './event-store.ts';
import { ONCE_KEY_BYTES_MAX } from './limits.ts';
import type { Notify } from './notice.ts';
import { PostgresError } from './postgres-error.ts';
import { PostgresProjections } from './projections.ts';
import {
  JOURNAL_COLUMNS,
  type JournalColumns,
  PARKED_COLUMNS,
  type ParkedColumns,
  type ResultColumns,
  foldParameters,
  journalParameters,
  readJournal,
  firedParameters,
  rearmParameters,
  readParked,
  readResult,
} from './rows.ts';
import { fromText, toText } from './text-column.ts';

/** A key that is claimed, forgotten and claimed again while we look: nobody does that for long. */
const ONCE_TRIES_MAX = 100;

export class PostgresStore implements Store {
  readonly events: PostgresEventStore;
  readonly projections: PostgresProjections;
  readonly #connections: Connections;
  readonly #notify: Notify;
  readonly #sql: ReturnType<typeof statements>;
  /** how far this process has seen each partition */
  readonly #seen = new Map<number, number>();
  /** rows that were found unreadable, as partition/identity: each is noticed once */
  readonly #unreadable = new Set<string>();

  constructor(connections: Connections, prefix: string, notify: Notify) {
    this.#connections = connections;
    this.#notify = notify;
    this.#sql = statements(prefix);
    this.events = new PostgresEventStore(connections, prefix);
    this.projections = new PostgresProjections(connections, prefix);
  }

  async load(partition: number): Promise<{ applied: number; parked: number }> {
    check(partition);
    const rows = await this.#ask<[string, string]>(this.#sql.load, [partition]);
    const applied = Number(rows[0]?.[0] ?? 0);
    this.#stands(partition, applied);
    return { applied, parked: Number(rows[0]?.[1] ?? 0) };
  }

  async fold(
    partition: number,
    from: number,
    to: number,
    changes: readonly StoreChange[],
  ): Promise<Folded> {
    check(partition);
    if (!(from <= to)) throw new RangeError(`a fold cannot go back, from ${from} to ${to}`);
    // W1: before anything is awaited
    const waves = foldParameters(changes);
    const rearms = rearmParameters(changes);
    const more = journalParameters(changes).map((values) => ({ ...this.#sql.keep, values }));
    if (rearms !== undefined) more.push({ ...this.#sql.rearm, values: rearms });
    const fired = firedParameters(changes);
    if (fired !== undefined) more.push({ ...this.#sql.fired, values: fired });
    const stands = await this.#fold(partition, from, to, waves, more);
    this.#stands(partition, stands ?? to);
    return stands === undefined ? 'applied' : { stale: stands };
  }

  /** Undefined = applied, else where it stands. */
  async #fold(
    partition: number,
    from: number,
    to: number,
    waves: readonly (readonly Buffer[])[],
    more: readonly (Omit<QueryConfig, 'values'> & { readonly values: readonly Buffer[] })[],
  ): Promise<number | undefined> {
    const one = async (client: PoolClient, to: number, wave: readonly Buffer[] = []) => {
      const values = [partition, from, to, ...wave];
      const { rows } = await client.query<[string | null]>({
        ...this.#sql.fold,
        values,
        rowMode: 'array',
      });
      const stands = rows[0]?.[0] ?? null;
      return stands === null ? undefined : Number(stands);
    };
    const [only] = waves;
    if (waves.length === 1 && more.length === 0) {
      return this.#connections.run((client) => one(client, to, only));
    }
    return this.#connections.transaction(async (client) => {
      for (const wave of waves.slice(0, -1)) {
        const stands = await one(client, from, wave);
        if (stands !== undefined) return stands;
      }
      const stands = await one(client, to, waves.at(-1));
      if (stands !== undefined) return stands;
      for (const statement of more) {
        await client.query({ ...statement, values: [partition, ...statement.values] });
      }
      return undefined;
    });
  }

  async due(
    partition: number,
    until: number,
    limit: number,
    except: ReadonlySet<number>,
  ): Promise<Due> {
    check(partition);
    const found = await this.#ask<ParkedColumns>(this.#sql.due, [
      partition,
      Math.floor(until),
      limit + 1,
      int8Array([...except]),
    ]);
    const dueOf = (columns: ParkedColumns): number => Number(columns[6]);
    // the one without a time says how far the partition is
    const place = found.findIndex((columns) => columns[6] === null);
    const applied = place < 0 ? 0 : Number(found.splice(place, 1)[0]![0]);
    // the two halves of the statement are in order each; which comes first is not promised
    found.sort((a, b) => dueOf(a) - dueOf(b) || Number(a[0]) - Number(b[0]));
    const now = found.filter((columns) => dueOf(columns) <= until).slice(0, limit);
    const after = found[now.length];
    return {
      rows: now.flatMap((columns) => this.#readable(partition, columns)),
      next: after === undefined ? undefined : dueOf(after),
      applied,
    };
  }

  async rows(partition: number, identities: readonly number[]): Promise<readonly ParkedRow[]> {
    check(partition);
    const values = [partition, int8Array([...identities])];
    const rows = await this.#ask<ParkedColumns>(this.#sql.rows, values);
    return rows.flatMap((columns) => this.#readable(partition, columns));
  }

  async branches(partition: number, runs: readonly string[]): Promise<readonly ParkedBranch[]> {
    check(partition);
    const rows = await this.#ask<[string, string, string]>(this.#sql.branches, [
      partition,
      runs.map(toText),
    ]);
    return rows.map(([identity, run, strand]) => ({
      identity: Number(identity),
      run: fromText(run),
      strand: fromText(strand),
    }));
  }

  async parked(partition: number, run: string): Promise<readonly ParkedRow[]> {
    check(partition);
    const rows = await this.#ask<ParkedColumns>(this.#sql.parked, [partition, toText(run)]);
    return rows.map((columns) => {
      const [row] = this.#readable(partition, columns);
      if (row !== undefined) return row;
      const what = `nobody can read the record of the parked strand ${partition}/${columns[0]}`;
      throw new PostgresError('unreadable', this.#connections.where, what);
    });
  }

  async result(run: string): Promise<ResultRow | undefined> {
    const rows = await this.#ask<ResultColumns>(this.#sql.result, [toText(run)]);
    return rows[0] === undefined ? undefined : readResult(rows[0]);
  }

  async journal(partition: number, run: string): Promise<readonly JournalRow[]> {
    check(partition);
    const values = [partition, toText(run)];
    return (await this.#ask<JournalColumns>(this.#sql.journal, values)).map(readJournal);
  }

  async once(key: string, run: string, instead?: string): Promise<string> {
    const column = toText(key);
    if (Buffer.byteLength(column) > ONCE_KEY_BYTES_MAX) {
      throw new RangeError(`a key for once has at most ${ONCE_KEY_BYTES_MAX} bytes`);
    }
    const values = [column, toText(run), instead === undefined ? null : toText(instead)];
    for (let tries = 0; tries < ONCE_TRIES_MAX; tries++) {
      const rows = await this.#ask<[string]>(this.#sql.once, values);
      if (rows[0] !== undefined) return fromText(rows[0][0]);
      // somebody else claimed it after the statement had begun: the next one sees that
    }
    throw new PostgresError('busy', this.#connections.where, 'a key for once changes hands');
  }

  async claimed(): Promise<readonly { key: string; run: string }[]> {
    const rows = await this.#ask<[string, string]>(this.#sql.claimed, []);
    return rows.map(([key, run]) => ({ key: fromText(key), run: fromText(run) }));
  }

  async forget(key: string): Promise<void> {
    await this.#ask(this.#sql.forget, [toText(key)]);
  }

  #ask<Row extends unknown[]>(statement: QueryConfig, values: unknown[]): Promise<Row[]> {
    return this.#connections.run(async (client: PoolClient) => {
      const { rows } = await client.query<Row>({ ...statement, values, rowMode: 'array' });
      return rows;
    });
  }

  /** A partition never goes back, unless the server has lost what it had confirmed. */
  #stands(partition: number, applied: number): void {
    const seen = this.#seen.get(partition) ?? 0;
    this.#seen.set(partition, applied);
    if (applied >= seen) return;
    const message = `${this.#connections.where}: partition ${partition} stood at ${seen} and now is at ${applied}: the server has lost commits`;
    this.#notify({ kind: 'lost-commits', message });
  }

  /** A record that somebody has spoilt by hand delays its own strand only. */
  #readable(partition: number, columns: ParkedColumns): ParkedRow[] {
    const name = `${partition}/${columns[0]}`;
    try {
      const row = readParked(columns);
      this.#unreadable.delete(name);
      return [row];
    } catch (error) {
      if (!this.#unreadable.has(name)) {
        this.#unreadable.add(name);
        const message = `${this.#connections.where}: the record of the parked strand ${name} cannot be read (${String(error)}): repair it (UPDATE parked SET record = ...)`;
        this.#notify({ kind: 'unreadable', message });
      }
      return [];
    }
  }
}

/** Named: each connection plans them once. */
function statements(s: string) {
  const arrays = [
    ...['bigint', 'text', 'text', 'bigint', 'text', 'text', 'bigint', 'text', 'json'],
    ...['bigint', 'text', 'text', 'text', 'json', 'bigint'],
    ...['bigint', 'bigint', 'text', 'text', 'text', 'text', 'text', 'bigint', 'json'],
    ...['bigint', 'bigint', 'bigint'],
  ];
  const types = arrays.map((type, i) => `$${i + 4}::${type}[]`).join(', ');
  // a hashed list: 10,000 excepted rows are 10,000 look-ups, not 10,000 comparisons for each row
  const others = 'identity NOT IN (SELECT unnest($4::bigint[]))';
  return {
    load: {
      name: 'waybill_load',
      text: `SELECT applied, parked FROM ${s}fold WHERE partition = $1`,
    },
    fold: { name: 'waybill_fold_2', text: `SELECT ${s}fold_2($1, $2, $3, ${types})` },
    keep: {
      name: 'waybill_keep_journal',
      text: `INSERT INTO ${s}journal SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[],
          $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::json[])`,
    },
    journal: {
      name: 'waybill_journal',
      text: `SELECT ${JOURNAL_COLUMNS} FROM ${s}journal
        WHERE partition = $1 AND run = $2 ORDER BY log_offset`,
    },
    // below zero: consumed by a schedule that listens on
    fired: {
      name: 'waybill_fired',
      text: `UPDATE ${s}heard h SET number = -number
          FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS consumed (i, p, o)
         WHERE h.partition = $1 AND h.identity = consumed.i AND h.event_partition = consumed.p
           AND h.event_offset = consumed.o AND h.number > 0`,
    },
    rearm: {
      name: 'waybill_rearm',
      text: `UPDATE ${s}parked SET due = rearmed.at
          FROM unnest($2::bigint[], $3::bigint[]) AS rearmed (row, at)
         WHERE partition = $1 AND identity = rearmed.row`,
    },
    due: {
      name: 'waybill_due',
      text: `(SELECT ${PARKED_COLUMNS} FROM ${s}parked
          WHERE partition = $1 AND due <= $2 AND ${others} ORDER BY due, identity LIMIT $3)
        UNION ALL
        (SELECT identity, '', '', 0, '', '', due, NULL, '' FROM ${s}parked
          WHERE partition = $1 AND due > $2 AND ${others} ORDER BY due, identity LIMIT 1)
        UNION ALL
        SELECT applied, '', '', 0, '', '', NULL, NULL, '' FROM ${s}fold WHERE partition = $1`,
    },
    rows: {
      name: 'waybill_rows',
      text: `SELECT ${PARKED_COLUMNS} FROM ${s}parked
        WHERE partition = $1 AND identity = ANY ($2::bigint[]) ORDER BY identity`,
    },
    branches: {
      name: 'waybill_branches',
      text: `SELECT identity, run, strand FROM ${s}parked
        WHERE partition = $1 AND run = ANY($2::text[]) AND strand <> ''`,
    },
    parked: {
      name: 'waybill_parked',
      text: `SELECT ${PARKED_COLUMNS} FROM ${s}parked WHERE partition = $1 AND run = $2 ORDER BY identity`,
    },
    result: {
      name: 'waybill_result',
      text: `SELECT run, definition, ended, value::text, ended_at FROM ${s}result WHERE run = $1`,
    },
    once: {
      name: 'waybill_once',
      text: `WITH mine AS (
          INSERT INTO ${s}once AS o VALUES ($1, $2)
            ON CONFLICT (once_key) DO UPDATE SET run = excluded.run WHERE o.run = $3::text RETURNING run)
        SELECT run FROM mine
        UNION ALL
        SELECT run FROM ${s}once WHERE once_key = $1 AND NOT EXISTS (SELECT FROM mine)`,
    },
    claimed: {
      name: 'waybill_claimed',
      text: `SELECT once_key, run FROM ${s}once`,
    },
    forget: {
      name: 'waybill_forget',
      text: `WITH gone AS (DELETE FROM ${s}once WHERE once_key = $1 RETURNING run)
        DELETE FROM ${s}result USING gone WHERE result.run = gone.run`,
    },
  };
}

function check(partition: number): void {
  if (Number.isInteger(partition) && partition >= 0) return;
  throw new RangeError(`there is no partition ${partition}`);
}
