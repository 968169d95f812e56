/* Many rows: what is due is found through the index, whatever else waits (T2), and a start counts nothing (T3). */
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NOON, park, resume, runId } from '../../contracts/parked-rows.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';

const ROWS = 20_000;
let world: SqliteWorld;
beforeEach(async () => {
  world = await sqliteWorld({ synchronous: 'NORMAL' });
});
afterEach(() => world.close());

it('the questions of the Store are answered by searching an index, never by sorting or scanning', () => {
  const file = new Sqlite(world.path, { readonly: true });
  const plan = (sql: string): string =>
    (file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
      .map(({ detail }) => detail)
      .join('; ');
  expect(
    plan('SELECT key, due FROM parked WHERE partition = 0 AND due IS NOT NULL ORDER BY due, key'),
  ).toBe('SEARCH parked USING COVERING INDEX parked_due (partition=? AND due>?)');
  expect(
    plan("SELECT * FROM parked WHERE run = 'r' AND key >= 0 AND key < 9 ORDER BY key"),
  ).toMatch(/^SEARCH parked USING INDEX parked_run \(run=\? AND rowid>\? AND rowid<\?\)$/);
  expect(
    plan("SELECT * FROM definition WHERE namespace = 'a' AND name = 'b' ORDER BY deployed DESC"),
  ).toBe('SEARCH definition USING INDEX definition_name (namespace=? AND name=?)');
  file.close();
});

it(`${ROWS} rows that are due together drain in pieces, each once`, async () => {
  const { store } = world.embedded;
  for (let from = 0; from < ROWS; from += 2_000) {
    const changes = Array.from({ length: 2_000 }, (_, i) =>
      park(from + i, { due: NOON, run: runId(i % 10) }),
    );
    expect(await store.fold(0, from, from + 2_000, changes)).toBe('applied');
  }
  expect(await store.load(0)).toEqual({ applied: ROWS, parked: ROWS });
  const seen = new Set<number>();
  for (let applied = ROWS; seen.size < ROWS; applied++) {
    const { rows, next } = await store.due(0, NOON, 1_000, new Set());
    expect(rows).toHaveLength(1_000);
    expect(next).toBe(seen.size + 1_000 < ROWS ? NOON : undefined);
    const identities = rows.map(({ identity }) => identity);
    for (const identity of identities) seen.add(identity);
    await store.fold(0, applied, applied + 1, [resume(...identities)]);
  }
  expect((await store.load(0)).parked).toBe(0);
}, 30_000);
