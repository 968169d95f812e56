/*
 * The model of the protocol: sound in every small world, and every mutant of a rule is found. It shares
 * no code with the runtime, so that the two cannot share a mistake.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LARGE, SMALL } from '../../../chaos/model/configurations.ts';
import { plansOf, scenarioOf } from '../../../chaos/model/fault-plan.ts';
import { type Mutant, MUTANT_TABLE, REPLAYED } from '../../../chaos/model/mutants.ts';
import { MUTANTS } from '../../../chaos/model/rules.ts';
import { type Found, search } from '../../../chaos/model/search.ts';
import { story } from '../../../chaos/model/story.ts';
import type { Configuration } from '../../../chaos/model/world.ts';
import { SABOTAGES } from '../../../chaos/sabotage/catalogue.ts';
import { replay } from '../../../chaos/sabotage/replay.ts';
import { Scratch } from '../../../chaos/sabotage/scratch.ts';
import { decodeToken, encodeToken } from '../../../src/chaos/token.ts';

const HOME = join(import.meta.dirname, '..', '..', '..', 'chaos', 'model');
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
/** What `npm test` has the time and the memory for. */
const STATES_MAX = 300_000;

/** Number of the states that README.md gives for a configuration. */
function figures(): ReadonlyMap<string, number> {
  const rows = readFileSync(join(HOME, 'README.md'), 'utf8').matchAll(
    /^\| `([a-z-]+)` \|[^|]*\| +([\d,]+) \|/gm,
  );
  return new Map(
    [...rows].map(([, name = '', states = '']) => [name, Number(states.replaceAll(',', ''))]),
  );
}

/** Several mutants share a world, but for its name: it is searched once. */
const searched = new Map<string, Found>();
function sound(configuration: Configuration): Found {
  const key = JSON.stringify({ ...configuration, name: '', says: '' });
  const found = searched.get(key) ?? search(configuration);
  searched.set(key, found);
  return found;
}

describe('the sound protocol', () => {
  for (const configuration of SMALL) {
    test(`holds in ${configuration.name}: ${configuration.says}`, () => {
      const { exhausted, states, violation } = sound(configuration);
      expect(states).toBeLessThanOrEqual(STATES_MAX);
      expect(violation && story(violation)).toBeUndefined();
      expect(exhausted).toBe(true);
      expect(states).toBe(figures().get(configuration.name));
    });
  }

  for (const configuration of NIGHTLY ? LARGE : []) {
    test(`holds in ${configuration.name}: ${configuration.says}`, () => {
      const { exhausted, states, violation } = sound(configuration);
      expect(violation && story(violation)).toBeUndefined();
      expect(exhausted).toBe(true);
      expect(states).toBe(figures().get(configuration.name));
    });
  }

  test('makes every kind of move somewhere', () => {
    const made = new Set<string>();
    const telling = [
      ...['cancelled-activity', 'copies-of-a-wait', 'event-and-cancel', 'late-commits'],
      ...['started-twice', 'trimmed-wait'],
    ];
    for (const configuration of [...SMALL, ...LARGE]) {
      if (!telling.includes(configuration.name)) continue;
      const statesMax = configuration.runs.includes('saga') ? 12_000 : 2_000;
      search(configuration, { statesMax, onMove: (did) => made.add(did) });
    }
    expect([...made].sort()).toEqual([
      'answers',
      'backs-up',
      'calls',
      'claims',
      'commits-late',
      'correlates',
      'correlator-crashes',
      'crashes',
      'expires',
      'fails-over',
      'folds',
      'folds-late',
      'is-called',
      'lands',
      'lands-and-stays',
      'loads',
      'loses',
      'marks',
      'passes-time',
      'reads',
      'sends',
      'trims',
      'undoes',
      'usurps',
    ]);
  });
});

