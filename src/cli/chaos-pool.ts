/*
 * Workers: whoever makes slices - child processes, or this process itself for --workers 0.
 *
 * Invariants: a worker has one job at a time; a child that dies in its job rejects it with WorkerLost
 * and is replaced when it is asked again, and so is one that is not heard of for long; none outlives the pool.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import type { Progress } from '../chaos/campaign.ts';
import { SIMULATING } from '../chaos/simulating.ts';
import type { Stage } from '../chaos/stage.ts';
import type { SliceJob, SliceResult } from './chaos-slice.ts';
import type { FromWorker, ToWorker } from './chaos-worker.ts';

export interface Worker {
  make(job: SliceJob, progress: (progress: Progress) => void): Promise<SliceResult>;
  /** no further run in this job */
  interrupt(): void;
  close(): void;
}

/** The process is gone, or what it ran threw: a fault of the harness, not of a promise. */
export class WorkerLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WorkerLost';
  }
}

/** It was not heard of for long and was ended: a run that it makes does not end. */
export class WorkerSilent extends WorkerLost {
  /** how long, ms */
  readonly silentMs: number;

  constructor(silentMs: number) {
    super(`a worker process was not heard of for ${silentMs / 1_000} s: what it runs does not end`);
    this.name = 'WorkerSilent';
    this.silentMs = silentMs;
  }
}

/** Between two runs a worker can tell how far it is: no run takes so long, nor does shrinking. */
const SILENT_MS = 180_000;

/** `silentMs`: for how long a child process may be silent; what this process runs itself nobody can end. */
export function openPool(workers: number, silentMs = SILENT_MS): Worker[] {
  if (workers === 0) return [new OwnProcess()];
  return Array.from({ length: workers }, () => new Child(silentMs));
}

class OwnProcess implements Worker {
  private readonly stages = new Map<string, Stage>();
  private stopped = false;

  async make(job: SliceJob, progress: (progress: Progress) => void): Promise<SliceResult> {
    this.stopped = false;
    const { openEngine, openStage } = await import('./chaos-scenarios.ts');
    const { makeSlice } = await import('./chaos-make-slice.ts');
    const stage = this.stages.get(job.file) ?? (await openStage(job.file));
    this.stages.set(job.file, stage);
    const engine = await openEngine(job.engine);
    try {
      return await makeSlice(stage, engine, job, { progress, interrupted: () => this.stopped });
    } catch (error) {
      throw new WorkerLost(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  interrupt(): void {
    this.stopped = true;
  }

  close(): void {}
}

const FILE = import.meta.url.endsWith('.ts') ? './chaos-worker.ts' : './chaos-worker.js';

class Child implements Worker {
  private child: ChildProcess | undefined;
  private readonly silentMs: number;

  constructor(silentMs: number) {
    this.silentMs = silentMs;
    this.child = this.start();
  }

  make(job: SliceJob, progress: (progress: Progress) => void): Promise<SliceResult> {
    const child = (this.child ??= this.start());
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => {
        over();
        if (this.child === child) this.child = undefined;
        child.kill('SIGKILL');
        reject(new WorkerSilent(this.silentMs));
      }, this.silentMs);
      const over = (): void => {
        clearTimeout(silence);
        child.off('message', heard);
        child.off('exit', exited);
      };
      const heard = (message: FromWorker): void => {
        if (message.kind === 'progress') {
          silence.refresh();
          progress(message.progress);
          return;
        }
        over();
        if (message.kind === 'done') resolve(message.result);
        else reject(new WorkerLost(message.said));
      };
      const exited = (code: number | null, signal: string | null): void => {
        over();
        reject(new WorkerLost(`a worker process ended: ${signal ?? `exit code ${code}`}`));
      };
      child.on('message', heard);
      child.on('exit', exited);
      this.send({ kind: 'run', job });
    });
  }

  interrupt(): void {
    this.send({ kind: 'interrupt' });
  }

  close(): void {
    this.child?.kill('SIGKILL');
  }

  private send(message: ToWorker): void {
    // A child that is just dying says so by its exit.
    this.child?.send(message, () => undefined);
  }

  private start(): ChildProcess {
    const child = fork(new URL(FILE, import.meta.url), [], {
      execArgv: [...SIMULATING],
      env: { ...process.env, ...compileCache() },
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    return child;
  }
}

/** Workers keep their compiled code where this process does: the launcher's choice is not inherited. */
function compileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
