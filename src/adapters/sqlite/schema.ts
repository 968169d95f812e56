/*
 * The tables of a Waybill file, as numbered migrations.
 *
 * F1. `user_version` is the number of the last migration applied; a file with a higher one than this
 *     build knows is refused, never touched.
 * F2. A released migration is never edited; what changes is a further migration.
 * F3. Rows of the Log and of parked strands are keyed by one integer, partition * 2^40 + offset: a
 *     record then is one insert at the end of one B-tree. (The same rows keyed by two columns WITHOUT
 *     ROWID cost 1.1x at 300 bytes and 2.2x at 2 KB: that kind of tree keeps at most a quarter of a
 *     page of a row in place. Measured in bench/micro/sqlite.bench.ts.) People read the views.
 */
import type { Database } from 'better-sqlite3';
import { StoreFileError } from './store-file-error.ts';

/** Marks the file as ours ('WAYB'): another program's database is refused, not migrated. */
export const APPLICATION_ID = 0x57_41_59_42;
/** Offsets below 2^40 and partitions below 2^13 keep the key an exact double. */
const KEY_SPAN = 2 ** 40;
export const PARTITIONS_MAX = 2 ** 13;

export function rowKey(partition: number, offset: number): number {
  return partition * KEY_SPAN + offset;
}

export function offsetOf(key: number): number {
  return key % KEY_SPAN;
}

