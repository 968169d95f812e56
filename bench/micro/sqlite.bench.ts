/*
 * The sqlite adapter against a bare loop over better-sqlite3: rows/s with the same rows, the same bytes
 * and the same number of rows per commit, in one process, in turns; medians and their ratio.
 *
 *   npx -y node@24 bench/micro/sqlite.bench.ts [--rounds 5] [--rows 40000] [--waiting 1000000] [--only waiting]
 *
 * Not measured: encoding, the runtime, readers (but for catching up). The bare loop has the adapter's
 * page size and checkpoints; it keeps one column, numbers nothing and answers nobody.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';
import { openEmbedded } from '../../src/adapters/sqlite/index.ts';
import type { StoreChange } from '../../src/ports/index.ts';
import { NOON, park } from '../../test/contracts/parked-rows.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '40000' },
    waiting: { type: 'string', default: '0' },
    only: { type: 'string', default: 'start,appends,stalls,reader,waiting' },
  },
});
const ROUNDS = Number(values.rounds);
const ROWS = Number(values.rows);
const WAITING = Number(values.waiting);

interface Cell {
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly bytes: number;
  /** appends in flight = in one commit */
  readonly appends: number;
  /** records of each */
  readonly batch: number;
}

const directory = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
let files = 0;

function freshFile(): string {
  return join(directory, `bench-${files++}.db`);
}

function record(bytes: number): Uint8Array {
  // not compressible, as encoded States are not
  return Uint8Array.from({ length: bytes }, () => Math.floor(Math.random() * 256));
}

