/*
 * The EventStore port on one SQLite file: kept events, subscriptions, and what was matched.
 *
 * V1. Whatever changes rows is one job of the group's transaction: compared and set there, where nobody
 *     else writes. A match and the end of its subscription can therefore not miss each other (M2).
 * V2. Events, subscriptions and numbers of matches are keyed like all rows (schema.ts, F3). No question
 *     looks at more subscriptions or events than its lookup finds.
 */
import type { Database, Statement } from 'better-sqlite3';
import type {
  EventStore,
  Heard,
  KeptEvent,
  ListenRow,
  Lookup,
  Match,
  NumberedMatch,
  Progress,
  SubscriptionPlace,
  SubscriptionRow,
} from '../../ports/index.ts';
import {
  type CloudEvent,
  type EventPlace,
  nameOfEvent,
  type Subscription,
} from '../../wire/index.ts';
import type { GroupCommit } from './commits.ts';
import { offsetOf, partitionOf, rowKey } from './schema.ts';
import { StoreFileError, asStoreFileError } from './store-file-error.ts';

/** Columns of `subscription`, in their order there. */
type SubscriptionColumns = [
  key: number,
  nth: number,
  type: string,
  from: string,
  lookupKey: string,
  run: string,
  strand: string,
  since: number,
  filters: string,
];

/** Columns of `event`, in their order there. */
type EventColumns = [
  place: number,
  name: string,
  type: string,
  from: string,
  lookupKey: string,
  time: number,
  event: string,
];

/** A parked strand that listens, as rows: made once, although its job may run twice. */
export type WrittenListens = readonly SubscriptionColumns[];

export interface SqliteEventStoreOptions {
  readonly path: string;
  readonly db: Database;
  readonly commits: GroupCommit;
  /** a client reads only */
  readonly client: boolean;
}

