/*
 * A bare loop over a Kafka client, as close to what an owner does as can be without an engine: what is
 * read from a partition is appended to it again, in the batches in which it came. All in one process.
 */
import { Kafka, logLevel } from 'kafkajs';
import { type Baseline, noise, type Rows } from './baselines.ts';

const CONNECT_MS_MAX = 30_000;

export async function bareKafka(
  brokers: readonly string[],
  partitions: number,
  { bytes, together }: Rows,
  forMs: number,
): Promise<Baseline> {
  const topic = `bare-${process.pid}-${Math.floor(performance.now())}`;
  const kafka = new Kafka({ clientId: 'bare', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 100, minBytes: 1 });
  const perBatch = Math.max(1, Math.round(together));
  const batch = Array.from({ length: perBatch }, () => ({ value: noise(bytes) }));
  await admin.connect();
  try {
    await admin.createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor: 1 }],
    });
    await Promise.all([producer.connect(), consumer.connect()]);
    await consumer.subscribe({ topic, fromBeginning: true });
    let records = 0;
    let counts = false;
    let over = false;
    const append = async (
      partition: number,
      messages: { value: Buffer | null }[],
    ): Promise<void> => {
      const sent = messages.map(({ value }) => ({ value, partition }));
      await producer.send({ topic, acks: -1, messages: sent });
      if (counts) records += messages.length;
    };
    const reading = new Promise<void>((begun) => {
      void consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: partitions,
        eachBatch: async ({ batch: { partition, messages } }) => {
          begun();
          if (!over) await append(partition, messages);
        },
      });
    });
    for (let partition = 0; partition < partitions; partition++) await append(partition, batch);
    await Promise.race([reading, pause(CONNECT_MS_MAX)]);
    await pause(forMs / 2);
    counts = true;
    const begun = performance.now();
    await pause(forMs);
    counts = false;
    const seconds = (performance.now() - begun) / 1_000;
    over = true;
    return {
      what: 'bare kafkajs, read and append',
      rowsPerSecond: records / seconds,
      bytesPerRow: bytes,
      rowsPerCommit: perBatch,
    };
  } finally {
    await consumer.disconnect().catch(() => {});
    await producer.disconnect().catch(() => {});
    await admin.deleteTopics({ topics: [topic] }).catch(() => {});
    await admin.disconnect().catch(() => {});
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
