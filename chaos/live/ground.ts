/*
 * What a campaign stands on: a broker and a PostgreSQL of its own, to be broken, and a line of its own to
 * each of them for every runner.
 */
import { openTopics } from '../../src/presets/cluster.ts';
import { type TestBroker, testBroker } from '../../test/live/broker/index.ts';
import { type PostgresServer, postgresServer } from '../../test/live/postgres/server.ts';
import { LineProxy } from './line-proxy.ts';

/** First part of the names of the topics, and the name of the schema. */
export const PREFIX = 'livechaos';
export const TOPIC = `${PREFIX}.commands`;

export interface Lines {
  readonly log: LineProxy;
  readonly store: LineProxy;
}

export interface Ground {
  readonly broker: Required<Pick<TestBroker, 'node'>>['node'];
  readonly database: NonNullable<PostgresServer['own']>;
  /** straight to the broker and the database, for those who only look */
  readonly brokerAddress: string;
  readonly storeUrl: string;
  /** one pair per runner */
  readonly lines: readonly Lines[];
  /** the client's */
  readonly clientLine: LineProxy;
  close(): Promise<void>;
}

/** The ground with its topics, or why there is none. */
export async function openGround(
  runners: number,
  partitions: number,
): Promise<Ground | { readonly missing: string }> {
  const lines = await Promise.all(
    Array.from({ length: runners }, async () => ({
      log: await LineProxy.open(),
      store: await LineProxy.open(),
    })),
  );
  const clientLine = await LineProxy.open();
  const proxies = [...lines.map(({ log }) => log), clientLine];
  const closeLines = (): Promise<unknown> =>
    Promise.all([...proxies, ...lines.map(({ store }) => store)].map((line) => line.close()));
  const ports = proxies.map(({ port }) => port);
  const [broker, store] = await Promise.all([
    testBroker({ own: true, proxies: ports }),
    postgresServer({ own: true }),
  ]);
  const close = async (): Promise<void> => {
    await closeLines();
    if (!('missing' in broker)) await broker.close();
    if (!('missing' in store)) await store.stop();
  };
  if ('missing' in broker || 'missing' in store) {
    await close();
    return {
      missing: 'missing' in broker ? broker.missing : (store as { missing: string }).missing,
    };
  }
  const { node } = broker;
  const { own } = store;
  if (node === undefined || own === undefined) {
    await close();
    return { missing: 'broker and database are not ones that may be broken' };
  }
  for (const [index, line] of proxies.entries()) line.target = node.behind[index]!;
  for (const line of lines) line.store.target = store.port;
  const admin = await openTopics(
    { prefix: PREFIX, partitions },
    { brokers: [node.plain], clientId: 'live-chaos', replication: 1 },
  );
  await admin.createTopics();
  admin.close();
  return {
    broker: node,
    database: own,
    brokerAddress: node.plain,
    storeUrl: store.url(),
    lines,
    clientLine,
    close,
  };
}

/** The database's url through a line. */
export function through(line: LineProxy, url: string): string {
  const there = new URL(url);
  there.hostname = '127.0.0.1';
  there.port = String(line.port);
  return there.href;
}
