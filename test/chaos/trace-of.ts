/* Prints the trace hash of each token of the corpus, one line each: `node test/chaos/trace-of.ts [FILE...]`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentEngine } from '../../src/chaos/engine.ts';
import { loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { decodeToken } from '../../src/chaos/token.ts';
import { traceHash } from '../../src/chaos/trace-hash.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CORPUS = join(ROOT, 'chaos', 'corpus');

/** Cases whose scenario lies in `scenarios`, by file. */
export function corpusCases(): readonly string[] {
  return readdirSync(CORPUS).filter(
    (file) => file.endsWith('.json') && !/^(?:rounds|budget|generated)/.test(file),
  );
}

export function traceOf(file: string): string {
  const { scenario: name, token } = JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as {
    scenario: string;
    token: string;
  };
  const { scenario, problems } = loadScenarioFile(join(ROOT, 'scenarios', `${name}.yaml`));
  if (scenario === undefined) throw new Error(JSON.stringify(problems));
  const { plan } = decodeToken(token);
  const engine = currentEngine(compileSchema);
  return traceHash(runPlan(engine, scenarioSubject(scenario), plan).history);
}

if (process.argv[1] === import.meta.filename) {
  const asked = process.argv.slice(2);
  for (const file of asked.length > 0 ? asked : corpusCases()) {
    process.stdout.write(`${file} ${traceOf(file)}\n`);
  }
}
