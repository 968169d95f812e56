/*
 * The tables of a Store in PostgreSQL, as numbered migrations.
 *
 * M1. A released migration is never edited; what changes is a further migration.
 * M2. Runners of the build before go on while a migration has been applied: a migration adds, and gives
 *     a function that changes a new name; what nobody uses any more is dropped one release later.
 * M3. `fold_1` is one statement for the client, one transaction: a runner that is stopped or cut off
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
  ['definition', 'SELECT,INSERT,UPDATE'],
  ['indexed', 'SELECT,INSERT,UPDATE'],
  ['run', 'SELECT,INSERT,UPDATE,DELETE'],
];

export function migrationsFrom(schema: number, prefix: string): readonly string[] {
  return MIGRATIONS.slice(schema).map((migration) => migration(prefix));
}
