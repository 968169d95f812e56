/* Sizes of trace files, each with its unit and its reason. */

/** Bytes of a block before compression: what is lost to damage, and unpacked to find one run. */
export const BLOCK_BYTES = 256 * 1024;
/** Blocks between two indexes: so many are looked through one by one in a file that is being written. */
export const INDEX_EVERY = 64;
/** Bytes that are searched at once for the next sound block after a damaged one. */
export const SEARCH_BYTES = 1024 * 1024;
