/*
 * The tables of a Store in PostgreSQL, as numbered migrations.
 *
 * M1. A released migration is never edited; what changes is a further migration.
 * M2. Runners of the build before go on while a migration has been applied: a migration adds, and gives
 *     a function that changes a new name; what nobody uses any more is dropped one release later.
 * M3. `fold_2` is one statement for the client, one transaction: a runner that is stopped or cut off
 *     in the middle of a fold leaves no lock behind. It compares and sets `applied` first, which keeps
 *     all others out of the partition until the end.
 * M4. `record` is of type json, not jsonb: what was written comes back to the character (jsonb orders
 *     keys, rounds numbers and refuses U+0000), and what a person edits is checked to be JSON.
 * M5. Texts that are compared have the collation "C": an upgrade of the system's collations cannot make
 *     an index wrong.
 */

/** `s` is the quoted name of the schema, with a dot. */
type Migration = (s: string) => string;

const MIGRATIONS: readonly Migration[] = [
  (s) => `
  CREATE TABLE ${s}setting (name text COLLATE "C" PRIMARY KEY, value text NOT NULL);

  -- one row per partition, rewritten by each fold: room for that within its page
  CREATE TABLE ${s}fold (partition integer PRIMARY KEY, applied bigint NOT NULL, parked bigint NOT NULL)
    WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

  CREATE TABLE ${s}parked (
    partition integer NOT NULL, identity bigint NOT NULL,
    run text COLLATE "C" NOT NULL, strand text COLLATE "C" NOT NULL, hop bigint NOT NULL,
    definition text COLLATE "C" NOT NULL, why text COLLATE "C" NOT NULL, due bigint, reason text,
    record json NOT NULL,
    PRIMARY KEY (partition, identity))
    WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
  CREATE INDEX parked_due ON ${s}parked (partition, due, identity) WHERE due IS NOT NULL;
  CREATE INDEX parked_run ON ${s}parked (partition, run, identity);
  CREATE VIEW ${s}parked_readable AS
    SELECT partition, identity, run, strand, hop, why, to_timestamp(due / 1000.0) AS due, reason,
           definition, record
      FROM ${s}parked;

  CREATE TABLE ${s}result (
    run text COLLATE "C" PRIMARY KEY, definition text NOT NULL, ended text NOT NULL, value json NOT NULL,
    ended_at bigint NOT NULL);
  CREATE TABLE ${s}once (once_key text COLLATE "C" PRIMARY KEY, run text COLLATE "C" NOT NULL);

  CREATE TABLE ${s}definition (
    hash text COLLATE "C" PRIMARY KEY, namespace text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL, deployed bigint NOT NULL, document text NOT NULL,
    resources json NOT NULL);
  CREATE INDEX definition_name ON ${s}definition (namespace, name, deployed);

  -- NULL = applied, else where the fold of the partition stands
  CREATE FUNCTION ${s}fold_1(
    of_partition integer, from_offset bigint, to_offset bigint,
    identities bigint[], runs text[], strands text[], hops bigint[], definitions text[], whys text[],
    dues bigint[], reasons text[], records json[],
    resumed bigint[],
    ended_runs text[], ended_definitions text[], endings text[], ended_values json[], times bigint[])
    RETURNS bigint LANGUAGE plpgsql AS $fold$
  DECLARE
    stands bigint;
    gone bigint;
    more bigint := cardinality(identities) - cardinality(resumed);
  BEGIN
    LOOP
      UPDATE ${s}fold SET applied = to_offset, parked = parked + more
       WHERE partition = of_partition AND applied = from_offset;
      EXIT WHEN FOUND;
      SELECT applied INTO stands FROM ${s}fold WHERE partition = of_partition;
      IF NOT FOUND THEN
        IF from_offset <> 0 THEN RETURN 0; END IF;
        INSERT INTO ${s}fold VALUES (of_partition, to_offset, more) ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
      ELSIF stands <> from_offset THEN
        RETURN stands;
      END IF;
    END LOOP;
    IF cardinality(identities) > 0 THEN
      INSERT INTO ${s}parked
        SELECT of_partition, * FROM unnest(
          identities, runs, strands, hops, definitions, whys, dues, reasons, records);
    END IF;
    IF cardinality(resumed) > 0 THEN
      DELETE FROM ${s}parked WHERE partition = of_partition AND identity = ANY (resumed);
      GET DIAGNOSTICS gone = ROW_COUNT;
      IF gone <> cardinality(resumed) THEN
        RAISE EXCEPTION '% of % strands that were to be resumed are parked', gone, cardinality(resumed)
          USING ERRCODE = 'WB001';
      END IF;
    END IF;
    IF cardinality(ended_runs) > 0 THEN
      INSERT INTO ${s}result
        SELECT * FROM unnest(ended_runs, ended_definitions, endings, ended_values, times)
        ON CONFLICT (run) DO UPDATE SET definition = excluded.definition, ended = excluded.ended,
          value = excluded.value, ended_at = excluded.ended_at;
    END IF;
    RETURN NULL;
  END $fold$;
  `,
  (s) => `
  -- one row per partition, rewritten by each batch
  CREATE TABLE ${s}indexed (
    partition integer PRIMARY KEY, log_offset bigint NOT NULL, tenure bigint NOT NULL,
    nonce bigint NOT NULL, n bigint NOT NULL)
    WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

  CREATE TABLE ${s}run (
    run text COLLATE "C" PRIMARY KEY, status text COLLATE "C" NOT NULL,
    definition text COLLATE "C" NOT NULL, namespace text COLLATE "C", name text COLLATE "C",
    version text COLLATE "C", position text, waits_for text, until bigint,
    started_at bigint NOT NULL, changed_at bigint NOT NULL, ended_at bigint,
    value json, value_bytes bigint, error_type text, last bigint NOT NULL, detail json,
    partition integer NOT NULL)
    WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
  CREATE INDEX run_started ON ${s}run (started_at, run);
  CREATE INDEX run_status ON ${s}run (status, started_at, run);
  CREATE INDEX run_workflow ON ${s}run (namespace, name, started_at, run);
  CREATE INDEX run_ended ON ${s}run (partition, ended_at) WHERE ended_at IS NOT NULL;
  CREATE VIEW ${s}run_readable AS
    SELECT run, status, namespace, name, version, position, waits_for,
           to_timestamp(until / 1000.0) AS until, to_timestamp(started_at / 1000.0) AS started,
           to_timestamp(changed_at / 1000.0) AS changed, to_timestamp(ended_at / 1000.0) AS ended,
           error_type, value_bytes, value, partition, definition
      FROM ${s}run;

  -- false = the partition does not stand at from_offset (NULL: nothing was indexed yet)
  CREATE FUNCTION ${s}index_1(
    of_partition integer, from_offset bigint, to_offset bigint, of_tenure bigint, of_nonce bigint,
    to_n bigint,
    runs text[], statuses text[], definitions text[], namespaces text[], names text[],
    versions text[], positions text[], waits text[], untils bigint[], starts bigint[],
    changes bigint[], ends bigint[], run_values json[], sizes bigint[], errors text[], lasts bigint[],
    details json[])
    RETURNS boolean LANGUAGE plpgsql AS $index$
  BEGIN
    IF from_offset IS NULL THEN
      INSERT INTO ${s}indexed VALUES (of_partition, to_offset, of_tenure, of_nonce, to_n)
        ON CONFLICT DO NOTHING;
    ELSE
      UPDATE ${s}indexed SET log_offset = to_offset, tenure = of_tenure, nonce = of_nonce, n = to_n
       WHERE partition = of_partition AND log_offset = from_offset;
    END IF;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO ${s}run
      SELECT *, of_partition FROM unnest(
          runs, statuses, definitions, namespaces, names, versions, positions, waits, untils, starts,
          changes, ends, run_values, sizes, errors, lasts, details)
      ON CONFLICT (run) DO UPDATE SET partition = excluded.partition, status = excluded.status,
        definition = excluded.definition, namespace = excluded.namespace, name = excluded.name,
        version = excluded.version, position = excluded.position, waits_for = excluded.waits_for,
        until = excluded.until, started_at = excluded.started_at, changed_at = excluded.changed_at,
        ended_at = excluded.ended_at, value = excluded.value, value_bytes = excluded.value_bytes,
        error_type = excluded.error_type, last = excluded.last, detail = excluded.detail;
    RETURN true;
  END $index$;
  `,
  (s) => `
  CREATE TABLE ${s}subscription (
    partition integer NOT NULL, identity bigint NOT NULL, nth integer NOT NULL,
    type text COLLATE "C" NOT NULL, lookup_from text COLLATE "C" NOT NULL,
    lookup_key text COLLATE "C" NOT NULL, run text COLLATE "C" NOT NULL, strand text NOT NULL,
    since bigint NOT NULL, filters json NOT NULL,
    PRIMARY KEY (partition, identity, nth))
    WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
  CREATE INDEX subscription_lookup
    ON ${s}subscription (type, lookup_from, lookup_key, partition, identity, nth);
  CREATE VIEW ${s}subscription_readable AS
    SELECT partition, identity, run, strand, type, lookup_from,
           to_timestamp(since / 1000.0) AS since, filters
      FROM ${s}subscription;

  CREATE TABLE ${s}event (
    partition integer NOT NULL, log_offset bigint NOT NULL, name text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL, lookup_from text COLLATE "C" NOT NULL,
    lookup_key text COLLATE "C" NOT NULL, time bigint NOT NULL, event json NOT NULL,
    PRIMARY KEY (partition, log_offset))
    WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
  CREATE UNIQUE INDEX event_name ON ${s}event (name);
  CREATE INDEX event_lookup
    ON ${s}event (type, lookup_from, lookup_key, time, partition, log_offset);
  CREATE INDEX event_time ON ${s}event (time, partition, log_offset);
  CREATE VIEW ${s}event_readable AS
    SELECT partition, log_offset, type, to_timestamp(time / 1000.0) AS time, event FROM ${s}event;

  -- which strand was matched with which event; without its subscription: the run has consumed it
  CREATE TABLE ${s}heard (
    partition integer NOT NULL, identity bigint NOT NULL, event_partition integer NOT NULL,
    event_offset bigint NOT NULL, run text COLLATE "C" NOT NULL, strand text NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (partition, identity, event_partition, event_offset))
    WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
  CREATE UNIQUE INDEX heard_number ON ${s}heard (partition, number);
  CREATE INDEX heard_run ON ${s}heard (run, event_partition, event_offset);
  CREATE INDEX heard_event ON ${s}heard (event_partition, event_offset);

  -- one row per partition of the events log, and per home partition, rewritten by each batch
  CREATE TABLE ${s}correlated (partition integer PRIMARY KEY, log_offset bigint NOT NULL)
    WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
  CREATE TABLE ${s}matching (
    partition integer PRIMARY KEY, looked bigint NOT NULL, numbers bigint NOT NULL)
    WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

  -- as fold_1, with what listens and what was heard
  CREATE FUNCTION ${s}fold_2(
    of_partition integer, from_offset bigint, to_offset bigint,
    identities bigint[], runs text[], strands text[], hops bigint[], definitions text[], whys text[],
    dues bigint[], reasons text[], records json[],
    resumed bigint[],
    ended_runs text[], ended_definitions text[], endings text[], ended_values json[], times bigint[],
    listeners bigint[], nths bigint[], types text[], froms text[], keys text[],
    listening_runs text[], listening_strands text[], sinces bigint[], filters json[],
    consumers bigint[], consumed_partitions bigint[], consumed_offsets bigint[])
    RETURNS bigint LANGUAGE plpgsql AS $fold$
  DECLARE
    stands bigint;
  BEGIN
    stands := ${s}fold_1(
      of_partition, from_offset, to_offset, identities, runs, strands, hops, definitions, whys, dues,
      reasons, records, resumed, ended_runs, ended_definitions, endings, ended_values, times);
    IF stands IS NOT NULL THEN RETURN stands; END IF;
    IF cardinality(listeners) > 0 THEN
      INSERT INTO ${s}subscription
        SELECT of_partition, * FROM unnest(
          listeners, nths, types, froms, keys, listening_runs, listening_strands, sinces, filters);
    END IF;
    IF cardinality(resumed) > 0 THEN
      -- waits for whoever matches them now (match_1): what that one commits is seen by the next statement
      DELETE FROM ${s}subscription WHERE partition = of_partition AND identity = ANY (resumed);
      IF FOUND THEN
        DELETE FROM ${s}heard h
         WHERE h.partition = of_partition AND h.identity = ANY (resumed)
           AND NOT EXISTS (
             SELECT FROM unnest(consumers, consumed_partitions, consumed_offsets) AS c (i, p, o)
              WHERE c.i = h.identity AND c.p = h.event_partition AND c.o = h.event_offset);
      END IF;
    END IF;
    RETURN NULL;
  END $fold$;

  -- the offsets of those that are first copies; NULL = the correlator does not stand at from_offset
  CREATE FUNCTION ${s}keep_1(
    of_partition integer, from_offset bigint, offsets bigint[], names text[], types text[],
    froms text[], keys text[], times bigint[], events json[])
    RETURNS bigint[] LANGUAGE plpgsql AS $keep$
  DECLARE
    stands bigint;
  BEGIN
    -- nobody moves it before this is committed
    SELECT log_offset INTO stands FROM ${s}correlated WHERE partition = of_partition FOR SHARE;
    IF stands IS DISTINCT FROM from_offset THEN RETURN NULL; END IF;
    INSERT INTO ${s}event
      SELECT of_partition, * FROM unnest(offsets, names, types, froms, keys, times, events)
      ON CONFLICT DO NOTHING;
    RETURN coalesce((SELECT array_agg(log_offset) FROM ${s}event
       WHERE partition = of_partition AND log_offset = ANY (offsets)), '{}');
  END $keep$;

  -- events_partition or looked_partition says what is moved from from_offset to to_offset, if anything;
  -- false = it does not stand there
  CREATE FUNCTION ${s}match_1(
    events_partition integer, looked_partition integer, from_offset bigint, to_offset bigint,
    partitions bigint[], identities bigint[], event_partitions bigint[], event_offsets bigint[])
    RETURNS boolean LANGUAGE plpgsql AS $match$
  DECLARE
    home bigint;
    first bigint;
  BEGIN
    IF events_partition IS NOT NULL THEN
      IF from_offset IS NULL THEN
        INSERT INTO ${s}correlated VALUES (events_partition, to_offset) ON CONFLICT DO NOTHING;
      ELSE
        UPDATE ${s}correlated SET log_offset = to_offset
         WHERE partition = events_partition AND log_offset = from_offset;
      END IF;
      IF NOT FOUND THEN RETURN false; END IF;
    END IF;
    -- whoever ends one of these waits until this is committed (fold_2), or has ended it
    PERFORM FROM ${s}subscription s
      JOIN (SELECT DISTINCT p, i FROM unnest(partitions, identities) AS w (p, i)) AS wanted
        ON s.partition = p AND s.identity = i
     ORDER BY s.partition, s.identity, s.nth FOR KEY SHARE OF s;
    IF looked_partition IS NOT NULL THEN
      INSERT INTO ${s}matching VALUES (looked_partition, 0, 0) ON CONFLICT DO NOTHING;
      UPDATE ${s}matching SET looked = to_offset
       WHERE partition = looked_partition AND looked = from_offset;
      IF NOT FOUND THEN RETURN false; END IF;
    END IF;
    FOR home IN SELECT DISTINCT p FROM unnest(partitions) AS w (p) ORDER BY p LOOP
      -- held until the commit: numbers are committed in their order (M3)
      INSERT INTO ${s}matching AS m VALUES (home, 0, cardinality(identities))
        ON CONFLICT (partition) DO UPDATE SET numbers = m.numbers + cardinality(identities)
        RETURNING numbers - cardinality(identities) INTO first;
      INSERT INTO ${s}heard
        SELECT w.p, w.i, w.ep, w.eo, s.run, s.strand, first + w.n
          FROM unnest(partitions, identities, event_partitions, event_offsets)
               WITH ORDINALITY AS w (p, i, ep, eo, n)
          JOIN ${s}subscription s ON s.partition = w.p AND s.identity = w.i AND s.nth = 0
         WHERE w.p = home
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN true;
  END $match$;
  `,
  (s) => `
  CREATE TABLE ${s}journal (
    partition integer NOT NULL, log_offset bigint NOT NULL, run text COLLATE "C" NOT NULL,
    strand text NOT NULL, hop bigint NOT NULL, definition text COLLATE "C" NOT NULL,
    kind text NOT NULL, at bigint NOT NULL, record json NOT NULL,
    PRIMARY KEY (partition, log_offset))
    WITH (autovacuum_vacuum_insert_scale_factor = 0.2);
  CREATE INDEX journal_run ON ${s}journal (partition, run, log_offset);
  CREATE VIEW ${s}journal_readable AS
    SELECT run, strand, hop, kind, to_timestamp(at / 1000.0) AS at, partition, log_offset, definition,
           record
      FROM ${s}journal;
  `,
  (s) => `
  -- one row per reader and partition, rewritten by each batch
  CREATE TABLE ${s}projected (
    name text COLLATE "C" NOT NULL, partition integer NOT NULL, log_offset bigint NOT NULL,
    tenure bigint NOT NULL, nonce bigint NOT NULL, n bigint NOT NULL, PRIMARY KEY (name, partition))
    WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
  `,
  (s) => `
  -- as before; what schedules have consumed stays (a number below zero)
  CREATE OR REPLACE FUNCTION ${s}fold_2(
    of_partition integer, from_offset bigint, to_offset bigint,
    identities bigint[], runs text[], strands text[], hops bigint[], definitions text[], whys text[],
    dues bigint[], reasons text[], records json[],
    resumed bigint[],
    ended_runs text[], ended_definitions text[], endings text[], ended_values json[], times bigint[],
    listeners bigint[], nths bigint[], types text[], froms text[], keys text[],
    listening_runs text[], listening_strands text[], sinces bigint[], filters json[],
    consumers bigint[], consumed_partitions bigint[], consumed_offsets bigint[])
    RETURNS bigint LANGUAGE plpgsql AS $fold$
  DECLARE
    stands bigint;
  BEGIN
    stands := ${s}fold_1(
      of_partition, from_offset, to_offset, identities, runs, strands, hops, definitions, whys, dues,
      reasons, records, resumed, ended_runs, ended_definitions, endings, ended_values, times);
    IF stands IS NOT NULL THEN RETURN stands; END IF;
    IF cardinality(listeners) > 0 THEN
      INSERT INTO ${s}subscription
        SELECT of_partition, * FROM unnest(
          listeners, nths, types, froms, keys, listening_runs, listening_strands, sinces, filters);
    END IF;
    IF cardinality(resumed) > 0 THEN
      -- waits for whoever matches them now (match_1): what that one commits is seen by the next statement
      DELETE FROM ${s}subscription WHERE partition = of_partition AND identity = ANY (resumed);
      IF FOUND THEN
        DELETE FROM ${s}heard h
         WHERE h.partition = of_partition AND h.identity = ANY (resumed) AND h.number > 0
           AND NOT EXISTS (
             SELECT FROM unnest(consumers, consumed_partitions, consumed_offsets) AS c (i, p, o)
              WHERE c.i = h.identity AND c.p = h.event_partition AND c.o = h.event_offset);
      END IF;
    END IF;
    RETURN NULL;
  END $fold$;
  `,
];

