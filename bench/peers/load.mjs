/* So many callers, each of whom starts the next run when the last one has ended: what peers are measured with. */
import { setTimeout as pause } from 'node:timers/promises';

/** What every step of every engine gives back. */
export const ANSWER = { ok: true, id: 'order-000123', amount: 12.5, note: 'a small json object' };

export const STEPS = { one: 1, seq10: 10, fan16: 16 };

/** Runs per second and latencies, ms, of those that began in the window. */
export async function closedLoop({ callers, windowMs, warmUpMs = 2_000, run }) {
  const latencies = [];
  let phase = 'warm-up';
  let runs = 0;
  const caller = async (nth) => {
    for (let i = 0; phase !== 'over'; i++) {
      const begun = performance.now();
      const counts = phase === 'window';
      await run({ nth, i });
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
  return { runsPerSecond: runs / seconds, p50: at(0.5), p99: at(0.99) };
}

/** Measures every workload and number of callers, and says each as one line of JSON. */
export async function measureAll(engine, how, run) {
  const { CALLERS = '1,32,256', SECONDS = '5', WORKLOADS = 'one,seq10,fan16' } = process.env;
  for (const workload of WORKLOADS.split(',')) {
    for (const callers of CALLERS.split(',').map(Number)) {
      const measured = await closedLoop({
        callers,
        windowMs: Number(SECONDS) * 1_000,
        run: (input) => run(workload, input),
      });
      const stepsPerSecond = measured.runsPerSecond * STEPS[workload];
      const { p50, p99 } = measured;
      const line = { engine, how, workload, callers, stepsPerSecond, p50, p99 };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
}
