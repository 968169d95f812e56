/*
 * Stage of a trace: `FILE`, `FILE#ID` or `FILE#ID@N` as what the simulator runs. Its workflow is the one
 * that the run follows, or that most runs do; its services answer as recorded; with N the world begins
 * with that run at its N-th step.
 *
 * Invariant: whatever is wrong with it is a StageRefused that names the file.
 */
import { EPOCH_MS } from '../adapters/sim/index.ts';
import { loadSchemas } from '../presets/schemas.ts';
import { openTrace, TraceRefused } from '../presets/traces.ts';
import { type Beginning, beginningOf, NoBeginning } from '../trace/beginning.ts';
import type { Trace } from '../trace/read-trace.ts';
import { workflowsIn } from '../trace/record-log.ts';
import { defineDocument } from '../dsl/index.ts';
import { canonicalJson, decodeHeader, sha256Hex, type TraceDefinition } from '../wire/index.ts';
import { RecordedWorld } from './recorded-world.ts';
import { calledServices } from './scenario/called-services.ts';
import { loadScenario, scenarioSubject } from './scenario/index.ts';
import { type Stage, StageRefused } from './stage.ts';
import type { Subject } from './subject.ts';

export interface TracePlace {
  readonly file: string;
  readonly instance?: string;
  readonly step?: number;
}

/** `FILE#ID@N`; undefined: no place in a trace. */
export function tracePlace(text: string): TracePlace | undefined {
  const [, file = '', instance, step] = /^(.*?\.trace)(?:#([^#@]+)(?:@(\d+))?)?$/.exec(text) ?? [];
  if (file === '') return undefined;
  return {
    file,
    ...(instance === undefined ? {} : { instance }),
    ...(step === undefined ? {} : { step: Number(step) }),
  };
}

export async function traceStage(text: string, place: TracePlace): Promise<Stage> {
  await loadSchemas();
  const { file, instance, step } = place;
  const refuse = (said: string): never => {
    throw new StageRefused(`${file}: ${said}`, file);
  };
  try {
    const { bytes, trace } = openTrace(file);
    try {
      const world = new RecordedWorld();
      const definition = survey(trace, world, instance);
      if (definition === undefined) {
        return refuse(
          instance === undefined ? 'no run begins in it' : `it has no step of ${instance}`,
        );
      }
      const begun =
        step === undefined
          ? undefined
          : beginningOf(trace.unitsOf(instance!), instance!, step, EPOCH_MS);
      return staged(text, trace, world, definition, begun, refuse);
    } finally {
      bytes.close();
    }
  } catch (error) {
    if (error instanceof TraceRefused) throw new StageRefused(error.message, file);
    if (error instanceof NoBeginning) return refuse(`${instance}@${step}: ${error.message}`);
    throw error;
  }
}

/** Learns all that the trace shows; the definition that the run follows, or that most runs do. */
function survey(
  trace: Trace,
  world: RecordedWorld,
  instance: string | undefined,
): TraceDefinition | undefined {
  const runs = new Map<string, number>();
  let first: number | undefined;
  for (const unit of instance === undefined ? trace.units() : trace.unitsOf(instance)) {
    const headers = unit.records.map((bytes) => decodeHeader(bytes));
    if (instance !== undefined && !headers.some(({ run }) => run === instance)) continue;
    // In each world of a simulation there may be a run of that id: the first one is meant.
    if (instance !== undefined && unit.world !== (first ??= unit.world)) continue;
    world.learn(unit);
    for (const { definition, hop, run, strand } of headers) {
      if (hop !== 1 || strand !== '' || definition === '') continue;
      if (instance !== undefined && run !== instance) continue;
      runs.set(definition, (runs.get(definition) ?? 0) + 1);
    }
  }
  const [most] = [...runs].sort(([, a], [, b]) => b - a);
  return most && trace.definitions.get(most[0]);
}

function staged(
  text: string,
  { definitions }: Trace,
  world: RecordedWorld,
  first: TraceDefinition,
  begins: Beginning | undefined,
  refuse: (said: string) => never,
): Stage {
  const besides = closure(first, definitions);
  const names = [first, ...besides].flatMap(({ document, resources }) => {
    const { definition } = defineDocument(JSON.parse(document), resources);
    return definition === undefined ? [] : [...calledServices(definition)];
  });
  const files = Object.assign(
    {},
    ...[first, ...besides].map(({ resources }) => resources),
  ) as object;
  const content = {
    name: `${first.name}-recorded`,
    summary: `What ${text} has recorded.`,
    workflow: JSON.parse(first.document) as object,
    ...(besides.length === 0
      ? {}
      : { workflows: besides.map(({ document }) => JSON.parse(document) as object) }),
    ...(Object.keys(files).length === 0 ? {} : { files }),
    services: Object.fromEntries(names.map((name) => [name, {}])),
    faults: { profile: 'everything', instances: [1, 4] },
  };
  const { problems, scenario } = loadScenario(JSON.stringify(content), text);
  if (scenario === undefined) {
    return refuse(`it cannot be simulated: ${problems.map(({ message }) => message).join('; ')}`);
  }
  const inputs = world.inputs.get(first.hash) ?? [{}];
  const plain = scenarioSubject(scenario);
  const hash = sha256Hex(
    canonicalJson([scenario.hash, inputs, begins === undefined ? null : begins.run]),
  );
  const subject: Subject = {
    ...plain,
    hash,
    services: new Map([...plain.services.keys()].map((name) => [name, world.model(name)])),
    input: (_random, index) => inputs[index % inputs.length] ?? {},
    ...(begins === undefined ? {} : { begins }),
  };
  return { file: text, scenario: { ...scenario, hash }, subject };
}

/** What a definition runs, and what that runs. */
function closure(
  first: TraceDefinition,
  definitions: ReadonlyMap<string, TraceDefinition>,
): TraceDefinition[] {
  const found = new Map<string, TraceDefinition>();
  const visit = (one: TraceDefinition): void => {
    for (const { name, namespace, version } of workflowsIn(one)) {
      const other = [...definitions.values()].findLast(
        (known) =>
          known.name === name &&
          known.namespace === namespace &&
          (version ?? known.version) === known.version,
      );
      if (other === undefined || other.hash === first.hash || found.has(other.hash)) continue;
      found.set(other.hash, other);
      visit(other);
    }
  };
  visit(first);
  return [...found.values()];
}
