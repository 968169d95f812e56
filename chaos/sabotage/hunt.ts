/*
 * The hunt for one sabotage: a campaign over the patched engine until a named oracle speaks, then
 * shrinking, then the proof that the plan is minimal and that the sound engine passes it.
 *
 * Invariants: a plan counts only if the sound engine passes it, with every oracle asked; a plan that it
 * does not pass is a bug of the engine or the harness, and is reported as such.
 */
import { currentEngine, type Engine } from '../../src/chaos/engine.ts';
import { planOf } from '../../src/chaos/campaign.ts';
import { type PlanBounds, planArbitrary } from '../../src/chaos/generate.ts';
import type { Violation } from '../../src/chaos/history.ts';
import { narrate } from '../../src/chaos/narrate.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import { type FaultPlan, withFaults } from '../../src/chaos/plan.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import type { Scenario } from '../../src/chaos/scenario/index.ts';
import { shrink } from '../../src/chaos/shrink.ts';
import type { Subject } from '../../src/chaos/subject.ts';
import { encodeToken } from '../../src/chaos/token.ts';
import { firstDifference, traceHash } from '../../src/chaos/trace-hash.ts';
import { runPlan } from '../../src/chaos/world.ts';
import type { SchemaCompiler } from '../../src/dsl/index.ts';
import type { Sabotage } from './sabotage.ts';

/** An engine from some copy of the source. */
export interface EngineModule {
  readonly currentEngine: typeof currentEngine;
}

/** What a run of a hunt is a run of. */
export interface HuntStage {
  readonly scenario: Scenario;
  readonly subject: Subject;
}

export interface HuntRequest {
  readonly sabotage: Sabotage;
  /** of the run with that index */
  stageOf(index: number): HuntStage;
  readonly patched: EngineModule;
  readonly schemas: { readonly patched: SchemaCompiler; readonly sound: SchemaCompiler };
  readonly seed: number;
  readonly runs: number;
}

export interface Hunted {
  readonly name: string;
  readonly runs: number;
  readonly seconds: number;
  /** plans that the sound engine does not pass either */
  readonly unsound: readonly Told[];
  readonly caught?: Told & {
    /** removing any one fault lets the patched engine pass */
    readonly minimal: boolean;
    readonly faultsFound: number;
  };
}

export interface Told {
  readonly violations: readonly Violation[];
  readonly story: readonly string[];
  readonly token: string;
  readonly plan: FaultPlan;
}

const SHRINK_CALLS = 1_500;
const SHRINK_MS = 150_000;
const UNSOUND_MAX = 3;
/** A run that differs from itself shows only when it is made twice. */
const P12 = 'p12-same-seed-same-run';

export function hunt(request: HuntRequest): Hunted {
  const { runs, sabotage, schemas, seed } = request;
  const begun = performance.now();
  const patched = request.patched.currentEngine(schemas.patched, sabotage.limits);
  const sound = currentEngine(schemas.sound, sabotage.limits);
  const profile = profileOf(sabotage.profile);
  const named = new Set<string>(sabotage.oracles);
  let stage = request.stageOf(0);
  let arbitrary = planArbitrary(profile, boundsOf(stage));
  const judge = (engine: Engine, plan: FaultPlan): readonly Violation[] =>
    judged(engine, stage, plan, named.has(P12));
  const accused = (plan: FaultPlan): boolean =>
    judge(patched, plan).some(({ oracle }) => named.has(oracle));
  const fails = (plan: FaultPlan): boolean => accused(plan) && judge(sound, plan).length === 0;
  const tell = (engine: Engine, plan: FaultPlan): Told => ({
    violations: judge(engine, plan),
    story: narrate(plan, runPlan(engine, stage.subject, plan).history),
    token: encodeToken({ scenario: stage.scenario.name, hash: stage.scenario.hash, plan }),
    plan,
  });
  const unsound: Told[] = [];
  const over = (index: number): Pick<Hunted, 'name' | 'runs' | 'seconds' | 'unsound'> => ({
    name: sabotage.name,
    runs: index,
    seconds: (performance.now() - begun) / 1_000,
    unsound,
  });
  for (let index = 0; index < runs; index += 1) {
    const next = request.stageOf(index);
    if (next !== stage) arbitrary = planArbitrary(profile, boundsOf(next));
    stage = next;
    const found = planOf(arbitrary, seed, index);
    if (!accused(found)) continue;
    if (judge(sound, found).length > 0) {
      if (unsound.length < UNSOUND_MAX) unsound.push(tell(sound, smallest(found, judge, sound)));
      continue;
    }
    const until = performance.now() + SHRINK_MS;
    const { plan } = shrink(found, {
      fails,
      callsMax: SHRINK_CALLS,
      over: () => performance.now() > until,
    });
    // Not the word of the shrinker: tried again here.
    const minimal =
      fails(plan) &&
      plan.faults.every(
        (fault) =>
          !fails(
            withFaults(
              plan,
              plan.faults.filter((one) => one !== fault),
            ),
          ),
      );
    return {
      ...over(index + 1),
      caught: { ...tell(patched, plan), minimal, faultsFound: found.faults.length },
    };
  }
  return over(runs);
}

function smallest(
  found: FaultPlan,
  judge: (engine: Engine, plan: FaultPlan) => readonly Violation[],
  sound: Engine,
): FaultPlan {
  const until = performance.now() + SHRINK_MS;
  const fails = (plan: FaultPlan): boolean => judge(sound, plan).length > 0;
  return shrink(found, { fails, over: () => performance.now() > until, callsMax: 500 }).plan;
}

function judged(
  engine: Engine,
  { scenario, subject }: HuntStage,
  plan: FaultPlan,
  twice: boolean,
): readonly Violation[] {
  const { history } = runPlan(engine, subject, plan);
  const { violations } = checkAll(history, scenario);
  if (!twice) return violations;
  const again = runPlan(engine, subject, plan).history;
  if (traceHash(history) === traceHash(again)) return violations;
  const said = `two runs of one plan differ: ${firstDifference(history, again) ?? 'their hashes differ'}`;
  return [...violations, { promise: 'P12', oracle: P12, said }];
}

function boundsOf({ scenario, subject: { listens = false, tasks } }: HuntStage): PlanBounds {
  const { cancels, faults, keeps, suspends } = scenario;
  const { instances, partitions, runners } = faults;
  const size = { instances, partitions, runners, faults: faults.faults };
  return { tasks, ...size, arrivalMs: 10_000, cancels, suspends, keeps, listens };
}
