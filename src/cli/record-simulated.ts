/*
 * Recording from the simulator: the runs of a campaign, or the one of a token, as if their Logs had been
 * tailed. Each has Logs of its own, and is a world of the trace.
 */
import { planOf } from '../chaos/campaign.ts';
import { planArbitrary } from '../chaos/generate.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import { decodeToken, TokenError } from '../chaos/token.ts';
import { definitionsOf } from '../chaos/subject.ts';
import { boundsOf, type Stage } from '../chaos/stage.ts';
import { runPlan } from '../chaos/world.ts';
import { LogRecorder, type Selection } from '../trace/record-log.ts';
import type { Redactor } from '../trace/redact.ts';
import type { TraceWriter } from '../trace/write-trace.ts';
import { openEngine, openStage, scenarioNamed } from './chaos-scenarios.ts';
import { profileFor } from './chaos-slice.ts';
import { profile } from './chaos-options.ts';
import type { RecordFlags } from './record-options.ts';
import { UserError } from './user-error.ts';

const RUNS_MAX = 100_000;

export interface Simulated {
  readonly stage: Stage;
  readonly plans: () => Generator<FaultPlan>;
  readonly partitions: number;
}

/** What is to be simulated. */
export async function simulated(file: string | undefined, flags: RecordFlags): Promise<Simulated> {
  const { runs = '1', seed = '1', token } = flags;
  if (token !== undefined) {
    const { plan, scenario } = tokenOf(token);
    const found = file ?? scenarioNamed(scenario);
    if (found === undefined) {
      throw new UserError(
        `the token is of the scenario ${JSON.stringify(scenario)}: name its file`,
      );
    }
    const stage = await openStage(found);
    const plans = function* (): Generator<FaultPlan> {
      yield plan;
    };
    return { stage, plans, partitions: plan.partitions };
  }
  const count = wholeNumber('--runs', runs, RUNS_MAX);
  const first = wholeNumber('--seed', seed, 0xff_ff_ff_ff);
  const stage = await openStage(file ?? '');
  const asked = flags.profile === undefined ? undefined : profile(flags.profile);
  const bounds = boundsOf(stage, {});
  const arbitrary = planArbitrary(profileFor(stage, asked), bounds);
  const plans = function* (): Generator<FaultPlan> {
    for (let index = 0; index < count; index++) yield planOf(arbitrary, first, index);
  };
  return { stage, plans, partitions: bounds.partitions.to };
}

export async function recordSimulated(
  { plans, stage }: Simulated,
  writer: TraceWriter,
  selection: Selection,
  redactor: Redactor | undefined,
  told: (worlds: number) => void,
): Promise<void> {
  const engine = await openEngine(undefined);
  let world = 0;
  for (const plan of plans()) {
    const recorder = new LogRecorder(writer, selection, redactor, world);
    for (const definition of definitionsOf(stage.subject)) recorder.define(definition);
    const { history } = runPlan(engine, stage.subject, plan);
    for (const [partition, records] of history.logs.entries()) {
      for (const record of records) recorder.record(partition, record);
    }
    world += 1;
    told(world);
  }
}

function tokenOf(text: string): ReturnType<typeof decodeToken> {
  try {
    return decodeToken(text);
  } catch (error) {
    if (error instanceof TokenError) throw new UserError(`--token: ${error.message}`);
    throw error;
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 0 && number <= most) return number;
  throw new UserError(`${option} takes a whole number up to ${most}, not ${JSON.stringify(text)}`);
}