/** The newest schema that this build knows, and the only one it works on. */
export const SCHEMA = MIGRATIONS.length;

/** What the runtime role needs, table by table; README.md has it as SQL. */
export const PRIVILEGES: readonly (readonly [table: string, rights: string])[] = [
  ['migration', 'SELECT'],
  ['setting', 'SELECT,INSERT,UPDATE'],
  ['fold', 'SELECT,INSERT,UPDATE'],
  ['parked', 'SELECT,INSERT,UPDATE,DELETE'],
  ['result', 'SELECT,INSERT,UPDATE,DELETE'],
  ['once', 'SELECT,INSERT,UPDATE,DELETE'],
  ['definition', 'SELECT,INSERT'],
  ['indexed', 'SELECT,INSERT,UPDATE'],
  ['run', 'SELECT,INSERT,UPDATE,DELETE'],
  ['subscription', 'SELECT,INSERT,UPDATE,DELETE'],
  ['event', 'SELECT,INSERT,DELETE'],
  ['heard', 'SELECT,INSERT,UPDATE,DELETE'],
  ['correlated', 'SELECT,INSERT,UPDATE'],
  ['projected', 'SELECT,INSERT,UPDATE'],
  ['matching', 'SELECT,INSERT,UPDATE'],
  ['journal', 'SELECT,INSERT'],
];

export function migrationsFrom(schema: number, prefix: string): readonly string[] {
  return MIGRATIONS.slice(schema).map((migration) => migration(prefix));
}
