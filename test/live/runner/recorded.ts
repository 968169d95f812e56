/* A small campaign of real runners, killed in the middle, recorded as it was and replayed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { LogRecorder } from '../../../src/trace/record-log.ts';
import { TraceWriter } from '../../../src/trace/write-trace.ts';
import { recordGround } from '../../../src/cli/record-ground.ts';
import { openGround } from '../../../src/presets/cluster.ts';
import { loadSchemas } from '../../../src/presets/schemas.ts';
import { type Examined, examined, HEADER } from '../../trace/traces.ts';
import type { LiveGround } from './grounds.ts';
import { RunnerProcess } from './index.ts';
import { Workload } from './workload.ts';

const DOCUMENT = `
document: { dsl: '1.0.3', namespace: test, name: mixed, version: '1.0.0' }
do:
  - first: { call: note, with: { n: '\${ .n }' }, output: { as: '\${ { n: 7, note: . } }' } }
  - pause: { wait: { milliseconds: 30 } }
  - both:
      fork:
        branches:
          - left: { call: note, with: { side: left } }
          - right:
              do:
                - nap: { call: nap, with: { ms: 20 } }
                - made: { set: { side: right } }
  - each:
      for: { each: item, in: '\${ [1, 2] }' }
      do:
        - careful:
            try:
              - fails: { raise: { error: { type: 'https://test.example/errors/no', status: 503, title: No } } }
            catch: { retry: { delay: { milliseconds: 10 }, limit: { attempt: { count: 1 } } }, do: [ { gone: { set: { gone: true } } } ] }
`;

/**
 * Starts `runs` runs, kills the runner once, and waits until all have ended; then records and replays.
 * `inAll`: so many have ended in the Log then, those of earlier campaigns included.
 */
export async function recordedCampaign(
  { directory, target }: LiveGround,
  runs: number,
  inAll = runs,
): Promise<Examined> {
  await loadSchemas();
  const partitions = target.partitions ?? 1;
  const words = { target, ledger: `${directory}/ledger` };
  let runner = new RunnerProcess(words);
  await runner.owning(partitions);
  const ground = await openGround(target, 'client');
  try {
    const workload = await Workload.deploy(ground, DOCUMENT);
    await workload.start(runs, (n) => ({ n }));
    await runner.until((said) => said.firstCall !== undefined);
    await runner.kill();
    runner = new RunnerProcess(words);
    for (let all = 0; all < inAll;) {
      all = (await workload.ends()).size;
      runner.mustLive();
      await sleep(50);
    }
    const parts: Uint8Array[] = [];
    const writer = new TraceWriter({ ...HEADER, partitions }, (part) => parts.push(part));
    const recorder = new LogRecorder(writer);
    await recordGround({ ground, recorder, writer, follow: false, stopped: new Promise(() => {}) });
    writer.finish();
    const replayed = examined(Buffer.concat(parts));
    expect(replayed.trace.problems).toEqual([]);
    expect(replayed.tally.groups).toEqual([]);
    expect(replayed.tally).toMatchObject({ runs: inAll, inFlight: 0, begins: 0, imposed: 0 });
    expect(replayed.tally.hops).toBeGreaterThan(inAll * 7);
    return replayed;
  } finally {
    await ground.close();
    await runner.kill();
  }
}
