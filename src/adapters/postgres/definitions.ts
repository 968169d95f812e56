/*
 * The Definitions port on PostgreSQL: documents by content hash, never changed, never dropped.
 *
 * D1. One hash names one content: other content under a known hash is refused.
 * D2. Deploying what is known already makes it the newest again, as a later record of a compacted
 *     topic would; if it is the newest, nothing is written.
 * D3. Deployments are one after the other (an advisory lock): `deployed` numbers them without gaps that
 *     a slow one could fill later.
 */
import type { PoolClient } from 'pg';
import type { Definitions, StoredDefinition } from '../../ports/index.ts';
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
      const known = await this.#one(client, 'hash = $1', [hash]);
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
      const newest = await this.#one(client, 'namespace = $1 AND name = $2', [namespace, name]);
      if (newest?.hash === hash) return;
      await client.query(
        `UPDATE ${table} SET deployed = (SELECT max(deployed) + 1 FROM ${table}) WHERE hash = $1`,
        [hash],
      );
    });
  }

  get(hash: string): Promise<StoredDefinition | undefined> {
    return this.#find('hash = $1', [hash]);
  }

  find(ref: DefinitionRef): Promise<StoredDefinition | undefined> {
    const named = [toText(ref.namespace), toText(ref.name)];
    if (ref.version === undefined) return this.#find('namespace = $1 AND name = $2', named);
    const values = [...named, toText(ref.version)];
    return this.#find('namespace = $1 AND name = $2 AND version = $3', values);
  }

  async #find(where: string, values: readonly string[]): Promise<StoredDefinition | undefined> {
    const columns = await this.#connections.run((client) => this.#one(client, where, values));
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

  /** The newest one. */
  async #one(
    client: PoolClient,
    where: string,
    values: readonly string[],
  ): Promise<DefinitionColumns | undefined> {
    const { rows } = await client.query<DefinitionColumns>(
      `SELECT ${COLUMNS} FROM ${this.#prefix}definition WHERE ${where} ORDER BY deployed DESC LIMIT 1`,
      [...values],
    );
    return rows[0];
  }
}
