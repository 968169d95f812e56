/* Limits of activities, each with its unit and its reason. */

/**
 * Bytes of a result, written as JSON. One record may have it three times - as what was heard, in the State
 * that goes on with it, and in what is asked next - and has room for 900,000 (wire/limits.ts).
 */
export const RESULT_BYTES_MAX = 256 * 1024;
/** Levels of nesting of a result: well below what a State may have in all. */
export const RESULT_DEPTH_MAX = 500;
/** Characters of a refusing answer that are told: enough to see what the service says. */
export const EXCERPT_CHARS_MAX = 1_000;
/** Bytes of a refusing answer that are read for that. */
export const EXCERPT_BYTES_MAX = 16_000;
/** Redirects that one call follows, as browsers do. */
export const REDIRECTS_MAX = 20;
/** How long a connection may take to be made, ms; what comes after is bounded by the task's timeout. */
export const CONNECT_MS_MAX = 30_000;
/** How long a token endpoint may take, s. */
export const TOKEN_WAIT_S = 30;
/** Bytes of what it answers. */
export const TOKEN_BYTES_MAX = 1_000_000;
/** How long before its end a token is not used any more, ms: a call takes time, too. */
export const TOKEN_EARLY_MS = 30_000;
/** How long a token is kept that does not say when it expires, ms; one that is refused goes at once. */
export const TOKEN_KEPT_MS = 5 * 60_000;
/** How long it is believed what an authority publishes, ms. */
export const DISCOVERY_KEPT_MS = 10 * 60_000;
/** Tokens that are kept; more policies than that are not used at once. */
export const TOKENS_MAX = 1_000;
/** Bytes of each stream of a process that are kept for its task; more is an error that says so. */
export const STREAM_BYTES_MAX = 400_000;
/** The end of what a process that failed has written to stderr: enough to see why, bytes. */
export const FAILURE_BYTES_MAX = 2_000;
/** How long a process may take to end when it is told to, before it is killed, ms. */
export const KILL_AFTER_MS = 2_000;
/** How long the streams of a process that has ended may stay open, ms: someone else holds them. */
export const STREAMS_CLOSE_MS = 1_000;
