/*
 * The process that makes slices for `waybill chaos`: started by chaos-pool.ts, one job at a time.
 *
 * Invariants: it leaves when its parent does; Ctrl-C is the parent's business.
 */
import type { Progress } from '../chaos/campaign.ts';
import type { Stage } from '../chaos/stage.ts';
import { openEngine, openStage } from './chaos-scenarios.ts';
import { makeSlice } from './chaos-make-slice.ts';
import type { SliceJob, SliceResult } from './chaos-slice.ts';

export type ToWorker =
  | { readonly kind: 'run'; readonly job: SliceJob }
  | { readonly kind: 'interrupt' };

export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly result: SliceResult }
  | { readonly kind: 'failed'; readonly said: string };

const TELL_EVERY_MS = 150;

const stages = new Map<string, Promise<Stage>>();
let interrupted = false;
let told = 0;

function tell(message: FromWorker): void {
  process.send?.(message);
}

function tellProgress(progress: Progress): void {
  const now = performance.now();
  if (progress.shrinking === undefined && now - told < TELL_EVERY_MS) return;
  told = now;
  tell({ kind: 'progress', progress });
}

function stageOf(file: string): Promise<Stage> {
  let stage = stages.get(file);
  if (stage === undefined) stages.set(file, (stage = openStage(file)));
  return stage;
}

async function run(job: SliceJob): Promise<void> {
  try {
    const [stage, engine] = await Promise.all([stageOf(job.file), openEngine(job.engine)]);
    const result = await makeSlice(stage, engine, job, {
      progress: tellProgress,
      interrupted: () => interrupted,
    });
    tell({ kind: 'done', result });
  } catch (error) {
    tell({
      kind: 'failed',
      said: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'run') {
    interrupted = false;
    void run(message.job);
  } else {
    interrupted = true;
  }
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
