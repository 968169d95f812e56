/* Every limit of this adapter in one place, with its unit and its reason. */

/** Until a connection stands: TCP, TLS, versions, SASL. */
export const CONNECT_MS_MAX = 5_000;
/** Until an answer is there; later the outcome of a request is unknown and its connection is given up. */
export const REQUEST_MS_MAX = 15_000;
/** How long the leader may wait for its replicas. Less than REQUEST_MS_MAX: an answer beats silence. */
export const PRODUCE_MS_MAX = 10_000;
/** Between two tries to connect to the same node; doubles up to the second. */
export const RECONNECT_MS_FIRST = 100;
export const RECONNECT_MS_MAX = 2_000;
/** Between two questions for the leaders of partitions, when many find at once that they have moved. */
export const METADATA_MS_MIN = 100;
/** Leaders are asked for again after this time even if nothing went wrong, as R1 wants it checked. */
export const METADATA_MS_MAX = 5 * 60_000;

/**
 * Connections per node for appends. A broker answers the requests of one connection one after the
 * other, each after its replicas: partitions on the same connection wait for each other.
 */
export const PRODUCE_LANES = 4;
/** Fetches per node that may wait for records at once: who comes while one waits takes the next. */
export const POLL_LANES = 8;
/** How long a fetch waits for records ... */
export const POLL_MS = 200;
/** ... on the last lane: how long a reader may wait for a lane at most. */
export const POLL_LAST_MS = 10;
/** How long readers whose fetch brought nothing wait for each other. */
export const GATHER_MS = 2;
/** How long fetched records may wait for the answer of an append that is on its way to the same place. */
export const OWN_WAIT_MS = 20;
/** Bytes of one partition, and of all, in one answer of a waiting fetch. */
export const POLL_PARTITION_BYTES = 1_048_576;
export const POLL_BYTES = 8_388_608;
/** Bytes in one answer when a range is fetched again. */
export const BULK_BYTES = 4_194_304;
/** After an answer that says "not now" (leader moving, end not known yet). */
export const AGAIN_MS = 50;
/** How long reads wait for a leader that is just moving, before it is an error. */
export const MOVING_MS_MAX = 5_000;

/** What a batch costs on the wire besides its records, and each record besides its bytes, at most. */
export const BATCH_OVERHEAD_BYTES = 61;
export const RECORD_OVERHEAD_BYTES = 16;

/** The group: without a sign of life for this time a member is out. */
export const SESSION_MS = 10_000;
export const HEARTBEAT_MS = 2_000;
/** Hints are written together, so often. */
export const HINT_MS = 1_000;
/** How long `close` waits for the last words (leaving the group, hints). */
export const CLOSE_MS_MAX = 2_000;

/** R1: partitions of a new Log. */
export const PARTITIONS_DEFAULT = 16;
/** Replicas of a new topic, where there are so many nodes. */
export const REPLICATION_DEFAULT = 3;
/** Bytes of one Definition with its resources. */
export const DEFINITION_BYTES_MAX = 8 * 1_048_576;
/** How long the topic of events keeps them, ms: a week, for readers other than the engine. */
export const EVENTS_RETENTION_MS = 7 * 24 * 3_600_000;
/** How long the creation of topics may take until each partition has a leader. */
export const CREATE_MS_MAX = 30_000;
