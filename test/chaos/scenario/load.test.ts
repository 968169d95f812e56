/*
 * The loader of scenarios: one clear error per mistake, at the right place; and the published JSON
 * Schema says the same of whatever it can see.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { loadScenario, loadScenarioFile } from '../../../src/chaos/scenario/index.ts';
import { readSource } from '../../../src/dsl/source.ts';
import { MISTAKES, scenarioWith } from './mistakes.ts';

const schema = JSON.parse(readFileSync('scenarios/scenario.schema.json', 'utf8')) as object;
const fits = new Ajv2020({ strict: false }).compile(schema);

describe('loading a scenario', () => {
  it('takes one without a mistake', () => {
    const { problems, scenario } = loadScenario(scenarioWith(), 'good.yaml');
    expect(problems).toEqual([]);
    expect(scenario?.name).toBe('good');
    expect(scenario?.definition.name).toBe('good');
    expect(scenario?.faults).toEqual({
      profile: 'calm',
      instances: { from: 1, to: 3 },
      runners: { from: 1, to: 3 },
      partitions: { from: 1, to: 3 },
      faults: { from: 0, to: 12 },
    });
    expect(fits(readSource(scenarioWith(), 'good.yaml').value)).toBe(true);
  });

  for (const { code, pointer, says, schema: seen, what, yaml } of MISTAKES) {
    it(`refuses ${what}`, () => {
      const text = scenarioWith(yaml);
      const { problems, scenario } = loadScenario(text, 'bad.yaml');
      expect(scenario).toBeUndefined();
      const problem = problems.find((each) => each.code === code && each.pointer === pointer);
      expect(problem, JSON.stringify(problems, null, 1)).toBeDefined();
      expect(`${problem?.message}; ${problem?.expected}; ${problem?.hint ?? ''}`).toMatch(says);
      // The place is where the part that was replaced stands, not the top of the file.
      const line = text.split('\n').findIndex((each) => each.startsWith(yaml.split('\n')[0] ?? ''));
      expect(problem?.line).toBeGreaterThan(line);
      expect(problem?.file).toBe('bad.yaml');
      if (seen !== false) expect(fits(readSource(text, 'bad.yaml').value)).toBe(false);
    });
  }

  it('takes what the workflow refers to from the scenario', () => {
    const api = { openapi: '3.0.0', paths: { '/things/{id}': { get: { operationId: 'look' } } } };
    const workflow = `workflow:
  document: { dsl: '1.0.3', namespace: test, name: good, version: '1.0.0' }
  do:
    - one: { call: openapi, with: { document: { endpoint: 'https://api.example/v1/api.json' }, operationId: look } }
files: { 'https://api.example/v1/api.json': '${JSON.stringify(api)}' }`;
    const services = `services:
  GET https://api.example/things/{id}: { answer: '{ id: 1 }' }`;
    const text = scenarioWith(workflow).replace(/services:\n.*\n/, `${services}\n`);
    const { problems, scenario } = loadScenario(text, 'good.yaml');
    expect(problems).toEqual([]);
    expect(Object.keys(scenario!.definition.resources)).toEqual([
      'https://api.example/v1/api.json',
    ]);
    expect([...scenario!.services.keys()]).toEqual(['GET https://api.example/things/{id}']);
  });

  it('gives one error for one mistake', () => {
    const noise = MISTAKES.filter(
      ({ yaml }) => loadScenario(scenarioWith(yaml), 'bad.yaml').problems.length !== 1,
    ).map(({ what }) => what);
    // A service whose name is wrong is unused, and the function is without a service: two names.
    expect(noise).toEqual(['a function without a service']);
  });

  it('never throws, whatever the file', () => {
    for (const text of ['', '[]', '7', 'name: [', '\u0000', 'name: &a [*a]', '- a\n- b']) {
      expect(loadScenario(text, 'odd.yaml').problems.length).toBeGreaterThan(0);
    }
    expect(loadScenarioFile('scenarios').problems[0]?.message).toMatch(/it is a directory/);
    expect(loadScenarioFile('no-such.yaml').problems[0]?.message).toMatch(/no such file/);
  });
});
