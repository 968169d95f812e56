/*
 * The Definitions port on a compacted topic of one partition: key = hash, value = the Definition as JSON.
 *
 * D1. One hash names one content: other content under a known hash is refused.
 * D2. What is known already is not written again. Where two processes have put one at once it stands
 *     where its last record stands: compaction keeps no other.
 * D3. Before "unknown" is said, and before a name is resolved, the topic is read to its end (R21). Who
 *     asks while that goes on waits for the next reading, which begins after the question.
 * D4. Definitions are few and kept for ever: all are held in memory, as they are in the plans anyway.
 */
import {
  AppendRefused,
  type Definitions,
  isLater,
  type StoredDefinition,
} from '../../ports/index.ts';
import type { DefinitionRef } from '../../wire/index.ts';
import type { Appender } from './append.ts';
import { KafkaError } from './kafka-error.ts';
import { DEFINITION_BYTES_MAX } from './limits.ts';
import type { RandomAccess } from './random-access.ts';

const PARTITION = 0;

interface Known {
  readonly definition: StoredDefinition;
  /** of its newest record */
  readonly offset: number;
}

export class KafkaDefinitions implements Definitions {
  readonly #appender: Appender;
  readonly #log: RandomAccess;
  readonly #onComplaint: (said: string) => void;
  readonly #known = new Map<string, Known>();
  #position = 0;
  #reading: Promise<void> | undefined;
  #nextReading: Promise<void> | undefined;
  /** one deployment at a time: each looks at what the last one has left */
  #putting: Promise<unknown> = Promise.resolve();

  constructor(appender: Appender, log: RandomAccess, onComplaint: (said: string) => void) {
    this.#appender = appender;
    this.#log = log;
    this.#onComplaint = onComplaint;
  }

  put(definition: StoredDefinition): Promise<void> {
    const done = this.#putting.then(() => this.#put(definition));
    this.#putting = done.catch(() => {});
    return done;
  }

  async #put(definition: StoredDefinition): Promise<void> {
    await this.#readToEnd();
    const { hash, namespace, name, version, document, resources } = definition;
    const known = this.#known.get(hash)?.definition;
    if (known !== undefined) {
      if (!isSame(known, definition)) {
        throw new KafkaError('other-document', `another document is stored under the hash ${hash}`);
      }
      return;
    }
    const text = JSON.stringify({ hash, namespace, name, version, document, resources });
    const value = new TextEncoder().encode(text);
    if (value.length > DEFINITION_BYTES_MAX) {
      throw new KafkaError('too-large', `the Definition ${name} has ${value.length} bytes`);
    }
    try {
      await this.#appender.send(PARTITION, [value], new TextEncoder().encode(hash));
    } catch (error) {
      if (!(error instanceof AppendRefused) || error.code !== 'too-large') throw error;
      throw new KafkaError('too-large', `the Definition ${name} has ${value.length} bytes`, {
        cause: error,
      });
    }
    await this.#readToEnd();
  }

  async get(hash: string): Promise<StoredDefinition | undefined> {
    if (!this.#known.has(hash)) await this.#readToEnd();
    return this.#known.get(hash)?.definition;
  }

  async find(ref: DefinitionRef): Promise<StoredDefinition | undefined> {
    await this.#readToEnd();
    return this.#latest(ref);
  }

  #latest({ namespace, name, version }: DefinitionRef): StoredDefinition | undefined {
    let latest: { readonly version: string; readonly deployed: number } | undefined;
    let found: StoredDefinition | undefined;
    for (const { definition, offset } of this.#known.values()) {
      if (definition.namespace !== namespace || definition.name !== name) continue;
      if (version !== undefined && definition.version !== version) continue;
      const one = { version: definition.version, deployed: offset };
      if (latest !== undefined && !isLater(one, latest)) continue;
      latest = one;
      found = definition;
    }
    return found;
  }

  /** D3 */
  #readToEnd(): Promise<void> {
    if (this.#reading === undefined) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    }
    this.#nextReading ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#nextReading = undefined;
        return this.#readToEnd();
      });
    return this.#nextReading;
  }

  async #read(): Promise<void> {
    const { begin, end } = await this.#log.range(PARTITION);
    const from = Math.max(begin, this.#position);
    if (from >= end) return;
    for (const { offset, bytes } of await this.#log.fetch(PARTITION, from, end, { gaps: true })) {
      this.#note(offset, bytes);
    }
    this.#position = end;
  }

  #note(offset: number, bytes: Uint8Array): void {
    let definition: StoredDefinition;
    try {
      definition = asDefinition(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      this.#onComplaint(`record ${offset} of the definitions was passed over: ${String(error)}`);
      return;
    }
    const known = this.#known.get(definition.hash)?.definition;
    if (known !== undefined && !isSame(known, definition)) {
      this.#onComplaint(`record ${offset} changes the Definition ${definition.hash}: passed over`);
      return;
    }
    this.#known.set(definition.hash, { definition: known ?? definition, offset });
  }
}

function isSame(one: StoredDefinition, other: StoredDefinition): boolean {
  if (one.document !== other.document) return false;
  const uris = Object.keys(one.resources);
  return (
    uris.length === Object.keys(other.resources).length &&
    uris.every((uri) => one.resources[uri] === other.resources[uri])
  );
}

function asDefinition(value: unknown): StoredDefinition {
  const { hash, namespace, name, version, document, resources } = value as StoredDefinition;
  for (const text of [hash, namespace, name, version, document]) {
    if (typeof text !== 'string') throw new Error('it is no Definition');
  }
  if (typeof resources !== 'object' || resources === null) throw new Error('it has no resources');
  return { hash, namespace, name, version, document, resources };
}
