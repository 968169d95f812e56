/*
 * The topics of a prefix: what they must be (PROTOCOL.md R12), whether they are so, and making them.
 *
 *   <prefix>.commands      the Log: P partitions, kept for ever, trimmed by the owners
 *   <prefix>.events        the events log: CloudEvents of everyone, kept for days
 *   <prefix>.definitions   Definitions by hash: one partition, compacted
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, EVENT_KEEP_MS } from '../../wire/index.ts';
import type { Cluster, Metadata } from './cluster.ts';
import { KAFKA, KafkaError, type KafkaErrorCode, nameOf, saidNo } from './kafka-error.ts';
import {
  BATCH_OVERHEAD_BYTES,
  CREATE_MS_MAX,
  DEFINITION_BYTES_MAX,
  EVENTS_RETENTION_MS,
  PARTITIONS_DEFAULT,
  RECORD_OVERHEAD_BYTES,
  REPLICATION_DEFAULT,
} from './limits.ts';
import { RandomAccess } from './random-access.ts';

export interface TopicNames {
  readonly commands: string;
  readonly events: string;
  readonly definitions: string;
}

export interface Finding {
  /** an error keeps a runner from starting, a warning does not */
  readonly severity: 'error' | 'warning';
  readonly code: KafkaErrorCode;
  readonly topic: string;
  readonly said: string;
}

export interface TopicOptions {
  /** of the Log; fixed for ever (R1) */
  readonly partitions?: number;
  readonly replication?: number;
}

/** Names of topics: letters, digits, dot, underscore, hyphen; 249 at most, with what is added. */
const PREFIX = /^[a-zA-Z0-9._-]{1,200}$/;
/** What a batch of the largest size is on the wire. Kafka's own default is 1,048,588. */
const COMMANDS_BYTES =
  BATCH_BYTES_MAX + BATCH_RECORDS_MAX * RECORD_OVERHEAD_BYTES + BATCH_OVERHEAD_BYTES;
const TOPIC = 2;
const CHECK_MS = 100;

export function topicNames(prefix: string): TopicNames {
  if (!PREFIX.test(prefix)) {
    throw new KafkaError(
      'wrong-option',
      `"${prefix}" is no prefix of topics (letters, digits, . _ -)`,
    );
  }
  return {
    commands: `${prefix}.commands`,
    events: `${prefix}.events`,
    definitions: `${prefix}.definitions`,
  };
}

export class Topics {
  readonly names: TopicNames;
  readonly #cluster: Cluster;
  readonly #options: TopicOptions;

  constructor(cluster: Cluster, names: TopicNames, options: TopicOptions) {
    this.#cluster = cluster;
    this.names = names;
    this.#options = options;
  }