describe('mutants', () => {
  test('there is one for each rule that the model has, and no name without a mutant', () => {
    expect(MUTANT_TABLE.map(({ name }) => name).sort()).toEqual([...MUTANTS].sort());
    const rules = new Set(MUTANT_TABLE.flatMap(({ rule }) => rule.split(', ')));
    for (const rule of [
      'R3',
      'R4',
      'R5',
      'R6',
      'R7',
      'R10',
      'R11',
      'R12',
      'R13',
      'R14',
      'R15',
      'R16',
      'R17',
      'R18',
    ]) {
      expect(rules).toContain(rule);
    }
  });

  for (const { name, rule, says, world } of MUTANT_TABLE) {
    test(`${rule}: ${name} is found`, () => {
      const { violation } = search(world, { broken: { [name]: true }, statesMax: STATES_MAX });
      expect(violation, says).toBeDefined();
      expect(violation?.says).toMatch(/^(P[1-9]|R\d+) /);
      // Every story can be told move by move, and the last move is what breaks it.
      expect(violation?.story.length).toBeGreaterThanOrEqual(violation?.moves ?? Infinity);
    });

    test(`${rule}: without ${name} the same world holds`, (context) => {
      if (!NIGHTLY && (world.trims ?? 0) > 0) context.skip('its sound world is large: nightly');
      const { exhausted, violation } = sound(world);
      expect(violation && story(violation)).toBeUndefined();
      expect(exhausted).toBe(true);
    });
  }
});

describe('the search', () => {
  test('finds a shortest story', () => {
    const mutant = MUTANT_TABLE.find(({ name }) => name === 'numbers-ignored');
    const found = search(mutant!.world, { broken: { 'numbers-ignored': true } });
    expect(found.violation?.story.map(({ did }) => did)).toEqual([
      'sends',
      'lands-and-stays',
      'lands',
    ]);
  });

  test('says when it has not seen everything', () => {
    const { exhausted, violation } = search(SMALL[1]!, { statesMax: 1_000 });
    expect({ exhausted, violation }).toEqual({ exhausted: false, violation: undefined });
  });
});

describe('counterexamples as fault plans', () => {
  const mutants = REPLAYED.map((name) => MUTANT_TABLE.find((one) => one.name === name) as Mutant);

  test('each is a list of plans that a token can hold', () => {
    for (const { name, world } of mutants) {
      const { violation } = search(world, { broken: { [name]: true } });
      const plans = violation === undefined ? [] : plansOf(violation, world);
      expect(plans.length, name).toBeGreaterThan(0);
      expect(plans.length, name).toBeLessThanOrEqual(300);
      const token = encodeToken({ scenario: name, hash: 'ab'.repeat(32), plan: plans[0]! });
      expect(decodeToken(token).plan).toEqual(plans[0]);
    }
  });

  for (const mutant of NIGHTLY ? mutants : []) {
    test(`${mutant.name} breaks the engine that makes the same mistake, and no other`, async () => {
      const { name, world } = mutant;
      const { violation } = search(world, { broken: { [name]: true } });
      const sabotage = SABOTAGES.find((one) => one.name === mutant.sabotage);
      const scratch = new Scratch();
      try {
        const plans = plansOf(violation!, world);
        const { broke } = await replay(scratch, sabotage!, scenarioOf(world)!, plans);
        expect(broke?.violations.map(({ oracle }) => oracle)).toEqual(
          expect.arrayContaining([expect.toBeOneOf([...sabotage!.oracles])]),
        );
      } finally {
        scratch.remove();
      }
    });
  }
});

test('the model imports nothing of the engine', () => {
  for (const file of readdirSync(HOME).filter((name) => name.endsWith('.ts'))) {
    const text = readFileSync(join(HOME, file), 'utf8');
    for (const [, from = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
      if (!from.startsWith('./')) expect(`${file} imports ${from}`).toMatch(ALLOWED);
    }
  }
});
/** What turns a counterexample into a fault plan knows what a fault plan is, and no more; main reads its words. */
const ALLOWED =
  /^(fault-plan\.ts imports \.\.\/\.\.\/src\/chaos\/plan\.ts|main\.ts imports \.\.\/(sabotage\/[a-z]+|\.\.\/\.ci\/script-words)\.ts)$/;
