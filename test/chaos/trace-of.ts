/* Prints the trace hash of each token of the corpus, one line each: `node test/chaos/trace-of.ts [FILE...]`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentEngine } from '../../src/chaos/engine.ts';
import { loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { decodeToken } from '../../src/chaos/token.ts';
import { traceHash } from '../../src/chaos/trace-hash.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { CORPUS, corpusFiles, scenarioPaths } from './corpus-scenarios.ts';

const paths = scenarioPaths();

export function traceOf(file: string): string {
  const { scenario: name, token } = JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as {
    scenario: string;
    token: string;
  };
  const path = paths.get(name);
  if (path === undefined) throw new Error(`${file}: there is no scenario ${name}`);
  const { scenario, problems } = loadScenarioFile(path);
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  const { plan } = decodeToken(token);
  const engine = currentEngine(compileSchema);
  return traceHash(runPlan(engine, scenarioSubject(scenario), plan).history);
}

if (process.argv[1] === import.meta.filename) {
  const asked = process.argv.slice(2);
  for (const file of asked.length > 0 ? asked : corpusFiles()) {
    process.stdout.write(`${file} ${traceOf(file)}\n`);
  }
}
