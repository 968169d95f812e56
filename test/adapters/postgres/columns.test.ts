/* Texts that PostgreSQL cannot hold, arrays in binary form, and rows that a person has edited. */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { int8Array, textArray } from '../../../src/adapters/postgres/array-parameter.ts';
import { fromText, toText } from '../../../src/adapters/postgres/text-column.ts';
import type { ParkedRow } from '../../../src/ports/index.ts';
import { NOON, park, parkedRow, resume, runId } from '../../contracts/parked-rows.ts';
import { type PostgresWorld, ServerForTests } from '../../live/postgres/store-world.ts';

const server = new ServerForTests({ settings: { fsync: 'off' } });

let opened: PostgresWorld | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function world(): Promise<PostgresWorld> {
  opened = await server.world();
  return opened;
}

/** All code units, halves of pairs and U+0000 among them. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff_ff }), fc.constantFrom(0, 1, 34, 92, 0xd8_00)))
  .map((units) => String.fromCharCode(...units));

describe('any string', () => {
  test('is a text of PostgreSQL, and comes back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const column = toText(text);
        expect(column.isWellFormed() && !column.includes('\0')).toBe(true);
        expect(fromText(column)).toBe(text);
      }),
    );
    expect(fromText(toText(toText('\0')))).toBe(toText('\0'));
    expect(toText('order-7')).toBe('order-7');
  });

  test('goes through the server, as a key and as a reason', async (context) => {
    server.here(context);
    const { store } = await world();
    const odd = ['\0', 'a\uD800b', '"quoted\\', '{a,NULL}', 'größer 💥', '', '\u0001json:'];
    for (const [i, text] of odd.entries()) {
      expect(await store.once(text, `run ${text}`)).toBe(`run ${text}`);
      // no record holds half a pair: such a strand has ended before it could be parked
      if (!text.isWellFormed()) continue;
      const row = parkedRow(i, { why: 'dead', reason: text, run: `run ${text}` });
      const { applied } = await store.load(0);
      expect(await store.fold(0, applied, i + 1, [{ kind: 'park', row }])).toBe('applied');
    }
    const claimed = await store.claimed();
    expect(claimed.map(({ key }) => key).sort()).toEqual([...odd].sort());
    for (const [i, text] of odd.entries()) {
      if (text.isWellFormed()) {
        const [row] = await store.parked(0, `run ${text}`);
        expect([row?.identity, row?.reason, row?.run]).toEqual([i, text, `run ${text}`]);
      }
      await store.forget(text);
    }
    expect(await store.claimed()).toEqual([]);
    const long = store.once('k'.repeat(3_000), runId(1));
    await expect(long).rejects.toThrow('at most 2000 bytes');
  });
});

test('arrays in binary form arrive as they are', async (context) => {
  server.here(context);
  const numbers = [0, -1, null, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  const texts = ['', 'NULL', null, '{"a":"\\"}', 'ü💥', ' '];
  const [row] = await server.sql<{ n: string[]; t: string[]; none: string[]; empty: string[] }>(
    'SELECT $1::bigint[] AS n, $2::text[] AS t, $3::text[] AS empty',
    [int8Array(numbers), textArray(texts), textArray([])],
  );
  expect(row?.n.map((one) => (one === null ? null : Number(one)))).toEqual(numbers);
  expect(row?.t).toEqual(texts);
  expect(row?.empty).toEqual([]);
});

describe('what a person edits', () => {
  test('counts: columns as well as the record', async (context) => {
    server.here(context);
    const { store, schema } = await world();
    await store.fold(0, 0, 10, [park(1, { due: NOON + 5_000 }), park(2)]);
    const [seen] = await server.sql<{ why: string; position: string; due: Date }>(
      `SELECT why, record #>> '{payload,state,position}' AS position, due
         FROM "${schema}".parked_readable WHERE identity = 1`,
    );
    expect(seen?.due.getTime()).toBe(NOON + 5_000);
    await server.sql(
      `UPDATE "${schema}".parked SET due = ${NOON},
              record = replace(record::text, '"order":7', '"order":8')::json WHERE identity = 1`,
    );
    const { rows } = await store.due(0, NOON, 5, new Set());
    expect(rows.map(({ due }) => due)).toEqual([NOON]);
    expect(data(rows[0])).toEqual({ order: 8 });
    expect(await store.fold(0, 10, 20, [resume(1)])).toBe('applied');
  });

  test('and spoils delays that strand only, is said once, and can be mended', async (context) => {
    server.here(context);
    const { store, schema, notices } = await world();
    await store.fold(
      0,
      0,
      10,
      [1, 2, 3].map((i) => park(i, { due: NOON + i, run: runId(i) })),
    );
    const table = `"${schema}".parked`;
    const [saved] = await server.sql<{ record: string }>(
      `SELECT record::text FROM ${table} WHERE identity = 2`,
    );
    await server.sql(`UPDATE ${table} SET record = '{"header":{}}' WHERE identity = 2`);
    const notJson = server.sql(`UPDATE ${table} SET record = '{' WHERE identity = 2`);
    await expect(notJson).rejects.toThrow('json');
    for (let i = 0; i < 3; i++) {
      const { rows } = await store.due(0, NOON + 5, 5, new Set());
      expect(rows.map(({ identity }) => identity)).toEqual([1, 3]);
    }
    await expect(store.parked(0, runId(2))).rejects.toMatchObject({ code: 'unreadable' });
    const said = notices.filter(({ kind }) => kind === 'unreadable');
    expect(said.map(({ message }) => message).join('\n')).toContain('parked strand 0/2');
    expect(said).toHaveLength(1);
    await server.sql(`UPDATE ${table} SET record = $1 WHERE identity = 2`, [saved?.record]);
    expect((await store.due(0, NOON + 5, 5, new Set())).rows).toHaveLength(3);
  });
});

function data(row: ParkedRow | undefined): unknown {
  const body = row?.record.body;
  return body?.kind === 'PARK' ? body.state.data : undefined;
}
