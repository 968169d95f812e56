/*
 * The process that examines a share of a trace for `waybill replay`: one job, then it leaves.
 *
 * Invariants: it leaves when its parent does; Ctrl-C is the parent's business.
 */
import {
  examineTrace,
  type ReplayJob,
  type ReplayProgress,
  type ReplayResult,
  TraceRefused,
} from '../presets/traces.ts';

export interface ToReplayWorker {
  readonly job: ReplayJob;
  readonly share: { readonly index: number; readonly of: number };
}

export type FromReplayWorker =
  | { readonly kind: 'progress'; readonly progress: ReplayProgress }
  | { readonly kind: 'done'; readonly result: ReplayResult }
  | { readonly kind: 'failed'; readonly said: string; readonly user: boolean };

function tell(message: FromReplayWorker): void {
  process.send?.(message);
}

process.on('message', ({ job, share }: ToReplayWorker) => {
  examineTrace(job, share, (progress) => tell({ kind: 'progress', progress })).then(
    (result) => tell({ kind: 'done', result }),
    (error: unknown) => {
      const user = error instanceof TraceRefused;
      const said = error instanceof Error ? error.message : String(error);
      tell({ kind: 'failed', said, user });
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
