/*
 * kill -9 of `waybill run`, at random moments and at chosen ones, against a service whose ledger
 * survives: the same command carries on, with the same output, and every effect is applied once.
 *
 * WAYBILL_KILLS says how often (20; 200 every night), WAYBILL_SEED fixes the moments.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerLine } from './ledger-service.ts';
import { type Ended, KillWorld, type When } from './world.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const KILLS = Number(process.env['WAYBILL_KILLS'] ?? (NIGHTLY ? 200 : 20));
const KILLS_PER_RUN = 4;
const SEED = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Calls of order.yaml, each an effect: eight steps, one of them in a loop of two. */
const EFFECTS = 9;
const ROOT = join(import.meta.dirname, '..', '..');

let state = SEED;
/** Mulberry32: the moments of a seed are the same on every machine, what they strike is not. */
function random(): number {
  state = (state + 0x6d_2b_79_f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

function expected(order: string): string {
  return `${JSON.stringify({ order, did: 'ship' })}\n`;
}

function by(lines: readonly LedgerLine[], keyOf: (line: LedgerLine) => string): LedgerLine[][] {
  return [...Map.groupBy(lines, keyOf).values()];
}

/** What the ledger must say of one order that has completed, in so many runs, after so many kills. */
function expectOnce(lines: readonly LedgerLine[], order: string, kills: number, runs = 1): void {
  const own = lines.filter(({ request }) => request.includes(`"${order}"`));
  const applied = own.filter(({ what }) => what === 'applied');
  expect(applied.length).toBe(EFFECTS * runs);
  expect(new Set(applied.map(({ key }) => key)).size).toBe(applied.length);
  expect(new Set(own.map(({ run }) => run)).size).toBe(runs);
  for (const ofKey of by(own, ({ key }) => key)) {
    expect(new Set(ofKey.map(({ name, request }) => `${name} ${request}`)).size).toBe(1);
    expect(ofKey.some(({ what }) => what === 'applied')).toBe(true);
  }
  const asked = own.filter(({ what }) => what === 'asked');
  for (const ofAttempt of by(asked, ({ key, attempt }) => `${key} ${attempt}`)) {
    expect(ofAttempt.length).toBeLessThanOrEqual(1 + kills);
  }
  // Two refusals of the charge and one of the insurance are all that the policy had to forgive.
  expect(Math.max(...asked.map(({ attempt }) => attempt))).toBe(3);
}

function expectCompleted({ code, err, out, signal }: Ended, order: string): void {
  expect({ code, signal, out, err }).toEqual({
    code: 0,
    signal: null,
    out: expected(order),
    err: '',
  });
}

let world: KillWorld;

beforeEach(async () => {
  world = await KillWorld.open();
});

afterEach(async () => {
  const { folder } = world;
  const left = world.leftovers();
  await world.close();
  expect(left).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

/**
 * Kills at each of the moments in turn, then lets the command end. Once the result is out, the run is
 * over, whatever strikes then: the same command would begin another one.
 */
async function struck(order: string, moments: readonly When[]): Promise<void> {
  for (const moment of moments) {
    const ended = await world.start(world.run(order), moment);
    if (ended.out !== '') expect(ended.out).toBe(expected(order));
    if (ended.signal !== 'SIGKILL') expectCompleted(ended, order);
    if (ended.out !== '') return;
  }
  expectCompleted(await world.start(world.run(order)), order);
}

/** How long a run takes that nobody kills, ms: measured once, when all code is in the caches. */
let calmMs: number | undefined;
async function calm(): Promise<number> {
  if (calmMs === undefined) {
    await world.start(world.run('warm'));
    calmMs = (await world.start(world.run('measured'))).ms;
  }
  return calmMs;
}

describe(`kill -9 of waybill run, seed ${SEED}`, () => {
  test('a run that nobody kills asks for everything once', async () => {
    expectCompleted(await world.start(world.run('calm')), 'calm');
    expectOnce(world.ledger(), 'calm', 0);
    // charge thrice, insure twice
    expect(world.ledger().filter(({ what }) => what === 'asked')).toHaveLength(EFFECTS + 3);
  }, 30_000);

  test(
    `${KILLS} times at random moments`,
    async () => {
      const ms = await calm();
      for (let run = 0; world.kills < KILLS; run += 1) {
        const order = `order-${run}`;
        const before = world.kills;
        const most = Math.min(KILLS_PER_RUN, KILLS - before);
        await struck(
          order,
          Array.from({ length: most }, () => Math.floor(random() * ms)),
        );
        expectOnce(world.ledger(), order, world.kills - before);
      }
      expect(world.kills).toBeGreaterThanOrEqual(KILLS);
      // Proof that the kills strike in the middle of activities: some were asked for again.
      const asked = world.ledger().filter(({ what }) => what === 'asked');
      const again = by(asked, ({ key, attempt }) => `${key} ${attempt}`).filter(
        ({ length }) => length > 1,
      );
      if (KILLS >= 20) expect(again.length).toBeGreaterThan(0);
    },
    30_000 + KILLS * 3_000,
  );

  test('killed during start-up, every 60 ms', async () => {
    const moments = Array.from({ length: NIGHTLY ? 12 : 4 }, (_, index) => 40 + index * 60);
    await struck('early', moments);
    expectOnce(world.ledger(), 'early', world.kills);
  }, 60_000);

  test('killed in the middle, and twice in a row during recovery', async () => {
    const ms = await calm();
    for (let turn = 0; turn < (NIGHTLY ? 20 : 1); turn += 1) {
      const order = `twice-${turn}`;
      const before = world.kills;
      await struck(order, [ms * 0.7, ms * (0.25 + 0.2 * random()), ms * (0.25 + 0.2 * random())]);
      expectOnce(world.ledger(), order, world.kills - before);
    }
  }, 120_000);

  test('killed after the result was printed: the same output once more, nothing done twice', async () => {
    for (let turn = 0; turn < (NIGHTLY ? 20 : 1); turn += 1) {
      const order = `printed-${turn}`;
      const first = await world.start(world.run(order), 'printed');
      expect(first.out).toBe(expected(order));
      expectCompleted(await world.start(world.run(order)), order);
      // The key is forgotten right after the result was printed: from then on it is a new run.
      const lines = world.ledger().filter(({ request }) => request.includes(`"${order}"`));
      const runs = new Set(lines.map(({ run }) => run)).size;
      expect(runs).toBeLessThanOrEqual(2);
      expectOnce(lines, order, 1, runs);
    }
  }, 120_000);

  test('waybill resume carries on what waybill run has left', async () => {
    const left = ['left-0', 'left-1'];
    for (const order of left) {
      // The service was asked for it: the run is in the file, and far from its end.
      const { signal } = await world.start(world.run(order), { asked: order });
      expect(signal).toBe('SIGKILL');
    }
    const { code, out } = await world.start(world.resume());
    expect(code).toBe(0);
    const lines = world.ledger();
    const results = out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { ended: string; output: { order: string } });
    expect(results.every(({ ended }) => ended === 'completed')).toBe(true);
    // The process of left-1 has found left-0 in the file as well, and may have been through with it.
    expect(results.map(({ output }) => output.order)).toContain('left-1');
    for (const order of left) expectOnce(lines, order, world.kills);
  }, 60_000);

  test('killing the launcher kills the engine that it has started', async (context) => {
    const old = olderNode();
    if (old === undefined)
      context.skip('no Node older than 24 on the PATH: the launcher is the engine');
    const launcher = join(ROOT, 'src', 'cli', 'launch.cjs');
    const words = [launcher, '--from-source', ...world.run('launched')];
    const { out, signal } = await world.spawned(old as string, words, 'asked');
    // The engine holds the same pipes: had it gone on, its result would have come through them.
    expect({ out, signal }).toEqual({ out: '', signal: 'SIGKILL' });
    expect(world.leftovers()).toEqual([]);
    expectCompleted(await world.start(world.run('launched')), 'launched');
    expectOnce(world.ledger(), 'launched', 1);
  }, 60_000);
});

/** A Node that makes the launcher start another process. */
function olderNode(): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const node = join(folder, 'node');
    if (!existsSync(node)) continue;
    const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    if (Number.parseInt(version, 10) < 24) return node;
  }
  return undefined;
}
