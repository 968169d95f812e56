/*
 * Resources: the texts outside a document that it refers to (JSON Schemas, OpenAPI documents, ...). They
 * are read when a definition is deployed, never while it runs (PROTOCOL.md R21).
 */
export interface Resources {
  /** The text at an absolute URI. Rejects with an Error whose message says why it cannot be had. */
  read(uri: string): PromiseLike<string>;
}
