/*
 * Brokers that stop, die and hang while work goes on. What each append was told is held against what is
 * read in the end: that is how unknown outcomes settle (PROTOCOL.md R5).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { AppendRefused, type Broker, type Member } from '../../../src/ports/index.ts';
import { type TestBroker, testBroker } from '../../live/broker/index.ts';
import { type KafkaWorld, kafkaWorld } from './kafka-world.ts';

/** Of its own: it is broken here. */
const found = await testBroker({ own: true });

/** What one append of batch `batch` was told. */
interface Told {
  readonly batch: number;
  readonly outcome: 'appended' | 'refused' | 'unknown';
  readonly base?: number;
}

interface Writing {
  readonly told: Told[];
  /** resolves when the batch at hand is acknowledged */
  stop(): Promise<void>;
}

const PER_BATCH = 3;

/** As the runtime does it: one batch at a time, the same bytes again until they are acknowledged. */
function write(broker: Broker, partition: number): Writing {
  const told: Told[] = [];
  let stopping = false;
  const loop = async (): Promise<void> => {
    for (let batch = 0; !stopping; batch++) {
      const bytes = Array.from({ length: PER_BATCH }, (_, i) =>
        new TextEncoder().encode(`${batch}/${i}`),
      );
      for (let done = false; !done;) {
        try {
          const { base } = await broker.append(partition, bytes);
          told.push({ batch, outcome: 'appended', base });
          done = true;
        } catch (error) {
          const outcome = error instanceof AppendRefused ? 'refused' : 'unknown';
          told.push({ batch, outcome });
          await sleep(30);
        }
      }
    }
  };
  const ended = loop();
  return {
    told,
    stop: () => {
      stopping = true;
      return ended;
    },
  };
}

/** Every batch is there as often as it may be, whole, and where it was said to be. */
async function settle(world: KafkaWorld, partition: number, told: readonly Told[]): Promise<void> {
  const { broker } = world.kafka;
  const { begin, end } = await broker.range(partition);
  const stored = await broker.fetch(partition, begin, end);
  const texts = stored.map(({ bytes }) => new TextDecoder().decode(bytes));
  const copies = new Map<number, number>();
  for (let at = 0; at < texts.length; at += PER_BATCH) {
    const batch = Number(texts[at]?.split('/')[0]);
    expect(texts.slice(at, at + PER_BATCH)).toEqual([0, 1, 2].map((i) => `${batch}/${i}`));
    copies.set(batch, (copies.get(batch) ?? 0) + 1);
  }
  const batches = new Set(told.map(({ batch }) => batch));
  expect(copies.size).toBe(batches.size);
  for (const batch of batches) {
    const of = told.filter((one) => one.batch === batch);
    const unknown = of.filter(({ outcome }) => outcome === 'unknown').length;
    const base = of.find(({ outcome }) => outcome === 'appended')?.base as number;
    expect(texts[base]).toBe(`${batch}/0`);
    // a refused one is not there; an unknown one may be
    expect(copies.get(batch)).toBeLessThanOrEqual(1 + unknown);
  }
}

async function readAll(world: KafkaWorld, partition: number, count: number): Promise<number[]> {
  const reader = world.kafka.broker.reader(partition, 0);
  const offsets: number[] = [];
  while (offsets.length < count) for (const { offset } of await reader.next()) offsets.push(offset);
  reader.close();
  return offsets;
}

if ('missing' in found) {
  test('kafka', (context) => context.skip(found.missing));
} else {
  const node = found.node as NonNullable<TestBroker['node']>;
  afterAll(() => found.close());

  const outage = async (
    happens: () => Promise<void>,
    options: Parameters<typeof kafkaWorld>[1] = {},
  ): Promise<{ world: KafkaWorld; told: readonly Told[] }> => {
    const world = await kafkaWorld(found.brokers, options);
    const reader = world.kafka.broker.reader(0, 0);
    const seen: number[] = [];
    let reading = true;
    const reads = (async () => {
      while (reading) for (const { offset } of await reader.next()) seen.push(offset);
    })();
    const writing = write(world.kafka.broker, 0);
    await sleep(300);
    await happens();
    await sleep(500);
    await writing.stop();
    await settle(world, 0, writing.told);
    const { end } = await world.kafka.broker.range(0);
    while (seen.length < end) await sleep(20);
    reading = false;
    reader.close();
    void reads;
    expect(seen).toEqual(Array.from({ length: end }, (_, i) => i));
    expect(await readAll(world, 0, end)).toEqual(seen);
    return { world, told: writing.told };
  };

  describe('appends and readers go on', { timeout: 120_000 }, () => {
    test('through a restart of the broker', async () => {
      const { world, told } = await outage(async () => {
        await node.stop();
        await sleep(500);
        await node.start();
      });
      expect(told.filter(({ outcome }) => outcome !== 'appended').length).toBeGreaterThan(0);
      // told once that it is away, and once that it is back; never per try
      const about = world.notices.filter((said) => said.startsWith('broker '));
      expect(about.length).toBeGreaterThanOrEqual(2);
      expect(about.length).toBeLessThanOrEqual(4);
      expect(about.at(-1)).toMatch(/fine again/);
      await world.close();
    });

    test('through kill -9 of the broker, twice', async () => {
      const { world } = await outage(async () => {
        for (let i = 0; i < 2; i++) {
          await node.kill();
          await node.start();
          await sleep(300);
        }
      });
      await world.close();
    });

    test('through a broker that hangs: what was in flight is unknown, and may land later', async () => {
      const { world, told } = await outage(
        async () => {
          node.pause(true);
          await sleep(2_500);
          node.pause(false);
        },
        { requestMs: 1_000, connectMs: 1_000 },
      );
      expect(told.some(({ outcome }) => outcome === 'unknown')).toBe(true);
      await world.close();
    });
  });

  test('a member keeps its partitions through a restart, and is confirmed again', async () => {
    const world = await kafkaWorld(found.brokers);
    const calls: string[] = [];
    const member: Member = {
      assigned: (partitions) => calls.push(`+${partitions.join('')}`),
      revoked: (partitions) => calls.push(`-${partitions.join('')}`),
    };
    const leave = world.kafka.broker.join(member);
    while (calls.length < 2) await sleep(20);
    await node.kill();
    await sleep(700);
    const before = calls.length;
    // no confirmation while nobody can give one
    await sleep(700);
    expect(calls.length).toBe(before);
    await node.start();
    while (calls.length < before + 3) await sleep(20);
    expect(new Set(calls.slice(0, before))).toEqual(new Set(['+012']));
    expect(calls.at(-1)).toBe('+012');
    leave();
    await world.close();
  }, 120_000);
}
