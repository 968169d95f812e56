/*
 * Figures of the Kafka adapter on the broker that tests use: `node test/live/broker/measure.ts`.
 * One process, one broker on the same machine: CPU figures carry over, latencies are lower bounds.
 */
import { Kafka as Theirs, logLevel } from 'kafkajs';
import { openKafka } from '../../../src/adapters/kafka/index.ts';
import { testBroker } from './index.ts';

const RECORD = new Uint8Array(500).fill(120);
const SECONDS = 4;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function batchOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => RECORD);
}

interface Figures {
  readonly records: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly latencies: number[];
}

/** Each partition has one append in flight, for a while (R5). */
async function load(
  partitions: number,
  perBatch: number,
  append: (partition: number, batch: Uint8Array[]) => PromiseLike<unknown>,
): Promise<Figures> {
  const batch = batchOf(perBatch);
  const latencies: number[] = [];
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const until = begun + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      while (performance.now() < until) {
        const sent = performance.now();
        await append(partition, batch);
        latencies.push(performance.now() - sent);
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begun) / 1_000;
  return {
    records: latencies.length * perBatch,
    seconds,
    cpuMs: (user + system) / 1_000,
    latencies: latencies.sort((a, b) => a - b),
  };
}

function show(name: string, { records, seconds, cpuMs, latencies }: Figures): void {
  const at = (share: number): string =>
    (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(2);
  const rate = Math.round(records / seconds).toLocaleString('en');
  const cost = ((cpuMs * 1_000) / records).toFixed(2);
  say(
    `${name.padEnd(44)} ${rate.padStart(9)} records/s   p50 ${at(0.5)} ms  p99 ${at(0.99)} ms   ${cost} us CPU/record`,
  );
}

const found = await testBroker();
if ('missing' in found) {
  say(found.missing);
  process.exit(1);
}
const prefix = `measure-${Date.now().toString(36)}`;
const kafka = await openKafka({ brokers: found.brokers, prefix, create: true, partitions: 16 });
const { broker } = kafka;
const theirs = new Theirs({ brokers: [...found.brokers], logLevel: logLevel.NOTHING }).producer({
  allowAutoTopicCreation: false,
});
await theirs.connect();
const theirAppend = (partition: number, batch: Uint8Array[]): Promise<unknown> =>
  theirs.send({
    topic: kafka.topics.commands,
    messages: batch.map((bytes) => ({ value: Buffer.from(bytes), partition })),
  });
await load(4, 10, (partition, batch) => broker.append(partition, batch));
for (const [partitions, perBatch] of [
  [1, 1],
  [1, 100],
  [4, 100],
  [16, 10],
  [16, 100],
] as const) {
  const what = `${partitions} partitions, ${perBatch} per batch`;
  show(`ours:     ${what}`, await load(partitions, perBatch, (p, b) => broker.append(p, b)));
  show(`producer: ${what}`, await load(partitions, perBatch, theirAppend));
}

const reader = broker.reader(0, 0);
const { end } = await broker.range(0);
const cpu = process.cpuUsage();
const begun = performance.now();
while (reader.position < end) await reader.next();
const used = process.cpuUsage(cpu);
const seconds = (performance.now() - begun) / 1_000;
say(
  `reading ${end} records: ${Math.round(end / seconds).toLocaleString('en')} records/s, ` +
    `${((used.user + used.system) / end).toFixed(2)} us CPU/record`,
);

// from an append by one client to the reader of another, at idle
const other = await openKafka({ brokers: found.brokers, prefix });
const waits: number[] = [];
for (let i = 0; i < 200; i++) {
  const next = reader.next();
  const sent = performance.now();
  void other.broker.append(0, [RECORD]);
  await next;
  waits.push(performance.now() - sent);
}
waits.sort((a, b) => a - b);
say(
  `append to foreign reader, idle: p50 ${waits[100]?.toFixed(2)} ms, p99 ${waits[197]?.toFixed(2)} ms`,
);
await theirs.disconnect();
const idleFrom = process.cpuUsage();
void reader.next();
await new Promise((resolve) => setTimeout(resolve, 3_000));
const idle = process.cpuUsage(idleFrom);
say(`idle with one waiting reader: ${((idle.user + idle.system) / 30_000).toFixed(2)} % of a core`);
await other.close();
await kafka.close();
await found.close();