export function partitionOf(key: number): number {
  return Math.floor(key / KEY_SPAN);
}

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE log (key INTEGER PRIMARY KEY, time INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE VIEW log_readable AS
    SELECT key >> 40 AS partition, key & 0xFFFFFFFFFF AS "offset",
           strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000.0, 'unixepoch') AS time, length(bytes) AS size
      FROM log;
  CREATE TABLE hint (partition INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL);

  CREATE TABLE fold (partition INTEGER PRIMARY KEY, applied INTEGER NOT NULL, parked INTEGER NOT NULL);
  CREATE TABLE parked (
    key INTEGER PRIMARY KEY, run TEXT NOT NULL, strand TEXT NOT NULL, hop INTEGER NOT NULL,
    definition TEXT NOT NULL, why TEXT NOT NULL, due INTEGER, reason TEXT, record TEXT NOT NULL,
    partition INTEGER NOT NULL);
  CREATE VIEW parked_readable AS
    SELECT partition, key & 0xFFFFFFFFFF AS identity, run, strand, hop, why,
           strftime('%Y-%m-%dT%H:%M:%fZ', due / 1000.0, 'unixepoch') AS due, reason, definition, record
      FROM parked;
  CREATE INDEX parked_due ON parked (partition, due) WHERE due IS NOT NULL;
  CREATE INDEX parked_run ON parked (run);
  CREATE TABLE result (
    run TEXT PRIMARY KEY, definition TEXT NOT NULL, ended TEXT NOT NULL, value TEXT NOT NULL,
    ended_at INTEGER NOT NULL);
  CREATE TABLE once (once_key TEXT PRIMARY KEY, run TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE definition (
    hash TEXT PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    deployed INTEGER NOT NULL, document TEXT NOT NULL, resources TEXT NOT NULL);
  CREATE INDEX definition_name ON definition (namespace, name, deployed);
  `,
  `
  CREATE TABLE indexed (
    partition INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL, tenure INTEGER NOT NULL,
    nonce INTEGER NOT NULL, n INTEGER NOT NULL);
  CREATE TABLE run (
    run TEXT PRIMARY KEY, partition INTEGER NOT NULL, status TEXT NOT NULL, definition TEXT NOT NULL,
    namespace TEXT, name TEXT, version TEXT, position TEXT, waits_for TEXT, until INTEGER,
    started_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, ended_at INTEGER, value TEXT,
    value_bytes INTEGER, error_type TEXT, last INTEGER NOT NULL, detail TEXT);
  CREATE INDEX run_started ON run (started_at, run);
  CREATE INDEX run_status ON run (status, started_at, run);
  CREATE INDEX run_workflow ON run (namespace, name, started_at, run);
  CREATE INDEX run_ended ON run (partition, ended_at) WHERE ended_at IS NOT NULL;
  CREATE VIEW run_readable AS
    SELECT run, status, namespace, name, version, position, waits_for,
           strftime('%Y-%m-%dT%H:%M:%fZ', until / 1000.0, 'unixepoch') AS until,
           strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000.0, 'unixepoch') AS started,
           strftime('%Y-%m-%dT%H:%M:%fZ', changed_at / 1000.0, 'unixepoch') AS changed,
           strftime('%Y-%m-%dT%H:%M:%fZ', ended_at / 1000.0, 'unixepoch') AS ended,
           error_type, value_bytes, value, partition, definition
      FROM run;
  `,
  `
  CREATE TABLE event_log (key INTEGER PRIMARY KEY, time INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE VIEW event_log_readable AS
    SELECT key >> 40 AS partition, key & 0xFFFFFFFFFF AS "offset",
           strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000.0, 'unixepoch') AS time, length(bytes) AS size
      FROM event_log;
  CREATE TABLE event_hint (partition INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL);
  `,
  `
  CREATE TABLE subscription (
    key INTEGER NOT NULL, nth INTEGER NOT NULL, type TEXT NOT NULL, "from" TEXT NOT NULL,
    lookup_key TEXT NOT NULL, run TEXT NOT NULL, strand TEXT NOT NULL, since INTEGER NOT NULL,
    filters TEXT NOT NULL, PRIMARY KEY (key, nth)) WITHOUT ROWID;
  CREATE INDEX subscription_lookup ON subscription (type, "from", lookup_key, key, nth);
  CREATE VIEW subscription_readable AS
    SELECT key >> 40 AS partition, key & 0xFFFFFFFFFF AS identity, run, strand, type, "from",
           strftime('%Y-%m-%dT%H:%M:%fZ', since / 1000.0, 'unixepoch') AS since, filters
      FROM subscription;
  CREATE TABLE event (
    place INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,
    "from" TEXT NOT NULL, lookup_key TEXT NOT NULL, time INTEGER NOT NULL, event TEXT NOT NULL);
  CREATE UNIQUE INDEX event_name ON event (name);
  CREATE INDEX event_lookup ON event (type, "from", lookup_key, time, place);
  CREATE INDEX event_time ON event (time, place);
  CREATE VIEW event_readable AS
    SELECT place >> 40 AS partition, place & 0xFFFFFFFFFF AS "offset", type,
           strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000.0, 'unixepoch') AS time, event
      FROM event;
  CREATE TABLE heard (
    key INTEGER NOT NULL, event INTEGER NOT NULL, run TEXT NOT NULL, strand TEXT NOT NULL,
    number INTEGER NOT NULL, PRIMARY KEY (key, event)) WITHOUT ROWID;
  CREATE UNIQUE INDEX heard_number ON heard (number);
  CREATE INDEX heard_run ON heard (run, event);
  CREATE INDEX heard_event ON heard (event);
  CREATE TABLE correlated (partition INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL);
  CREATE TABLE matching (
    partition INTEGER PRIMARY KEY, looked INTEGER NOT NULL, numbers INTEGER NOT NULL);
  `,
  `
  CREATE TABLE journal (
    key INTEGER PRIMARY KEY, run TEXT NOT NULL, strand TEXT NOT NULL, hop INTEGER NOT NULL,
    definition TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, record TEXT NOT NULL);
  CREATE INDEX journal_run ON journal (run, key);
  CREATE VIEW journal_readable AS
    SELECT run, strand, hop, kind, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
           key >> 40 AS partition, key & 0xFFFFFFFFFF AS "offset", definition, record
      FROM journal;
  `,
  `
  CREATE TABLE projected (
    name TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
    tenure INTEGER NOT NULL, nonce INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (name, partition)) WITHOUT ROWID;
  `,
];

export const SCHEMA = MIGRATIONS.length;

/** The schema of the file: 0 for an empty one. Refuses what is not ours. */
export function schemaOf(db: Database, path: string): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  const application = db.pragma('application_id', { simple: true }) as number;
  if (application === APPLICATION_ID) {
    if (version <= SCHEMA) return version;
    const what = `it has schema ${version}, this build knows schemas up to ${SCHEMA}`;
    throw new StoreFileError('newer-schema', path, what);
  }
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  if (tables === 0 && application === 0) return 0;
  throw new StoreFileError('not-waybill', path, 'this SQLite database is not a Waybill file');
}

/** Applies what is missing, all or nothing; concurrent callers wait for one another. */
export function migrate(db: Database, path: string, partitions: number): void {
  db.transaction(() => {
    const from = schemaOf(db, path);
    for (const migration of MIGRATIONS.slice(from)) db.exec(migration);
    if (from === 0) {
      db.prepare("INSERT INTO setting VALUES ('partitions', ?)").run(String(partitions));
      const fold = db.prepare('INSERT INTO fold VALUES (?, 0, 0)');
      for (let partition = 0; partition < partitions; partition++) fold.run(partition);
    }
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA}`);
  }).immediate();
}
