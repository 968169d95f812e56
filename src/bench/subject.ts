/*
 * The engine that is measured, in one of its modes: opened through the presets as a user's program would
 * open it, in this process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../adapters/sqlite/index.ts';
import { isPostgres, openGround, openTopics, runnerOn, type Target } from '../presets/cluster.ts';
import { openClient } from '../presets/client.ts';
import { engineOn } from '../presets/embedded.ts';
import { loadSchemas } from '../presets/schemas.ts';
import type { Broker } from '../ports/index.ts';
import type { CloudEvent } from '../wire/index.ts';
import { type Baseline, bareSqlite, type Rows } from './baselines.ts';
import type { Workload } from './workloads.ts';

export const MODES = [
  ...(['memory', 'embedded', 'embedded-normal', 'embedded-journal'] as const),
  ...(['live', 'live-journal'] as const),
] as const;
export type Mode = (typeof MODES)[number];

/** On brokers and a database. */
export function isLive(mode: string): boolean {
  return mode.startsWith('live');
}

/** With a row of the Store for each transition (metadata.durability). */
export function isJournaled(mode: string): boolean {
  return mode.endsWith('-journal');
}

export interface Subject {
  /** its Log, to be read when all is at rest */
  readonly log: Broker;
  /** appends to it so far, whoever asked for them */
  readonly appends: number;
  /** one run of the workload, from its start to its end */
  run(nth: number): Promise<void>;
  /** Ends the engine and its connections: a server's statistics are whole then. */
  stop(): Promise<void>;
  /** the ground without an engine, with such rows */
  baseline(rows: Rows, forMs: number): Promise<Baseline>;
  close(): Promise<void>;
}

export interface Ground {
  readonly mode: Mode;
  /** where files are made; they are taken away again */
  readonly folder: string;
  /** live: brokers and a Store of its own */
  readonly live?: { readonly brokers: readonly string[]; readonly store: string };
  readonly partitions: number;
}

/** `workloadOf` is given what its functions may ask of the engine. */
export type WorkloadOf = (surroundings: { emit(event: CloudEvent): Promise<void> }) => Workload;

export async function openSubject(ground: Ground, workloadOf: WorkloadOf): Promise<Subject> {
  await loadSchemas();
  return isLive(ground.mode) ? openLive(ground, workloadOf) : openFile(ground, workloadOf);
}

async function openFile(
  { folder, mode, partitions }: Ground,
  workloadOf: WorkloadOf,
): Promise<Subject> {
  const synchronous = mode === 'embedded' || mode === 'embedded-journal' ? 'FULL' : 'NORMAL';
  const inMemory = mode === 'memory';
  const where = inMemory ? undefined : mkdtempSync(join(folder, 'bench-'));
  const file = where === undefined ? ':memory:' : join(where, 'runs.db');
  const embedded = await openEmbedded(file, { synchronous, partitions });
  const count = counted(embedded.broker);
  const workload = workloadOf({ emit: (event) => engine.emit(event) });
  const { definition, functions } = workload;
  const engine = engineOn(embedded, { functions });
  await engine.owned();
  for (const child of workload.children) await engine.deploy(child);
  await engine.deploy(definition);
  const expected = await engine.result(
    await engine.start({ definition, input: workload.input(-1) }),
  );
  return {
    log: embedded.broker,
    get appends() {
      return count.appends;
    },
    async run(nth) {
      const run = await engine.start({ definition, input: workload.input(nth) });
      const { ended } = await engine.result(run);
      if (ended !== expected.ended) throw new Error(`run ${run} ${ended}`);
    },
    baseline: (rows, forMs) => bareSqlite(inMemory ? undefined : folder, synchronous, rows, forMs),
    async stop() {
      // its own counters are whole already
    },
    async close() {
      await engine.close();
      if (where !== undefined) rmSync(where, { recursive: true, force: true });
    },
  };
}

async function openLive({ live, partitions }: Ground, workloadOf: WorkloadOf): Promise<Subject> {
  if (live === undefined) throw new TypeError('live mode needs brokers and a Store');
  const { brokers, store } = live;
  // topics and a schema of its own, so that nothing of others is counted or touched
  const prefix = `bench_${process.pid}_${Math.floor(performance.now())}`;
  const log = { brokers, clientId: 'bench', replication: 1 };
  const target: Target = { prefix, log, store, partitions };
  const admin = await openTopics(target, log);
  await admin.createTopics();
  admin.close();
  const ground = await openGround(target, 'runner');
  const { broker, definitions, events } = ground;
  const count = counted(broker);
  const client = openClient({ broker, definitions, events });
  const workload = workloadOf({ emit: (event) => client.emit(event) });
  const { definition, functions } = workload;
  const waiting = new Map<string, (ended: string) => void>();
  const early = new Map<string, string>();
  const runner = runnerOn(ground, {
    name: 'bench',
    prefix,
    functions,
    onComplaint: (said) => process.stderr.write(`${said}\n`),
    onEnd: (run, { end }) => {
      const ended = end.error === undefined ? 'completed' : 'faulted';
      const tell = waiting.get(run);
      if (tell === undefined) early.set(run, ended);
      waiting.delete(run);
      tell?.(ended);
    },
  });
  runner.start();
  for (const child of workload.children) await client.deploy(child);
  await client.deploy(definition);
  const { namespace, name, version } = definition;
  const ref = { namespace, name, version };
  const once = async (nth: number): Promise<string> => {
    const { run } = await client.start({ definition: ref, input: workload.input(nth) });
    const ended = early.get(run);
    early.delete(run);
    return ended ?? new Promise((tell) => waiting.set(run, tell));
  };
  const expected = await once(-1);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      await runner.stop();
      client.close();
      await ground.close();
    })());
  return {
    log: broker,
    get appends() {
      return count.appends;
    },
    async run(nth) {
      const ended = await once(nth);
      if (ended !== expected) throw new Error(`a run has ${ended}`);
    },
    async baseline(rows, forMs) {
      const { bareKafka } = await import('./bare-kafka.ts');
      return bareKafka(brokers, partitions, rows, forMs);
    },
    stop,
    async close() {
      await stop();
      await takeAway(brokers, store, prefix);
    },
  };
}

/** Counts what is asked of it from now on. */
function counted(broker: Broker): { readonly appends: number } {
  const count = { appends: 0 };
  const append = broker.append.bind(broker);
  broker.append = (partition, batch) => {
    count.appends++;
    return append(partition, batch);
  };
  return count;
}

/** Topics and schema of one's own. */
async function takeAway(brokers: readonly string[], store: string, prefix: string): Promise<void> {
  const { Kafka, logLevel } = await import('kafkajs');
  const kafka = new Kafka({ clientId: 'bench', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = ['commands', 'events', 'definitions'].map((name) => `${prefix}.${name}`);
  await admin.deleteTopics({ topics }).catch(() => {});
  await admin.disconnect();
  if (!isPostgres(store)) return rmSync(store, { force: true });
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: store });
  await client.connect();
  await client.query(`DROP SCHEMA IF EXISTS "${prefix}" CASCADE`);
  await client.end();
}
