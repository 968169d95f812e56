/*
 * The inspection: does the harness still judge? A short campaign against the sound engine, one against
 * the canary, and what each gate has to say about them.
 *
 *   node inspection.ts CANARY-COPY     (in a copy of the source whose harness may have been broken)
 *
 * The answer goes to stdout as one line of JSON. It trusts nothing that the harness says of itself where
 * it can look again: plans are run twice, and what was shrunk is run once more.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { planOf } from '../../src/chaos/campaign.ts';
import { cover, newCoverage } from '../../src/chaos/coverage.ts';
import { currentEngine, type Engine } from '../../src/chaos/engine.ts';
import { planArbitrary } from '../../src/chaos/generate.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import { type FaultPlan, withFaults } from '../../src/chaos/plan.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import { loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { shrink } from '../../src/chaos/shrink.ts';
import { traceHash } from '../../src/chaos/trace-hash.ts';
import { runPlan } from '../../src/chaos/world.ts';
import type { SchemaCompiler } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import { CANARY, SABOTAGES } from './catalogue.ts';
import type { GateName } from './harness-sabotages.ts';
import type { EngineModule } from './hunt.ts';

export interface Complaint {
  readonly gate: GateName;
  readonly said: string;
}

const SEED = 11;
/** Enough that every oracle below has something to judge. */
const SOUND_RUNS = 72;
const CANARY_RUNS = 100;
/** One run in so many is made twice. */
const TWICE_EVERY = 3;
/** So many complaints are enough. */
const ENOUGH = 3;
/** Kinds of faults that were planned so often must have fired. */
const OFTEN = 8;
/** Share of the planned faults that fire: many are addressed to calls that never come. */
const FIRED_SHARE_MIN = 0.15;
/** What merchant-onboarding gives to judge. */
const JUDGES = [
  ...['p1-start-never-lost', 'p2-every-transition-once', 'p3-one-effect', 'p4-timers'],
  ...['p6-retries-within-policy', 'p8-definition-pinned', 'p9-everything-ends', 'p10-no-complaint'],
  ...['r1-homes', 'r2-inbox', 'r3-tenures', 'r4-numbers-without-gap', 'r5-one-number-one-record'],
  ...['r6-units-whole', 'r7-acts-on-valid', 'r9-closed-is-closed', 'r10-marks-are-true'],
  ...['r12-log-whole', 'r13-store-is-fold', 'r14-store-not-behind', 'r17-starts', 'r20-takeovers'],
  ...['differential', 'scenario-invariants'],
];

const canary = SABOTAGES.find(({ name }) => name === CANARY)!;
const home = join(import.meta.dirname, '..', '..');
const { scenario } = loadScenarioFile(join(home, canary.scenario));
if (scenario === undefined) throw new Error(`${canary.scenario} does not load`);
const subject = scenarioSubject(scenario);
const { instances, partitions, runners } = scenario.faults;
const bounds = {
  tasks: subject.tasks,
  instances,
  partitions,
  runners,
  faults: scenario.faults.faults,
};
const plans = planArbitrary(profileOf('everything'), { ...bounds, arrivalMs: 10_000, cancels: 0 });

function inspect(sound: Engine, broken: Engine): Complaint[] {
  const complaints = lookAtSound(sound);
  // Who accuses the sound engine proves nothing about another one.
  return complaints.length > 0 ? complaints : lookAtBroken(broken);
}

function lookAtSound(engine: Engine): Complaint[] {
  const complaints: Complaint[] = [];
  const coverage = newCoverage();
  const judged = new Map<string, number>();
  for (let index = 0; index < SOUND_RUNS && complaints.length < ENOUGH; index += 1) {
    const plan = planOf(plans, SEED, index);
    const { counts, history } = runPlan(engine, subject, plan);
    cover(coverage, plan, history, counts);
    const { checked, violations } = checkAll(history, scenario);
    for (const [name, count] of Object.entries(checked))
      judged.set(name, (judged.get(name) ?? 0) + count);
    const [first] = violations;
    if (first !== undefined)
      complaints.push({ gate: 'sound-engine-passes', said: `run ${index}: ${first.said}` });
    if (!history.quiescent)
      complaints.push({ gate: 'sound-engine-passes', said: `run ${index} never came to rest` });
    if (index % TWICE_EVERY > 0) continue;
    if (traceHash(history) !== traceHash(runPlan(engine, subject, plan).history))
      complaints.push({ gate: 'same-seed-same-run', said: `run ${index} differs from itself` });
  }
  if (complaints.length > 0) return complaints;
  for (const name of JUDGES) {
    if (!judged.get(name))
      complaints.push({ gate: 'oracles-judge', said: `${name} has judged nothing` });
  }
  let planned = 0;
  for (const [kind, count] of coverage.kinds) {
    planned += count.planned;
    if (count.planned >= OFTEN && count.fired === 0)
      complaints.push({
        gate: 'faults-fire',
        said: `${kind}, planned ${count.planned} times, never fired`,
      });
  }
  if (coverage.fired < planned * FIRED_SHARE_MIN)
    complaints.push({ gate: 'faults-fire', said: `${coverage.fired} of ${planned} faults fired` });
  return complaints;
}

function lookAtBroken(engine: Engine): Complaint[] {
  const named = new Set<string>(canary.oracles);
  const fails = (plan: FaultPlan): boolean =>
    checkAll(runPlan(engine, subject, plan).history, scenario).violations.some(({ oracle }) =>
      named.has(oracle),
    );
  for (let index = 0; index < CANARY_RUNS; index += 1) {
    const found = planOf(plans, SEED, index);
    if (!fails(found)) continue;
    const { plan } = shrink(found, { fails, callsMax: 600 });
    if (!fails(plan))
      return [{ gate: 'shrunk-plan-fails', said: 'what was shrunk breaks nothing' }];
    const needless = plan.faults.find((fault) =>
      fails(
        withFaults(
          plan,
          plan.faults.filter((other) => other !== fault),
        ),
      ),
    );
    if (needless === undefined) return [];
    return [{ gate: 'shrunk-plan-fails', said: `fault ${needless.id} can be taken away` }];
  }
  return [{ gate: 'canary-is-caught', said: `${CANARY} survived ${CANARY_RUNS} runs` }];
}

const [copy = ''] = process.argv.slice(2);
const fromCopy = async <T>(path: string): Promise<T> =>
  (await import(pathToFileURL(join(copy, 'src', path)).href)) as T;
const { compileSchema: theirs } = await fromCopy<{ compileSchema: SchemaCompiler }>(
  'dsl/plan/json-schema.ts',
);
const { currentEngine: broken } = await fromCopy<EngineModule>('chaos/engine.ts');
process.stdout.write(`${JSON.stringify(inspect(currentEngine(compileSchema), broken(theirs)))}\n`);
