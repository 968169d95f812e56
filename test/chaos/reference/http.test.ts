/*
 * Core and the reference agree on http calls: what is asked, and whether a retry asks for the same, of
 * which what waits for a secret is a part although nobody can see it.
 */
import { describe, expect, test } from 'vitest';
import { loadScenarioFile, type Scenario } from '../../../src/chaos/scenario/index.ts';
import { scenarioOf } from '../../../src/chaos/workload/index.ts';
import { compareScenario } from './driven.ts';

const GET = 'GET https://a.example/fixed';

/** A call that always fails, in a block that counts in $context and is tried four times. */
function retried(header: string, from?: object): Scenario {
  const call = {
    call: 'http',
    with: { method: 'get', endpoint: 'https://a.example/fixed', headers: { 'X-A': header } },
    ...(from === undefined ? {} : { input: { from } }),
  };
  const bump = {
    set: '${ . + { n: ($context.n // 0) } }',
    export: { as: '{ n: ($context.n // 0) + 1 }' },
  };
  const workflow = {
    document: { dsl: '1.0.3', namespace: 'test', name: 'retried', version: '1.0.0' },
    use: { secrets: ['one'] },
    do: [
      {
        t: {
          try: [{ bump }, { ask: call }],
          catch: { retry: { delay: 'PT1S', limit: { attempt: { count: 3 } } } },
        },
      },
    ],
  };
  const error = { type: 'communication', status: 503 };
  const services = { [GET]: { latency: 10, failures: [{ name: 'busy', probability: 1, error }] } };
  const inputs = { cases: [{ name: 'any', value: {} }] };
  return scenarioOf(
    JSON.stringify({ name: 'retried', summary: 'It fails.', workflow, services, inputs }),
  );
}

/** Attempts of each effect, as the engine counts them. */
function effects({ engine }: { readonly engine: string }): number[] {
  const { calls } = JSON.parse(engine) as { calls: string[] };
  return calls.map((one) => (JSON.parse(one) as unknown[]).length).toSorted((a, b) => a - b);
}

describe('a retry', () => {
  test.each<[string, string, object | undefined, number[]]>([
    ['asks for the same if nothing else is read', '${ $secrets.one }', undefined, [4]],
    [
      'asks for more if $context is read, too',
      '${ "\\($context.n)\\($secrets.one)" }',
      undefined,
      [1, 1, 1, 1],
    ],
    [
      'asks for more if the input is read, too',
      '${ "\\(.n)\\($secrets.one)" }',
      undefined,
      [1, 1, 1, 1],
    ],
    [
      'asks for more if a late input.from reads it',
      '${ .k }',
      { k: '${ $secrets.one }', n: '${ .n }' },
      [1, 1, 1, 1],
    ],
    ['is another one without any secret as well', '${ "\\(.n)" }', undefined, [1, 1, 1, 1]],
  ])('%s', (_name, header, from, expected) => {
    const both = compareScenario(retried(header, from), 1);
    expect(both.engine).toBe(both.reference);
    expect(effects(both)).toEqual(expected);
  });
});

test('the checkout scenario', () => {
  const { scenario } = loadScenarioFile('scenarios/web-shop-checkout.yaml');
  for (let seed = 0; seed < 40; seed++) {
    const both = compareScenario(scenario!, seed);
    expect(both.engine, `seed ${seed}`).toBe(both.reference);
  }
});
