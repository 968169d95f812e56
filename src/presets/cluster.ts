/*
 * What an engine runs on, put together: brokers and a Store, or one embedded file that is both; and on
 * it a runner. The composition root of `waybill serve` and of every command that talks to a server.
 *
 * Adapters are imported when they are asked for: a client of a file loads no Kafka client.
 *
 * J1. Everything is open and checked, or nothing is: what was opened before a failure is closed again.
 * J2. A function that this process does not have is left to a runner that has it: runs of other
 *     workflows, and of other versions, wait and do not fail.
 */
import type { HostFunctions } from '../activities/function.ts';
import { activitiesOf } from '../activities/index.ts';
import { cronNext } from '../adapters/system/calendar.ts';
import { systemClock, systemEntropy } from '../adapters/system/index.ts';
import type { KafkaAdmin, KafkaOptions } from '../adapters/kafka/index.ts';
import type { Broker, Definitions, RunIndex, Secrets, Store } from '../ports/index.ts';
import { type Lifecycle, planCompiler, Runner, type RuntimeLimits } from '../runtime/index.ts';
import { type EndBody, hash32 } from '../wire/index.ts';
import { schemas } from './schemas.ts';
import { systemSecrets } from './secrets.ts';

export interface BrokerTarget {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** how long a runner may be silent before others take over, ms */
  readonly sessionMs?: number;
  /** true, or the certificate of an authority in PEM */
  readonly tls?: boolean | { readonly ca: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  readonly replication?: number;
}

export interface Target {
  readonly prefix: string;
  /** none = the Store's file is the Log as well */
  readonly log?: BrokerTarget;
  /** postgres://... or the path of an embedded file; clients can do without */
  readonly store?: string;
  readonly partitions?: number;
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** connections lost and found: once each, not once per try */
  readonly onNotice?: (said: string) => void;
}

export interface Ground {
  readonly broker: Broker;
  readonly events: Broker;
  readonly definitions: Definitions;
  readonly store?: Store;
  /** beside the Store; whether it is kept is for the runners to decide */
  readonly index?: RunIndex;
  /** which other process runs the file, while that is so */
  heldBy(): number | undefined;
  close(): Promise<void>;
}

/** 'client' reads and writes inbox records only. */
export async function openGround(target: Target, role: 'runner' | 'client'): Promise<Ground> {
  const { log, store } = target;
  if (log === undefined) {
    if (store === undefined) throw new TypeError('neither brokers nor a file');
    return openFileGround(target, store, role);
  }
  return openClusterGround(target, log, store, role);
}

async function openFileGround(
  target: Target,
  file: string,
  mode: 'runner' | 'client',
): Promise<Ground> {
  const { openEmbedded } = await import('../adapters/sqlite/index.ts');
  const { synchronous, partitions } = target;
  const embedded = await openEmbedded(file, {
    mode: mode === 'client' ? 'client' : 'owner',
    ...(synchronous === undefined ? {} : { synchronous }),
    ...(partitions === undefined ? {} : { partitions }),
  });
  const { broker, events, store, definitions, index } = embedded;
  return {
    broker,
    events,
    store,
    definitions,
    index,
    heldBy: () => (embedded.isOwner ? undefined : embedded.lastOwner()?.pid),
    close: async () => embedded.close(),
  };
}

async function openClusterGround(
  target: Target,
  log: BrokerTarget,
  where: string | undefined,
  role: 'runner' | 'client',
): Promise<Ground> {
  const { openKafka } = await import('../adapters/kafka/index.ts');
  const kafka = await openKafka(kafkaOptions(target, log));
  const { broker, events, definitions } = kafka;
  try {
    const store = where === undefined ? undefined : await openStore(target, where, broker, role);
    return {
      broker,
      events,
      definitions,
      ...(store === undefined ? {} : { store: store.store, index: store.index }),
      heldBy: () => undefined,
      close: async () => {
        await kafka.close();
        await store?.close();
      },
    };
  } catch (error) {
    await kafka.close();
    throw error;
  }
}

/** What the adapter asks for, of what was configured. Its group is the prefix: two groups would fight. */
export function kafkaOptions(
  { prefix, partitions, onNotice }: Target,
  { brokers, clientId, sessionMs, tls, sasl, replication }: BrokerTarget,
): KafkaOptions {
  return {
    brokers,
    prefix,
    clientId,
    ...(sessionMs === undefined ? {} : { sessionMs, heartbeatMs: Math.floor(sessionMs / 5) }),
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(replication === undefined ? {} : { replication }),
    ...(onNotice === undefined ? {} : { onNotice }),
  };
}

/** For `waybill topics`: needs brokers, no topics. */
export async function openTopics(target: Target, log: BrokerTarget): Promise<KafkaAdmin> {
  const { openKafkaAdmin } = await import('../adapters/kafka/index.ts');
  return openKafkaAdmin(kafkaOptions(target, log));
}

export function isPostgres(where: string): boolean {
  return /^postgres(ql)?:\/\//i.test(where);
}

/** A prefix may have more characters than a schema; two prefixes never share one. */
function schemaOf(prefix: string): string {
  if (/^[a-z][a-z0-9_]{0,39}$/.test(prefix)) return prefix;
  const plain = prefix.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  return `w_${plain.slice(0, 30)}_${hash32(prefix).toString(16)}`;
}

async function openStore(
  { onNotice, synchronous, prefix }: Target,
  where: string,
  { partitions }: Broker,
  role: 'runner' | 'client',
): Promise<{ store: Store; index: RunIndex; close: () => Promise<void> }> {
  if (isPostgres(where)) {
    const { openPostgres } = await import('../adapters/postgres/index.ts');
    // one schema per prefix: several engines may share a database, as they may share brokers
    const { store, index, close } = await openPostgres({
      url: where,
      schema: schemaOf(prefix),
      onNotice: ({ message }) => onNotice?.(message),
    });
    return { store, index, close };
  }
  const { openEmbedded } = await import('../adapters/sqlite/index.ts');
  const embedded = await openEmbedded(where, {
    partitions,
    mode: role === 'client' ? 'client' : 'owner',
    ...(synchronous === undefined ? {} : { synchronous }),
  });
  const { store, index } = embedded;
  return { store, index, close: async () => embedded.close() };
}

/** What is put together does not belong together. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

/**
 * A Store that has applied more than the Log holds is that of another Log: what is parked from now on
 * would never reach it, and its timers would be lost.
 */
export async function checkMatch({ broker, store }: Ground): Promise<void> {
  if (store === undefined) return;
  const partitions = Array.from({ length: broker.partitions }, (_, partition) => partition);
  await Promise.all(
    partitions.map(async (partition) => {
      // in this order: the Log only grows
      const { applied } = await store.load(partition);
      const { end } = await broker.range(partition);
      if (applied <= end) return;
      throw new Mismatch(
        `the Store has applied partition ${partition} up to ${applied}, but the Log ends at ${end}: it is the Store of another Log (another prefix, or topics that were deleted); name the one that belongs to it, or a new one`,
      );
    }),
  );
}

export interface RunnerSetup {
  readonly name: string;
  readonly prefix: string;
  readonly functions: HostFunctions;
  /** default: those of the environment */
  readonly secrets?: Secrets;
  readonly limits?: Partial<RuntimeLimits>;
  /** an index of runs, and how long it keeps those that have ended, ms; none = no index */
  readonly index?: { readonly historyMs: number };
  /** which lifecycle events are published (none) */
  readonly lifecycle?: Lifecycle;
  readonly onComplaint: (said: string) => void;
  /** a root run has ended here, once that is known valid */
  readonly onEnd?: (run: string, body: EndBody) => void;
}

/** A runner on that ground; it needs a Store. The caller starts and stops it. */
export function runnerOn(ground: Ground, setup: RunnerSetup): Runner {
  const { broker, events, definitions, store } = ground;
  if (store === undefined) throw new TypeError('a runner needs a Store');
  const { name, prefix, limits, functions, index, lifecycle, onComplaint, onEnd } = setup;
  const secrets = setup.secrets ?? systemSecrets();
  // J2
  const onAbsent = (run: string, what: string): void =>
    onComplaint(`run ${run} waits for ${what}, which is not here`);
  return new Runner(
    {
      broker,
      events,
      definitions,
      store,
      ...(index === undefined || ground.index === undefined ? {} : { index: ground.index }),
      clock: systemClock,
      entropy: systemEntropy,
      activities: activitiesOf({ functions, secrets, onAbsent }),
    },
    {
      name,
      prefix,
      compile: planCompiler(schemas),
      cron: cronNext,
      onComplaint,
      ...index,
      ...(limits === undefined ? {} : { limits }),
      ...(lifecycle === undefined ? {} : { lifecycle }),
      ...(onEnd === undefined ? {} : { onEnd }),
    },
  );
}
