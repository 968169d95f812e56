/* Definitions by content hash and by name (PROTOCOL.md R21): immutable, kept for ever. */
import type { DefinitionRef } from '../wire/index.ts';

/** A Definition as it is stored: canonical JSON of the document, and pinned external resources by URI. */
export interface StoredDefinition {
  readonly hash: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly document: string;
  readonly resources: { readonly [uri: string]: string };
}

export interface Definitions {
  put(definition: StoredDefinition): PromiseLike<void>;
  /** undefined = not known (yet): the record that names it is held (R21). */
  get(hash: string): PromiseLike<StoredDefinition | undefined>;
  /** The newest one deployed under that name, and version if given. */
  find(ref: DefinitionRef): PromiseLike<StoredDefinition | undefined>;
}
