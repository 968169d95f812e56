/* Inputs: what is drawn is what the template says, from the given numbers alone. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/adapters/sim/random.ts';
import { drawInput, drawWorkload, loadScenario } from '../../../src/chaos/scenario/index.ts';
import { scenarioWith } from './mistakes.ts';

function inputsOf(generate: string) {
  const yaml = `inputs: { cases: [{ name: x, generate: ${generate} }], workloads: { night: 200 } }`;
  const { problems, scenario } = loadScenario(scenarioWith(yaml), 'inputs.yaml');
  expect(problems).toEqual([]);
  return scenario!.inputs;
}

function drawn(generate: string, count = 200) {
  const inputs = inputsOf(generate);
  return drawWorkload(inputs, count, stream('test')).map(({ input }) => input);
}

describe('inputs of a scenario', () => {
  it('makes ids that are unique in the workload', () => {
    const ids = drawn("{ $id: 'm-{}' }");
    expect(new Set(ids).size).toBe(200);
    expect(ids[0]).toBe('m-10000');
  });

  it('draws from a range with both ends', () => {
    expect(new Set(drawn('{ $range: [3, 5] }'))).toEqual(new Set([3, 4, 5]));
  });

  it('draws by weight, never what has none', () => {
    const text =
      '{ $weighted: [{ weight: 9, value: a }, { weight: 1, value: b }, { weight: 0, value: c }] }';
    const values = drawn(text, 1000);
    const share = values.filter((value) => value === 'b').length / 1000;
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.15);
    expect(values).not.toContain('c');
  });

  it('joins texts and makes lists', () => {
    expect(drawn('{ $join: [a, { $range: [7, 7] }, b] }', 1)).toEqual(['a7b']);
    const lists = drawn('{ $list: { of: { sku: { $range: [1, 9] } }, length: [0, 3] } }');
    const lengths = new Set(lists.map((list) => (list as unknown[]).length));
    expect(lengths).toEqual(new Set([0, 1, 2, 3]));
  });

  it('gives the same inputs for the same numbers', () => {
    const inputs = inputsOf('{ a: { $range: [1, 1000000] }, b: { $choice: [x, y, z] } }');
    const one = drawWorkload(inputs, 'night', stream(1));
    expect(drawWorkload(inputs, 'night', stream(1))).toEqual(one);
    expect(drawWorkload(inputs, 'night', stream(2))).not.toEqual(one);
    expect(one).toHaveLength(200);
  });

  it('draws cases by weight, and only those of the workload', () => {
    const yaml = `inputs:
  cases: [{ name: a, weight: 3, value: 1 }, { name: b, weight: 1, value: 2 }]
  workloads: { few: { count: 5, cases: [b] } }`;
    const { inputs } = loadScenario(scenarioWith(yaml), 'inputs.yaml').scenario!;
    const random = stream('cases');
    const names = Array.from({ length: 400 }, (_, i) => drawInput(inputs.cases, random, i).case);
    expect(names.filter((name) => name === 'b').length / 400).toBeCloseTo(0.25, 1);
    expect(drawWorkload(inputs, 'few', random).map(({ input }) => input)).toEqual([2, 2, 2, 2, 2]);
    expect(() => drawWorkload(inputs, 'many', random)).toThrow(/no workload many \(it has: few\)/);
  });
});
