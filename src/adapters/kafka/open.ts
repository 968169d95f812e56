/*
 * openKafka: the Log and the Definitions of a prefix on a Kafka cluster.
 *
 * O1. All or nothing: what is wrong with brokers, credentials or topics is one KafkaError, and nothing
 *     stays open.
 * O2. The number of partitions is that of the topic; it must be the one that was asked for, and the one
 *     that the CLAIMs in the Log carry (R1).
 */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { Broker, Definitions } from '../../ports/index.ts';
import { decodeHeader, decodeRecord, READER } from '../../wire/index.ts';
import { Appender } from './append.ts';
import { type BrokerParts, KafkaBroker } from './broker.ts';
import { Cluster } from './cluster.ts';
import type { Sasl } from './connection.ts';
import { KafkaDefinitions } from './definitions.ts';
import { Hints } from './hints.ts';
import { KafkaError } from './kafka-error.ts';
import {
  CONNECT_MS_MAX,
  HEARTBEAT_MS,
  PRODUCE_MS_MAX,
  REQUEST_MS_MAX,
  SESSION_MS,
} from './limits.ts';
import { Membership } from './membership.ts';
import { Notices } from './notices.ts';
import { Poller } from './poller.ts';
import { RandomAccess } from './random-access.ts';
import { type Finding, type TopicNames, topicNames, Topics } from './topics.ts';

export interface KafkaOptions {
  /** host:port of some brokers; the others are found through them */
  readonly brokers: readonly string[];
  /** names the Log: topics <prefix>.commands, .events and .definitions, groups <prefix> and <prefix>.events */
  readonly prefix: string;
  readonly clientId?: string;
  /** true, or the options of Node's TLS (ca, cert, key, ...) */
  readonly tls?: boolean | TlsOptions;
  readonly sasl?: Sasl;
  /** of the Log: must be what the topic has; 16 when it is made here */
  readonly partitions?: number;
  /** of topics that are made here: 3, or as many as there are brokers */
  readonly replication?: number;
  /** makes topics that are missing (default: they are an error) */
  readonly create?: boolean;
  /** how long a member of the group may be silent, ms; it says something every `heartbeatMs` */
  readonly sessionMs?: number;
  readonly heartbeatMs?: number;
  readonly connectMs?: number;
  readonly requestMs?: number;
  /** once when something goes wrong, once when it is over; warnings about topics */
  readonly onNotice?: (said: string) => void;
}

