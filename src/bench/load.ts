/*
 * The two ways to put load on an engine.
 *
 * Closed: so many callers, each of whom starts the next run when the last one has ended. Open: runs come
 * at a rate, whether or not those before have ended; a latency counts from when the run was due, so that
 * what waits because the engine is slow is not left out (no coordinated omission).
 */
import { Histogram } from './histogram.ts';

export interface LoadOptions {
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** one run, from its start to its end */
  readonly run: (nth: number) => Promise<void>;
  /** the window begins, and is over */
  readonly window: (edge: 'begins' | 'over') => void;
}

export interface Loaded {
  /** runs that ended within the window */
  readonly runs: number;
  readonly latencies: Histogram;
  /** all that were started, those of the warm-up included */
  readonly started: number;
  /** open load: runs that were due in the window and had not ended when it was over */
  readonly late: number;
}

const OVER_MS_MAX = 60_000;

interface Count {
  runs: number;
  started: number;
  phase: 'warm-up' | 'window' | 'over';
  readonly latencies: Histogram;
}

export async function closedLoad(callers: number, options: LoadOptions): Promise<Loaded> {
  const count = counting();
  const caller = async (): Promise<void> => {
    while (count.phase !== 'over') {
      const begun = performance.now();
      const counts = count.phase === 'window';
      await options.run(count.started++);
      if (count.phase !== 'window') continue;
      count.runs++;
      if (counts) count.latencies.record(performance.now() - begun);
    }
  };
  const callersOver = Promise.all(Array.from({ length: callers }, caller));
  await Promise.race([phases(count, options), callersOver]);
  await within(callersOver, 'the last runs did not end');
  return { ...count, late: 0 };
}

export async function openLoad(perSecond: number, options: LoadOptions): Promise<Loaded> {
  const count = counting();
  const every = 1_000 / perSecond;
  const underWay = new Set<Promise<void>>();
  let failed: Error | undefined;
  let late = 0;
  const one = async (due: number): Promise<void> => {
    const counts = count.phase === 'window';
    await options.run(count.started++);
    if (counts) count.latencies.record(performance.now() - due);
    if (count.phase === 'window') count.runs++;
    else if (counts) late++;
  };
  const begun = performance.now();
  let next = begun;
  const arrivals = async (): Promise<void> => {
    while (count.phase !== 'over' && failed === undefined) {
      for (const now = performance.now(); next <= now; next += every) {
        const run = one(next).catch((error: unknown) => {
          failed ??= error instanceof Error ? error : new Error(String(error));
        });
        underWay.add(run);
        void run.then(() => underWay.delete(run));
      }
      await new Promise((done) => setTimeout(done, Math.min(1, every)));
    }
  };
  await Promise.all([phases(count, options), arrivals()]);
  await within(Promise.all(underWay), 'the last runs did not end: the rate is more than it bears');
  if (failed !== undefined) throw failed;
  return { ...count, late };
}

function counting(): Count {
  return { runs: 0, started: 0, phase: 'warm-up', latencies: new Histogram() };
}

async function phases(count: Count, { warmUpMs, windowMs, window }: LoadOptions): Promise<void> {
  await new Promise((done) => setTimeout(done, warmUpMs));
  window('begins');
  count.phase = 'window';
  await new Promise((done) => setTimeout(done, windowMs));
  count.phase = 'over';
  window('over');
}

async function within(end: Promise<unknown>, otherwise: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`${otherwise} within a minute`)), OVER_MS_MAX);
  });
  await Promise.race([end, late]).finally(() => clearTimeout(timer));
}
