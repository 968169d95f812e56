/* Services: latencies have the percentiles they name, failures strike when they say, nothing remembers. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/adapters/sim/random.ts';
import type { ServiceCall } from '../../../src/adapters/sim/services.ts';
import { loadScenario, serviceModels } from '../../../src/chaos/scenario/index.ts';
import { lognormal, mixture, uniform } from '../../../src/chaos/scenario/latency.ts';
import type { Json } from '../../../src/wire/index.ts';
import { scenarioWith } from './mistakes.ts';

function model(one: string) {
  const yaml = `services:\n  one: ${one}`;
  const { problems, scenario } = loadScenario(scenarioWith(yaml), 'services.yaml');
  expect(problems).toEqual([]);
  return serviceModels(scenario!).get('one')!;
}

function call(seed: number, more: Partial<ServiceCall> = {}): ServiceCall {
  const request: Json = { id: 7 };
  const random = stream(seed);
  return {
    name: 'one',
    request,
    key: 'k',
    role: 'do',
    attempt: 1,
    run: 'r',
    nthForKey: 1,
    random,
    ...more,
  };
}

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!;
}

describe('stoppable', () => {
  it('is what it says, and nothing unless it says so', () => {
    expect(model('{ stoppable: true }').call(call(1)).stoppable).toBe(true);
    expect(model('{ latency: 1 }').call(call(1)).stoppable).toBeUndefined();
    const yaml = scenarioWith('services:\n  one: { stoppable: perhaps }');
    expect(loadScenario(yaml, 'services.yaml').problems).toMatchObject([
      { pointer: '/services/one/stoppable' },
    ]);
  });
});

describe('latencies', () => {
  it('hits median and 99th percentile', () => {
    const random = stream('latency');
    const draw = lognormal(200, 1_500);
    const values = Array.from({ length: 20_000 }, () => draw(random));
    expect(quantile(values, 0.5) / 200).toBeCloseTo(1, 1);
    expect(quantile(values, 0.99) / 1_500).toBeCloseTo(1, 0);
    expect(values.every((ms) => Number.isInteger(ms) && ms > 0)).toBe(true);
  });

  it('mixes a normal night with a bad one', () => {
    const random = stream('night');
    const draw = mixture([
      { weight: 95, latency: uniform(3_000, 5_000) },
      { weight: 5, latency: uniform(90_000, 90_000) },
    ]);
    const values = Array.from({ length: 10_000 }, () => draw(random));
    expect(values.filter((ms) => ms === 90_000).length / 10_000).toBeCloseTo(0.05, 1);
    expect(quantile(values, 0.5)).toBeLessThan(5_001);
  });
});

describe('service models', () => {
  it('answers with jq over the request', () => {
    const verdict = model('{ latency: 12, answer: "{ got: .request.id, k: .key }" }').call(call(1));
    expect(verdict).toEqual({
      latency: 12,
      outcome: { result: { got: 7, k: 'k' } },
      applied: true,
    });
  });

  it('fails with the share it says, and leaves the effect with the share it says', () => {
    const flaky = model(
      '{ failures: [{ probability: 0.2, applied: 0.5, error: { type: timeout, status: 408 } }] }',
    );
    const verdicts = Array.from({ length: 4_000 }, (_, seed) => flaky.call(call(seed)));
    const failed = verdicts.filter(({ outcome }) => 'error' in outcome);
    expect(failed.length / 4_000).toBeCloseTo(0.2, 1);
    expect(failed.filter(({ applied }) => applied).length / failed.length).toBeCloseTo(0.5, 1);
    expect(failed[0]?.outcome).toEqual({
      error: {
        type: 'https://open-workflow-specification.org/spec/1.0.0/errors/timeout',
        status: 408,
        title: 'timeout',
      },
    });
  });

  it('keeps what a repetition will hear when the effect is there in spite of the error', () => {
    const error = '{ type: communication, status: 503 }';
    const verdict = model(
      `{ answer: .request.id, failures: [{ first: 1, applied: true, error: ${error} }] }`,
    ).call(call(1));
    expect(verdict.applied).toBe(true);
    expect(verdict.stored).toBe(7);
  });

  it('fails the first attempts only, and what the request says', () => {
    const error = '{ type: communication, status: 503 }';
    const first = model(`{ failures: [{ first: 2, error: ${error} }] }`);
    const outcomes = [1, 2, 3].map((attempt) => first.call(call(1, { attempt })).outcome);
    expect(outcomes.map((outcome) => 'error' in outcome)).toEqual([true, true, false]);
    const when = model(`{ failures: [{ when: .request.id == 8, error: ${error} }] }`);
    expect('error' in when.call(call(1)).outcome).toBe(false);
    expect('error' in when.call(call(1, { request: { id: 8 } })).outcome).toBe(true);
  });

  it('remembers nothing: the same call has the same fate', () => {
    const flaky = model(
      '{ latency: { uniform: [1, 999] }, failures: [{ probability: 0.5, error: { type: timeout, status: 408 } }] }',
    );
    const once = Array.from({ length: 50 }, (_, seed) => flaky.call(call(seed)));
    const again = Array.from({ length: 50 }, (_, seed) => flaky.call(call(seed, { nthForKey: 9 })));
    expect(again).toEqual(once);
  });
});
