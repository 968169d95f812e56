/*
 * The tables of the Store as any client of PostgreSQL sees them: plain SQL, not the engine's adapter.
 */
import pg from 'pg';
import type { RunRow } from '../../src/ports/index.ts';
import type { ParkedLine, StoreTables } from './evidence.ts';

/** All rows, in one snapshot. bigint columns come as texts: none here exceeds 2^53. */
export async function readStore(url: string, schema: string): Promise<StoreTables> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const rows = async <T>(table: string, columns: string, order: string): Promise<T[]> => {
      const from = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(table)}`;
      const { rows: found } = await client.query<Record<string, unknown>>(
        `SELECT ${columns} FROM ${from} ORDER BY ${order}`,
      );
      return found.map((row) => numeric(row)) as T[];
    };
    return {
      fold: await rows('fold', 'partition, applied', 'partition'),
      parked: await rows<ParkedLine>(
        'parked',
        'partition, identity, run, strand, hop, definition, why, due, reason',
        'partition, identity',
      ),
      result: await rows('result', 'run', 'run'),
      run: (await rows<Record<string, unknown>>('run', RUN, 'run')).map(
        present,
      ) as unknown as RunRow[],
      indexed: await rows(
        'indexed',
        'partition, log_offset AS "offset", tenure, nonce, n',
        'partition',
      ),
    };
  } finally {
    await client.end();
  }
}

/** The columns of a run that come from the Log, by the names that they have in the index's port. */
const RUN =
  'run, partition, status, definition, position, started_at AS "startedAt", changed_at AS "changedAt", ended_at AS "endedAt", value, error_type AS "errorType", last, detail';

const NUMBERS: ReadonlySet<string> = new Set([
  ...['partition', 'applied', 'identity', 'hop', 'due', 'offset', 'tenure', 'nonce', 'n', 'last'],
  ...['startedAt', 'changedAt', 'endedAt'],
]);

/** What is NULL is absent. */
function present(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function numeric(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      NUMBERS.has(name) && value !== null ? Number(value) : value,
    ]),
  );
}
