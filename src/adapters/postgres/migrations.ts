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
];

/** The newest schema that this build knows, and the only one it works on. */
export const SCHEMA = MIGRATIONS.length;

/** What the runtime role needs, table by table; README.md has it as SQL. */
export const PRIVILEGES: readonly (readonly [table: string, rights: string])[] = [
  ['migration', 'SELECT'],
  ['setting', 'SELECT,INSERT,UPDATE'],
  ['fold', 'SELECT,INSERT,UPDATE'],
  ['parked', 'SELECT,INSERT,DELETE'],
  ['result', 'SELECT,INSERT,UPDATE,DELETE'],
  ['once', 'SELECT,INSERT,UPDATE,DELETE'],
  ['definition', 'SELECT,INSERT,UPDATE'],
];

export function migrationsFrom(schema: number, prefix: string): readonly string[] {
  return MIGRATIONS.slice(schema).map((migration) => migration(prefix));
}
