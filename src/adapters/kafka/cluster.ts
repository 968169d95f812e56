/*
 * Who leads what: nodes, leaders of partitions, coordinators of groups, and lines to them.
 *
 * Owns: metadata and every Link. Nothing else opens connections.
 *
 * M1. Metadata is asked for when something went wrong, once for all who want it. What is known goes on
 *     being used meanwhile: trouble with one node or partition is none of the others.
 * M2. Topics are never created by asking for them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from './connection.ts';
import { check, KAFKA, KafkaError } from './kafka-error.ts';
import { METADATA_MS_MAX, METADATA_MS_MIN } from './limits.ts';
import { type Address, Link, type NodeHealth, reasonOf } from './link.ts';
import type { Notices } from './notices.ts';

/** What a line is for. What may wait in the broker has lines of its own. */
export type Lane =
  | 'control'
  | 'admin'
  | 'bulk'
  | `produce${number}`
  | `poll${number}`
  | `group${number}`;

export interface TopicLeaders {
  /** 0, or why the broker says nothing of the topic */
  readonly errorCode: number;
  /** node that leads partition i; undefined = nobody now */
  readonly leaders: (number | undefined)[];
  readonly replicas: readonly number[];
}

export interface Metadata {
  readonly controller: number;
  readonly nodes: number;
  readonly topics: ReadonlyMap<string, TopicLeaders>;
}

interface MetadataAnswer {
  readonly brokers: readonly { nodeId: number; host: string; port: number }[];
  readonly controllerId: number;
  readonly topicMetadata: readonly {
    topicErrorCode: number;
    topic: string;
    partitionMetadata: readonly { partitionId: number; leader: number; replicas: number[] }[];
  }[];
}

export class Cluster {
  readonly #seeds: readonly Address[];
  readonly #options: ConnectionOptions;
  readonly #notices: Notices;
  readonly #topics = new Set<string>();
  readonly #links = new Map<string, Link>();
  readonly #health = new Map<string, NodeHealth>();
  #nodes = new Map<number, Address>();
  #metadata: Metadata | undefined;
  #asked = -Infinity;
  #asking: Promise<Metadata> | undefined;
  #closed = false;
  /** told of each new metadata */
  onMetadata: ((metadata: Metadata) => void) | undefined;

  constructor(brokers: readonly string[], options: ConnectionOptions, notices: Notices) {
    this.#seeds = brokers.map(parseAddress);
    this.#options = options;
    this.#notices = notices;
    if (this.#seeds.length === 0) throw new KafkaError('wrong-option', 'no broker is named');
  }

  /** What is true now. Fails with KafkaError when no node answers. */
  metadata(topics: readonly string[] = []): Promise<Metadata> {
    for (const topic of topics) this.#topics.add(topic);
    // who asks for it by name need not wait: it is done at the start only
    this.#asked = -Infinity;
    return this.#refresh();
  }

  /** A partition is not led by whom the metadata names. */
  moved(topic: string, partition: number): void {
    const known = this.#metadata?.topics.get(topic);
    if (known !== undefined) known.leaders[partition] = undefined;
  }

  /** A node is in trouble: what it leads may have moved, or not. Looked up beside the work. */
  stale(): void {
    if (this.#closed) return;
    this.#refresh().catch(() => {
      // told by the lines themselves, and asked for again by who needs it
    });
  }