  get #all(): readonly string[] {
    const { commands, events, definitions } = this.names;
    return [commands, events, definitions];
  }

  metadata(): Promise<Metadata> {
    return this.#cluster.metadata(this.#all);
  }

  /** Everything that is wrong, the worst first. Fails only when the brokers cannot be asked. */
  async check(): Promise<readonly Finding[]> {
    const metadata = await this.metadata();
    const findings: Finding[] = [];
    for (const topic of this.#all) {
      const known = metadata.topics.get(topic);
      const errorCode = known?.errorCode ?? KAFKA.UNKNOWN_TOPIC_OR_PARTITION;
      const passing = errorCode === KAFKA.LEADER_NOT_AVAILABLE;
      if (known === undefined || (errorCode !== KAFKA.NONE && !passing)) {
        const { code } = saidNo(topic, errorCode);
        const said = code === 'missing-topic' ? 'does not exist' : nameOf(errorCode);
        findings.push({ severity: 'error', code, topic, said });
        continue;
      }
      findings.push(...this.#checkPartitions(topic, known.leaders.length));
      const replicas = Math.min(...known.replicas);
      findings.push(...(await this.#checkSettings(topic, replicas)));
    }
    return findings.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  }

  #checkPartitions(topic: string, found: number): readonly Finding[] {
    const { commands, definitions } = this.names;
    // The events log may have any number, as long as it stays so.
    const wanted =
      topic === definitions ? 1 : topic === commands ? this.#options.partitions : undefined;
    if (wanted === undefined || wanted === found) return [];
    const said = `has ${found} partitions, not ${wanted}`;
    return [{ severity: 'error', code: 'wrong-partitions', topic, said }];
  }

  async #checkSettings(topic: string, replicas: number): Promise<readonly Finding[]> {
    const answer = await this.#cluster.toLeader<{
      resources: readonly {
        errorCode: number;
        configEntries: readonly { configName: string; configValue: string | null }[];
      }[];
    }>(topic, 0, 'control', 'DescribeConfigs', { resources: [{ type: TOPIC, name: topic }] });
    const found = answer.resources[0];
    if (found === undefined || found.errorCode !== KAFKA.NONE) {
      const why = nameOf(found?.errorCode ?? -1);
      const said = `its settings cannot be checked: ${why}`;
      return [{ severity: 'warning', code: 'not-authorised', topic, said }];
    }
    const settings = new Map(
      found.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    const { commands, definitions } = this.names;
    const check =
      topic === commands ? checkCommands : topic === definitions ? checkDefinitions : checkEvents;
    return [...checkReplication(topic, settings, replicas), ...check(topic, settings)];
  }

  /** Makes what is missing; what is there stays as it is. Gives the names of those made. */
  async create(): Promise<readonly string[]> {
    const { partitions = PARTITIONS_DEFAULT } = this.#options;
    const metadata = await this.metadata();
    const missing = this.#all.filter(
      (topic) =>
        (metadata.topics.get(topic)?.errorCode ?? KAFKA.UNKNOWN_TOPIC_OR_PARTITION) ===
        KAFKA.UNKNOWN_TOPIC_OR_PARTITION,
    );
    if (missing.length === 0) return [];
    const replication = this.#options.replication ?? Math.min(REPLICATION_DEFAULT, metadata.nodes);
    const answer = await this.#cluster.toController<{
      topicErrors: readonly { topic: string; errorCode: number; errorMessage?: string | null }[];
    }>(
      'CreateTopics',
      {
        topics: missing.map((topic) => ({
          topic,
          numPartitions: topic === this.names.definitions ? 1 : partitions,
          replicationFactor: replication,
          configEntries: this.#settings(topic, replication),
        })),
        timeout: CREATE_MS_MAX,
      },
      CREATE_MS_MAX,
    );
    for (const { topic, errorCode, errorMessage } of answer.topicErrors) {
      if (errorCode === KAFKA.NONE || errorCode === KAFKA.TOPIC_ALREADY_EXISTS) continue;
      throw saidNo(`creating ${topic}`, errorCode, errorMessage);
    }
    await this.#ready(missing);
    return missing;
  }

  #settings(topic: string, replication: number): readonly { name: string; value: string }[] {
    const compacted = topic === this.names.definitions;
    const kept = topic === this.names.events ? EVENTS_RETENTION_MS : -1;
    const settings: Readonly<Record<string, string>> = {
      'cleanup.policy': compacted ? 'compact' : 'delete',
      'retention.ms': String(kept),
      'retention.bytes': '-1',
      'message.timestamp.type': 'LogAppendTime',
      'compression.type': 'producer',
      // two of three: one replica may be away, and no acknowledged record is on one disk only
      'min.insync.replicas': replication >= 3 ? '2' : '1',
      'max.message.bytes': String(compacted ? DEFINITION_BYTES_MAX + 65_536 : COMMANDS_BYTES),
    };
    return Object.entries(settings).map(([name, value]) => ({ name, value }));
  }

  /** Until every partition has a leader. */
  async #ready(topics: readonly string[]): Promise<void> {
    const until = performance.now() + CREATE_MS_MAX;
    while (performance.now() < until) {
      const metadata = await this.metadata();
      const led = topics.every((topic) => {
        const known = metadata.topics.get(topic);
        return (
          known !== undefined &&
          known.leaders.length > 0 &&
          Array.from(known.leaders).every((leader) => leader !== undefined)
        );
      });
      if (led) {
        await this.#lead(topics, metadata);
        return;
      }
      await sleep(CHECK_MS);
    }
    throw new KafkaError(
      'unreachable',
      `${topics.join(', ')} got no leader in ${CREATE_MS_MAX} ms`,
    );
  }

  /** The leaders hear of it later than those who are asked who they are. */
  async #lead(topics: readonly string[], metadata: Metadata): Promise<void> {
    for (const topic of topics) {
      const log = new RandomAccess(this.#cluster, topic);
      const partitions = metadata.topics.get(topic)?.leaders.keys() ?? [];
      await Promise.all(Array.from(partitions, (partition) => log.end(partition)));
    }
  }
}

