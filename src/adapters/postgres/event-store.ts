/*
 * The EventStore port on PostgreSQL: kept events, subscriptions, and what was matched.
 *
 * V1. `keep` and `match` are one statement each (`keep_1`, `match_1`, migrations.ts): they compare and set
 *     the offset of the correlator, or how far a home partition has been looked through.
 * V2. A match locks the rows of its subscription, and their end waits for that: what `fold_2` deletes
 *     afterwards is all that was matched (M2).
 * V3. Numbers are taken from a row that is held until the commit: they are committed in order (M3).
 * V4. No question looks at more subscriptions or events than its lookup finds.
 */
import type { PoolClient, QueryConfig } from 'pg';
import type {
  EventStore,
  Heard,
  KeptEvent,
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
import { int8Array, textArray } from './array-parameter.ts';
import type { Connections } from './connections.ts';
import { fromText, toText } from './text-column.ts';

/** bigint comes as text; JSON is read as text, as it stands */
type SubscriptionColumns = [
  partition: number,
  identity: string,
  nth: number,
  type: string,
  from: string,
  key: string,
  run: string,
  strand: string,
  since: string,
  filters: string,
];
const SUBSCRIPTION =
  's.partition, s.identity, s.nth, s.type, s.lookup_from, s.lookup_key, s.run, s.strand, s.since, s.filters::text';

type EventColumns = [
  partition: number,
  offset: string,
  type: string,
  from: string,
  key: string,
  time: string,
  event: string,
];
const EVENT =
  'e.partition, e.log_offset, e.type, e.lookup_from, e.lookup_key, e.time, e.event::text';

export class PostgresEventStore implements EventStore {
  readonly #connections: Connections;
  readonly #sql: ReturnType<typeof statements>;

  constructor(connections: Connections, prefix: string) {
    this.#connections = connections;
    this.#sql = statements(prefix);
  }

  // -- the correlator ------------------------------------------------------------------------------

  async correlated(partition: number): Promise<number | undefined> {
    const rows = await this.#ask<[string]>(this.#sql.correlated, [partition]);
    return rows[0] === undefined ? undefined : Number(rows[0][0]);
  }

  async keep(
    partition: number,
    from: number | undefined,
    events: readonly KeptEvent[],
  ): Promise<ReadonlySet<number> | 'stale'> {
    const lookups = events.map(({ lookup }) => lookup);
    const values = [
      partition,
      from ?? null,
      int8Array(events.map(({ place }) => place.offset)),
      textArray(events.map(({ event }) => nameOfEvent(event))),
      textArray(lookups.map(({ type }) => toText(type))),
      textArray(lookups.map((lookup) => toText(lookup.from))),
      textArray(lookups.map(({ key }) => toText(key))),
      int8Array(events.map(({ time }) => Math.floor(time))),
      textArray(
        events.map(({ event }) => JSON.stringify(event)),
        'json',
      ),
    ];
    const rows = await this.#ask<[string[] | null]>(this.#sql.keep, values);
    const first = rows[0]?.[0] ?? null;
    return first === null ? 'stale' : new Set(first.map(Number));
  }

  async lookups(types: readonly string[]): Promise<readonly Omit<Lookup, 'key'>[]> {
    const wanted = textArray([...new Set(['', ...types.map(toText)])]);
    const rows = await this.#ask<[string, string]>(this.#sql.lookups, [wanted]);
    return rows.map(([type, from]) => ({ type: fromText(type), from: fromText(from) }));
  }

  async subscribed(
    lookups: readonly (Lookup & { readonly after?: SubscriptionPlace })[],
    limit: number,
  ): Promise<readonly (readonly SubscriptionRow[])[]> {
    const texts = (of: (lookup: Lookup) => string): Buffer =>
      textArray(lookups.map((lookup) => toText(of(lookup))));
    const places = (of: (place: SubscriptionPlace) => number): Buffer =>
      int8Array(lookups.map(({ after }) => (after === undefined ? -1 : of(after))));
    const rows = await this.#ask<[string, ...SubscriptionColumns]>(this.#sql.subscribed, [
      texts(({ type }) => type),
      texts(({ from }) => from),
      texts(({ key }) => key),
      places(({ partition }) => partition),
      places(({ identity }) => identity),
      places(({ nth }) => nth),
      limit,
    ]);
    const found = lookups.map((): SubscriptionRow[] => []);
    for (const [nth, ...columns] of rows) found[Number(nth) - 1]?.push(readRow(columns));
    return found;
  }

  async heard(runs: readonly string[], events: readonly EventPlace[]): Promise<readonly Heard[]> {
    const rows = await this.#ask<[string, string, number, string]>(this.#sql.heard, [
      textArray(runs.map(toText)),
      int8Array(events.map(({ partition }) => partition)),
      int8Array(events.map(({ offset }) => offset)),
    ]);
    return rows.map(([run, strand, partition, offset]) => ({
      run: fromText(run),
      strand: fromText(strand),
      event: { partition, offset: Number(offset) },
    }));
  }

  async match(matches: readonly Match[], progress?: Progress): Promise<'matched' | 'stale'> {
    const moves =
      progress === undefined
        ? [null, null, null, null]
        : 'events' in progress
          ? [progress.events, null, progress.from ?? null, progress.to]
          : [null, progress.looked, progress.from, progress.to];
    const rows = await this.#ask<[boolean]>(this.#sql.match, [
      ...moves,
      int8Array(matches.map(({ partition }) => partition)),
      int8Array(matches.map(({ identity }) => identity)),
      int8Array(matches.map(({ event }) => event.partition)),
      int8Array(matches.map(({ event }) => event.offset)),
    ]);
    return rows[0]?.[0] === true ? 'matched' : 'stale';
  }

  async purge(partition: number, before: number, limit: number): Promise<number> {
    const values = [partition, Math.floor(before), limit];
    const rows = await this.#ask<[string]>(this.#sql.purge, values);
    return Number(rows[0]?.[0] ?? 0);
  }

  // -- the owner -----------------------------------------------------------------------------------

  async unlooked(
    partition: number,
    limit: number,
  ): Promise<{ from: number; to: number; rows: readonly SubscriptionRow[] }> {
    type Row = [looked: string, applied: string, identities: string, ...SubscriptionColumns];
    const rows = await this.#ask<Row>(this.#sql.unlooked, [partition, limit]);
    const [looked, applied, identities] = rows[0] ?? ['0', '0', '0'];
    const from = Number(looked);
    const found = rows.flatMap(([, , , ...columns]) =>
      (columns as readonly unknown[])[0] === null ? [] : [readRow(columns)],
    );
    const last = found.at(-1)?.identity;
    const to = Number(identities) < limit || last === undefined ? Number(applied) : last + 1;
    return { from, to: Math.max(from, to), rows: found };
  }

  async kept(
    { type, from, key }: Lookup,
    since: number,
    after: { readonly time: number; readonly place: EventPlace } | undefined,
    limit: number,
  ): Promise<readonly KeptEvent[]> {
    const floor = Math.ceil(since);
    const begin =
      after === undefined || after.time < floor
        ? [floor, -1, -1]
        : [after.time, after.place.partition, after.place.offset];
    const { keptOfAny, keptOfLookup, keptOfType } = this.#sql;
    const rows = await (type === ''
      ? this.#ask<EventColumns>(keptOfAny, [...begin, limit])
      : from === ''
        ? this.#ask<EventColumns>(keptOfType, [...begin, limit, toText(type)])
        : this.#ask<EventColumns>(keptOfLookup, [
            ...begin,
            limit,
            toText(type),
            toText(from),
            toText(key),
          ]));
    return rows.map(readEvent);
  }

  async matches(
    partition: number,
    after: number | undefined,
    limit: number,
  ): Promise<{ matches: readonly NumberedMatch[]; upTo: number; listening: boolean }> {
    type Row = [
      numbers: string,
      listening: boolean,
      number: string | null,
      identity: string,
      ...EventColumns,
    ];
    const rows = await (after === undefined
      ? this.#ask<Row>(this.#sql.allMatches, [partition])
      : this.#ask<Row>(this.#sql.matches, [partition, after, limit]));
    const [numbers, listening] = rows[0] ?? ['0', false];
    const found = rows.flatMap(([, , number, identity, ...columns]): NumberedMatch[] =>
      number === null || (columns as readonly unknown[])[0] === null
        ? []
        : [{ number: Number(number), identity: Number(identity), kept: readEvent(columns) }],
    );
    const last = rows.at(-1)?.[2];
    const full = after !== undefined && rows.length === limit && typeof last === 'string';
    return { matches: found, upTo: Number(full ? last : numbers), listening };
  }

  #ask<Row extends unknown[]>(statement: QueryConfig, values: unknown[]): Promise<Row[]> {
    return this.#connections.run(async (client: PoolClient) => {
      const { rows } = await client.query<Row>({ ...statement, values, rowMode: 'array' });
      return rows;
    });
  }
}

