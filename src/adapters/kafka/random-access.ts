/*
 * Questions about one partition that are answered at once: its range, the offset of a time, a range of
 * records, and trimming. A leader that is just moving is asked again for a while; whoever is away is for
 * the runtime to ask again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredRecord } from '../../ports/index.ts';
import type { Cluster } from './cluster.ts';
import { type Fetched, fetchRequest } from './hot-requests.ts';
import { check, isPassing, KAFKA, KafkaError } from './kafka-error.ts';
import { AGAIN_MS, BULK_BYTES, MOVING_MS_MAX, REQUEST_MS_MAX } from './limits.ts';
import { reasonOf } from './link.ts';
import { outOfRange, type Range } from './poller.ts';
import { gapAfter } from './reader.ts';
import { decodeBatches } from './record-batch.ts';

const BEGIN = -2;
const END = -1;
const NOWHERE = -1;
const TRIM_MS_MAX = 10_000;
/** What a record and its batch take, about: a few records are not worth megabytes. Larger ones come all the
 *  same, one batch at a time. */
const RECORD_BYTES_GUESSED = 4_096;
const BATCH_BYTES_GUESSED = 65_536;
/** Answers without what must be there, before it counts as not there. */
const EMPTY_MAX = 100;

interface OffsetsAnswer {
  readonly responses: readonly {
    readonly partitions: readonly { errorCode: number; offset: string }[];
  }[];
}

export class RandomAccess {
  readonly #cluster: Cluster;
  readonly #topic: string;

  constructor(cluster: Cluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  async range(partition: number): Promise<Range> {
    const [begin, end] = await Promise.all([
      this.#offset(partition, BEGIN),
      this.#offset(partition, END),
    ]);
    return { begin, end };
  }

  end(partition: number): Promise<number> {
    return this.#offset(partition, END);
  }

  async offsetAt(partition: number, time: number): Promise<number> {
    // negative times have a meaning of their own in the request
    const found = await this.#offset(partition, Math.max(0, Math.ceil(time)));
    return found === NOWHERE ? this.#offset(partition, END) : found;
  }

  #offset(partition: number, timestamp: number): Promise<number> {
    return this.#patiently(partition, () => this.#askOffset(partition, timestamp));
  }

  /** Reading twice harms nobody. */
  async #patiently<T>(partition: number, ask: () => Promise<T>): Promise<T> {
    const until = performance.now() + MOVING_MS_MAX;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const code = error instanceof KafkaError ? error.kafkaCode : undefined;
        if (code === undefined || !isPassing(code) || performance.now() > until) throw error;
        this.#cluster.moved(this.#topic, partition);
        await sleep(AGAIN_MS);
      }
    }
  }

  async #askOffset(partition: number, timestamp: number): Promise<number> {
    const topic = this.#topic;
    const answer = await this.#cluster.toLeader<OffsetsAnswer>(
      topic,
      partition,
      'control',
      'ListOffsets',
      {
        replicaId: -1,
        isolationLevel: 0,
        topics: [{ topic, partitions: [{ partition, timestamp }] }],
      },
    );
    const found = answer.responses[0]?.partitions[0];
    if (found === undefined) throw new Error('the broker gave no offset');
    check(`offsets of partition ${partition} of ${topic}`, found.errorCode);
    return Number(found.offset);
  }

  /** Records [from, to). `gaps`: the topic is compacted, and has them by nature. */
  async fetch(
    partition: number,
    from: number,
    to: number,
    { gaps = false }: { readonly gaps?: boolean } = {},
  ): Promise<readonly StoredRecord[]> {
    const records: StoredRecord[] = [];
    let at = from;
    for (let empty = 0; at < to;) {
      const from = at;
      const more = await this.#patiently(partition, () => this.#some(partition, from, to));
      const last = more.at(-1);
      if (last === undefined) {
        if (gaps || ++empty > EMPTY_MAX) break;
        await sleep(AGAIN_MS);
        continue;
      }
      empty = 0;
      if (!gaps && (more[0]?.offset !== at || last.offset - at !== more.length - 1)) {
        throw gapAfter(partition, at, more);
      }
      for (const record of more) if (record.offset < to) records.push(record);
      at = last.offset + 1;
    }
    return records;
  }

  async #some(partition: number, from: number, to: number): Promise<StoredRecord[]> {
    const cluster = this.#cluster;
    const topic = this.#topic;
    const node = cluster.leaderNow(topic, partition) ?? (await cluster.leader(topic, partition));
    const bytesMax = Math.min(BULK_BYTES, (to - from) * RECORD_BYTES_GUESSED + BATCH_BYTES_GUESSED);
    const fetched = await this.#ask(node, partition, from, bytesMax);
    const answer = fetched.partitions[0];
    const what = `reading partition ${partition} of ${topic}`;
    check(what, fetched.errorCode);
    if (answer === undefined) throw new Error(`${what}: the broker gave nothing`);
    if (answer.errorCode === KAFKA.OFFSET_OUT_OF_RANGE || to > answer.highWatermark) {
      const { begin, end } = await this.range(partition);
      if (from < begin || from > end) throw outOfRange(partition, from, begin, end);
      if (to > end) throw outOfRange(partition, to, begin, end);
    }
    check(what, answer.errorCode);
    return decodeBatches(answer.batches, from);
  }

  async #ask(node: number, partition: number, offset: number, bytesMax: number): Promise<Fetched> {
    try {
      return await this.#cluster.link(node, 'bulk').hot(fetchRequest, {
        topic: this.#topic,
        wanted: [{ partition, offset }],
        waitMs: 0,
        bytesMax,
        partitionBytesMax: bytesMax,
      });
    } catch (error) {
      this.#cluster.stale();
      throw reasonOf(error);
    }
  }

  /** Never beyond the end: the broker would refuse that. */
  async trim(partition: number, before: number): Promise<void> {
    const { begin, end } = await this.range(partition);
    const offset = Math.min(before, end);
    if (offset <= begin) return;
    const cluster = this.#cluster;
    const topic = this.#topic;
    const node = cluster.leaderNow(topic, partition) ?? (await cluster.leader(topic, partition));
    let answer: {
      topics: readonly { partitions: readonly { errorCode: number }[] }[];
    };
    try {
      answer = await cluster.link(node, 'admin').send(
        'DeleteRecords',
        {
          topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }],
          timeout: TRIM_MS_MAX,
        },
        REQUEST_MS_MAX,
      );
    } catch (error) {
      cluster.stale();
      throw reasonOf(error);
    }
    check(
      `trimming partition ${partition} of ${topic}`,
      answer.topics[0]?.partitions[0]?.errorCode ?? 0,
    );
  }
}
