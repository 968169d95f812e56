/*
 * The Definitions port on one SQLite file: documents by content hash, never changed, never dropped.
 *
 * D1. One hash names one content: other content under a known hash is refused.
 * D2. What is known already is not written again.
 */
import type { Database, Statement } from 'better-sqlite3';
import { type Definitions, isLater, type StoredDefinition } from '../../ports/index.ts';
import type { DefinitionRef } from '../../wire/index.ts';
import type { GroupCommit } from './commits.ts';
import { StoreFileError, asStoreFileError } from './store-file-error.ts';

interface DefinitionColumns {
  readonly hash: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly deployed: number;
  readonly document: string;
  readonly resources: string;
}

type VersionColumns = Pick<DefinitionColumns, 'hash' | 'version' | 'deployed'>;

export class SqliteDefinitions implements Definitions {
  readonly #path: string;
  readonly #db: Database;
  readonly #commits: GroupCommit;
  readonly #insert: Statement<[DefinitionColumns]>;
  readonly #latest: Statement<[], number>;
  readonly #byHash: Statement<[string], DefinitionColumns>;
  readonly #named: Statement<[string, string], VersionColumns>;

  constructor(path: string, db: Database, commits: GroupCommit) {
    this.#path = path;
    this.#db = db;
    this.#commits = commits;
    this.#insert = db.prepare(
      'INSERT INTO definition VALUES (@hash, @namespace, @name, @version, @deployed, @document, @resources)',
    );
    this.#latest = db
      .prepare<[], number>('SELECT coalesce(max(deployed), 0) FROM definition')
      .pluck();
    this.#byHash = db.prepare('SELECT * FROM definition WHERE hash = ?');
    this.#named = db.prepare(
      'SELECT hash, version, deployed FROM definition WHERE namespace = ? AND name = ?',
    );
  }

  put(definition: StoredDefinition): Promise<void> {
    const { hash, namespace, name, version, document } = definition;
    const resources = JSON.stringify(definition.resources);
    return this.#commits.submit(() => {
      const known = this.#byHash.get(hash);
      if (known === undefined) {
        const deployed = (this.#latest.get() as number) + 1;
        this.#insert.run({ hash, namespace, name, version, deployed, document, resources });
        return;
      }
      if (known.document !== document || known.resources !== resources) {
        const what = `another document is stored under the hash ${hash}`;
        throw new StoreFileError('mismatch', this.#path, what);
      }
    }, document.length);
  }

  async get(hash: string): Promise<StoredDefinition | undefined> {
    return this.#reading(() => this.#byHash.get(hash));
  }

  async find(ref: DefinitionRef): Promise<StoredDefinition | undefined> {
    const { namespace, name, version } = ref;
    return this.#reading(() => {
      let latest: VersionColumns | undefined;
      for (const one of this.#named.iterate(namespace, name)) {
        if (version !== undefined && one.version !== version) continue;
        if (latest === undefined || isLater(one, latest)) latest = one;
      }
      return latest && this.#byHash.get(latest.hash);
    });
  }

  #reading(read: () => DefinitionColumns | undefined): StoredDefinition | undefined {
    if (!this.#db.open) throw new StoreFileError('closed', this.#path, 'the file was closed');
    try {
      const columns = read();
      if (columns === undefined) return undefined;
      const { hash, namespace, name, version, document } = columns;
      const resources = JSON.parse(columns.resources) as StoredDefinition['resources'];
      return { hash, namespace, name, version, document, resources };
    } catch (error) {
      throw asStoreFileError(error, this.#path);
    }
  }
}