function readRow(columns: SubscriptionColumns): SubscriptionRow {
  const [partition, identity, nth, type, from, key, run, strand, since, filters] = columns;
  return {
    partition,
    identity: Number(identity),
    nth,
    run: fromText(run),
    strand: fromText(strand),
    since: Number(since),
    lookup: { type: fromText(type), from: fromText(from), key: fromText(key) },
    subscription: JSON.parse(filters) as Subscription,
  };
}

function readEvent([partition, offset, type, from, key, time, event]: EventColumns): KeptEvent {
  return {
    place: { partition, offset: Number(offset) },
    time: Number(time),
    event: JSON.parse(event) as CloudEvent,
    lookup: { type: fromText(type), from: fromText(from), key: fromText(key) },
  };
}

/** Named: each connection plans them once. */
function statements(s: string) {
  const begin = '(e.time, e.partition, e.log_offset) > ($1::bigint, $2::int, $3::bigint)';
  const inOrder = 'ORDER BY e.time, e.partition, e.log_offset LIMIT $4';
  const ofType = (more: string): string =>
    `SELECT ${EVENT} FROM ${s}event e WHERE e.type = $5 ${more} AND ${begin}`;
  const listening = `EXISTS (SELECT FROM ${s}subscription WHERE partition = $1)`;
  const numbers = `coalesce((SELECT numbers FROM ${s}matching WHERE partition = $1), 0)`;
  const eventOf = `e.partition = h.event_partition AND e.log_offset = h.event_offset`;
  return {
    correlated: {
      name: 'waybill_correlated',
      text: `SELECT log_offset FROM ${s}correlated WHERE partition = $1`,
    },
    keep: {
      name: 'waybill_keep',
      text: `SELECT ${s}keep_1($1, $2, $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[],
          $8::bigint[], $9::json[])`,
    },
    // from one lookup to the next, past all keys of it: how many listen does not matter (V4)
    lookups: {
      name: 'waybill_lookups',
      text: `WITH RECURSIVE next (type, lookup_from) AS (
          SELECT t, (SELECT min(lookup_from) FROM ${s}subscription WHERE type = t)
            FROM unnest($1::text[]) AS wanted (t)
          UNION ALL
          SELECT type, (SELECT min(o.lookup_from) FROM ${s}subscription o
                         WHERE o.type = next.type AND o.lookup_from > next.lookup_from)
            FROM next WHERE lookup_from IS NOT NULL)
        SELECT type, lookup_from FROM next WHERE lookup_from IS NOT NULL`,
    },
    subscribed: {
      name: 'waybill_subscribed',
      text: `SELECT l.n, ${SUBSCRIPTION}
        FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
             WITH ORDINALITY AS l (type, lookup_from, lookup_key, p, i, o, n)
        CROSS JOIN LATERAL (
          SELECT * FROM ${s}subscription one
           WHERE one.type = l.type AND one.lookup_from = l.lookup_from
             AND one.lookup_key = l.lookup_key
             AND (one.partition, one.identity, one.nth) > (l.p::int, l.i, l.o::int)
           ORDER BY one.partition, one.identity, one.nth LIMIT $7) AS s
        ORDER BY l.n, s.partition, s.identity, s.nth`,
    },
    heard: {
      name: 'waybill_heard',
      text: `SELECT h.run, h.strand, h.event_partition, h.event_offset
        FROM unnest($2::bigint[], $3::bigint[]) AS w (p, o)
        JOIN ${s}heard h ON h.event_partition = w.p AND h.event_offset = w.o
       WHERE h.run = ANY ($1::text[])`,
    },
    match: {
      name: 'waybill_match',
      text: `SELECT ${s}match_1($1, $2, $3, $4, $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])`,
    },
    purge: {
      name: 'waybill_purge_events',
      text: `WITH old AS (
          SELECT e.partition, e.log_offset FROM ${s}event e
           WHERE e.partition = $1 AND e.time < $2
             AND e.log_offset < (SELECT log_offset FROM ${s}correlated c WHERE c.partition = $1)
             AND NOT EXISTS (
               SELECT FROM ${s}heard h JOIN ${s}subscription USING (partition, identity)
                WHERE ${eventOf} AND h.number > 0)
           ORDER BY e.time LIMIT $3),
        unheard AS (
          DELETE FROM ${s}heard h USING old
           WHERE h.event_partition = old.partition AND h.event_offset = old.log_offset),
        gone AS (
          DELETE FROM ${s}event e USING old
           WHERE e.partition = old.partition AND e.log_offset = old.log_offset RETURNING 1)
        SELECT count(*) FROM gone`,
    },
    unlooked: {
      name: 'waybill_unlooked',
      text: `WITH stands AS (
          SELECT coalesce((SELECT looked FROM ${s}matching WHERE partition = $1), 0) AS looked,
                 coalesce((SELECT applied FROM ${s}fold WHERE partition = $1), 0) AS applied),
        next AS (
          SELECT DISTINCT identity FROM ${s}subscription
           WHERE partition = $1 AND identity >= (SELECT looked FROM stands)
           ORDER BY identity LIMIT $2)
        SELECT looked, applied, (SELECT count(*) FROM next), ${SUBSCRIPTION}
          FROM stands LEFT JOIN (
            SELECT one.* FROM ${s}subscription one JOIN next USING (identity) WHERE one.partition = $1
          ) AS s ON true
         ORDER BY s.identity, s.nth`,
    },
    keptOfAny: {
      name: 'waybill_kept_any',
      text: `SELECT ${EVENT} FROM ${s}event e WHERE ${begin} ${inOrder}`,
    },
    keptOfType: { name: 'waybill_kept_type', text: `${ofType('')} ${inOrder}` },
    // what is found under the key, and what was kept before anybody had asked for such keys
    keptOfLookup: {
      name: 'waybill_kept_lookup',
      text: `SELECT * FROM (
          ${ofType('AND e.lookup_from = $6 AND e.lookup_key = $7')}
          UNION ALL ${ofType('AND e.lookup_from < $6')}
          UNION ALL ${ofType('AND e.lookup_from > $6')}) AS e
        ORDER BY e.time, e.partition, e.log_offset LIMIT $4`,
    },
    matches: {
      name: 'waybill_matches',
      text: `SELECT ${numbers}, ${listening}, h.number, h.identity, ${EVENT}
        FROM (SELECT 1) AS always
        LEFT JOIN (
          SELECT * FROM ${s}heard WHERE partition = $1 AND number > $2 ORDER BY number LIMIT $3
        ) AS h ON true
        LEFT JOIN ${s}event e ON ${eventOf}
          AND EXISTS (SELECT FROM ${s}subscription s
                       WHERE s.partition = $1 AND s.identity = h.identity)
       ORDER BY h.number`,
    },
    allMatches: {
      name: 'waybill_all_matches',
      text: `SELECT ${numbers}, ${listening}, h.number, h.identity, ${EVENT}
        FROM (SELECT 1) AS always
        LEFT JOIN (
          SELECT h.* FROM ${s}heard h
            JOIN ${s}subscription s ON s.partition = h.partition AND s.identity = h.identity AND s.nth = 0
           WHERE s.partition = $1 AND h.number > 0
        ) AS h ON true
        LEFT JOIN ${s}event e ON ${eventOf}
       ORDER BY h.number`,
    },
  };
}
