/*
 * metadata.limit on an embedded file: what host functions see of it, over many runs and partitions.
 */
import { expect, test } from 'vitest';
import { load } from '../../src/dsl/index.ts';
import { openEngine } from '../../src/presets/embedded.ts';

const RUNS = 60;

test('host functions of all runs are called so many at once', async () => {
  const { definition } = load(
    `document: {dsl: '1.0.3', namespace: test, name: limited, version: '1.0.0', metadata: {limit: {max: 5}}}
do:
  - both:
      fork:
        branches:
          - x: {call: narrow, metadata: {limit: {max: 2}}}
          - y: {call: wide}
`,
    'limited.yaml',
  );
  const underWay = { narrow: 0, wide: 0 };
  const most = { narrow: 0, wide: 0, all: 0 };
  const counted = (name: 'narrow' | 'wide') => async (): Promise<number> => {
    most[name] = Math.max(most[name], ++underWay[name]);
    most.all = Math.max(most.all, underWay.narrow + underWay.wide);
    await new Promise((done) => setTimeout(done, 3));
    return --underWay[name];
  };
  const functions = { narrow: counted('narrow'), wide: counted('wide') };
  const engine = await openEngine({ file: ':memory:', partitions: 4, functions });
  try {
    await engine.deploy(definition!);
    const runs = Array.from({ length: RUNS }, () => engine.start({ definition: definition! }));
    const results = await Promise.all(runs.map(async (run) => engine.result(await run)));
    expect(results.filter(({ ended }) => ended === 'completed')).toHaveLength(RUNS);
    expect(most.narrow).toBe(2);
    expect(most.all).toBe(5);
  } finally {
    await engine.close();
  }
});
