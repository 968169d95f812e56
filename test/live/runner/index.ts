/* Runners as processes of their own, from the outside: started, watched, asked to stop, killed. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunnerSays, RunnerWords } from './process.ts';

export type { RunnerSays } from './process.ts';

export class RunnerProcess {
  /** how it was when it last spoke */
  says: RunnerSays | undefined;
  /** most open records at any time, over all partitions, waiting STARTs not counted */
  openMax = 0;
  private readonly child: ChildProcess;
  private readonly gone: Promise<unknown>;
  private err = '';

  /** `heapMb`: how large its heap may become before it dies of it. */
  constructor(words: RunnerWords, heapMb?: number) {
    const execArgv = heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`];
    this.child = fork(join(import.meta.dirname, 'process.ts'), [JSON.stringify(words)], {
      execArgv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.gone = once(this.child, 'close');
    this.child.stderr?.on('data', (data: Buffer) => (this.err += data.toString()));
    this.child.on('message', (said: RunnerSays) => {
      this.says = said;
      const open = said.partitions.reduce(
        (sum, one) => sum + (one.open ?? 0) - (one.waitingStarts ?? 0),
        0,
      );
      this.openMax = Math.max(this.openMax, open);
    });
  }

  /** Resolves once `is` holds of what the process says. */
  async until(is: (said: RunnerSays) => boolean, msMax = 60_000): Promise<RunnerSays> {
    const end = performance.now() + msMax;
    for (;;) {
      if (this.says !== undefined && is(this.says)) return this.says;
      this.mustLive();
      if (performance.now() > end) {
        throw new Error(`not in ${msMax} ms; it says ${JSON.stringify(this.says)} ${this.err}`);
      }
      await sleep(10);
    }
  }

  mustLive(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) return;
    throw new Error(`the runner has died: ${this.err.slice(-2_000)}`);
  }

  /** Once it owns all partitions that there are. */
  owning(partitions: number, msMax?: number): Promise<RunnerSays> {
    const owned = ({ partitions: all }: RunnerSays): number =>
      all.filter(({ phase }) => phase === 'owning').length;
    return this.until((said) => owned(said) === partitions, msMax);
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.send('stop');
    await this.gone;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }
}
