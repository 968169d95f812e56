/* Makes a slice, whatever it is of: plans that are drawn, or the faults of a sweep. */
import type { Engine } from '../chaos/engine.ts';
import type { Stage } from '../chaos/stage.ts';
import { runSlice, type SliceHooks, type SliceJob, type SliceResult } from './chaos-slice.ts';
import { runSweepSlice } from './chaos-sweep-slice.ts';

export function makeSlice(
  stage: Stage,
  engine: Engine,
  job: SliceJob,
  hooks: SliceHooks,
): Promise<SliceResult> {
  return job.sweep === undefined
    ? runSlice(stage, engine, job, hooks)
    : runSweepSlice(stage, engine, job, job.sweep, hooks);
}