export class SqliteEventStore implements EventStore {
  readonly #options: SqliteEventStoreOptions;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(options: SqliteEventStoreOptions) {
    this.#options = options;
    this.#statements = prepare(options.db);
  }

  // -- within a fold -------------------------------------------------------------------------------

  parked(rows: WrittenListens): void {
    for (const row of rows) this.#statements.subscribe.run(...row);
  }

  /** M1: these are matches no more. */
  fired(key: number, consumed: readonly number[]): void {
    for (const event of consumed) this.#statements.consume.run(key, event);
  }

  /** M1: what is not named as consumed was not heard. */
  resumed(keys: readonly number[], consumed: readonly number[]): void {
    const { unsubscribe, unheard } = this.#statements;
    for (const [i, key] of keys.entries()) {
      // Who did not listen has heard nothing.
      if (unsubscribe.run(key).changes === 0) continue;
      unheard.run(key, JSON.stringify(i === 0 ? consumed : []));
    }
  }

  // -- the correlator ------------------------------------------------------------------------------

  async correlated(partition: number): Promise<number | undefined> {
    return this.#reading(() => this.#statements.correlated.get(partition));
  }

  keep(
    partition: number,
    from: number | undefined,
    events: readonly KeptEvent[],
  ): Promise<ReadonlySet<number> | 'stale'> {
    let weight = 0;
    const rows = events.map((kept): EventColumns => {
      const { event, lookup, place, time } = kept;
      const text = JSON.stringify(event);
      weight += text.length;
      const { from, key, type } = lookup;
      const row = rowKey(place.partition, place.offset);
      return [row, nameOfEvent(event), type, from, key, Math.floor(time), text];
    });
    return this.#writing(() => {
      const { correlated, keep, placeOf } = this.#statements;
      if (correlated.get(partition) !== from) return 'stale';
      const first = new Set<number>();
      for (const row of rows) {
        const [place, name] = row;
        if (keep.run(...row).changes === 1 || placeOf.get(name) === place) {
          first.add(offsetOf(place));
        }
      }
      return first;
    }, weight);
  }

  async lookups(types: readonly string[]): Promise<readonly Omit<Lookup, 'key'>[]> {
    return this.#reading(() => {
      const { nextFrom } = this.#statements;
      const found: Omit<Lookup, 'key'>[] = [];
      for (const type of new Set(['', ...types])) {
        // From one to the next, past all keys of it: how many listen does not matter (V2).
        let from = nextFrom.first.get(type);
        for (; from !== undefined; from = nextFrom.after.get(type, from)) {
          found.push({ type, from });
        }
      }
      return found;
    });
  }

  async subscribed(
    lookups: readonly (Lookup & { readonly after?: SubscriptionPlace })[],
    limit: number,
  ): Promise<readonly (readonly SubscriptionRow[])[]> {
    return this.#reading(() =>
      lookups.map(({ after, from, key, type }) => {
        const beyond: [number, number] =
          after === undefined ? [-1, 0] : [rowKey(after.partition, after.identity), after.nth];
        return this.#statements.subscribed.all(type, from, key, ...beyond, limit).map(readRow);
      }),
    );
  }

  async heard(runs: readonly string[], events: readonly EventPlace[]): Promise<readonly Heard[]> {
    const places = JSON.stringify(events.map(({ partition, offset }) => rowKey(partition, offset)));
    return this.#reading(() =>
      this.#statements.heard
        .all(JSON.stringify(runs), places)
        .map(([run, strand, event]) => ({ run, strand, event: placeAt(event) })),
    );
  }

  match(matches: readonly Match[], progress?: Progress): Promise<'matched' | 'stale'> {
    const rows = matches.map(({ event, identity, partition }) => ({
      partition,
      key: rowKey(partition, identity),
      event: rowKey(event.partition, event.offset),
    }));
    return this.#writing(() => {
      if (progress !== undefined && !this.#move(progress)) return 'stale';
      const { match, next, number, who } = this.#statements;
      for (const { event, key, partition } of rows) {
        const row = who.get(key);
        if (row === undefined) continue;
        next.run(partition);
        match.run(key, event, ...row, rowKey(partition, number.get(partition) ?? 0));
      }
      return 'matched';
    }, rows.length * 100);
  }

  #move(progress: Progress): boolean {
    const { begin, look, looked, move } = this.#statements;
    if ('events' in progress) {
      const { events, from, to } = progress;
      if (from === undefined) return begin.run(events, to).changes === 1;
      return move.run(to, events, from).changes === 1;
    }
    if ((looked.get(progress.looked) ?? 0) !== progress.from) return false;
    look.run(progress.looked, progress.to);
    return true;
  }

  async purge(partition: number, before: number, limit: number): Promise<number> {
    return this.#writing(() => {
      const { correlated, forget, forgetHeard, old } = this.#statements;
      const end = correlated.get(partition) ?? 0;
      const span = [rowKey(partition, 0), rowKey(partition, end)] as const;
      const places = old.all(Math.floor(before), ...span, limit);
      for (const place of places) {
        forgetHeard.run(place);
        forget.run(place);
      }
      return places.length;
    }, 0);
  }

  // -- the owner -----------------------------------------------------------------------------------

  async unlooked(
    partition: number,
    limit: number,
  ): Promise<{ from: number; to: number; rows: readonly SubscriptionRow[] }> {
    // one transaction: the rows and how far the fold stands are of one moment
    return this.#reading(
      this.#options.db.transaction(() => {
        const { applied, looked, rowsOf, unlooked } = this.#statements;
        const from = looked.get(partition) ?? 0;
        const span = [rowKey(partition, from), rowKey(partition + 1, 0)] as const;
        const keys = unlooked.all(...span, limit);
        const rows = keys.flatMap((key) => rowsOf.all(key).map(readRow));
        const last = keys.length < limit ? undefined : keys.at(-1);
        const to = last === undefined ? (applied.get(partition) ?? 0) : offsetOf(last) + 1;
        return { from, to: Math.max(from, to), rows };
      }),
    );
  }

  async kept(
    { from, key, type }: Lookup,
    since: number,
    after: { readonly time: number; readonly place: EventPlace } | undefined,
    limit: number,
  ): Promise<readonly KeptEvent[]> {
    const floor = Math.ceil(since);
    const place = after === undefined ? -1 : rowKey(after.place.partition, after.place.offset);
    // whatever comes first of the two decides: nothing before `since`, nothing up to `after`
    const beyond: [number, number] =
      after === undefined || after.time < floor ? [floor, -1] : [after.time, place];
    return this.#reading(() => {
      const { keptOfAny, keptOfLookup, keptOfType } = this.#statements;
      const rows =
        type === ''
          ? keptOfAny.all(...beyond, limit)
          : from === ''
            ? keptOfType.all(type, ...beyond, limit)
            : keptOfLookup.all({ type, from, key, time: beyond[0], place: beyond[1], limit });
      return rows.map(readEvent);
    });
  }

  async matches(
    partition: number,
    after: number | undefined,
    limit: number,
  ): Promise<{ matches: readonly NumberedMatch[]; upTo: number; listening: boolean }> {
    return this.#reading(
      this.#options.db.transaction(() => {
        const { allMatches, anySubscription, event, matches, number, subscribes } =
          this.#statements;
        const span = [rowKey(partition, 0), rowKey(partition + 1, 0)] as const;
        const rows =
          after === undefined
            ? allMatches.all(...span)
            : matches.all(rowKey(partition, after), span[1], limit);
        const full = after !== undefined && rows.length === limit;
        const upTo = full ? offsetOf(rows.at(-1)![0]) : (number.get(partition) ?? 0);
        const found: NumberedMatch[] = [];
        for (const [nth, key, place] of rows) {
          if (after !== undefined && subscribes.get(key) === undefined) continue;
          const kept = event.get(place);
          if (kept === undefined) continue;
          found.push({ number: offsetOf(nth), identity: offsetOf(key), kept: readEvent(kept) });
        }
        return { matches: found, upTo, listening: anySubscription.get(...span) !== undefined };
      }),
    );
  }

  // -- small words ---------------------------------------------------------------------------------

  #writing<T>(run: () => T, weight: number): Promise<T> {
    const { client, commits, path } = this.#options;
    if (client) {
      const what = 'a client of a file correlates nothing';
      return Promise.reject(new StoreFileError('client', path, what));
    }
    return commits.submit(run, weight);
  }

  #reading<T>(read: () => T): T {
    const { db, path } = this.#options;
    if (!db.open) throw new StoreFileError('closed', path, 'the file was closed');
    try {
      return read();
    } catch (error) {
      throw asStoreFileError(error, path);
    }
  }
}

