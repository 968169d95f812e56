/* What can be wrong with a broker, in one kind of error: a code for programs, a sentence and a remedy for people. */
import type { ConnectionOptions } from './connection.ts';

export type KafkaErrorCode = keyof typeof REMEDY;

const REMEDY = {
  unreachable:
    'check the addresses (--brokers), and that the broker advertises addresses that this machine can reach',
  credentials: 'check user name, password and mechanism',
  tls: 'check whether this port speaks TLS (--tls), and name the authority that its certificate is from (--tls-ca)',
  'too-old': 'use Kafka 2.1 or newer, or Redpanda',
  'missing-topic': 'create it: waybill topics create',
  'wrong-partitions':
    'name the number that the topic has, or use another prefix; the number of a Log is fixed for ever',
  'record-limit': 'raise max.message.bytes of the topic',
  'unsafe-topic': 'change the setting of the topic: waybill topics check says what each must be',
  replication: 'ask for fewer replicas, or add brokers',
  'not-authorised': 'give this user the right (ACL), or use another one',
  'foreign-batch':
    'let only waybill write to its topics, and set compression.type=producer on them',
  corrupt: 'the record was damaged on its way or on the disk of the broker: check both',
  'other-document': 'the hash of a Definition names its content: this one was changed or made up',
  'too-large': 'make it smaller, or raise max.message.bytes of the topic',
  'wrong-option': 'correct the option',
  refused: 'look into the log of the broker',
  closed: 'open it again',
} as const;

export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  readonly code: KafkaErrorCode;
  readonly remedy: string;
  /** the broker's own number, where it gave one */
  readonly kafkaCode: number | undefined;

  constructor(
    code: KafkaErrorCode,
    what: string,
    more: { cause?: unknown; kafkaCode?: number } = {},
  ) {
    super(`${what}: ${REMEDY[code]}`, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.remedy = REMEDY[code];
    this.kafkaCode = more.kafkaCode;
  }
}

/** Numbers in the broker's answers that somebody looks at. */
export const KAFKA = {
  NONE: 0,
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_OR_FOLLOWER: 6,
  REQUEST_TIMED_OUT: 7,
  REPLICA_NOT_AVAILABLE: 9,
  MESSAGE_TOO_LARGE: 10,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  RECORD_LIST_TOO_LARGE: 18,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  ILLEGAL_GENERATION: 22,
  INCONSISTENT_GROUP_PROTOCOL: 23,
  UNKNOWN_MEMBER_ID: 25,
  INVALID_SESSION_TIMEOUT: 26,
  REBALANCE_IN_PROGRESS: 27,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  TOPIC_ALREADY_EXISTS: 36,
  INVALID_PARTITIONS: 37,
  INVALID_REPLICATION_FACTOR: 38,
  INVALID_CONFIG: 40,
  NOT_CONTROLLER: 41,
  KAFKA_STORAGE_ERROR: 56,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
  OFFSET_NOT_AVAILABLE: 78,
  MEMBER_ID_REQUIRED: 79,
} as const;

const NAMES = new Map<number, string>(Object.entries(KAFKA).map(([name, code]) => [code, name]));

const MEANS: ReadonlyMap<number, KafkaErrorCode> = new Map([
  [KAFKA.UNKNOWN_TOPIC_OR_PARTITION, 'missing-topic'],
  [KAFKA.MESSAGE_TOO_LARGE, 'too-large'],
  [KAFKA.RECORD_LIST_TOO_LARGE, 'too-large'],
  [KAFKA.TOPIC_AUTHORIZATION_FAILED, 'not-authorised'],
  [KAFKA.GROUP_AUTHORIZATION_FAILED, 'not-authorised'],
  [KAFKA.CLUSTER_AUTHORIZATION_FAILED, 'not-authorised'],
  [KAFKA.INVALID_REPLICATION_FACTOR, 'replication'],
  [KAFKA.INVALID_PARTITIONS, 'wrong-partitions'],
]);

export function nameOf(kafkaCode: number): string {
  return `${NAMES.get(kafkaCode) ?? 'error'} (${kafkaCode})`;
}

/** A broker said no. */
export function saidNo(what: string, kafkaCode: number, text?: string | null): KafkaError {
  const code = MEANS.get(kafkaCode) ?? 'refused';
  const more = text === undefined || text === null || text === '' ? '' : `, ${text}`;
  return new KafkaError(code, `${what}: ${nameOf(kafkaCode)}${more}`, { kafkaCode });
}

/** Fails with KafkaError if the answer to `what` carries an error. */
export function check(what: string, kafkaCode: number, text?: string | null): void {
  if (kafkaCode !== KAFKA.NONE) throw saidNo(what, kafkaCode, text);
}

/** "Not now": the leader is moving, or has just come. Asking again after a look at the metadata helps. */
export function isPassing(kafkaCode: number): boolean {
  switch (kafkaCode) {
    case KAFKA.UNKNOWN_TOPIC_OR_PARTITION:
    case KAFKA.LEADER_NOT_AVAILABLE:
    case KAFKA.NOT_LEADER_OR_FOLLOWER:
    case KAFKA.REPLICA_NOT_AVAILABLE:
    case KAFKA.KAFKA_STORAGE_ERROR:
    case KAFKA.FENCED_LEADER_EPOCH:
    case KAFKA.UNKNOWN_LEADER_EPOCH:
    case KAFKA.OFFSET_NOT_AVAILABLE:
      return true;
    default:
      return false;
  }
}

/** The coordinator of a group has just come, or is still to come. */
export function isComing(error: unknown): boolean {
  if (!(error instanceof KafkaError)) return false;
  switch (error.kafkaCode) {
    case KAFKA.COORDINATOR_LOAD_IN_PROGRESS:
    case KAFKA.COORDINATOR_NOT_AVAILABLE:
    case KAFKA.NOT_COORDINATOR:
      return true;
    default:
      return false;
  }
}

/** Why a connection to `where` could not be made. */
export function connectFailed(
  error: unknown,
  where: string,
  { tls, sasl }: Pick<ConnectionOptions, 'tls' | 'sasl'>,
): KafkaError {
  if (error instanceof KafkaError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : '';
  const code = codeOf(error);
  const secured = tls !== undefined && tls !== false;
  if (/SASL/i.test(name) || /SASL|authenticat/i.test(said)) {
    const who = sasl === undefined ? 'no user' : `the user ${sasl.username} (${sasl.mechanism})`;
    return new KafkaError('credentials', `${where} does not accept ${who}: ${said}`, {
      cause: error,
    });
  }
  if (
    secured &&
    (/^ERR_(?:TLS|SSL)|CERT|SELF_SIGNED|EPROTO/.test(code) || /certificate|SSL|TLS/i.test(said))
  ) {
    return new KafkaError('tls', `${where} cannot be reached through TLS: ${said}`, {
      cause: error,
    });
  }
  return new KafkaError('unreachable', `${where} cannot be reached: ${said}`, { cause: error });
}

/** kafkajs keeps the code of the socket's error; Node puts it on the error itself. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
