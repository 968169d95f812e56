/*
 * After all tests have run: every row that some test claims to prove must have been proven by one that
 * passed. A test that was skipped, or that never ran, proves nothing.
 */
import { allProofs, type Proof } from './tags.ts';

/** What is missing, one line for each row. */
export function unproven(
  passed: ReadonlySet<string>,
  proofs: readonly Proof[] = allProofs(),
): string[] {
  return [...Map.groupBy(proofs, ({ row }) => row)]
    .filter(([row]) => !passed.has(row))
    .map(([row, claims]) => {
      const tests = claims.map(({ file, test }) => `${file} > ${test}`).join('; ');
      return `${row}: none of what proves it has passed (${tests})`;
    });
}
