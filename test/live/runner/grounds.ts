/*
 * What live tests run on: one SQLite file, and Kafka with PostgreSQL. Both are their own, so that all of
 * it can be stopped and started again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKafkaAdmin } from '../../../src/adapters/kafka/index.ts';
import type { Target } from '../../../src/presets/cluster.ts';
import { testBroker } from '../broker/index.ts';
import { postgresServer } from '../postgres/server.ts';

export interface LiveGround {
  readonly target: Target;
  /** a directory of its own */
  readonly directory: string;
  /** Everything that is not a runner goes down and comes back. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function fileGround(partitions: number): Promise<LiveGround> {
  const directory = mkdtempSync(join(tmpdir(), 'waybill-live-'));
  return {
    target: { prefix: 'live', store: join(directory, 'state.db'), partitions },
    directory,
    restart: async () => {},
    close: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Or why there is none. */
export async function clusterGround(
  partitions: number,
): Promise<LiveGround | { readonly missing: string }> {
  const [found, server] = await Promise.all([
    testBroker({ own: true }),
    postgresServer({ own: true }),
  ]);
  const close = async (): Promise<void> => {
    if ('close' in found) await found.close();
    if ('stop' in server) await server.stop();
  };
  if ('missing' in found || 'missing' in server) {
    await close();
    return 'missing' in found ? found : (server as { missing: string });
  }
  const { brokers, node } = found;
  const prefix = 'live';
  const admin = await openKafkaAdmin({ brokers, prefix, partitions, clientId: 'live' });
  await admin.createTopics();
  admin.close();
  const file = await fileGround(partitions);
  const log = { brokers, clientId: 'live', sessionMs: 6_000 };
  return {
    ...file,
    target: { prefix, partitions, log, store: server.url() },
    restart: async () => {
      await Promise.all([node?.stop(), server.own?.kill()]);
      await Promise.all([node?.start(), server.own?.start()]);
    },
    close: async () => {
      await close();
      await file.close();
    },
  };
}
