/*
 * Replay: recorded steps per second of one core, from the bytes of a trace to a verdict for each.
 * `node bench/micro/replay.bench.ts [scenario] [runs]`. Measured in CPU time, so that a busy machine
 * shows the same; the first pass warms up and does not count.
 */
import { openStage } from '../../src/cli/chaos-scenarios.ts';
import { recordSimulated, simulated } from '../../src/cli/record-simulated.ts';
import { loadSchemas, schemas } from '../../src/presets/schemas.ts';
import { Examination } from '../../src/trace/examine.ts';
import { TracePlans } from '../../src/trace/plans.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { TraceWriter } from '../../src/trace/write-trace.ts';
import type { TraceHeader } from '../../src/wire/index.ts';

const [scenario = 'scenarios/order-fulfilment.yaml', runs = '400'] = process.argv.slice(2);
const PASSES = 5;

await loadSchemas();
await openStage(scenario);
const parts: Uint8Array[] = [];
const header: TraceHeader = {
  ...{ engine: 'bench', source: 'simulator', prefix: '', partitions: 4, recordedAt: 0 },
  ...{ redacted: [], keyName: '', selection: [], token: '' },
};
const writer = new TraceWriter(header, (bytes) => parts.push(bytes));
const what = await simulated(scenario, { runs, seed: '1', profile: 'calm' });
await recordSimulated(what, writer, {}, undefined, () => undefined);
writer.finish();
const bytes = Buffer.concat(parts);
const source = {
  size: bytes.length,
  read: (at: number, length: number) => bytes.subarray(at, at + length),
};

for (let pass = 0; pass <= PASSES; pass++) {
  const trace = new Trace(source);
  const plans = new TracePlans(trace.definitions, schemas);
  const examination = new Examination({ plans });
  const begun = process.cpuUsage();
  for (const unit of trace.units()) examination.unit(unit);
  const { system, user } = process.cpuUsage(begun);
  const { equal, hops } = examination.tally();
  const seconds = (user + system) / 1e6;
  const rate = Math.round(hops / seconds).toLocaleString('en');
  const kind = pass === 0 ? 'warm-up' : `pass ${pass} `;
  process.stdout.write(
    `${kind}  ${hops} steps (${equal} equal)  ${(bytes.length / 1024).toFixed(0)} KB  ${seconds.toFixed(2)} s CPU  ${rate} steps/s\n`,
  );
}
