/*
 * One scenario on Kafka and PostgreSQL, without faults: a runner of its own prefix and schema, clients
 * that start runs and wait for them. What is given back was counted by others: the records by a stock
 * consumer that takes no part, the rows by the database.
 *
 * The runner's clock runs SPEED times as fast, so that a wait of ten minutes takes seconds; services
 * take LATENCY of the time that the scenario gives them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { serviceRandom, stream } from '../../../src/adapters/sim/index.ts';
import { systemClock, systemEntropy } from '../../../src/adapters/system/index.ts';
import type { History, LedgerEntry } from '../../../src/chaos/history.ts';
import { type Scenario, scenarioSubject } from '../../../src/chaos/scenario/index.ts';
import type { Subject } from '../../../src/chaos/subject.ts';
import type {
  Activities,
  Broker,
  Clock,
  JournalRow,
  Store,
  StoredRecord,
} from '../../../src/ports/index.ts';
import { type Client, type ClientStart, openClient } from '../../../src/presets/client.ts';
import { openGround, openTopics, type Target } from '../../../src/presets/cluster.ts';
import { loadSchemas, schemas } from '../../../src/presets/schemas.ts';
import { planCompiler, Runner } from '../../../src/runtime/index.ts';
import { decodeHeader, type RecordKind } from '../../../src/wire/index.ts';

const SPEED = 100;
const LATENCY = 0.05;
const PARTITIONS = 2;
const MARK_MS = 300;

/** Rows that a table has seen inserted, updated and deleted, as PostgreSQL counts them. */
export interface TableWrites {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface ClusterRun {
  readonly history: History;
  readonly tables: ReadonlyMap<string, TableWrites>;
}

export interface Cluster {
  readonly brokers: readonly string[];
  /** of a superuser */
  readonly postgres: string;
}

/** What clients do; `start` makes what the next run is started with, `send` what is sent for it then. */
export type Act = (
  client: Client,
  start: () => ClientStart,
  store: Store,
  send: (run: string, start: ClientStart) => Promise<void>,
) => Promise<void>;

/** Starts `runs` runs of the scenario, or what `act` does with a client instead, until all have ended. */
export async function clusterRun(
  { brokers, postgres }: Cluster,
  scenario: Scenario,
  runs: number,
  act: Act = async (client, start, _store, send) => {
    const one = async (): Promise<void> => {
      const asked = start();
      const { run } = await client.start(asked);
      await Promise.all([send(run, asked), client.result(run)]);
    };
    await Promise.all(Array.from({ length: runs }, one));
  },
): Promise<ClusterRun> {
  const prefix = `budget_${Date.now().toString(36)}_${process.pid}_${counter++}`;
  const complaints: { at: number; process: string; said: string }[] = [];
  const complain = (said: string): void => {
    complaints.push({ at: Date.now(), process: 'runner', said });
  };
  const log = { brokers, clientId: 'budget' };
  const sessions = `${postgres}?application_name=${prefix}`;
  const target: Target = { prefix, partitions: PARTITIONS, store: sessions, log };
  const admin = await openTopics(target, log);
  await admin.createTopics();
  admin.close();
  const subject = scenarioSubject(scenario);
  await loadSchemas();
  const ground = await openGround(target, 'runner');
  const ledger: LedgerEntry[] = [];
  const { broker, definitions, store } = ground;
  if (store === undefined) throw new Error('there is no Store');
  const runner = new Runner(
    {
      ...ground,
      store,
      clock: fastClock(),
      entropy: systemEntropy,
      activities: served(subject, ledger),
    },
    {
      name: 'budget',
      prefix,
      compile: planCompiler(schemas),
      limits: { markEveryMs: MARK_MS * SPEED },
      onComplaint: complain,
    },
  );
  const applied: number[] = [];
  const journal: { readonly partition: number; readonly row: JournalRow }[] = [];
  try {
    for (const definition of subject.definitions) await definitions.put(definition);
    runner.start();
    let index = 0;
    const plain = openClient(ground);
    await act(
      plain,
      () => ({
        definition: subject.start,
        input: subject.input(stream('live', scenario.name, index), index++),
      }),
      store,
      async (run, { input = null }) => {
        const random = stream('live events', scenario.name, run);
        const about = { run, input, index: 0 };
        const planned = (subject.events ?? []).flatMap((source) => source.plan(random, about));
        for (const { at, event } of planned) {
          await sleep(Math.max(0, at) / SPEED);
          await plain.emit({ ...event, id: `${event.id} of ${run}` });
        }
      },
    );
    plain.close();
    await atRest(runner, broker);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      applied.push((await store.load(partition)).applied);
      journal.push(...(await journalOf(partition, broker, store)));
    }
  } finally {
    await runner.stop();
    await ground.close();
  }
  const logs = await readTopic(brokers, `${prefix}.commands`);
  const tables = await writtenRows(postgres, prefix);
  return {
    tables,
    history: {
      logs,
      store: { parked: [], results: [], journal, applied },
      ledger,
      client: [],
      fired: [],
      processes: [],
      complaints,
      healedAt: Date.now(),
      endedAt: Date.now(),
      quiescent: true,
      skewMax: 0,
    },
  };
}

let counter = 0;

function fastClock(): Clock {
  const begun = Date.now();
  return {
    now: () => begun + Math.floor((Date.now() - begun) * SPEED),
    // attempts are measured in true time: services take it
    elapsed: () => systemClock.elapsed(),
    at: (at, fire) => systemClock.at(begun + Math.ceil((at - begun) / SPEED), fire),
  };
}

