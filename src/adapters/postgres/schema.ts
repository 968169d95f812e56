/*
 * The schema of a Store: which one there is, bringing it up to date, and whether this role may use it.
 *
 * M6. Migrations run in one transaction under an advisory lock: of processes that start together one
 *     migrates, the others wait and find it done.
 * M7. A newer schema than this build knows is refused, and so is a schema that is not ours; neither is
 *     touched.
 * M8. A role that cannot migrate starts on a schema that is current, and is told what to do otherwise.
 */
import type { PoolClient, QueryConfig } from 'pg';
import type { Connections } from './connections.ts';
import { MIGRATION_MS_MAX, MIGRATION_WAIT_MS } from './limits.ts';
import { PRIVILEGES, SCHEMA, migrationsFrom } from './migrations.ts';
import type { Notify } from './notice.ts';
import { PostgresError, stateOf } from './postgres-error.ts';

/** Names that need no quotes anywhere. */
const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const NO_RIGHT = '42501';

/** pg knows this option, its types do not. */
type Patient = QueryConfig & { readonly query_timeout: number };

/** The quoted name with a dot, to be put before a table. */
export function schemaPrefix(schema: string, where: string): string {
  if (NAME.test(schema)) return `"${schema}".`;
  const what = `the schema ${JSON.stringify(schema)} is not a plain name (a-z, 0-9, _)`;
  throw new PostgresError('options', where, what);
}

export async function prepareSchema(
  connections: Connections,
  schema: string,
  notify: Notify,
): Promise<void> {
  const { where } = connections;
  const found = await connections.run((client) => versionOf(client, schema, where));
  if (found < SCHEMA) {
    const from = await migrate(connections, schema, found);
    if (from < SCHEMA) {
      const message = `${where}: schema ${schema} was migrated from ${from} to ${SCHEMA}`;
      notify({ kind: 'migrated', message });
    }
  }
  await connections.run((client) => checkPrivileges(client, schema, where));
}

/** 0 = there is none yet. */
async function versionOf(client: PoolClient, schema: string, where: string): Promise<number> {
  const { rows: tables } = await client.query<{ migrated: boolean; tables: number }>(
    `SELECT coalesce(bool_or(relname = 'migration'), false) AS migrated, count(*)::int AS tables
       FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname = $1 AND relkind IN ('r', 'p', 'v', 'm')`,
    [schema],
  );
  const { migrated, tables: count } = tables[0] as { migrated: boolean; tables: number };
  if (!migrated) {
    if (count === 0) return 0;
    throw new PostgresError('not-waybill', where, `the schema ${schema} holds other tables`);
  }
  let version: number;
  try {
    const { rows } = await client.query<{ number: number }>(
      `SELECT coalesce(max(number), 0)::int AS number FROM ${schemaPrefix(schema, where)}migration`,
    );
    version = rows[0]?.number ?? 0;
  } catch (error) {
    if (stateOf(error) !== '42703') throw error;
    const what = `the table migration of the schema ${schema} is not ours`;
    throw new PostgresError('not-waybill', where, what, error);
  }
  if (version <= SCHEMA) return version;
  const what = `schema ${schema} is version ${version}, this build knows up to ${SCHEMA}`;
  throw new PostgresError('newer-schema', where, what);
}

/** Gives the version that was there before. */
async function migrate(connections: Connections, schema: string, found: number): Promise<number> {
  const { where } = connections;
  const prefix = schemaPrefix(schema, where);
  try {
    return await connections.transaction(async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${MIGRATION_MS_MAX}`);
      await client.query(`SET LOCAL lock_timeout = ${MIGRATION_WAIT_MS}`);
      const lock = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';
      await client.query(lock, [`waybill schema ${schema}`]);
      const from = await versionOf(client, schema, where);
      if (from === SCHEMA) return from;
      await makeRoom(client, schema, prefix);
      for (const [i, text] of migrationsFrom(from, prefix).entries()) {
        // pg itself would give up after the timeout of an everyday statement
        const statement: Patient = { text, query_timeout: MIGRATION_MS_MAX };
        await client.query(statement);
        await client.query(`INSERT INTO ${prefix}migration VALUES ($1, now(), current_user)`, [
          from + i + 1,
        ]);
      }
      return from;
    });
  } catch (error) {
    if (!(error instanceof PostgresError) || error.code !== 'privileges') throw error;
    const has = found === 0 ? 'does not exist' : `is version ${found}`;
    const what = `schema ${schema} ${has}, this build needs version ${SCHEMA}, and this role may not migrate`;
    throw new PostgresError('old-schema', where, what, error);
  }
}

async function makeRoom(client: PoolClient, schema: string, prefix: string): Promise<void> {
  const { rows } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  // CREATE SCHEMA IF NOT EXISTS would ask for a right on the database that is not needed
  if (rows.length === 0) await client.query(`CREATE SCHEMA "${schema}"`);
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${prefix}migration (
       number integer PRIMARY KEY, applied timestamptz NOT NULL, by_role text NOT NULL)`,
  );
}

async function checkPrivileges(client: PoolClient, schema: string, where: string): Promise<void> {
  const checks = PRIVILEGES.flatMap(([table, rights]) =>
    rights.split(',').map((right) => [table, right] as const),
  );
  let missing: readonly string[];
  try {
    const { rows } = await client.query<{ missing: string[] }>(
      `SELECT coalesce(array_agg(lacks), '{}') AS missing FROM (
         SELECT r || ' on ' || t AS lacks FROM unnest($1::text[], $2::text[]) AS wanted (t, r)
          WHERE NOT has_table_privilege(format('%I.%I', $3::text, t), r)
         UNION ALL
         SELECT 'EXECUTE on ' || proname FROM pg_proc
          WHERE pronamespace = $3::regnamespace AND NOT has_function_privilege(oid, 'EXECUTE')) AS all_of_it`,
      [checks.map(([table]) => table), checks.map(([, right]) => right), schema],
    );
    missing = rows[0]?.missing ?? [];
  } catch (error) {
    if (stateOf(error) !== NO_RIGHT) throw error;
    missing = [`USAGE on schema ${schema}`];
  }
  if (missing.length === 0) return;
  throw new PostgresError('privileges', where, `this role lacks ${missing.join(', ')}`);
}
