/*
 * A reader of the topic that shares nothing with the engine's: the consumer of kafkajs, in a group of its
 * own. It keeps every record, and says which owner records are valid as it goes (R4: three numbers).
 *
 * W1. It only reads. Its group commits nothing.
 * W2. What stood at an offset stands there for ever: a record that is other than before, or a gap, is
 *     noted. Kafka delivers some records again after a lost connection: equal ones are no news.
 */
import { Kafka, logLevel } from 'kafkajs';
import type { StoredRecord } from '../../src/ports/index.ts';
import { decodeHeader, isInbox, type RecordHeader } from '../../src/wire/index.ts';

/** What R4 needs of a partition. */
interface InForce {
  claim: number;
  nonce: number;
  n: number;
}

export class TopicReader {
  readonly records: StoredRecord[][] = [];
  /** W2: what no log may do */
  readonly rewritten: string[] = [];
  /** partition and header of each new record; `valid` by R4, inbox records and CLAIMs always */
  onRecord: (partition: number, header: RecordHeader, valid: boolean, time: number) => void =
    () => {};
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #inForce: InForce[] = [];
  #stop: () => Promise<void> = async () => {};

  constructor(broker: string, topic: string) {
    this.#kafka = new Kafka({
      brokers: [broker],
      clientId: 'live-chaos-checker',
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 100 },
    });
    this.#topic = topic;
  }

  async start(group: string): Promise<void> {
    const consumer = this.#kafka.consumer({
      groupId: group,
      maxWaitTimeInMs: 200,
      sessionTimeout: 30_000,
      retry: { restartOnFailure: async () => true, retries: 100 },
    });
    await consumer.connect();
    await consumer.subscribe({ topic: this.#topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { offset, timestamp, value } of batch.messages) {
          this.#take(batch.partition, Number(offset), Number(timestamp), value ?? Buffer.alloc(0));
        }
      },
    });
    this.#stop = () => consumer.disconnect();
  }

  async stop(): Promise<void> {
    await this.#stop();
  }

  /** The end of each partition, as the broker says. */
  async ends(): Promise<readonly number[]> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      const offsets = await admin.fetchTopicOffsets(this.#topic);
      const ends: number[] = [];
      for (const { partition, high } of offsets) ends[partition] = Number(high);
      return ends;
    } finally {
      await admin.disconnect();
    }
  }

  /** True when everything below `ends` has been read. */
  hasRead(ends: readonly number[]): boolean {
    return ends.every((end, partition) => (this.records[partition]?.length ?? 0) >= end);
  }

  /** W2, of an earlier reader of the same topic. */
  compare(earlier: TopicReader): void {
    for (const [partition, records] of earlier.records.entries()) {
      for (const { bytes, offset } of records ?? []) {
        const now = this.records[partition]?.[offset];
        if (now !== undefined && Buffer.compare(now.bytes, bytes) === 0) continue;
        const what = now === undefined ? 'is gone' : 'is another one';
        this.rewritten.push(
          `the record at ${offset} of partition ${partition} ${what} since it was read`,
        );
      }
    }
  }

  #take(partition: number, offset: number, time: number, bytes: Buffer): void {
    const records = (this.records[partition] ??= []);
    if (offset < records.length) {
      if (Buffer.compare(records[offset]!.bytes, bytes) !== 0) {
        this.rewritten.push(`there are two records at ${offset} of partition ${partition}`);
      }
      return;
    }
    if (offset > records.length) {
      this.rewritten.push(
        `partition ${partition} has no records from ${records.length} to ${offset - 1}`,
      );
      return;
    }
    // the consumer's buffer holds a whole answer: a record keeps only itself
    records.push({ offset, time, bytes: Buffer.from(bytes) });
    let header: RecordHeader;
    try {
      header = decodeHeader(bytes);
    } catch {
      return;
    }
    this.onRecord(partition, header, this.#isValid(partition, offset, header), time);
  }

  /** R4 */
  #isValid(partition: number, offset: number, header: RecordHeader): boolean {
    const inForce = (this.#inForce[partition] ??= { claim: -1, nonce: 0, n: 0 });
    const { kind, n, nonce, tenure } = header;
    if (kind === 'CLAIM') {
      inForce.claim = offset;
      inForce.nonce = nonce;
      inForce.n = 0;
      return true;
    }
    if (isInbox(kind)) return true;
    if (tenure !== inForce.claim || nonce !== inForce.nonce || n !== inForce.n + 1) return false;
    inForce.n = n;
    return true;
  }
}
