/*
 * Plans that somebody else thought of, against one sabotage, in a process of its own because a sabotaged
 * engine may well never come back.
 *
 *   node replay-process.ts NAME ENGINE-COPY SCENARIO < plans.json     (in the sound copy)
 *
 * The answer goes to stdout as one line of JSON: the first plan that breaks the sabotaged engine, by one
 * of the oracles that are named for it, and not the sound one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentEngine } from '../../src/chaos/engine.ts';
import { narrate } from '../../src/chaos/narrate.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { runPlan } from '../../src/chaos/world.ts';
import type { SchemaCompiler } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { SABOTAGES } from './catalogue.ts';
import type { EngineModule } from './hunt.ts';
import type { Replayed } from './replay.ts';

const [name = '', copy = '', file = ''] = process.argv.slice(2);
const sabotage = SABOTAGES.find((one) => one.name === name);
if (sabotage === undefined) throw new Error(`there is no sabotage ${name}`);
const { problems, scenario } = loadScenarioFile(join(import.meta.dirname, '..', '..', file));
if (scenario === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
const subject = scenarioSubject(scenario);

const fromCopy = async <T>(path: string): Promise<T> =>
  (await import(pathToFileURL(join(copy, 'src', path)).href)) as T;
const { compileSchema: theirs } = await fromCopy<{ compileSchema: SchemaCompiler }>(
  'dsl/plan/json-schema.ts',
);
const { currentEngine: broken } = await fromCopy<EngineModule>('chaos/engine.ts');
const patched = broken(theirs, sabotage.limits);
const sound = currentEngine(compileSchema, sabotage.limits);
const named = new Set<string>(sabotage.oracles);

function replay(plans: readonly FaultPlan[]): Replayed {
  for (const [index, plan] of plans.entries()) {
    const { history } = runPlan(patched, subject, plan);
    const { violations } = checkAll(history, scenario);
    if (!violations.some(({ oracle }) => named.has(oracle))) continue;
    if (checkAll(runPlan(sound, subject, plan).history, scenario).violations.length > 0) continue;
    return { tried: index + 1, broke: { plan, violations, story: narrate(plan, history) } };
  }
  return { tried: plans.length };
}

process.stdout.write(
  `${JSON.stringify(replay(JSON.parse(readFileSync(0, 'utf8')) as FaultPlan[]))}\n`,
);
