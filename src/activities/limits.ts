/* Limits of activities, each with its unit and its reason. */

/**
 * Bytes of a result, written as JSON. It travels twice in one record, as what was heard and in the State
 * that goes on with it, and a record has room for 900,000 (wire/limits.ts).
 */
export const RESULT_BYTES_MAX = 400_000;
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
