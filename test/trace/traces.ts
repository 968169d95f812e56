/* Traces for tests: recorded from simulated runs of scenarios, in memory. */
import { planOf } from '../../src/chaos/campaign.ts';
import { DEFAULT_BOUNDS, planArbitrary } from '../../src/chaos/generate.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import { currentEngine } from '../../src/chaos/engine.ts';
import { runPlan } from '../../src/chaos/world.ts';
import type { Stage } from '../../src/chaos/stage.ts';
import { definitionsOf } from '../../src/chaos/subject.ts';
import { openStage } from '../../src/cli/chaos-scenarios.ts';
import type { Plan } from '../../src/dsl/plan/index.ts';
import { loadSchemas, schemas } from '../../src/presets/schemas.ts';
import { Examination, type ExamineOptions } from '../../src/trace/examine.ts';
import { TracePlans } from '../../src/trace/plans.ts';
import { Trace, type TraceBytes } from '../../src/trace/read-trace.ts';
import { LogRecorder, type Selection } from '../../src/trace/record-log.ts';
import type { Redactor } from '../../src/trace/redact.ts';
import type { Judged } from '../../src/trace/replay.ts';
import type { Tally } from '../../src/trace/tally.ts';
import { TraceWriter } from '../../src/trace/write-trace.ts';
import type { TraceHeader } from '../../src/wire/index.ts';

export const HEADER: TraceHeader = {
  engine: 'test',
  source: 'simulator',
  prefix: 'simulated',
  partitions: 4,
  recordedAt: 1,
  redacted: [],
  keyName: '',
  selection: [],
  token: '',
};

export async function stageOf(file: string): Promise<Stage> {
  await loadSchemas();
  return openStage(file);
}

/** Plans of a campaign with all kinds of faults, and clients that cancel. */
export function plansOf(stage: Stage, runs: number, seed = 1, name = 'everything'): FaultPlan[] {
  const bounds = { ...DEFAULT_BOUNDS, tasks: stage.subject.tasks, cancels: 0.15 };
  const arbitrary = planArbitrary(profileOf(name), bounds);
  return Array.from({ length: runs }, (_, index) => planOf(arbitrary, seed, index));
}

export interface Recording {
  readonly selection?: Selection;
  readonly redactor?: Redactor;
  readonly redacted?: readonly string[];
  /** ends the recording of each partition after so many records */
  readonly cut?: number;
}

/** The bytes of a trace of these runs. */
export function recorded(
  stage: Stage,
  plans: readonly FaultPlan[],
  recording: Recording = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const { cut, redacted = [], redactor, selection = {} } = recording;
  const writer = new TraceWriter({ ...HEADER, redacted }, (bytes) => parts.push(bytes));
  const engine = currentEngine(schemas);
  for (const [world, plan] of plans.entries()) {
    const recorder = new LogRecorder(writer, selection, redactor, world);
    for (const definition of definitionsOf(stage.subject)) recorder.define(definition);
    const { history } = runPlan(engine, stage.subject, plan);
    for (const [partition, records] of history.logs.entries()) {
      for (const record of records.slice(0, cut)) recorder.record(partition, record);
    }
  }
  writer.finish();
  return Buffer.concat(parts);
}

export function bytesOf(bytes: Uint8Array): TraceBytes {
  return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}

export interface Examined {
  readonly tally: Tally;
  readonly judged: readonly Judged[];
  readonly trace: Trace;
}

/** Replays all of a trace, with other plans for some workflows. */
export function examined(
  bytes: Uint8Array,
  instead: ReadonlyMap<string, Plan> = new Map(),
  options: Partial<ExamineOptions> = {},
): Examined {
  const trace = new Trace(bytesOf(bytes));
  const plans = new TracePlans(trace.definitions, schemas, instead);
  const { redacted } = trace.header;
  const against = instead.size > 0;
  const examination = new Examination({ plans, against, redacted, ...options });
  const judged: Judged[] = [];
  for (const unit of trace.units()) judged.push(...examination.unit(unit));
  return { tally: examination.tally(), judged, trace };
}
