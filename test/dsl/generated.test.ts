/*
 * The compiled validator is what the schema says now.
 */
import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { generateValidator } from '../../src/dsl/generate.ts';

test('src/dsl/generated is current (else run src/dsl/generate.ts, see its header)', () => {
  const file = new URL('../../src/dsl/generated/validate-workflow.ts', import.meta.url);
  expect(readFileSync(file, 'utf8') === generateValidator()).toBe(true);
});
