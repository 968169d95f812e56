/** Bytes or text that are not a record, or a value that a record cannot hold. Nothing else is thrown. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** set when the record was written for a newer reader (PROTOCOL.md R21): the version it needs */
  readonly minReader: number | undefined;

  constructor(
    message: string,
    options?: { readonly minReader?: number; readonly cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.minReader = options?.minReader;
  }
}

/** Runs `work`; whatever it throws comes out as a WireError that says `what` could not be done. */
export function wireErrors<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asWireError(what, error);
  }
}

export function asWireError(what: string, error: unknown): WireError {
  if (error instanceof WireError) {
    return new WireError(`${what}: ${error.message}`, {
      ...(error.minReader === undefined ? {} : { minReader: error.minReader }),
      cause: error.cause,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new WireError(`${what}: ${message}`, { cause: error });
}
