/*
 * Resources: the texts outside a document that it refers to (functions, JSON Schemas, OpenAPI documents,
 * ...). They are read when a definition is deployed, never while it runs (PROTOCOL.md R21).
 */
export interface Resources {
  /**
   * The text at an absolute URI. Rejects with an Error whose message says why it cannot be had; with
   * ResourceMissing when there is nothing at that address. `authorization`: the header of that name.
   */
  read(uri: string, authorization?: string): PromiseLike<string>;
}

/** There is nothing at the address; it may be at another one. */
export class ResourceMissing extends Error {
  override readonly name = 'ResourceMissing';
}
