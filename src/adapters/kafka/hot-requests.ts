/*
 * Produce and Fetch as bytes: the two requests of the hot path. kafkajs has them too, at four times the
 * cost per record, and throws away error codes that matter here.
 *
 * Versions 7 and 11: Kafka 2.1 to 4, Redpanda. One partition per Produce (PROTOCOL.md, B1).
 */

export interface Head {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
}

/** What kafkajs looks for in every answer: how long the broker asks us to be quiet, ms (KIP-219). */
export interface Answer {
  readonly clientSideThrottleTime: number;
}

export interface Request<Args, T extends Answer> {
  readonly head: Head;
  encode(args: Args): Buffer;
  decode(answer: Buffer): T;
}

export interface Produce {
  readonly topic: string;
  readonly partition: number;
  /** one encoded batch */
  readonly batch: Buffer;
  /** how long the leader may wait for its replicas, ms */
  readonly timeoutMs: number;
}

export interface Produced extends Answer {
  readonly errorCode: number;
  /** -1: nothing was appended, or nobody knows */
  readonly base: number;
  /** by the broker's clock, ms; -1 unless the topic has LogAppendTime */
  readonly time: number;
}

const ALL_REPLICAS = -1;

export const produceRequest: Request<Produce, Produced> = {
  head: { apiKey: 0, apiVersion: 7, apiName: 'Produce' },
  encode: ({ topic, partition, batch, timeoutMs }) => {
    const topicBytes = Buffer.byteLength(topic);
    const head = Buffer.allocUnsafe(26 + topicBytes);
    head.writeInt16BE(-1, 0); // no transaction
    head.writeInt16BE(ALL_REPLICAS, 2);
    head.writeInt32BE(timeoutMs, 4);
    head.writeInt32BE(1, 8);
    head.writeInt16BE(topicBytes, 12);
    const at = 14 + head.write(topic, 14);
    head.writeInt32BE(1, at);
    head.writeInt32BE(partition, at + 4);
    head.writeInt32BE(batch.length, at + 8);
    return Buffer.concat([head, batch]);
  },
  decode: (answer) => {
    const cursor = new Cursor(answer);
    let produced = { errorCode: -1, base: -1, time: -1 };
    for (let topics = cursor.int32(); topics > 0; topics--) {
      cursor.string();
      for (let partitions = cursor.int32(); partitions > 0; partitions--) {
        cursor.int32();
        produced = { errorCode: cursor.int16(), base: cursor.int64(), time: cursor.int64() };
        cursor.int64(); // begin of the partition
      }
    }
    return { ...produced, clientSideThrottleTime: cursor.int32() };
  },
};

export interface Fetch {
  readonly topic: string;
  readonly wanted: readonly { readonly partition: number; readonly offset: number }[];
  /** how long the node may wait for the first record, ms */
  readonly waitMs: number;
  readonly bytesMax: number;
  readonly partitionBytesMax: number;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly batches: Buffer;
}

export interface Fetched extends Answer {
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

const WANTED_BYTES = 28;

export const fetchRequest: Request<Fetch, Fetched> = {
  head: { apiKey: 1, apiVersion: 11, apiName: 'Fetch' },
  encode: ({ topic, wanted, waitMs, bytesMax, partitionBytesMax }) => {
    const topicBytes = Buffer.byteLength(topic);
    const bytes = Buffer.allocUnsafe(41 + topicBytes + wanted.length * WANTED_BYTES);
    bytes.writeInt32BE(-1, 0); // no replica
    bytes.writeInt32BE(waitMs, 4);
    bytes.writeInt32BE(1, 8);
    bytes.writeInt32BE(bytesMax, 12);
    bytes.writeInt8(0, 16); // up to the high watermark, transactions or not
    bytes.writeInt32BE(0, 17); // no session: positions change with every request
    bytes.writeInt32BE(-1, 21);
    bytes.writeInt32BE(1, 25);
    bytes.writeInt16BE(topicBytes, 29);
    let at = 31 + bytes.write(topic, 31);
    at = bytes.writeInt32BE(wanted.length, at);
    for (const { partition, offset } of wanted) {
      at = bytes.writeInt32BE(partition, at);
      at = bytes.writeInt32BE(-1, at); // whichever epoch the leader has
      at = bytes.writeBigInt64BE(BigInt(offset), at);
      at = bytes.writeBigInt64BE(-1n, at);
      at = bytes.writeInt32BE(partitionBytesMax, at);
    }
    at = bytes.writeInt32BE(0, at); // nothing forgotten
    bytes.writeInt16BE(0, at); // no rack
    return bytes;
  },
  decode: (answer) => {
    const cursor = new Cursor(answer);
    const clientSideThrottleTime = cursor.int32();
    const errorCode = cursor.int16();
    cursor.int32();
    const partitions: FetchedPartition[] = [];
    for (let topics = cursor.int32(); topics > 0; topics--) {
      cursor.string();
      for (let count = cursor.int32(); count > 0; count--) partitions.push(fetched(cursor));
    }
    return { clientSideThrottleTime, errorCode, partitions };
  },
};

function fetched(cursor: Cursor): FetchedPartition {
  const partition = cursor.int32();
  const errorCode = cursor.int16();
  const highWatermark = cursor.int64();
  cursor.int64(); // last stable offset
  cursor.int64(); // begin
  for (let aborted = cursor.int32(); aborted > 0; aborted--) cursor.skip(16);
  cursor.int32(); // preferred replica
  return { partition, errorCode, highWatermark, batches: cursor.bytes() };
}

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.skip(4));
  }

  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.skip(8)));
  }

  string(): void {
    this.skip(Math.max(0, this.int16()));
  }

  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    const at = this.skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Gives where it was. */
  skip(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }
}
