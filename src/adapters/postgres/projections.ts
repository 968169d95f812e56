/*
 * The Projections port on PostgreSQL: a row for each reader and partition.
 *
 * J1. A move is one statement: it inserts the row, or updates it where it stands at `from`.
 */
import type { PoolClient, QueryConfig } from 'pg';
import type { LogPosition, Projections } from '../../ports/index.ts';
import type { Connections } from './connections.ts';

/** bigint comes as text */
type Columns = [offset: string, tenure: string, nonce: string, n: string];

export class PostgresProjections implements Projections {
  readonly #connections: Connections;
  readonly #sql: ReturnType<typeof statements>;

  constructor(connections: Connections, prefix: string) {
    this.#connections = connections;
    this.#sql = statements(prefix);
  }

  async position(name: string, partition: number): Promise<LogPosition | undefined> {
    const [row] = await this.#ask<Columns>(this.#sql.position, [name, partition]);
    if (row === undefined) return undefined;
    const [offset, tenure, nonce, n] = row.map(Number) as [number, number, number, number];
    return { offset, tenure, nonce, n };
  }

  async move(
    name: string,
    partition: number,
    from: LogPosition | undefined,
    { offset, tenure, nonce, n }: LogPosition,
  ): Promise<'moved' | 'stale'> {
    const to = [name, partition, offset, tenure, nonce, n];
    const moved =
      from === undefined
        ? await this.#ask(this.#sql.first, to)
        : await this.#ask(this.#sql.move, [...to, from.offset]);
    return moved.length > 0 ? 'moved' : 'stale';
  }

  #ask<Row extends unknown[]>(statement: QueryConfig, values: unknown[]): Promise<Row[]> {
    return this.#connections.run(async (client: PoolClient) => {
      const { rows } = await client.query<Row>({ ...statement, values, rowMode: 'array' });
      return rows;
    });
  }
}

function statements(s: string): Record<'position' | 'first' | 'move', QueryConfig> {
  return {
    position: {
      name: 'waybill_projected',
      text: `SELECT log_offset, tenure, nonce, n FROM ${s}projected
              WHERE name = $1 AND partition = $2`,
    },
    first: {
      name: 'waybill_project_first',
      text: `INSERT INTO ${s}projected VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT DO NOTHING RETURNING partition`,
    },
    move: {
      name: 'waybill_project',
      text: `UPDATE ${s}projected SET log_offset = $3, tenure = $4, nonce = $5, n = $6
              WHERE name = $1 AND partition = $2 AND log_offset = $7 RETURNING partition`,
    },
  };
}