/** The services of the scenario, whatever kind of call asks for them, as the simulator has them. */
function served({ name, services }: Subject, ledger: LedgerEntry[]): Activities {
  const seen = new Map<string, number>();
  return {
    run: async (activity, { run, strand }) => {
      const { attempt, key, role } = activity;
      const request = activity.arguments;
      const nthForKey = (seen.get(key) ?? 0) + 1;
      seen.set(key, nthForKey);
      const model = services.get(activity.name);
      if (model === undefined) throw new Error(`${name} has no service ${activity.name}`);
      const random = serviceRandom(name, { run, name: activity.name, request, attempt });
      const about = { name: activity.name, request, key, role, attempt, run };
      const at = Date.now();
      const { latency, outcome, applied } = model.call({ ...about, random, nthForKey });
      await sleep(latency * LATENCY);
      const failed = 'error' in outcome;
      ledger.push({
        ...about,
        at,
        strand,
        runner: 'budget',
        applied,
        ...(applied ? { appliedAt: Date.now() } : {}),
        heard: failed ? 'error' : 'result',
        ...(failed ? {} : { answer: outcome.result }),
      });
      return outcome;
    },
  };
}

/** What the Store keeps of all runs of a partition. */
async function journalOf(
  partition: number,
  broker: Broker,
  store: Store,
): Promise<readonly { readonly partition: number; readonly row: JournalRow }[]> {
  const { begin, end } = await broker.range(partition);
  const records = await broker.fetch(partition, begin, end);
  const runs = new Set(records.map(({ bytes }) => decodeHeader(bytes).run));
  const kept = await Promise.all([...runs].map((run) => store.journal(partition, run)));
  return kept.flat().map((row) => ({ partition, row }));
}

/** Records that change rows of the Store. */
const CHANGES: ReadonlySet<RecordKind> = new Set([
  ...(['PARK', 'RESUME', 'SCHEDULE', 'FIRE'] as const),
]);

/** Where each partition ends, and the offset of its last record that changes rows; -1 = none. */
async function standOf(broker: Broker): Promise<readonly { end: number; change: number }[]> {
  return Promise.all(
    Array.from({ length: PARTITIONS }, async (_, partition) => {
      const { begin, end } = await broker.range(partition);
      const records = await broker.fetch(partition, begin, end);
      const last = records.findLast(({ bytes }) => {
        const { journal, kind } = decodeHeader(bytes);
        return journal === true || CHANGES.has(kind);
      });
      return { end, change: last?.offset ?? -1 };
    }),
  );
}

/** Until nothing is open, not even a run that nobody waits for, and Store and index have it all. */
async function atRest(runner: Runner, broker: Broker): Promise<void> {
  const until = Date.now() + 20_000;
  for (let stand = await standOf(broker); ; await sleep(20)) {
    const status = runner.status();
    const rest = status.every(({ partition, applied = 0, indexed = 0, open }) => {
      const { end, change } = stand[partition]!;
      return open === 0 && applied > change && indexed >= end;
    });
    // what was open may have begun something in a partition that had been read before
    const now = await standOf(broker);
    if (rest && now.every(({ end }, partition) => end === stand[partition]!.end)) return;
    if (Date.now() > until) throw new Error(`not at rest: ${JSON.stringify(status)}`);
    stand = now;
  }
}

/** Every record of the topic, by a stock consumer in a group of its own. */
async function readTopic(
  brokers: readonly string[],
  topic: string,
): Promise<readonly (readonly StoredRecord[])[]> {
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId: 'counter',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const logs: StoredRecord[][] = Array.from({ length: PARTITIONS }, () => []);
  const missing = new Set(
    offsets.filter(({ high }) => Number(high) > 0).map(({ partition }) => partition),
  );
  const highs = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  const consumer = kafka.consumer({ groupId: `${topic}.counted`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((done, failed) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message: { offset, timestamp, value } }) => {
          const log = logs[partition]!;
          if (Number(offset) !== log.length) failed(new Error(`${topic} has a gap at ${offset}`));
          log.push({ offset: Number(offset), time: Number(timestamp), bytes: value! });
          if (log.length >= highs.get(partition)!) missing.delete(partition);
          if (missing.size === 0) done();
        },
      })
      .catch(failed);
  });
  await consumer.disconnect();
  return logs;
}

/** As the database has counted them, once the sessions that wrote are gone and have told. */
async function writtenRows(url: string, schema: string): Promise<ReadonlyMap<string, TableWrites>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const left = async (): Promise<boolean> => {
      const { rows } = await client.query(
        'SELECT FROM pg_stat_activity WHERE application_name = $1',
        [schema],
      );
      return rows.length > 0;
    };
    while (await left()) await sleep(20);
    const { rows } = await client.query<{ relname: string } & Record<'i' | 'u' | 'd', string>>(
      `SELECT relname, n_tup_ins AS i, n_tup_upd AS u, n_tup_del AS d
         FROM pg_stat_user_tables WHERE schemaname = $1`,
      [schema],
    );
    return new Map(
      rows.map(({ relname, i, u, d }) => [
        relname,
        { inserted: Number(i), updated: Number(u), deleted: Number(d) },
      ]),
    );
  } finally {
    await client.end();
  }
}