export function writeListens(
  key: number,
  { run, strand }: { readonly run: string; readonly strand: string },
  listens: readonly ListenRow[],
): WrittenListens {
  return listens.map(({ lookup, since, subscription }, nth) => [
    key,
    nth,
    lookup.type,
    lookup.from,
    lookup.key,
    run,
    strand,
    Math.floor(since),
    JSON.stringify(subscription),
  ]);
}

function readRow(columns: SubscriptionColumns): SubscriptionRow {
  const [row, nth, type, from, key, run, strand, since, filters] = columns;
  return {
    partition: partitionOf(row),
    identity: offsetOf(row),
    nth,
    run,
    strand,
    since,
    lookup: { type, from, key },
    subscription: JSON.parse(filters) as Subscription,
  };
}

function readEvent([place, , type, from, key, time, event]: EventColumns): KeptEvent {
  const lookup = { type, from, key };
  return { place: placeAt(place), time, event: JSON.parse(event) as CloudEvent, lookup };
}

function placeAt(key: number): EventPlace {
  return { partition: partitionOf(key), offset: offsetOf(key) };
}

function prepare(db: Database) {
  const one = <Parameters extends unknown[], Value>(text: string): Statement<Parameters, Value> =>
    db.prepare<Parameters, Value>(text).pluck();
  const rows = <Parameters extends unknown[], Row>(text: string): Statement<Parameters, Row> =>
    db.prepare<Parameters, Row>(text).raw();
  const beyond = '(time, place) > (?, ?) ORDER BY time, place LIMIT ?';
  const other = (than: string): string =>
    `SELECT * FROM event WHERE type = @type AND "from" ${than} @from AND (time, place) > (@time, @place)`;
  return {
    subscribe: db.prepare<SubscriptionColumns>(
      'INSERT INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    unsubscribe: db.prepare<[number]>('DELETE FROM subscription WHERE key = ?'),
    unheard: db.prepare<[number, string]>(
      `DELETE FROM heard WHERE key = ? AND number > 0
          AND event NOT IN (SELECT value FROM json_each(?))`,
    ),
    // below zero: consumed by a schedule that listens on
    consume: db.prepare<[number, number]>(
      'UPDATE heard SET number = -number WHERE key = ? AND event = ? AND number > 0',
    ),
    correlated: one<[number], number>('SELECT "offset" FROM correlated WHERE partition = ?'),
    begin: db.prepare<[number, number]>(
      'INSERT INTO correlated VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    move: db.prepare<[number, number, number]>(
      'UPDATE correlated SET "offset" = ? WHERE partition = ? AND "offset" = ?',
    ),
    keep: db.prepare<EventColumns>(
      'INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    placeOf: one<[string], number>('SELECT place FROM event WHERE name = ?'),
    nextFrom: {
      first: one<[string], string>(
        'SELECT "from" FROM subscription WHERE type = ? ORDER BY "from" LIMIT 1',
      ),
      after: one<[string, string], string>(
        'SELECT "from" FROM subscription WHERE type = ? AND "from" > ? ORDER BY "from" LIMIT 1',
      ),
    },
    subscribed: rows<[string, string, string, number, number, number], SubscriptionColumns>(
      `SELECT * FROM subscription WHERE type = ? AND "from" = ? AND lookup_key = ?
          AND (key, nth) > (?, ?) ORDER BY key, nth LIMIT ?`,
    ),
    heard: rows<[string, string], [run: string, strand: string, event: number]>(
      `SELECT run, strand, event FROM heard
        WHERE run IN (SELECT value FROM json_each(?)) AND event IN (SELECT value FROM json_each(?))`,
    ),
    who: rows<[number], [run: string, strand: string]>(
      'SELECT run, strand FROM subscription WHERE key = ? LIMIT 1',
    ),
    next: db.prepare<[number]>(
      `INSERT INTO matching VALUES (?, 0, 1)
         ON CONFLICT (partition) DO UPDATE SET numbers = numbers + 1`,
    ),
    number: one<[number], number>('SELECT numbers FROM matching WHERE partition = ?'),
    match: db.prepare<[number, number, string, string, number]>(
      'INSERT INTO heard VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    looked: one<[number], number>('SELECT looked FROM matching WHERE partition = ?'),
    look: db.prepare<[number, number]>(
      `INSERT INTO matching VALUES (?, ?, 0)
         ON CONFLICT (partition) DO UPDATE SET looked = excluded.looked`,
    ),
    old: one<[number, number, number, number], number>(
      `SELECT place FROM event WHERE time < ? AND place >= ? AND place < ?
          AND NOT EXISTS (SELECT 1 FROM heard JOIN subscription USING (key)
                           WHERE heard.event = place AND heard.number > 0)
        ORDER BY time, place LIMIT ?`,
    ),
    forget: db.prepare<[number]>('DELETE FROM event WHERE place = ?'),
    forgetHeard: db.prepare<[number]>('DELETE FROM heard WHERE event = ?'),
    applied: one<[number], number>('SELECT applied FROM fold WHERE partition = ?'),
    unlooked: one<[number, number, number], number>(
      'SELECT DISTINCT key FROM subscription WHERE key >= ? AND key < ? ORDER BY key LIMIT ?',
    ),
    rowsOf: rows<[number], SubscriptionColumns>(
      'SELECT * FROM subscription WHERE key = ? ORDER BY nth',
    ),
    keptOfAny: rows<[number, number, number], EventColumns>(`SELECT * FROM event WHERE ${beyond}`),
    keptOfType: rows<[string, number, number, number], EventColumns>(
      `SELECT * FROM event WHERE type = ? AND ${beyond}`,
    ),
    // what is found under the key, and what was kept before anybody had asked for such keys
    keptOfLookup: rows<
      [{ type: string; from: string; key: string; time: number; place: number; limit: number }],
      EventColumns
    >(
      `SELECT * FROM (${other('=')} AND lookup_key = @key UNION ALL ${other('<')} UNION ALL ${other('>')})
        ORDER BY time, place LIMIT @limit`,
    ),
    matches: rows<[number, number, number], [number: number, key: number, event: number]>(
      'SELECT number, key, event FROM heard WHERE number > ? AND number < ? ORDER BY number LIMIT ?',
    ),
    allMatches: rows<[number, number], [number: number, key: number, event: number]>(
      `SELECT DISTINCT number, heard.key, event FROM subscription JOIN heard USING (key)
        WHERE key >= ? AND key < ? AND number > 0 ORDER BY number`,
    ),
    subscribes: one<[number], number>('SELECT 1 FROM subscription WHERE key = ? LIMIT 1'),
    anySubscription: one<[number, number], number>(
      'SELECT 1 FROM subscription WHERE key >= ? AND key < ? LIMIT 1',
    ),
    event: rows<[number], EventColumns>('SELECT * FROM event WHERE place = ?'),
  };
}
