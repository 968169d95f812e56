/* Prefixes for the tests of the kafka adapter: each world has topics of its own on a shared broker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kafka, type KafkaOptions, openKafka } from '../../../src/adapters/kafka/index.ts';
import type { World } from '../../contracts/suite.ts';

export interface KafkaWorld extends World {
  readonly prefix: string;
  readonly kafka: Kafka;
  /** what the operator was told by all clients of this world */
  readonly notices: readonly string[];
  /** a further process, as it were */
  open(options?: Partial<KafkaOptions>): Promise<Kafka>;
}

let worlds = 0;

/** A name that no other test, process or run of before has used. */
export function freshPrefix(): string {
  return `test-${Date.now().toString(36)}-${process.pid}-${worlds++}`;
}

/** Waiting for a rebalance is most of the time that tests take: everything here is short. */
export async function kafkaWorld(
  brokers: readonly string[],
  options: Partial<KafkaOptions> = {},
): Promise<KafkaWorld> {
  const prefix = freshPrefix();
  const opened: Kafka[] = [];
  const notices: string[] = [];
  const open: KafkaWorld['open'] = async (more = {}) => {
    const kafka = await openKafka({
      brokers,
      prefix,
      sessionMs: 6_000,
      heartbeatMs: 250,
      onNotice: (said) => notices.push(said),
      ...options,
      ...more,
    });
    opened.push(kafka);
    return kafka;
  };
  const kafka = await open({ create: true, partitions: options.partitions ?? 3 });
  return {
    prefix,
    kafka,
    notices,
    open,
    settle: (answer) => Promise.resolve(answer),
    pass: (ms) => sleep(ms),
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
    },
  };
}
