/*
 * kill -9 of a writing process: what it acknowledged is there, and nothing is there in part.
 * WAYBILL_KILL_ROUNDS sets how often (10), WAYBILL_SEED the moments.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { sqliteWorld } from './sqlite-world.ts';

const ROUNDS = Number(process.env['WAYBILL_KILL_ROUNDS'] ?? 10);
const SEED = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const WRITER = fileURLToPath(new URL('kill-writer.ts', import.meta.url));

interface Acknowledged {
  readonly appends: readonly { partition: number; base: number; batch: string; count: number }[];
  readonly folded: number;
}

/** Lets a writer run for a while, kills it, and gives what it had said by then. */
async function runAndKill(
  path: string,
  round: number,
  synchronous: string,
  afterMs: number,
): Promise<Acknowledged> {
  const child = spawn(process.execPath, [WRITER, path, String(round), synchronous], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await closed;
  const lines = said.split('\n').slice(0, -1);
  const appends = lines.flatMap((line) => {
    const [what, partition, base, batch = '', count] = line.split(' ');
    if (what !== 'appended') return [];
    return [{ partition: Number(partition), base: Number(base), batch, count: Number(count) }];
  });
  const folds = lines
    .filter((line) => line.startsWith('folded '))
    .map((line) => Number(line.slice(7)));
  return { appends, folded: folds.at(-1) ?? 0 };
}

/** Every record as [batch, 'i/n'], in order of offsets; offsets are checked to be gapless. */
async function contents(path: string, partition: number): Promise<(readonly [string, string])[]> {
  const embedded = await openEmbedded(path);
  try {
    const { begin, end } = await embedded.broker.range(partition);
    const stored = await embedded.broker.fetch(partition, begin, end);
    expect(stored.map(({ offset }) => offset)).toEqual(Array.from({ length: end }, (_, i) => i));
    return stored.map(({ bytes }) => {
      const [batch = '', part = ''] = new TextDecoder().decode(bytes).split(' ');
      return [batch, part] as const;
    });
  } finally {
    embedded.close();
  }
}

function expectWhole(records: readonly (readonly [string, string])[]): void {
  for (let at = 0; at < records.length;) {
    const [batch, part] = records[at] as readonly [string, string];
    const count = Number(part.split('/')[1]);
    for (let i = 0; i < count; i++) expect(records[at + i]).toEqual([batch, `${i}/${count}`]);
    at += count;
  }
}

describe(`kill -9, seed ${SEED}`, () => {
  for (const synchronous of ['FULL', 'NORMAL']) {
    it(
      `${synchronous}: ${ROUNDS} times, every acknowledged batch is there and none is torn`,
      async () => {
        const world = await sqliteWorld({ partitions: 2 });
        world.embedded.close();
        const { path } = world;
        const promised: Acknowledged['appends'][number][] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const afterMs = 5 + ((SEED + round * 7_919) % 150);
          const { appends, folded } = await runAndKill(path, round, synchronous, afterMs);
          promised.push(...appends);
          const logs = [await contents(path, 0), await contents(path, 1)] as const;
          logs.forEach(expectWhole);
          for (const { partition, base, batch, count } of promised) {
            expect(logs[partition]?.[base]).toEqual([batch, `0/${count}`]);
          }
          const batches = logs[0].map(([batch, part]) => `${batch} ${part}`);
          expect(new Set(batches).size).toBe(batches.length);
          const embedded = await openEmbedded(path);
          const { applied, parked } = await embedded.store.load(0);
          expect(applied).toBeGreaterThanOrEqual(folded);
          expect(parked).toBe(applied === 0 ? 0 : 1);
          embedded.close();
        }
        expect(promised.length).toBeGreaterThan(ROUNDS);
        const file = new Sqlite(path);
        expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
        file.close();
        await world.close();
      },
      60_000 + ROUNDS * 3_000,
    );
  }
});
