/* P6, jitter: what many retries tell that no single one can. */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { Scenario } from '../../../src/chaos/scenario/format.ts';
import { load } from '../../../src/dsl/index.ts';
import { BOOM, end, MadeHistory, step } from './made-history.ts';

const { definition } = load(
  `document: { dsl: '1.0.3', namespace: test, name: made, version: '1.0.0' }
do:
  - t:
      try: [a: { call: a, with: {} }]
      catch:
        retry: { delay: PT1S, jitter: { from: PT0S, to: PT0.5S }, limit: { attempt: { count: 1 } } }
`,
  'made.yaml',
);
const scenario = {
  document: definition!.document,
  definition: { ...definition!, hash: 'ab'.repeat(32) },
  workflows: [],
  services: new Map(),
  invariants: [],
  outcomes: [],
} as Partial<Scenario> as Scenario;

/** Runs that fail once each and are tried again after a second and so much. */
function retries(jitter: readonly number[]): ReturnType<typeof checkAll> {
  const made = new MadeHistory();
  made.claim();
  const pointer = '/do/0/t/try/0/a';
  for (const [index, ms] of jitter.entries()) {
    const run = `r${index}`;
    const start = made.start(run);
    const first = made.hop([start], step(run, 1, { call: 'a', pointer }));
    made.serve(run, 'a', { heard: 'error', answer: { ...BOOM } });
    const heard = { heard: 'a', failed: true, attempt: 2, notBefore: made.now + 1_000 + ms };
    const again = made.hop([first], step(run, 2, { call: 'a', pointer, ...heard }));
    made.wait(2_000).serve(run, 'a', { attempt: 2 });
    made.hop([again], end(run, 3, { heard: 'a', heardAttempt: 2 }));
  }
  return checkAll(made.history(), scenario);
}

describe('P6 jitter drawn', () => {
  it('rejects retries that all draw the same, or the same few', () => {
    const none = retries([0, 0, 0, 0]).violations;
    expect(none.map(({ oracle }) => oracle)).toEqual(['p6-jitter-drawn']);
    expect(none[0]!.said).toBe('4 retries had 500 ms of jitter to draw from, and all drew 0 ms');
    const few = retries([17, 301, 17, 301, 17, 301, 17]).violations;
    expect(few.map(({ oracle }) => oracle)).toEqual(['p6-jitter-drawn']);
  });
  it('accepts what chance may bring, and says nothing of few', () => {
    for (const fair of [[0, 0, 0], [1, 77, 77, 401, 500, 0, 0], [250]]) {
      const { checked, violations } = retries(fair);
      expect(violations).toEqual([]);
      expect(checked['p6-jitter-drawn']).toBe(1);
    }
  });
  it('leaves it to the differential that a delay is within its bounds', () => {
    expect(retries([501]).violations.map(({ oracle }) => oracle)).toEqual(['differential']);
  });
});