  #refresh(): Promise<Metadata> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<Metadata> {
    const wait = METADATA_MS_MIN - (performance.now() - this.#asked);
    if (wait > 0) await sleep(wait);
    this.#asked = performance.now();
    const answer = await this.#askAny<MetadataAnswer>('Metadata', {
      topics: [...this.#topics],
      allowAutoTopicCreation: false,
    });
    this.#nodes = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    this.#metadata = {
      controller: answer.controllerId,
      nodes: answer.brokers.length,
      topics: new Map(answer.topicMetadata.map((topic) => [topic.topic, leadersOf(topic)])),
    };
    this.onMetadata?.(this.#metadata);
    return this.#metadata;
  }

  /** A broker that has never answered and hangs up: on a greeting, or on the first question after it. */
  #unwelcome(error: unknown, { host, port }: Address): unknown {
    const { tls, sasl } = this.#options;
    if (this.#metadata !== undefined || !(error instanceof Error)) return error;
    if (!/closed connection|ECONNRESET/i.test(error.message)) return error;
    const hangsUp = `${host}:${port} closes the connection`;
    if (error instanceof KafkaError) {
      if (error.code !== 'unreachable' || (tls !== undefined && tls !== false)) return error;
      return new KafkaError('tls', `${hangsUp} before it answers: it speaks TLS, it seems`, {
        cause: error,
      });
    }
    if (sasl !== undefined) return error;
    return new KafkaError('credentials', `${hangsUp}: it asks for a login, it seems`, {
      cause: error,
    });
  }

  /** Asks one node after the other until one answers. */
  async #askAny<T>(api: string, args: unknown): Promise<T> {
    let last: unknown;
    for (const address of [...this.#nodes.values(), ...this.#seeds]) {
      if (this.#closed) break;
      try {
        return await this.#line(address, 'control').send<T>(api, args);
      } catch (error) {
        last = this.#unwelcome(reasonOf(error), address);
      }
    }
    if (last instanceof KafkaError) throw last;
    throw new KafkaError('unreachable', `no broker answers (${String(last)})`, { cause: last });
  }

  /** The leader, if it is known: no turn of the event loop is lost. */
  leaderNow(topic: string, partition: number): number | undefined {
    if (performance.now() - this.#asked > METADATA_MS_MAX) this.stale();
    return this.#metadata?.topics.get(topic)?.leaders[partition];
  }

  async leader(topic: string, partition: number): Promise<number> {
    const cached = this.leaderNow(topic, partition);
    if (cached !== undefined) return cached;
    const known = (await this.#refresh()).topics.get(topic);
    const leader = known?.leaders[partition];
    if (leader !== undefined) return leader;
    check(`topic ${topic}`, known?.errorCode ?? KAFKA.UNKNOWN_TOPIC_OR_PARTITION);
    throw new KafkaError('unreachable', `partition ${partition} of ${topic} has no leader now`);
  }

  link(node: number, lane: Lane): Link {
    const address = this.#nodes.get(node);
    if (address !== undefined) return this.#line(address, lane);
    this.stale();
    throw new KafkaError('unreachable', `broker ${node} is not known (any more)`);
  }

  async toLeader<T>(
    topic: string,
    partition: number,
    lane: Lane,
    api: string,
    args: unknown,
  ): Promise<T> {
    const node = this.leaderNow(topic, partition) ?? (await this.leader(topic, partition));
    try {
      return await this.link(node, lane).send<T>(api, args);
    } catch (error) {
      this.stale();
      throw reasonOf(error);
    }
  }

  async toController<T>(api: string, args: unknown, requestMs: number): Promise<T> {
    const { controller } = this.#metadata ?? (await this.#refresh());
    try {
      return await this.link(controller, 'admin').send<T>(api, args, requestMs);
    } catch (error) {
      this.stale();
      throw reasonOf(error);
    }
  }

  async coordinator(group: string, lane: Lane): Promise<Link> {
    const answer = await this.#askAny<{
      errorCode: number;
      errorMessage?: string | null;
      coordinator: { nodeId: number; host: string; port: number };
    }>('GroupCoordinator', { groupId: group, coordinatorType: 0 });
    check(`coordinator of group ${group}`, answer.errorCode, answer.errorMessage);
    const { host, port } = answer.coordinator;
    return this.#line({ host, port }, lane);
  }

  #line(address: Address, lane: Lane): Link {
    const node = `${address.host}:${address.port}`;
    const key = `${node}/${lane}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      let health = this.#health.get(node);
      if (health === undefined) this.#health.set(node, (health = { failed: undefined }));
      link = new Link(address, health, this.#options, this.#notices);
      if (this.#closed) link.close();
      else this.#links.set(key, link);
    }
    return link;
  }

  /** Takes a lane's lines away, for a purpose that is over. */
  dropLane(lane: Lane): void {
    for (const [key, link] of this.#links) {
      if (!key.endsWith(`/${lane}`)) continue;
      link.close();
      this.#links.delete(key);
    }
  }

  close(): void {
    this.#closed = true;
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }
}

function leadersOf(topic: MetadataAnswer['topicMetadata'][number]): TopicLeaders {
  const leaders: (number | undefined)[] = [];
  const replicas: number[] = [];
  for (const { partitionId, leader, replicas: on } of topic.partitionMetadata) {
    leaders[partitionId] = leader < 0 ? undefined : leader;
    replicas[partitionId] = on.length;
  }
  return { errorCode: topic.topicErrorCode, leaders, replicas };
}

/** host:port, or [v6]:port. */
export function parseAddress(text: string): Address {
  const match = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) {
    throw new KafkaError('wrong-option', `a broker is host:port, not "${text}"`);
  }
  return { host: match[1], port };
}