type Settings = ReadonlyMap<string, string | null>;

/** R12. A setting that the broker does not know is not wrong. */
function checkCommands(topic: string, settings: Settings): readonly Finding[] {
  return [
    ...mustBe(topic, settings, 'cleanup.policy', ['delete'], 'records would be dropped by key'),
    ...mustBe(topic, settings, 'retention.ms', ['-1'], 'records would be dropped by age'),
    ...mustBe(topic, settings, 'retention.bytes', ['-1'], 'records would be dropped by size'),
    ...mustBe(
      topic,
      settings,
      'message.timestamp.type',
      ['LogAppendTime'],
      'R17 needs the clock of the broker',
    ),
    ...checkBoth(topic, settings),
    ...checkSize(topic, settings, COMMANDS_BYTES, 'error'),
  ];
}

/** What is dropped before the correlator has read it is lost: a day is the least (R16). */
function checkEvents(topic: string, settings: Settings): readonly Finding[] {
  const kept = Number(settings.get('retention.ms') ?? -1);
  const short: Finding = {
    severity: 'error',
    code: 'unsafe-topic',
    topic,
    said: `retention.ms is ${kept}: events would be dropped before they are read, ${EVENT_KEEP_MS} is the least`,
  };
  return [
    ...mustBe(topic, settings, 'cleanup.policy', ['delete'], 'events would be dropped by key'),
    ...(kept >= 0 && kept < EVENT_KEEP_MS ? [short] : []),
    ...mustBe(
      topic,
      settings,
      'message.timestamp.type',
      ['LogAppendTime'],
      'events are kept by the clock of the broker',
    ),
    ...checkBoth(topic, settings),
    ...checkSize(topic, settings, COMMANDS_BYTES, 'error'),
  ];
}

function checkDefinitions(topic: string, settings: Settings): readonly Finding[] {
  return [
    ...mustBe(
      topic,
      settings,
      'cleanup.policy',
      ['compact'],
      'Definitions would be dropped or pile up',
    ),
    ...checkBoth(topic, settings),
    ...checkSize(topic, settings, DEFINITION_BYTES_MAX, 'warning'),
  ];
}

function checkBoth(topic: string, settings: Settings): readonly Finding[] {
  const compression = ['producer', 'uncompressed'];
  const unclean = 'acknowledged records could be lost';
  const caching = 'acknowledged records would be in memory only';
  return [
    ...mustBe(topic, settings, 'compression.type', compression, 'records are compressed already'),
    ...mustBe(topic, settings, 'unclean.leader.election.enable', ['false'], unclean),
    ...mustBe(topic, settings, 'write.caching', ['false'], caching),
  ];
}

function checkReplication(topic: string, settings: Settings, replicas: number): readonly Finding[] {
  const insync = Number(settings.get('min.insync.replicas') ?? Number.NaN);
  const warn = (said: string): readonly Finding[] => [
    { severity: 'warning', code: 'replication', topic, said },
  ];
  if (replicas < 2) return warn('is on one broker only: what that one loses is lost');
  if (!(insync < 2)) return [];
  return warn(`min.insync.replicas is ${insync}: an acknowledged record may be on one broker only`);
}

function mustBe(
  topic: string,
  settings: Settings,
  name: string,
  allowed: readonly string[],
  why: string,
): Finding[] {
  const found = settings.get(name);
  if (found === undefined || found === null || allowed.includes(found)) return [];
  const said = `${name} is ${found}, not ${allowed.join(' or ')}: ${why}`;
  return [{ severity: 'error', code: 'unsafe-topic', topic, said }];
}

function checkSize(
  topic: string,
  settings: Settings,
  needed: number,
  severity: Finding['severity'],
): readonly Finding[] {
  const found = Number(settings.get('max.message.bytes') ?? Number.NaN);
  if (!(found < needed)) return [];
  const said = `max.message.bytes is ${found}, and ${needed} are needed`;
  return [{ severity, code: 'record-limit', topic, said }];
}
