/*
 * One hunt in a process of its own, because a sabotaged engine may well never come back.
 *
 *   node hunt-process.ts NAME ENGINE-COPY SEED RUNS     (in the sound copy)
 *
 * The answer goes to stdout as one line of JSON.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadScenario, loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { readFileSync } from 'node:fs';
import type { SchemaCompiler } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { SABOTAGES } from './catalogue.ts';
import { generatedScenario } from '../../src/chaos/workload/index.ts';
import { type EngineModule, hunt, type HuntStage } from './hunt.ts';
import { GENERATED_WORKFLOWS, type Sabotage } from './sabotage.ts';
import { replaceOnce } from './scratch.ts';

const [name = '', copy = '', seed = '1', runs = ''] = process.argv.slice(2);
const sabotage = SABOTAGES.find((one) => one.name === name);
if (sabotage === undefined) throw new Error(`there is no sabotage ${name}`);

const home = join(import.meta.dirname, '..', '..');
/** Generated workflows that a hunt goes round in. */
const GENERATED = 200;

/** A file: the same for every run, with what it is replaced by while older runs are under way. */
function stageOfFile({ newer = [], scenario: place }: Sabotage): HuntStage {
  const file = join(home, place);
  const { problems, scenario } = loadScenarioFile(file);
  if (scenario === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  const subject = scenarioSubject(scenario);
  // Deployed twice it would be scheduled twice, and no token says so.
  if (newer.length === 0) return { scenario, subject };
  const changed = newer.reduce(
    (text, { find, replace }) => replaceOnce(text, find, replace, place),
    readFileSync(file, 'utf8'),
  );
  const next = loadScenario(changed, file).scenario;
  if (next === undefined) throw new Error(`${name}: its newer definition does not load`);
  const definitions = [...subject.definitions, ...scenarioSubject(next).definitions];
  return { scenario, subject: { ...subject, definitions } };
}

function stages(hunted: Sabotage): (index: number) => HuntStage {
  if (hunted.scenario !== GENERATED_WORKFLOWS) {
    const stage = stageOfFile(hunted);
    return () => stage;
  }
  const known = new Map<number, HuntStage>();
  return (index) => {
    const nth = index % GENERATED;
    let stage = known.get(nth);
    if (stage === undefined) {
      const scenario = generatedScenario(nth);
      known.set(nth, (stage = { scenario, subject: scenarioSubject(scenario) }));
    }
    return stage;
  };
}

const fromCopy = async <T>(path: string): Promise<T> =>
  (await import(pathToFileURL(join(copy, 'src', path)).href)) as T;
const { compileSchema: patched } = await fromCopy<{ compileSchema: SchemaCompiler }>(
  'dsl/plan/json-schema.ts',
);
const answer = hunt({
  sabotage,
  stageOf: stages(sabotage),
  patched: await fromCopy<EngineModule>('chaos/engine.ts'),
  schemas: { patched, sound: compileSchema },
  seed: Number(seed),
  runs: runs === '' ? sabotage.runs : Number(runs),
});
process.stdout.write(`${JSON.stringify(answer)}\n`);
