import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { closedLoad, openLoad } from '../../src/bench/load.ts';

const window = (): void => {};

describe('load', () => {
  it('closed: as many at once as there are callers, never more', async () => {
    let now = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await pause(1);
      now--;
    };
    const { runs, latencies, started } = await closedLoad(7, {
      warmUpMs: 20,
      windowMs: 60,
      run,
      window,
    });
    expect(most).toBe(7);
    expect(now).toBe(0);
    expect(runs).toBeGreaterThan(0);
    expect(latencies.count).toBeLessThanOrEqual(runs);
    expect(started).toBeGreaterThan(runs);
  });

  it('open: what an engine that stalls holds up counts from when it was due', async () => {
    // one stall of 100 ms; a caller that waits for its answer would see it once, these see it all
    let stalled: Promise<void> | undefined;
    const run = async (nth: number): Promise<void> => {
      if (nth === 10) stalled = pause(100);
      await stalled;
    };
    const { latencies } = await openLoad(200, { warmUpMs: 0, windowMs: 300, run, window });
    expect(latencies.count).toBeGreaterThan(20);
    // 20 runs were due in the stall: a third of all, half of them waited for more than 50 ms
    expect(latencies.percentile(0.9)).toBeGreaterThan(40);
  });

  it('a run that fails is told', async () => {
    const run = async (): Promise<void> => {
      throw new Error('it went wrong');
    };
    const options = { warmUpMs: 0, windowMs: 30, run, window };
    await expect(closedLoad(1, options)).rejects.toThrow('it went wrong');
    await expect(openLoad(100, options)).rejects.toThrow('it went wrong');
  });
});
