/* The contracts of Broker and Definitions on a real broker. Two processes are two clients of one prefix. */
import { afterAll, test } from 'vitest';
import { kafkaWorld } from '../adapters/kafka/kafka-world.ts';
import { testBroker } from '../live/broker/index.ts';
import { brokerContract } from './broker-contract.ts';
import { definitionsContract } from './definitions-contract.ts';

const found = await testBroker();

if ('missing' in found) {
  test('kafka', (context) => context.skip(found.missing));
} else {
  afterAll(() => found.close());

  brokerContract({
    name: `kafka (${found.kind})`,
    open: async () => {
      const world = await kafkaWorld(found.brokers);
      return {
        ...world,
        broker: world.kafka.broker,
        another: async () => (await world.open()).broker,
      };
    },
    timeout: 60_000,
  });

  brokerContract({
    name: `kafka, events (${found.kind})`,
    open: async () => {
      const world = await kafkaWorld(found.brokers);
      return {
        ...world,
        broker: world.kafka.events,
        another: async () => (await world.open()).events,
      };
    },
    timeout: 60_000,
  });

  definitionsContract({
    name: `kafka (${found.kind})`,
    open: async () => {
      const world = await kafkaWorld(found.brokers);
      return { ...world, definitions: world.kafka.definitions };
    },
    timeout: 60_000,
  });
}
