/*
 * The conformance kit of the specification, on an embedded engine. It is read in place from
 * ../shared/data/ctk; where that is absent, skipped. The public services that it calls are served here.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KIT_PROVES } from './ctk/proves.ts';
import { readFeatures, scenarios } from './ctk/features.ts';
import { type PublicServices, servePublicServices } from './ctk/public-services.ts';
import { play } from './ctk/steps.ts';
import { provesAll } from '../proofs/proves.ts';

const KIT = new URL('../../../shared/data/ctk/', import.meta.url);
const SCENARIOS = 21;

let services: PublicServices;
beforeAll(async () => {
  services = await servePublicServices();
});
afterAll(() => services.close());

describe('the conformance kit', () => {
  if (!existsSync(KIT)) {
    test('its scenarios', (context) => context.skip(`${fileURLToPath(KIT)} is absent`));
    return;
  }
  const kit = readFeatures(KIT);
  test('has as many scenarios as we know', () => expect(kit).toHaveLength(SCENARIOS));
  test('has the scenarios that we say what they prove of', () => {
    const names = kit.map(({ name }) => name);
    expect(Object.keys(KIT_PROVES).filter((name) => !names.includes(name))).toEqual([]);
  });
  for (const scenario of kit) {
    test(scenario.name, provesAll(KIT_PROVES[scenario.name] ?? []), () =>
      play(scenario, (text) => services.localise(text)),
    );
  }
  test('has asked the services that are served here', () => {
    const paths = new Set(services.asked.map((one) => one.replace(/\?.*/, '')));
    expect([...paths].sort()).toEqual([
      'GET /basic-auth/serverless-workflow/conformance-test',
      'GET /v2/pet/1',
      'GET /v2/pet/2',
      'GET /v2/pet/findByStatus',
      'GET /v2/pet/getPetByName/Milou',
      'GET /v2/swagger.json',
    ]);
  });
});

describe('the steps', () => {
  const wrong = (then: string): Promise<void> => {
    const text = `Feature: ours
  Scenario: one
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: test, name: steps, version: '1.0.0' }
    do:
      - first: { set: { list: [1, 2], deep: { n: 1 } } }
      - second: { set: '\${ . }' }
    """
    When the workflow is executed
    Then ${then}`;
    return play(scenarios(text, 'ours')[0]!, String);
  };
  test.each([
    "the workflow output should have a 'list' property containing 2 items",
    "the workflow output should have properties 'list', 'deep.n'",
    'first should run first',
    'second should run last',
    'second should run after first',
  ])('hold: %s', (then) => wrong(then));
  test.each([
    'the workflow should fault',
    "the workflow output should have a 'list' property containing 1 items",
    "the workflow output should have properties 'list', 'deep.m'",
    'second should run first',
    'first should run last',
    'first should run after second',
    'second should run after third',
    'the workflow should be fine',
  ])('do not hold: %s', (then) => expect(wrong(then)).rejects.toThrow());
});
