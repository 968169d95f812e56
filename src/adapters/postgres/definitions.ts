/*
 * The Definitions port on PostgreSQL: documents by content hash, never changed, never dropped.
 *
 * D1. One hash names one content: other content under a known hash is refused.
 * D2. What is known already is not written again.
 * D3. Deployments are one after the other (an advisory lock): `deployed` numbers them without gaps that
 *     a slow one could fill later.
 */
import type { PoolClient } from 'pg';
import { type Definitions, isLater, type StoredDefinition } from '../../ports/index.ts';
import type { DefinitionRef } from '../../wire/index.ts';
import type { Connections } from './connections.ts';
import { PostgresError } from './postgres-error.ts';
import { fromText, toText } from './text-column.ts';

interface DefinitionColumns {
  readonly hash: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly document: string;
  readonly resources: string;
}

interface VersionColumns {
  readonly hash: string;
  readonly version: string;
  readonly deployed: string;
}

const COLUMNS = 'hash, namespace, name, version, document, resources::text';

export class PostgresDefinitions implements Definitions {
  readonly #connections: Connections;
  readonly #prefix: string;

  constructor(connections: Connections, prefix: string) {
    this.#connections = connections;
    this.#prefix = prefix;
  }

  async put(definition: StoredDefinition): Promise<void> {
    const { hash } = definition;
    const [namespace, name, version, document] = [
      toText(definition.namespace),
      toText(definition.name),
      toText(definition.version),
      toText(definition.document),
    ];
    const resources = JSON.stringify(definition.resources);
    const table = `${this.#prefix}definition`;
    await this.#connections.transaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `waybill ${table}`,
      ]);
      const known = await this.#one(client, hash);
      if (known === undefined) {
        await client.query(
          `INSERT INTO ${table} SELECT $1, $2, $3, $4, coalesce(max(deployed), 0) + 1, $5, $6
             FROM ${table}`,
          [hash, namespace, name, version, document, resources],
        );
        return;
      }
      if (known.document !== document || known.resources !== resources) {
        const what = `another document is stored under the hash ${hash}`;
        throw new PostgresError('mismatch', this.#connections.where, what);
      }
    });
  }

  get(hash: string): Promise<StoredDefinition | undefined> {
    return this.#connections.run(async (client) => read(await this.#one(client, hash)));
  }

  find({ namespace, name, version }: DefinitionRef): Promise<StoredDefinition | undefined> {
    return this.#connections.run(async (client) => {
      const { rows } = await client.query<VersionColumns>(
        `SELECT hash, version, deployed FROM ${this.#prefix}definition WHERE namespace = $1 AND name = $2`,
        [toText(namespace), toText(name)],
      );
      let latest: { hash: string; version: string; deployed: number } | undefined;
      for (const columns of rows) {
        const one = { ...columns, version: fromText(columns.version) };
        if (version !== undefined && one.version !== version) continue;
        const deployed = Number(columns.deployed);
        if (latest === undefined || isLater({ ...one, deployed }, latest)) {
          latest = { ...one, deployed };
        }
      }
      return latest === undefined ? undefined : read(await this.#one(client, latest.hash));
    });
  }

  async #one(client: PoolClient, hash: string): Promise<DefinitionColumns | undefined> {
    const { rows } = await client.query<DefinitionColumns>(
      `SELECT ${COLUMNS} FROM ${this.#prefix}definition WHERE hash = $1`,
      [hash],
    );
    return rows[0];
  }
}

function read(columns: DefinitionColumns | undefined): StoredDefinition | undefined {
  if (columns === undefined) return undefined;
  const { hash, namespace, name, version, document, resources } = columns;
  return {
    hash,
    namespace: fromText(namespace),
    name: fromText(name),
    version: fromText(version),
    document: fromText(document),
    resources: JSON.parse(resources) as StoredDefinition['resources'],
  };
}
