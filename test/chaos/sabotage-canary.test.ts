/*
 * The alarm works: one broken engine is caught on every `npm test`, all of them every night; and an
 * engine that nobody has broken is not.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CANARY, SABOTAGES } from '../../chaos/sabotage/catalogue.ts';
import { inspected, wrongWith } from '../../chaos/sabotage/harness.ts';
import { HARNESS_SABOTAGES } from '../../chaos/sabotage/harness-sabotages.ts';
import { huntAll, type Verdict } from '../../chaos/sabotage/pack.ts';
import type { Sabotage } from '../../chaos/sabotage/sabotage.ts';
import { replaceOnce, Scratch } from '../../chaos/sabotage/scratch.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const SEED = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const scratch = new Scratch();
afterAll(() => scratch.remove());

async function hunted(sabotage: Sabotage, runs?: number): Promise<Verdict> {
  const options = { seed: SEED, workers: 1, told: () => undefined };
  const [verdict] = await huntAll(
    scratch,
    [sabotage],
    runs === undefined ? options : { ...options, runs },
  );
  return verdict as Verdict;
}

function named(name: string): Sabotage {
  return SABOTAGES.find((one) => one.name === name) as Sabotage;
}

describe(`sabotages, seed ${SEED}`, () => {
  test('every sabotage still fits the source, and what it makes of it is TypeScript', () => {
    for (const { edits, name } of SABOTAGES) {
      const broken = new Map<string, string>();
      for (const { file, find, replace } of edits) {
        const text = broken.get(file) ?? readFileSync(join(ROOT, 'src', file), 'utf8');
        const edited = replaceOnce(text, find, replace, file);
        expect(edited).not.toBe(text);
        broken.set(file, edited);
      }
      for (const [file, text] of broken) {
        if (file.endsWith('.ts')) expect(() => stripTypeScriptTypes(text), name).not.toThrow();
      }
    }
  });

  test('the canary is caught, by a minimal plan that the sound engine passes', async () => {
    const { hunted: hunt, wrong } = await hunted(named(CANARY));
    expect(wrong).toBeUndefined();
    expect(hunt?.unsound).toEqual([]);
    expect(hunt?.caught?.minimal).toBe(true);
    expect(hunt?.caught?.plan.faults.length).toBeLessThanOrEqual(2);
  }, 60_000);

  test('an engine that nobody has broken is accused of nothing', async () => {
    const { wrong } = await hunted({ ...named(CANARY), edits: [] }, 40);
    expect(wrong).toBe('survived 40 runs');
  }, 60_000);

  for (const sabotage of NIGHTLY ? SABOTAGES : []) {
    const { name, needs } = sabotage;
    test(
      `${name} is caught`,
      async (context) => {
        if (needs !== undefined) context.skip(`not yet: ${needs}`);
        expect((await hunted(sabotage)).wrong).toBeUndefined();
      },
      20 * 60_000,
    );
  }
});

test('npm run sabotage takes any seed that a night may have drawn, and says which it does not', () => {
  const asked = (seed: string): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [join(ROOT, 'chaos/sabotage/main.ts'), '--list', '--seed', seed], {
      encoding: 'utf8',
    });
  expect(asked('2147483647')).toMatchObject({ status: 0, stderr: '' });
  expect(asked('1.5')).toMatchObject({
    status: 2,
    stderr: '--seed takes a whole number from 1 to 4294967295, not "1.5"\n',
  });
});

describe('the harness, broken on purpose', () => {
  test('every sabotage of it still fits the source, and names a gate', () => {
    for (const { edits, gates } of HARNESS_SABOTAGES) {
      expect(gates.length).toBeGreaterThan(0);
      for (const { file, find, replace } of edits) {
        const text = readFileSync(join(ROOT, 'src', file), 'utf8');
        expect(replaceOnce(text, find, replace, file)).not.toBe(text);
      }
    }
  });

  test('a harness that nobody noticed is said to be so', () => {
    const gates = ['faults-fire'] as const;
    expect(wrongWith({ gates }, [])).toBe('nobody noticed; faults-fire should have');
    expect(wrongWith({ gates }, [{ gate: 'faults-fire', said: '0 of 9' }])).toBeUndefined();
    expect(wrongWith({ gates }, [{ gate: 'oracles-judge', said: 'r1' }])).toMatch(
      /^only oracles-judge/,
    );
  });

  for (const sabotage of NIGHTLY ? HARNESS_SABOTAGES : []) {
    test(
      `${sabotage.name} is noticed`,
      async () => {
        expect(wrongWith(sabotage, await inspected(scratch, sabotage))).toBeUndefined();
      },
      20 * 60_000,
    );
  }

  (NIGHTLY ? test : test.skip)(
    'a harness that nobody has broken has nothing to complain of (nightly)',
    async () => {
      expect(await inspected(scratch, { name: 'none', edits: [] })).toEqual([]);
    },
    20 * 60_000,
  );
});
