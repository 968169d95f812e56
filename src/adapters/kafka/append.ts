/*
 * Appends (PROTOCOL.md R5): one batch, one partition, one request, one try. What came of it is said as
 * the port wants it: appended, surely not appended, or unknown.
 *
 * A1. "Refused" needs proof: the request never left, or the leader says that it did not append. An
 *     answer that carries an offset was appended by the leader at least, whatever else it says.
 * A2. Everything else is unknown, even a success without an offset.
 */
import { AppendRefused, type Appended } from '../../ports/index.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from '../../wire/index.ts';
import type { Cluster } from './cluster.ts';
import { NotSent } from './connection.ts';
import { produceRequest } from './hot-requests.ts';
import { isPassing, KAFKA, KafkaError, nameOf, saidNo } from './kafka-error.ts';
import { PRODUCE_LANES, PRODUCE_MS_MAX } from './limits.ts';
import type { Notices } from './notices.ts';
import { encodeBatch } from './record-batch.ts';

export interface Produced {
  readonly errorCode: number;
  readonly base: number;
  readonly time: number;
}

/** Who wants to know of appends of this process. `base` is undefined unless they were acknowledged. */
export interface OwnAppends {
  began(partition: number): void;
  ended(partition: number, base: number | undefined): void;
}

export class Appender {
  readonly #cluster: Cluster;
  readonly #topic: string;
  readonly #notices: Notices;
  readonly #timeoutMs: number;
  readonly #own: OwnAppends | undefined;

  constructor(
    cluster: Cluster,
    topic: string,
    notices: Notices,
    timeoutMs: number = PRODUCE_MS_MAX,
    own?: OwnAppends,
  ) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#notices = notices;
    this.#timeoutMs = timeoutMs;
    this.#own = own;
  }

  async append(partition: number, batch: readonly Uint8Array[]): Promise<Appended> {
    const refusal = tooMuch(batch);
    if (refusal !== undefined) throw refusal;
    this.#own?.began(partition);
    try {
      const appended = await this.send(partition, batch);
      this.#own?.ended(partition, appended.base);
      return appended;
    } catch (error) {
      this.#own?.ended(partition, undefined);
      throw error;
    }
  }

  /** Without the limits of the protocol; the broker has its own. */
  async send(partition: number, batch: readonly Uint8Array[], key?: Uint8Array): Promise<Appended> {
    const made = Date.now();
    const bytes = encodeBatch(batch, made, key);
    const produced = await this.#produce(partition, bytes);
    const outcome = outcomeOf(produced, `partition ${partition} of ${this.#topic}`);
    const about = `appends to ${this.#topic}`;
    if (!(outcome instanceof Error)) {
      this.#notices.over(about);
      // without LogAppendTime the record carries the time at which it was made
      return { base: outcome.base, time: outcome.time < 0 ? made : outcome.time };
    }
    if (isPassing(produced.errorCode)) this.#cluster.moved(this.#topic, partition);
    else if (!isTooLarge(produced.errorCode)) this.#notices.trouble(about, outcome);
    throw outcome;
  }

  async #produce(partition: number, batch: Buffer): Promise<Produced> {
    const cluster = this.#cluster;
    try {
      const topic = this.#topic;
      const leader =
        cluster.leaderNow(topic, partition) ?? (await notSent(cluster.leader(topic, partition)));
      const link = cluster.link(leader, `produce${partition % PRODUCE_LANES}`);
      return await link.hot(produceRequest, {
        topic,
        partition,
        batch,
        timeoutMs: this.#timeoutMs,
      });
    } catch (error) {
      cluster.stale();
      throw unanswered(error);
    }
  }
}

/** What fails here fails before anything is sent. */
async function notSent<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new NotSent(said, { cause: error });
  }
}

/** A1: no answer came. Refused only if the request was not sent. */
export function unanswered(error: unknown): unknown {
  const cause = error instanceof NotSent ? error.cause : error;
  if (cause instanceof KafkaError) {
    if (cause.code === 'not-authorised') {
      return new AppendRefused('unauthorised', cause.message, false);
    }
    return new AppendRefused('not-leader', cause.message, true);
  }
  return error instanceof NotSent ? new AppendRefused('not-leader', error.message, true) : error;
}

/** What the leader's answer means. */
export function outcomeOf({ errorCode, base, time }: Produced, where: string): Appended | Error {
  if (errorCode === KAFKA.NONE) {
    if (base >= 0) return { base, time };
    return new KafkaError('refused', `${where}: the broker gave no offset`);
  }
  // A1: it was appended, and what failed came after that (a leader that lost its place while waiting)
  if (base >= 0) return saidNo(where, errorCode);
  const said = `${where}: ${nameOf(errorCode)}`;
  switch (errorCode) {
    case KAFKA.MESSAGE_TOO_LARGE:
    case KAFKA.RECORD_LIST_TOO_LARGE:
      return new AppendRefused('too-large', said, false);
    case KAFKA.UNKNOWN_TOPIC_OR_PARTITION:
    case KAFKA.NOT_LEADER_OR_FOLLOWER:
    // too few replicas *before* the append; 20 is the same after it
    case KAFKA.NOT_ENOUGH_REPLICAS:
      return new AppendRefused('not-leader', said, true);
    case KAFKA.TOPIC_AUTHORIZATION_FAILED:
    case KAFKA.CLUSTER_AUTHORIZATION_FAILED:
      return new AppendRefused('unauthorised', said, false);
    default:
      return saidNo(where, errorCode);
  }
}

function isTooLarge(errorCode: number): boolean {
  return errorCode === KAFKA.MESSAGE_TOO_LARGE || errorCode === KAFKA.RECORD_LIST_TOO_LARGE;
}

/** The limits of the protocol are those of every adapter, whatever this broker would take. */
function tooMuch(batch: readonly Uint8Array[]): AppendRefused | undefined {
  if (batch.length === 0) return new AppendRefused('too-large', 'a batch has no record', false);
  if (batch.length > BATCH_RECORDS_MAX) {
    return tooLarge('batch', batch.length, 'records', BATCH_RECORDS_MAX);
  }
  let bytes = 0;
  for (const { length } of batch) {
    if (length > RECORD_BYTES_MAX) return tooLarge('record', length, 'bytes', RECORD_BYTES_MAX);
    bytes += length;
  }
  return bytes > BATCH_BYTES_MAX ? tooLarge('batch', bytes, 'bytes', BATCH_BYTES_MAX) : undefined;
}

function tooLarge(what: string, size: number, unit: string, limit: number): AppendRefused {
  const said = `a ${what} of ${size} ${unit} is over the limit of ${limit}`;
  return new AppendRefused('too-large', said, false);
}
