/* Every plan that once broke something holds now (chaos/corpus; found ones are added there by hand). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import { loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { decodeToken } from '../../src/chaos/token.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { CORPUS, corpusFiles, scenarioPaths } from './corpus-scenarios.ts';

const scenarios = scenarioPaths();

describe('the corpus', () => {
  const entries = corpusFiles();
  const engine = currentEngine(compileSchema);

  it('is not empty', () => {
    expect(entries.length).toBeGreaterThan(0);
  });

  it.each(entries)('%s strikes, and holds', (file) => {
    const { scenario: name, token } = JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as {
      scenario: string;
      token: string;
    };
    const path = scenarios.get(name);
    expect(path, `the scenario ${name} is gone`).toBeDefined();
    const { scenario, problems } = loadScenarioFile(path!);
    expect(problems).toEqual([]);
    const { plan } = decodeToken(token);
    const { history } = runPlan(engine, scenarioSubject(scenario!), plan);
    expect(checkAll(history, scenario).violations).toEqual([]);
    expect(history.quiescent).toBe(true);
    // a plan that strikes nowhere any more guards nothing
    if (plan.faults.length > 0) expect(history.fired).not.toEqual([]);
  });
});
