import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate } from '../../src/wire/generate.ts';

const FOLDER = new URL('../../src/wire/generated/', import.meta.url);

test('src/wire/generated is what proto/ says: run `npm run generate` after a change', () => {
  const expected = generate();
  expect(readdirSync(FOLDER).sort()).toEqual([...expected.keys()].sort());
  for (const [name, text] of expected) {
    // Not toBe: a diff of 6,000 lines helps nobody.
    expect(readFileSync(new URL(name, FOLDER), 'utf8') === text, `${name} is current`).toBe(true);
  }
});
