/* The table of what the DSL has is what the tests say, and leaves nothing out. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NOT_YET } from './not-yet.ts';
import { unproven } from './passed.ts';
import { refusalOf, wordsFor } from './refusals.ts';
import { ROWS } from './rows.ts';
import { DECIDED, decisions, table, TABLE } from './table.ts';
import { allProofs, proofsIn, rowsOfScenario } from './tags.ts';

const proofs = allProofs();
const proven = new Set(proofs.map(({ row }) => row));

test('every tag is a row', () => {
  expect(proofs.filter(({ row }) => !ROWS.has(row))).toEqual([]);
});

describe('every row is proven, or is said to be not yet', () => {
  test.each([...ROWS.keys()])('%s', (row) => {
    const missing = NOT_YET[row as keyof typeof NOT_YET];
    if (proven.has(row))
      expect(missing, 'a test proves it: take it out of not-yet.ts').toBe(undefined);
    else
      expect(
        missing,
        'tag a test that proves it, or say in not-yet.ts what a user is told',
      ).toBeDefined();
  });
});

describe('what is not yet is refused', () => {
  test.each(Object.entries(NOT_YET))('%s', (_row, missing) => {
    expect(
      wordsFor(missing),
      'it is not refused any more: name the test that proves it',
    ).toBeDefined();
  });
  test('and what is there is not', () => {
    expect(refusalOf('do: [{a: {set: {x: 1}}}]')).toBeUndefined();
  });
});

test.each([
  ['docs/dsl-coverage.md', TABLE, table],
  ['docs/decisions.md', DECIDED, decisions],
])('%s is current', (_file, url, made) => {
  const there = existsSync(url) ? readFileSync(url, 'utf8').split('\n') : [];
  const due = made().split('\n');
  const wrong = due.findIndex((line, index) => line !== there[index]);
  const stale = wrong >= 0 || there.length !== due.length;
  expect(stale, `line ${wrong + 1} is stale: npm run coverage`).toBe(false);
});

describe('tags', () => {
  test('stand after the name of a test, over any number of lines', () => {
    const text = `
describe('a suite', () => {
  test('one', proves('wait'), () => {});
});
it("it's two", proves('do', 'for.in'), () => {});
test.each([1])(
  'three %s',
  proves(
    'wait',
  ),
  () => {},
);`;
    expect(proofsIn(text, 'f')).toEqual([
      { row: 'wait', file: 'f', test: 'a suite one' },
      { row: 'do', file: 'f', test: "it's two" },
      { row: 'for.in', file: 'f', test: "it's two" },
      { row: 'wait', file: 'f', test: 'three …' },
    ]);
  });
  test('elsewhere are refused, not passed over', () => {
    expect(() => proofsIn("const all = proves('wait');", 'f')).toThrow(/f has 1 times/);
  });
  test('of scenarios stand in a comment', () => {
    expect(rowsOfScenario('# one\n# proves: wait, fork.all\nname: x')).toEqual([
      'wait',
      'fork.all',
    ]);
    expect(rowsOfScenario('name: x')).toEqual([]);
  });
});

test('a row whose tests did not pass is found', () => {
  const claims = [
    { row: 'wait', file: 'f', test: 'one' },
    { row: 'wait', file: 'f', test: 'two' },
    { row: 'do', file: 'f', test: 'one' },
  ];
  expect(unproven(new Set(['wait', 'do']), claims)).toEqual([]);
  expect(unproven(new Set(['do']), claims)).toEqual([
    'wait: none of what proves it has passed (f > one; f > two)',
  ]);
});
