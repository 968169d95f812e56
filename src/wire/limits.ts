/*
 * Every limit of the wire and the protocol in one place, with its unit and its reason.
 */

/** Bytes of an encoded State from which it is compressed (zstd): below, the frame costs more than it saves. */
export const COMPRESS_FROM_BYTES = 1_024;
/** Bytes of one encoded record. Kafka's default for a whole batch is 1,048,588. */
export const RECORD_BYTES_MAX = 900_000;
/** Bytes that a record of what goes on leaves free, so that its failure, its undoing, its cancel can be written. */
export const ROOM_TO_END_BYTES = 20_000;
/** Bytes of one batch (= one append). */
export const BATCH_BYTES_MAX = 1_000_000;
/** Records of one batch. */
export const BATCH_RECORDS_MAX = 1_000;
/** R17: D, how late after the time in its run id a START may be appended, ms. */
export const START_LATE_MAX_MS = 5 * 60_000;
/** R17: how far the clock that made a run id may be ahead of the broker's, ms. */
export const CLOCK_SKEW_MAX_MS = 10_000;
/** What a wait or a retry may last and stay in the Log as a held STEP, ms. */
export const HOLD_MAX_MS = 30_000;
/** Default for one attempt of an activity, ms (R18: every activity has a deadline). */
export const ACTIVITY_TIMEOUT_MS = 5 * 60_000;
/** R18: how long a cancelled strand waits for an activity of which nothing has to be known, ms. */
export const CANCEL_GRACE_MS = 5_000;
/** R10: a MARK is written after so many records ... */
export const MARK_EVERY_RECORDS = 1_000;
/** ... or so much time, whichever comes first, if it would say anything new, ms. */
export const MARK_EVERY_MS = 1_000;
/** R16: how long an event is kept for listeners that come after it, ms. */
export const EVENT_KEEP_MS = 24 * 3_600_000;
/** Bytes of one event as JSON text: with its envelope it is a record of the events log. */
export const EVENT_BYTES_MAX = 800_000;
/** R11: distance from the head, in records, at which an open record is carried forward first. */
export const CARRY_DISTANCE = 10_000;
/** R20: takeovers counted against a record from which it runs alone, and from which it is parked. */
export const TAKEOVERS_ALONE = 2;
export const TAKEOVERS_DEAD = 5;
/** R6: branches of one fork that run at once. */
export const BRANCHES_AT_ONCE = 256;
/** Versions of the record format: what this build writes, and the newest it can read (R21). */
export const FORMAT = 1;
export const READER = 1;
/** What every build reads: written while it is not known what the others read. */
export const FORMAT_FIRST = 1;
/** What clients write, who do not know which runners there are: raised a release after READER. */
export const FORMAT_INBOX = 1;
/** Bytes of one State before compression: what a reader is ready to unpack (a zstd bomb is larger). */
export const STATE_BYTES_MAX = 32 * 1024 * 1024;
/** Levels of nesting of JSON from outside; a document nested deeper is an attack on the stack. */
export const JSON_DEPTH_MAX = 1_000;
