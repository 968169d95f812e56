/*
 * The postgres adapter against a bare loop over pg: folds/s and rows/s with the same rows and the same
 * number of rows per transaction, in one process, in turns; medians and their ratio.
 *
 *   npx -y node@24 bench/micro/postgres.bench.ts [--rounds 3] [--rows 20000] [--fsync on|off] [--only folds,due,once]
 *
 * The bare loop sends one multi-row INSERT per transaction, of texts made beforehand, into a table with
 * the same key and one index on the due time; it compares nothing, counts nothing and knows no records.
 * `encoding` is what the adapter spends on recordToJson alone. Not measured: the network (the server is
 * on this machine and shares its processors), the runtime.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { type PostgresPorts, openPostgres } from '../../src/adapters/postgres/index.ts';
import type { StoreChange } from '../../src/ports/index.ts';
import { recordToJson } from '../../src/wire/index.ts';
import { NOON, park, parkedRow, resume } from '../../test/contracts/parked-rows.ts';
import { postgresServer } from '../../test/live/postgres/server.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '20000' },
    fsync: { type: 'string', default: 'on' },
    only: { type: 'string', default: 'folds,due,once' },
  },
});
const ROUNDS = Number(values.rounds);
const ROWS = Number(values.rows);

interface Cell {
  /** of one fold = one transaction */
  readonly rows: number;
  /** partitions that fold at the same time */
  readonly partitions: number;
}

const found = await postgresServer({ settings: { fsync: values.fsync } });
if ('missing' in found) throw new Error(found.missing);
const server = found;

/** Rows per second of bare multi-row inserts. */
async function bare(client: pg.Pool, { rows, partitions }: Cell, total: number): Promise<number> {
  await client.query('DROP TABLE IF EXISTS bare');
  await client.query(
    'CREATE TABLE bare (partition int, identity bigint, due bigint, record json, PRIMARY KEY (partition, identity))',
  );
  await client.query('CREATE INDEX ON bare (partition, due)');
  const record = recordToJson(parkedRow(1).record);
  const tuples = Array.from({ length: rows }, (_, i) => {
    return `($${i * 4 + 1}, $${i * 4 + 2}, $${i * 4 + 3}, $${i * 4 + 4})`;
  });
  const insert = { name: `bare_${rows}`, text: `INSERT INTO bare VALUES ${tuples.join(', ')}` };
  const chain = async (partition: number): Promise<void> => {
    for (let from = 0; from < total / partitions; from += rows) {
      const columns = tuples.flatMap((_, i) => [partition, from + i, NOON + from + i, record]);
      await client.query({ ...insert, values: columns });
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: partitions }, (_, partition) => chain(partition)));
  return (total * 1_000) / (performance.now() - begun);
}

/** The same of the adapter. */
async function adapter(
  { store }: PostgresPorts,
  { rows, partitions }: Cell,
  total: number,
  round: number,
): Promise<number> {
  const chain = async (partition: number): Promise<void> => {
    for (let from = 0; from < total / partitions; from += rows) {
      const changes = Array.from({ length: rows }, (_, i) =>
        park(from + i, { due: NOON + from + i }),
      );
      const answer = await store.fold(partition, from, from + rows, changes);
      if (answer !== 'applied') throw new Error(`stale at ${answer.stale}`);
    }
  };
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: partitions }, (_, partition) => chain(partition + round * partitions)),
  );
  return (total * 1_000) / (performance.now() - begun);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}

function say(...columns: (string | number)[]): void {
  const [first, ...rest] = columns.map(String);
  process.stdout.write(
    `${(first ?? '').padEnd(40)}${rest.map((one) => one.padStart(13)).join('')}\n`,
  );
}

async function fresh(): Promise<PostgresPorts> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS bench CASCADE');
  await client.end();
  return openPostgres({ url: server.url(), schema: 'bench' });
}

async function folds(): Promise<void> {
  say(`folds, fsync ${values.fsync}`, 'bare rows/s', 'rows/s', 'folds/s', 'ratio');
  const client = new pg.Pool({ connectionString: server.url(), max: 8 });
  const cells: Cell[] = [
    { rows: 1, partitions: 1 },
    { rows: 1, partitions: 8 },
    { rows: 10, partitions: 8 },
    { rows: 100, partitions: 1 },
    { rows: 1_000, partitions: 1 },
    { rows: 1_000, partitions: 4 },
  ];
  for (const cell of cells) {
    const total = cell.rows === 1 ? Math.min(ROWS, 4_000) : ROWS;
    const ports = await fresh();
    const raw: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const rates = [await bare(client, cell, total), await adapter(ports, cell, total, round)];
      // the first one warms up
      if (round === 0) continue;
      raw.push(rates[0] as number);
      ours.push(rates[1] as number);
    }
    await ports.close();
    const rate = median(ours);
    const title = `${cell.rows} rows a fold, ${cell.partitions} partition(s)`;
    const ratio = `${Math.round((rate / median(raw)) * 100)} %`;
    say(title, Math.round(median(raw)), Math.round(rate), Math.round(rate / cell.rows), ratio);
  }
  await client.end();
  const { record } = parkedRow(1, { due: NOON });
  const begun = performance.now();
  for (let i = 0; i < 20_000; i++) recordToJson(record);
  say('encoding alone, rows/s', '', Math.round(20_000_000 / (performance.now() - begun)));
}

/** 100,000 rows due, taken in pages of 500 and resumed. */
async function due(): Promise<void> {
  const { store, close } = await fresh();
  const waiting = 100_000;
  const begun = performance.now();
  for (let from = 0; from < waiting; from += 5_000) {
    const changes: StoreChange[] = Array.from({ length: 5_000 }, (_, i) =>
      park(from + i, { due: NOON + i, run: `run-${from + i}` }),
    );
    await store.fold(0, from, from + 5_000, changes);
  }
  say(`${waiting} rows parked, rows/s`, '', Math.round((waiting * 1_000) / since(begun)));
  const nothing = performance.now();
  await store.due(0, NOON - 1, 500, new Set());
  say('  nothing due among them, ms', '', since(nothing).toFixed(1));
  const drained = performance.now();
  const times: number[] = [];
  for (let applied = waiting; ; applied += 500) {
    const asked = performance.now();
    const { rows } = await store.due(0, NOON + waiting, 500, new Set());
    if (rows.length === 0) break;
    times.push(since(asked));
    await store.fold(0, applied, applied + 500, [resume(...rows.map(({ identity }) => identity))]);
  }
  say('  drained, rows/s', '', Math.round((waiting * 1_000) / since(drained)));
  times.sort((a, b) => a - b);
  const [p50, p99] = [0.5, 0.99].map((share) => times[Math.floor(times.length * share)] ?? 0);
  say('  a page of 500, ms: p50, p99', '', p50?.toFixed(1) ?? '', p99?.toFixed(1) ?? '');
  await close();
}

async function once(): Promise<void> {
  const { store, close } = await fresh();
  let left = 4_000;
  const begun = performance.now();
  const chain = async (): Promise<void> => {
    while (left > 0) await store.once(`key-${(left -= 1)}`, 'run');
  };
  await Promise.all(Array.from({ length: 8 }, chain));
  say('once-keys claimed, 8 at a time, keys/s', '', Math.round(4_000_000 / since(begun)));
  await close();
}

function since(begun: number): number {
  return performance.now() - begun;
}

try {
  const only = new Set(values.only.split(','));
  if (only.has('folds')) await folds();
  if (only.has('due')) await due();
  if (only.has('once')) await once();
} finally {
  await server.stop();
}
