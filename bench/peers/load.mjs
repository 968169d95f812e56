/* So many callers, each of whom starts the next run when the last one has ended: what peers are measured with. */
import { setTimeout as pause } from 'node:timers/promises';
import { perStep } from './writes.mjs';

/** What every step of every engine gives back. */
export const ANSWER = { ok: true, id: 'order-000123', amount: 12.5, note: 'a small json object' };

export const STEPS = { one: 1, seq10: 10, fan16: 16 };

/** How long it warms up, ms. */
const WARM_UP_MS = 2_000;

/** Runs per second and latencies, ms, of those that began in the window; how many there were in all. */
export async function closedLoop({ callers, windowMs, warmUpMs = WARM_UP_MS, run }) {
  const latencies = [];
  let phase = 'warm-up';
  let runs = 0;
  let inAll = 0;
  const caller = async (nth) => {
    for (let i = 0; phase !== 'over'; i++) {
      const begun = performance.now();
      const counts = phase === 'window';
      await run({ nth, i });
      inAll++;
      if (phase !== 'window') continue;
      runs++;
      if (counts) latencies.push(performance.now() - begun);
    }
  };
  const all = Promise.all(Array.from({ length: callers }, (_, nth) => caller(nth)));
  await Promise.race([pause(warmUpMs), all]);
  phase = 'window';
  const begun = performance.now();
  await Promise.race([pause(windowMs), all]);
  const seconds = (performance.now() - begun) / 1_000;
  phase = 'over';
  await all;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(share * latencies.length)] ?? null;
  return { runsPerSecond: runs / seconds, p50: at(0.5), p99: at(0.99), inAll };
}

/**
 * Measures every workload and number of callers, and says each as one line of JSON. `written` gives what the
 * engine has written so far; it is asked when nothing is under way, so all runs of a cell count.
 */
export async function measureAll(engine, how, run, written) {
  const { CALLERS = '1,32,256', SECONDS = '5', WORKLOADS = 'one,seq10,fan16' } = process.env;
  for (const workload of WORKLOADS.split(',')) {
    for (const callers of CALLERS.split(',').map(Number)) {
      const before = await written();
      const measured = await closedLoop({
        callers,
        windowMs: Number(SECONDS) * 1_000,
        run: (input) => run(workload, input),
      });
      const stepsPerSecond = measured.runsPerSecond * STEPS[workload];
      const { inAll, p50, p99 } = measured;
      const writes = perStep(before, await written(), inAll * STEPS[workload]);
      const line = { engine, how, workload, callers, stepsPerSecond, p50, p99, writes };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
}
