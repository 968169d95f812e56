export { KafkaError, type KafkaErrorCode } from './kafka-error.ts';
export {
  type Kafka,
  type KafkaAdmin,
  type KafkaOptions,
  openKafka,
  openKafkaAdmin,
} from './open.ts';
export type { Finding, TopicNames } from './topics.ts';
