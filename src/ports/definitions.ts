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
  /** What is there already stays as it is, and where it is. */
  put(definition: StoredDefinition): PromiseLike<void>;
  /** undefined = not known (yet): the record that names it is held (R21). */
  get(hash: string): PromiseLike<StoredDefinition | undefined>;
  /**
   * The one of the latest version under that name (version-order.ts), or of the version given; of several
   * contents of one version the one that was put for the first time last.
   */
  find(ref: DefinitionRef): PromiseLike<StoredDefinition | undefined>;
}
