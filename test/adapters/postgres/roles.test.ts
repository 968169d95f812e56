/* The roles that README.md documents, made by the SQL that stands there, are enough and no more. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openPostgres } from '../../../src/adapters/postgres/index.ts';
import { HASH, NOON, park, resume, runId } from '../../contracts/parked-rows.ts';
import { ServerForTests } from '../../live/postgres/store-world.ts';

const server = new ServerForTests({ own: true, settings: { fsync: 'off' } });

/** The block of README.md that is marked so. */
function documented(mark: string): string {
  const path = new URL('../../../src/adapters/postgres/README.md', import.meta.url);
  const text = readFileSync(path, 'utf8');
  const block = text.split(`\`\`\`sql ${mark}\n`)[1]?.split('```')[0];
  if (block === undefined) throw new Error(`README.md has no block "sql ${mark}"`);
  return block;
}

test('the owner migrates, the runtime role runs, and can do nothing else', async (context) => {
  const here = server.here(context);
  await server.sql(documented('setup'));
  const runtime = here.url({ user: 'waybill_runtime', password: 'choose another' });
  const before = openPostgres({ url: runtime });
  await expect(before).rejects.toMatchObject({ code: 'old-schema' });
  const owner = here.url({ user: 'waybill_owner', password: 'choose one' });
  await (await openPostgres({ url: owner })).close();
  await server.sql(documented('after'));

  const { store, definitions, close } = await openPostgres({ url: runtime });
  const row = {
    run: runId(1),
    definition: HASH,
    ended: 'completed',
    value: 1,
    endedAt: 1,
  } as const;
  const first = [park(1, { due: NOON }), park(2), { kind: 'result', row } as const];
  expect(await store.fold(0, 0, 10, first)).toBe('applied');
  expect(await store.fold(0, 10, 20, [resume(1)])).toBe('applied');
  expect(await store.fold(0, 10, 20, [resume(1)])).toEqual({ stale: 20 });
  expect((await store.due(0, NOON, 5, new Set())).rows).toEqual([]);
  expect(await store.parked(0, runId(1))).toHaveLength(1);
  expect(await store.once('key', runId(1))).toBe(runId(1));
  expect(await store.once('key', runId(2), runId(1))).toBe(runId(2));
  expect(await store.claimed()).toHaveLength(1);
  await store.forget('key');
  const definition = { hash: HASH, namespace: 'n', name: 'o', version: '1', document: '{}' };
  await definitions.put({ ...definition, resources: {} });
  await definitions.put({ ...definition, hash: 'b', document: '[]', resources: {} });
  await definitions.put({ ...definition, resources: {} });
  expect((await definitions.find({ namespace: 'n', name: 'o' }))?.hash).toBe('b');
  await close();

  for (const forbidden of [
    'DROP TABLE waybill.parked',
    'ALTER TABLE waybill.parked ADD COLUMN x int',
    'TRUNCATE waybill.parked',
    'CREATE TABLE waybill.mine ()',
    'CREATE SCHEMA mine',
    'UPDATE waybill.migration SET number = 7',
    'CREATE ROLE another',
    "COPY waybill.parked TO PROGRAM 'cat'",
    'SELECT pg_read_file($$postgresql.conf$$)',
  ]) {
    await expect(server.sql(forbidden, [], runtime), forbidden).rejects.toMatchObject({
      code: '42501',
    });
  }
}, 30_000);