export interface Kafka {
  readonly broker: Broker;
  /** the events log */
  readonly events: Broker;
  readonly definitions: Definitions;
  readonly topics: TopicNames;
  /** R21: the newest record format that every member of the group reads; 0 = not known (yet) */
  readonly lowestReader: number;
  checkTopics(): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

export interface KafkaAdmin {
  readonly topics: TopicNames;
  checkTopics(): Promise<readonly Finding[]>;
  /** makes what is missing; gives the names of those made */
  createTopics(): Promise<readonly string[]>;
  close(): void;
}

/** For `topics check` and `topics create`: needs brokers, no topics. */
export async function openKafkaAdmin(options: KafkaOptions): Promise<KafkaAdmin> {
  const { cluster, topics } = await connect(options);
  return {
    topics: topics.names,
    checkTopics: () => topics.check(),
    createTopics: () => topics.create(),
    close: () => cluster.close(),
  };
}

export async function openKafka(options: KafkaOptions): Promise<Kafka> {
  const { cluster, topics, notices } = await connect(options);
  try {
    if (options.create === true) await topics.create();
    await refuseWrong(topics, notices);
    const { commands, definitions, events } = topics.names;
    const { prefix } = options;
    const log = new RandomAccess(cluster, commands);
    const found = (await topics.metadata()).topics;
    const partitionsOf = (topic: string): number => found.get(topic)?.leaders.length ?? 0;
    const counts = new Map([commands, events].map((topic) => [topic, partitionsOf(topic)]));
    await checkGenesis(log, prefix, partitionsOf(commands));
    cluster.onMetadata = (metadata) => {
      for (const [topic, had] of counts) {
        const now = metadata.topics.get(topic)?.leaders.length ?? 0;
        if (now === 0 || now === had) notices.over(topic);
        else notices.trouble(topic, `has ${now} partitions now, it had ${had} (R1)`);
      }
    };
    const produceMs = Math.min(PRODUCE_MS_MAX, options.requestMs ?? PRODUCE_MS_MAX);
    const brokerOf = (topic: string, group: string, nth: number, read: RandomAccess) => {
      const range = (partition: number) => read.range(partition);
      const poller = new Poller(cluster, topic, notices, range, nth);
      const partitions = partitionsOf(topic);
      return new KafkaBroker({
        partitions,
        appender: new Appender(cluster, topic, notices, produceMs, poller.own),
        log: read,
        poller,
        hints: new Hints(cluster, `${group}.hints`, topic),
        join: joiner(cluster, options, notices, { group, topic, partitions, nth }),
      });
    };
    const broker = brokerOf(commands, prefix, 0, log);
    const eventsBroker = brokerOf(events, events, 1, new RandomAccess(cluster, events));
    const stored = new KafkaDefinitions(
      new Appender(cluster, definitions, notices, produceMs),
      new RandomAccess(cluster, definitions),
      (said) => notices.tell(said),
    );
    return {
      broker,
      events: eventsBroker,
      definitions: stored,
      topics: topics.names,
      get lowestReader() {
        return broker.lowestReader;
      },
      checkTopics: () => topics.check(),
      close: async () => {
        await Promise.all([broker.close(), eventsBroker.close()]);
        cluster.close();
      },
    };
  } catch (error) {
    cluster.close();
    throw error;
  }
}

async function connect(
  options: KafkaOptions,
): Promise<{ cluster: Cluster; topics: Topics; notices: Notices }> {
  // until the start has succeeded, the error says it all
  let started = false;
  const notices = new Notices((said) => {
    if (started) options.onNotice?.(said);
  });
  const cluster = new Cluster(
    options.brokers,
    {
      clientId: options.clientId ?? 'waybill',
      connectMs: options.connectMs ?? CONNECT_MS_MAX,
      requestMs: options.requestMs ?? REQUEST_MS_MAX,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
    },
    notices,
  );
  const topics = new Topics(cluster, topicNames(options.prefix), options);
  try {
    await topics.metadata();
  } catch (error) {
    cluster.close();
    throw error;
  }
  started = true;
  return { cluster, topics, notices };
}

/** O1: one error for all that is wrong, of the kind of the first. */
async function refuseWrong(topics: Topics, notices: Notices): Promise<void> {
  const findings = await topics.check();
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    throw new KafkaError(
      first.code,
      errors.map(({ topic, said }) => `${topic} ${said}`).join('; '),
    );
  }
  for (const { topic, said } of findings) notices.tell(`${topic}: ${said}`);
}

/** O2: the first CLAIM that a look at the begin of each partition finds speaks for all. */
async function checkGenesis(log: RandomAccess, prefix: string, partitions: number): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const { begin, end } = await log.range(partition);
    const records = await log.fetch(partition, begin, Math.min(end, begin + GENESIS_RECORDS));
    for (const { bytes } of records) {
      const genesis = genesisIn(bytes);
      if (genesis === undefined) continue;
      if (genesis.partitions === partitions && genesis.prefix === prefix) return;
      throw new KafkaError(
        'wrong-partitions',
        `the Log was begun as ${genesis.prefix} with ${genesis.partitions} partitions, ` +
          `the topic is ${prefix} with ${partitions}`,
      );
    }
  }
}

/** Trimming goes to a CLAIM, and an owner begins with one: it is near the begin, or nobody was here. */
const GENESIS_RECORDS = 100;

function genesisIn(bytes: Uint8Array): { prefix: string; partitions: number } | undefined {
  try {
    if (decodeHeader(bytes).kind !== 'CLAIM') return undefined;
    const { body } = decodeRecord(bytes);
    return body.kind === 'CLAIM' ? body.genesis : undefined;
  } catch {
    // what cannot be read is for the owner to complain about
    return undefined;
  }
}

function joiner(
  cluster: Cluster,
  options: KafkaOptions,
  notices: Notices,
  log: { readonly group: string; readonly topic: string; partitions: number; nth: number },
): BrokerParts['join'] {
  const { sessionMs = SESSION_MS, heartbeatMs = HEARTBEAT_MS } = options;
  if (heartbeatMs * 2 > sessionMs) {
    const said = `heartbeatMs ${heartbeatMs} must be less than half of sessionMs ${sessionMs}`;
    throw new KafkaError('wrong-option', said);
  }
  const { nth, ...where } = log;
  const group = { ...where, sessionMs, heartbeatMs, reader: READER };
  let joins = 0;
  // What waits in the broker has a line of its own: those of the two logs are told apart by parity.
  return (member, declined) =>
    new Membership(cluster, group, notices, `group${2 * joins++ + nth}`, member, declined);
}
