/*
 * The write budget (PROTOCOL.md) on a real broker and a real database, exactly: every scenario of
 * scenarios/budget, valid owner records counted on the topic, rows by PostgreSQL itself. The applied
 * offset, the index and the schema's own tables are counted apart, as the protocol says.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkAll, readLogs, viewOf } from '../../../src/chaos/oracles/index.ts';
import { countWrites, writeBudget } from '../../../src/chaos/oracles/p11-write-budget.ts';
import { everythingEnds } from '../../../src/chaos/oracles/p9-everything-ends.ts';
import { loadScenarioFile, type Scenario } from '../../../src/chaos/scenario/index.ts';
import { countOf, pathOf } from '../../../src/chaos/scenario/outcomes.ts';
import { testBroker } from '../broker/index.ts';
import { postgresServer } from '../postgres/server.ts';
import { type ClusterRun, clusterRun, type TableWrites } from './cluster-run.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const RUNS = 6;
/** One row per batch or tenure, and what is written once for all. */
const APART = ['fold', 'indexed', 'run', 'migration', 'setting', 'correlated', 'matching'];

const broker = await testBroker();
const postgres =
  'missing' in broker
    ? { missing: broker.missing }
    : await postgresServer({ settings: { fsync: 'off' } });

/** Rows that count, of all tables together. */
function rowsOf(tables: ClusterRun['tables']): number {
  let rows = 0;
  for (const [table, { inserted, updated, deleted }] of tables) {
    if (!APART.includes(table)) rows += inserted + updated + deleted;
  }
  // An event counts with who hears it; one that nobody waits for is kept all the same.
  const inserted = (table: string): number => tables.get(table)?.inserted ?? 0;
  return rows - Math.max(0, inserted('event') - inserted('heard'));
}

function loaded(file: string): Scenario {
  const { problems, scenario } = loadScenarioFile(join(ROOT, file));
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  return scenario;
}

if ('missing' in broker || 'missing' in postgres) {
  const missing =
    'missing' in broker ? broker.missing : 'missing' in postgres ? postgres.missing : '';
  test('the write budget on a cluster', (context) => context.skip(missing));
} else {
  const cluster = { brokers: broker.brokers, postgres: postgres.url() };
  afterAll(async () => {
    await Promise.all([broker.close(), postgres.stop()]);
  });

  const files = readdirSync(join(ROOT, 'scenarios/budget'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `scenarios/budget/${name}`);

  // most of the time they wait
  describe.concurrent(`the write budget on Kafka (${broker.kind}) and PostgreSQL`, () => {
    test.each(files)('%s', { timeout: 120_000 }, async (file) => {
      const scenario = loaded(file);
      const { history, tables } = await clusterRun(cluster, scenario, RUNS);
      expect(history.complaints).toEqual([]);
      const { violations } = checkAll(history, scenario, [writeBudget, everythingEnds]);
      expect(violations.map(({ said }) => said)).toEqual([]);
      const finals = viewOf(history, scenario).finalRuns();
      const children = finals.filter(({ by }) => by !== null);
      expect(finals).toHaveLength(RUNS + children.length);
      expect(children).toHaveLength(file.endsWith('/detached-child.yaml') ? RUNS : 0);
      let rows = 0;
      for (const final of finals) {
        const path = pathOf(final, scenario);
        expect(path?.writes, `${final.id} took the path ${path?.path}`).toBeDefined();
        rows += countOf(path!.writes!.rows, final);
      }
      expect(rowsOf(tables), JSON.stringify([...tables])).toBe(rows);
      // the index: one row for each run, written at most once per batch
      const { inserted, updated } = tables.get('run')!;
      const batches = tables.get('indexed')!;
      expect(inserted).toBe(finals.length);
      expect(updated).toBeLessThanOrEqual(finals.length * (batches.inserted + batches.updated - 1));
    });

    test('`once` and `keep`: no record, two rows each', { timeout: 60_000 }, async () => {
      const scenario = loaded('scenarios/budget/pure-tasks.yaml');
      const { history, tables } = await clusterRun(
        cluster,
        scenario,
        RUNS,
        async (client, start, store) => {
          for (let n = 0; n < RUNS; n++) {
            const once = `key ${n}`;
            const { run } = await client.start({ ...start(), once });
            expect(await client.start({ ...start(), once })).toEqual({ run, again: true });
            await client.result(run);
            while ((await store.result(run)) === undefined)
              await new Promise((next) => setTimeout(next, 10));
            await store.forget(once);
          }
        },
      );
      const two: TableWrites = { inserted: RUNS, updated: 0, deleted: RUNS };
      expect(Object.fromEntries(tables)).toMatchObject({ once: two, result: two });
      expect(rowsOf(tables)).toBe(4 * RUNS);
      const { runs } = readLogs(history.logs);
      for (const run of runs.values()) {
        expect(Object.fromEntries(countWrites(run).records)).toEqual({ END: 1 });
      }
      expect(runs.size).toBe(RUNS);
    });
  });
}
