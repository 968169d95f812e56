/*
 * How a test says which rows of docs/dsl-coverage.md it proves, by running a workflow that needs them:
 *
 *   test('a fork joins in order', proves('fork.all'), () => ...)
 *
 * The words stand right after the name of the test, so that the table can be made without running
 * anything (tags.ts), and travel with the test, so that `npm test` sees which of them have passed.
 */
import type { TestOptions } from 'vitest';
import type { RowId } from './rows.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** rows of docs/dsl-coverage.md */
    proves?: readonly string[];
  }
}

export function proves(...rows: readonly [RowId, ...RowId[]]): TestOptions {
  return provesAll(rows);
}

/** For tests that are made of files which say themselves what they prove. */
export function provesAll(rows: readonly string[]): TestOptions {
  return { meta: { proves: rows } };
}
