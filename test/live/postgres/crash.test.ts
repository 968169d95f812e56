/* The server is killed, replaced by a promoted one, and by one that lost commits. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { PostgresPorts } from '../../../src/adapters/postgres/index.ts';
import type { StoreChange } from '../../../src/ports/index.ts';
import { NOON, park, resume } from '../../contracts/parked-rows.ts';
import type { OwnServer } from './server.ts';
import { type PostgresWorld, ServerForTests } from './store-world.ts';

const server = new ServerForTests({ own: true, settings: { restore_command: 'false' } });

function own(): OwnServer {
  return server.here().own as OwnServer;
}

/** As the runtime does: the same fold again until there is an answer. */
async function fold(
  { store }: Pick<PostgresPorts, 'store'>,
  partition: number,
  from: number,
  to: number,
  changes: readonly StoreChange[],
  seen: { unknown: number; committed: number },
): Promise<void> {
  for (;;) {
    try {
      const answer = await store.fold(partition, from, to, changes);
      if (answer === 'applied') return;
      // only our own fold can have brought it there
      expect(answer).toEqual({ stale: to });
      seen.committed += 1;
      return;
    } catch {
      seen.unknown += 1;
      await sleep(50);
    }
  }
}

function kinds(world: PostgresWorld): string[] {
  return world.notices.map(({ kind }) => kind).filter((kind) => kind !== 'migrated');
}

describe('PostgreSQL is killed (-9) and restarted during folds', () => {
  test('nothing is lost and nothing doubled', { timeout: 120_000 }, async (context) => {
    server.here(context);
    const world = await server.world();
    const seen = { unknown: 0, committed: 0 };
    let over = false;
    const model = [0, 1, 2].map(() => ({ applied: 0, rows: new Set<number>(), folds: 0 }));
    const runner = async (partition: number): Promise<void> => {
      const table = model[partition] as (typeof model)[number];
      while (!over) {
        const from = table.applied;
        const to = from + 10;
        const parks = Array.from({ length: 10 }, (_, i) => from + i);
        const resumed = [...table.rows].slice(0, table.folds % 2 === 0 ? 5 : 12);
        const changes = [
          ...parks.map((identity) => park(identity, { due: NOON + identity })),
          resume(...resumed),
        ];
        await fold(world, partition, from, to, changes, seen);
        for (const identity of parks) table.rows.add(identity);
        for (const identity of resumed) table.rows.delete(identity);
        table.applied = to;
        table.folds += 1;
      }
    };
    const runners = [0, 1, 2].map(runner);
    for (let kill = 0; kill < 3; kill++) {
      await sleep(350 + 90 * kill);
      await own().kill();
      await sleep(kill * 100);
      await own().start();
      const backs = (): number => kinds(world).filter((kind) => kind === 'back').length;
      await expect.poll(backs, { timeout: 10_000 }).toBe(kill + 1);
    }
    await sleep(500);
    over = true;
    await Promise.all(runners);
    for (const [partition, { applied, rows }] of model.entries()) {
      expect(await world.store.load(partition)).toEqual({ applied, parked: rows.size });
      const stored = await server.sql<{ identity: string }>(
        `SELECT identity FROM "${world.schema}".parked WHERE partition = ${partition} ORDER BY 1`,
      );
      expect(stored.map(({ identity }) => Number(identity))).toEqual(
        [...rows].sort((a, b) => a - b),
      );
    }
    const folds = model.reduce((sum, table) => sum + table.folds, 0);
    expect(folds).toBeGreaterThan(50);
    expect(seen.unknown).toBeGreaterThan(0);
    // each outage was said once, and its end once
    expect(kinds(world)).toEqual(['away', 'back', 'away', 'back', 'away', 'back']);
    await world.close();
  });

  test('an outage is said once, its end once, whoever asks', async (context) => {
    server.here(context);
    const world = await server.world();
    await own().kill();
    let ended = 0;
    const asking = Array.from({ length: 40 }, async (_, i) => {
      while (ended === 0) await Promise.resolve(world.store.load(i % 3)).catch(() => sleep(20));
    });
    await sleep(1_500);
    const away = await world.health();
    expect(away.up).toBe(false);
    expect(away.reason).toMatch(/cannot be reached|was lost/);
    await own().start();
    await expect.poll(() => kinds(world), { timeout: 10_000 }).toEqual(['away', 'back']);
    ended = 1;
    await Promise.all(asking);
    expect(kinds(world)).toEqual(['away', 'back']);
    expect((await world.health()).up).toBe(true);
    await world.close();
  }, 30_000);
});

describe('another server answers than before', () => {
  test('a promoted one is noticed, now and by the next process', async (context) => {
    const { own: mine } = server.here(context);
    const world = await server.world();
    await world.store.fold(0, 0, 10, [park(1)]);
    await mine?.kill();
    writeFileSync(join(own().data, 'recovery.signal'), '');
    await mine?.start();
    // nobody asked while it was away, so there was no outage to speak of
    const loaded = await world.store.load(0);
    expect(loaded).toEqual({ applied: 10, parked: 1 });
    expect(kinds(world)).toEqual(['failover']);
    const said = world.notices.find(({ kind }) => kind === 'failover')?.message;
    expect(said).toMatch(/timeline 1, now 2.*each partition compares/);
    world.notices.length = 0;
    await world.open();
    expect(kinds(world)).toEqual(['failover']);
    world.notices.length = 0;
    await world.open();
    expect(kinds(world)).toEqual([]);
    await world.close();
  }, 60_000);

  test('one that lost commits shows it by `applied`', async (context) => {
    const { own: mine } = server.here(context);
    const world = await server.world();
    await world.store.fold(0, 0, 10, [park(1)]);
    const { data } = own();
    await mine?.kill();
    execFileSync('cp', ['-a', data, `${data}-backup`]);
    await mine?.start();
    expect(await world.store.fold(0, 10, 20, [resume(1), park(12)])).toBe('applied');
    await mine?.kill();
    rmSync(data, { recursive: true });
    execFileSync('cp', ['-a', `${data}-backup`, data]);
    await mine?.start();
    expect(await world.store.fold(0, 20, 30, [park(25)])).toEqual({ stale: 10 });
    expect(await world.store.load(0)).toEqual({ applied: 10, parked: 1 });
    expect(kinds(world).filter((kind) => kind === 'lost-commits')).toHaveLength(1);
    // folded again from there, as R14 says
    expect(await world.store.fold(0, 10, 20, [resume(1), park(12)])).toBe('applied');
    expect(await world.store.fold(0, 20, 30, [park(25)])).toBe('applied');
    await world.close();
  }, 60_000);
});
