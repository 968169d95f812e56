/* Limits of the PostgreSQL adapter, with unit and reason. */

/** Oldest server: what is older gets no fixes any more. */
export const SERVER_VERSION_MIN = 14;
/** Connections of one process: folds of different partitions go on side by side, more only queue in the server. */
export const POOL_SIZE = 8;
/** What one statement may take, ms: a fold of 10,000 rows takes about one second. */
export const STATEMENT_TIMEOUT_MS = 30_000;
/** What a statement waits for a lock, ms: only a person's open transaction holds one so long. */
export const LOCK_TIMEOUT_MS = 10_000;
/** How much longer than the server's own timeout we wait for its word, ms: then the network has lost it. */
export const SILENCE_MS = 5_000;
/** What opening a connection may take, ms. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** While the server is away a call waits so long for it to come back, ms; then it is rejected. */
export const AWAY_WAIT_MS = 5_000;
/** Between two tries to reach a server that is away, ms: doubled from the first to the last. */
export const RECONNECT_FIRST_MS = 50;
export const RECONNECT_MAX_MS = 2_000;
/** One kind of trouble is noticed again after, ms. */
export const TROUBLE_EVERY_MS = 60_000;
/** How often a transaction is done again that the server gave up for others (40001, 40P01). */
export const CONFLICT_TRIES_MAX = 4;
/** Wait before the first repetition of such a one, ms; doubled. */
export const CONFLICT_WAIT_MS = 10;
/** Bytes of records in one statement of a fold; a larger fold is several statements in one transaction.
 *  PostgreSQL takes no value beyond 1 GB, and it holds each of them several times. */
export const STATEMENT_BYTES_MAX = 64 * 1024 * 1024;
/** Bytes of a once-key: a B-tree of PostgreSQL takes no entry beyond a third of a page (2,704 bytes). */
export const ONCE_KEY_BYTES_MAX = 2_000;
/** What a migration may wait for another process that migrates, ms. */
export const MIGRATION_WAIT_MS = 60_000;
/** What all of a migration may take, ms: tables with millions of rows are rewritten slowly. */
export const MIGRATION_MS_MAX = 3_600_000;
