/*
 * In which order test files begin: at night the longest first, or the last of them would run alone.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes at night, longest first (CONTRIBUTING.md, Nights). */
const LONG = [
  'chaos/reference/driven',
  'chaos/tier',
  'chaos/reference/worlds',
  'chaos/one-run',
  'live/herd',
  'chaos/sabotage-canary',
  'chaos/exercised',
  'kill/kill',
  'chaos/suites',
  'runtime/indexer',
  'runtime/lifecycle',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
