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
import { type EngineModule, hunt } from './hunt.ts';
import { replaceOnce } from './scratch.ts';

const [name = '', copy = '', seed = '1', runs = ''] = process.argv.slice(2);
const sabotage = SABOTAGES.find((one) => one.name === name);
if (sabotage === undefined) throw new Error(`there is no sabotage ${name}`);

const home = join(import.meta.dirname, '..', '..');
const file = join(home, sabotage.scenario);
const { problems, scenario } = loadScenarioFile(file);
if (scenario === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
const subject = scenarioSubject(scenario);
const changed = (sabotage.newer ?? []).reduce(
  (text, { find, replace }) => replaceOnce(text, find, replace, sabotage.scenario),
  readFileSync(file, 'utf8'),
);
const newer = loadScenario(changed, file).scenario;
if (newer === undefined) throw new Error(`${name}: its newer definition does not load`);

const fromCopy = async <T>(path: string): Promise<T> =>
  (await import(pathToFileURL(join(copy, 'src', path)).href)) as T;
const { compileSchema: patched } = await fromCopy<{ compileSchema: SchemaCompiler }>(
  'dsl/plan/json-schema.ts',
);
const answer = hunt({
  sabotage,
  scenario,
  subject: {
    ...subject,
    definitions: [...subject.definitions, ...scenarioSubject(newer).definitions],
  },
  patched: await fromCopy<EngineModule>('chaos/engine.ts'),
  schemas: { patched, sound: compileSchema },
  seed: Number(seed),
  runs: runs === '' ? sabotage.runs : Number(runs),
});
process.stdout.write(`${JSON.stringify(answer)}\n`);
