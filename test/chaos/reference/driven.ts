/*
 * Core alone against the reference: one generated workflow, driven by test/core/drive.ts without records
 * or ports, and interpreted, with the same services and the same made-up time. Everything must be equal:
 * the end, its time, and every attempt with its time, its request and whose repetition it is.
 *
 *   node driven.ts FIRST COUNT MS      says which seed differs first, as one line of JSON
 */
import { serviceRandom, stream } from '../../../src/adapters/sim/index.ts';
import {
  interpret,
  type Sent,
  type Serve,
  simulatedLine,
} from '../../../src/chaos/reference/index.ts';
import { drawInput, type Scenario, serviceModels } from '../../../src/chaos/scenario/index.ts';
import { EVERYTHING, generatedScenario, OUTSIDE } from '../../../src/chaos/workload/index.ts';
import { compilePlan, type Plan, type SchemaCompiler } from '../../../src/dsl/index.ts';
import { compileSchema } from '../../../src/dsl/plan/json-schema.ts';
import {
  canonicalJson,
  type CloudEvent,
  type Json,
  type StrandEnd,
} from '../../../src/wire/index.ts';
import { drive, type Functions } from '../../core/drive.ts';

/** Nobody tells the two what jitter was drawn, or what came first of two things at one time. */
const TASTE = { ...EVERYTHING, exact: true };
/** Most events that come from outside; times between them, ms. */
const SENT_MAX = 16;
const GAPS = [0, 7, 400, 3_000];
const RUN = 'run-1';
/** It waits for an event that never comes. */
const UNFINISHED = 'unfinished';
const STUCK = 'the run is stuck';

export interface Difference {
  readonly seed: number;
  readonly engine: string;
  readonly reference: string;
}

export interface Both extends Difference {
  readonly same: boolean;
  /** completed, or the last segment of the error's type */
  readonly outcome: string;
  readonly calls: number;
  /** what came first is open: nothing is said about such a run */
  readonly ties: number;
}

const compiled = new Map<string, ReturnType<SchemaCompiler>>();

/** A schema costs far more than a workflow, and generated ones use few. */
export const rememberedSchemas: SchemaCompiler = (schema) => {
  const text = JSON.stringify(schema);
  let check = compiled.get(text);
  if (check === undefined) compiled.set(text, (check = compileSchema(schema)));
  return check;
};

export function planFor({ definition }: Pick<Scenario, 'definition'>): Plan {
  const { plan, problems } = compilePlan(definition, rememberedSchemas);
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  return plan;
}

export function compareSeed(seed: number): Both {
  return compareScenario(generatedScenario(seed, TASTE), seed);
}

/** With the input and the answers that the seed stands for. */
export function compareScenario(scenario: Scenario, seed: number): Both {
  const { input } = drawInput(scenario.inputs.cases, stream('driven', seed), 0);
  const serve = services(scenario, seed);
  const sent = sentFromOutside(seed);
  const engine = driven(scenario, input, serve, sent);
  const reference = interpreted(scenario, input, serve, sent);
  const { outcome, calls, ties } = reference;
  // Of two ends at one instant either may be the first.
  const same = engine === reference.text || reference.ties > 0;
  return { seed, same, engine, reference: reference.text, outcome, calls, ties };
}

function services(scenario: Scenario, seed: number): Serve {
  const models = serviceModels(scenario);
  return (name, request, attempt) => {
    const call = { run: RUN, name, request, attempt };
    const random = serviceRandom(seed, call);
    const model = models.get(name)!;
    const { latency, outcome } = model.call({ ...call, key: '', role: 'do', random, nthForKey: 1 });
    return { latency, ...outcome };
  };
}