/** Rows per second of a bare loop. */
function bare({ synchronous, bytes, appends, batch }: Cell, rows: number): number {
  const db = new Sqlite(freshFile());
  db.pragma('page_size = 8192');
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${synchronous}`);
  db.exec('CREATE TABLE log (bytes BLOB NOT NULL)');
  const insert = db.prepare('INSERT INTO log VALUES (?)');
  const row = record(bytes);
  const commit = db.transaction(() => {
    for (let i = 0; i < appends * batch; i++) insert.run(row);
  });
  const begun = performance.now();
  for (let done = 0; done < rows; done += appends * batch) commit.immediate();
  const rate = rows / (performance.now() - begun);
  db.close();
  return rate * 1_000;
}

/** Rows per second of the adapter, with `appends` chains of one append after the other. */
async function adapter(
  { synchronous, bytes, appends, batch }: Cell,
  rows: number,
): Promise<number> {
  const embedded = await openEmbedded(freshFile(), { synchronous });
  const records = Array.from({ length: batch }, () => record(bytes));
  let left = rows;
  const chain = async (): Promise<void> => {
    while (left > 0) {
      left -= batch;
      await embedded.broker.append(0, records);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: appends }, chain));
  const rate = rows / (performance.now() - begun);
  embedded.close();
  return rate * 1_000;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}

function say(...columns: (string | number)[]): void {
  const [first, ...rest] = columns.map(String);
  process.stdout.write(
    `${(first ?? '').padEnd(46)}${rest.map((one) => one.padStart(12)).join('')}\n`,
  );
}

async function appends(): Promise<void> {
  say('appends', 'bare rows/s', 'adapter', 'ratio');
  const cells: Cell[] = [];
  for (const synchronous of ['FULL', 'NORMAL'] as const) {
    for (const bytes of [300, 800, 2_000]) {
      cells.push({ synchronous, bytes, appends: 100, batch: 1 });
      cells.push({ synchronous, bytes, appends: 1, batch: 100 });
    }
    cells.push({ synchronous, bytes: 800, appends: 1, batch: 1 });
    cells.push({ synchronous, bytes: 800, appends: 256, batch: 2 });
  }
  for (const cell of cells) {
    const { synchronous, bytes, appends, batch } = cell;
    const rows = appends * batch === 1 ? Math.min(ROWS, 4_000) : ROWS;
    const rates: { bare: number; adapter: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rates.push({ bare: bare(cell, rows), adapter: await adapter(cell, rows) });
    }
    const raw = median(rates.map((one) => one.bare));
    const ours = median(rates.map((one) => one.adapter));
    const title = `${synchronous} ${bytes} B, ${appends} appends x ${batch} a commit`;
    say(title, Math.round(raw), Math.round(ours), `${Math.round((ours / raw) * 100)} %`);
  }
}

/** Longest and typical commits under load: what a checkpoint costs the event loop. */
async function stalls(): Promise<void> {
  const embedded = await openEmbedded(freshFile());
  const records = Array.from({ length: 100 }, () => record(800));
  const times: number[] = [];
  for (let i = 0; i < 1_000; i++) {
    const begun = performance.now();
    await embedded.broker.append(0, records);
    times.push(performance.now() - begun);
  }
  embedded.close();
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  say('commit of 100 x 800 B, ms: p50 p99 p99.9 max', at(0.5), at(0.99), at(0.999), at(0.9999));
}

async function catchUp(): Promise<void> {
  const embedded = await openEmbedded(freshFile());
  const records = Array.from({ length: 500 }, () => record(800));
  for (let i = 0; i < 200; i++) await embedded.broker.append(0, records);
  const reader = embedded.broker.reader(0, 0);
  const begun = performance.now();
  while (reader.position < 100_000) await reader.next();
  const ms = performance.now() - begun;
  embedded.close();
  say('a reader catches up, rows/s', Math.round(100_000 / (ms / 1_000)));
}

async function startUp(): Promise<void> {
  const path = freshFile();
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const begun = performance.now();
    (await openEmbedded(path)).close();
    times.push(performance.now() - begun);
  }
  say(
    'open + close, ms: creating, again',
    (times[0] ?? 0).toFixed(1),
    median(times.slice(1)).toFixed(1),
  );
}

/** `waiting` parked rows, a tenth of them due at one moment. */
async function waitingRows(): Promise<void> {
  const path = freshFile();
  let embedded = await openEmbedded(path, { synchronous: 'NORMAL' });
  const begun = performance.now();
  for (let from = 0; from < WAITING; from += 5_000) {
    const changes: StoreChange[] = [];
    for (let i = from; i < Math.min(WAITING, from + 5_000); i++) {
      changes.push(park(i, { due: i % 10 === 0 ? NOON : NOON + i, run: `run-${i}` }));
    }
    await embedded.store.fold(0, from, from + 5_000, changes);
  }
  const seconds = (performance.now() - begun) / 1_000;
  say(`${WAITING} rows parked, rows/s`, Math.round(WAITING / seconds));
  embedded.close();
  const mb = Math.round(statSync(path).size / 1e6);
  const opening = performance.now();
  embedded = await openEmbedded(path, { synchronous: 'NORMAL' });
  await embedded.store.load(0);
  await embedded.store.due(0, NOON - 1, 100, new Set());
  say('  open, load and first due, ms; file, MB', (performance.now() - opening).toFixed(1), mb);
  const due = performance.now();
  const { rows } = await embedded.store.due(0, NOON, 1_000, new Set());
  say(`  due, ${rows.length} rows of ${WAITING / 10}, ms`, (performance.now() - due).toFixed(1));
  const excepted = new Set(Array.from({ length: 10_000 }, (_, i) => i * 10));
  const besides = performance.now();
  await embedded.store.due(0, NOON, 1_000, excepted);
  say('  the same beside 10,000 excepted, ms', (performance.now() - besides).toFixed(1));
  say('  RSS, MB', Math.round(process.memoryUsage().rss / 1e6));
  embedded.close();
}

try {
  const only = new Set(values.only.split(','));
  if (only.has('start')) await startUp();
  if (only.has('appends')) await appends();
  if (only.has('stalls')) await stalls();
  if (only.has('reader')) await catchUp();
  if (only.has('waiting') && WAITING > 0) await waitingRows();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