/** Events that come while the run goes on, in order. */
function sentFromOutside(seed: number): readonly Sent[] {
  const random = stream('sent', seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let at = 0;
  return Array.from({ length: below(SENT_MAX) }, (_, nth) => {
    at += below(2) * GAPS[below(GAPS.length)]! + below(40);
    const n = below(9);
    const data = { n, s: ['a', 'b', 'night'][below(3)]!, l: [n, 1].slice(below(3)) };
    const event = {
      specversion: '1.0',
      id: `sent-${nth}`,
      source: 'urn:outside',
      type: OUTSIDE[below(3)]!,
      room: 1 + below(2),
      data,
    };
    return { at, event };
  });
}

function driven(scenario: Scenario, input: Json, serve: Serve, sent: readonly Sent[]): string {
  const functions: Functions = Object.fromEntries(
    [...scenario.services.keys()].map((name) => [
      name,
      ({ arguments: request, attempt }) => {
        const { latency, ...answer } = serve(name, request, attempt);
        return { ...answer, after: latency };
      },
    ]),
  );
  try {
    const definitions = Object.fromEntries(
      scenario.workflows.map((definition) => [definition.name, planFor({ definition })]),
    );
    const found = drive(planFor(scenario), input, functions, {
      definitions,
      sent: sent.map(({ at, event }) => ({ at, ...event })),
    });
    const { at, calls, emitted, emittedAt, end, runs } = found;
    // What runs of their own do is not the starter's.
    const its = calls.filter(({ run }) => run === RUN);
    const groups = Map.groupBy(its, ({ key }) => key);
    const texts = [...groups.values()].map((group) =>
      group.map((one) => [one.at, one.attempt, one.name, one.arguments]),
    );
    return text(
      end,
      at,
      texts,
      emitted.map((event, i) => ({ event, at: emittedAt[i]! })),
      runs.filter(({ by }) => by.run === RUN),
    );
  } catch (error) {
    if (error instanceof Error && error.message === STUCK) return UNFINISHED;
    return `threw ${error instanceof Error ? error.message : String(error)}`;
  }
}

function interpreted(
  { definition, workflows }: Scenario,
  input: Json,
  serve: Serve,
  sent: readonly Sent[],
): Pick<Both, 'outcome' | 'calls' | 'ties'> & { text: string } {
  const line = simulatedLine(serve, sent);
  const found = interpret(definition, { run: RUN, definitions: workflows, input, at: 0, line });
  const groups = Map.groupBy(found.calls, ({ effect }) => effect);
  const texts = [...groups.values()].map((group) =>
    group.map(({ at, attempt, effect: { name, request } }) => [at, attempt, name, request]),
  );
  const outcome = found.error?.type.split('/').at(-1) ?? found.status;
  if (found.status === 'unfinished') {
    return { text: UNFINISHED, outcome, calls: found.calls.length, ties: found.ties };
  }
  return {
    text: text(
      found,
      found.at,
      texts,
      found.emitted,
      found.begun.map((one) => ({ ...one, name: one.document.document.name })),
    ),
    outcome,
    calls: found.calls.length,
    ties: found.ties,
  };
}

function text(
  { compensations = [], error, output }: StrandEnd,
  at: number,
  effects: Json[][],
  emitted: readonly { readonly event: CloudEvent; readonly at: number }[],
  runs: readonly { readonly name: string; readonly input: Json; readonly at: number }[],
): string {
  const { type = null, status = null, title = null, instance = null } = error ?? {};
  const end = error === undefined ? { output: output ?? null } : { type, status, title, instance };
  const calls = effects.map((one) => canonicalJson(one)).sort();
  const events = emitted.map((one) => withoutIds(one as unknown as Json)).sort();
  const begun = runs
    .map((run) => withoutIds({ name: run.name, input: run.input, at: run.at }))
    .sort();
  const undone = compensations.map(({ certain, outcome = null, pointer }) => [
    pointer,
    certain,
    outcome,
  ]);
  return withoutIds({ at, end, undone, calls, events, begun });
}

/** Ids of events are the engine's business. */
function withoutIds(value: Json): string {
  return canonicalJson(value).replaceAll(
    /(\\*"id\\*":\\*")(?:[0-9a-f]{32}|made-up)/g,
    (_, name: string) => name,
  );
}

/** The first of so many seeds at which the two differ, as far as the time (ms) suffices. */
function firstDifference(first: number, count: number, msMax: number): Difference | undefined {
  const until = performance.now() + msMax;
  for (let seed = first; seed < first + count && performance.now() < until; seed += 1) {
    const { engine, reference, same } = compareSeed(seed);
    if (!same) return { seed, engine, reference };
  }
  return undefined;
}

if (import.meta.main) {
  const [first = 0, count = 100, msMax = Infinity] = process.argv.slice(2).map(Number);
  process.stdout.write(JSON.stringify(firstDifference(first, count, msMax) ?? null));
}
