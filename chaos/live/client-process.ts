/*
 * The client of a campaign: starts instances at a steady rate through the product's own client, and
 * keeps a line on disk for each answer. Where the scenario says so, it asks for some of them to be
 * cancelled. `node client-process.ts STARTS CANCELS JSON`, ends by itself when every
 * start has its answer, or at once when stdin ends.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { stream } from '../../src/adapters/sim/random.ts';
import { drawWorkload } from '../../src/chaos/scenario/index.ts';
import { openClient, StartUnknown } from '../../src/presets/client.ts';
import { openGround } from '../../src/presets/cluster.ts';
import { homeOf } from '../../src/wire/index.ts';
import { DurableLines } from './durable-lines.ts';
import type { CancelLine, StartLine } from './evidence.ts';
import { scaledScenarios } from './scaled-scenario.ts';

export interface ClientOrder {
  readonly brokers: string;
  readonly prefix: string;
  readonly scenario: string;
  readonly seed: string;
  readonly instances: number;
  /** over which they are spread, ms */
  readonly forMs: number;
  /** share of the runs of the version that parks, and within which part of the time those begin, 0 to 1 */
  readonly parkedShare: number;
  readonly parkedWithin: number;
}

/** A client changes its mind within so long after it has started a run, ms. */
const CANCEL_MS_MAX = 3_000;

const [path = 'starts', cancelsPath = 'cancels', text = '{}'] = process.argv.slice(2);
const order = JSON.parse(text) as ClientOrder;
const { brokers, forMs, instances, parkedShare, parkedWithin, prefix, scenario, seed } = order;

process.stdin.on('end', () => process.exit(1)).resume();

const lines = await DurableLines.open(path);
const cancelLines = await DurableLines.open(cancelsPath);
const [held, parked] = (await scaledScenarios(scenario)).map((one) => one.scenario);
const inputs = drawWorkload(held!.inputs, instances, stream(seed, 'inputs'));
const version = stream(seed, 'versions');
const cancels = stream(seed, 'cancels');
const log = { brokers: [brokers], clientId: 'live-chaos-client' };
const ground = await openGround({ prefix, log }, 'client');
const client = openClient(ground);
const { partitions } = ground.broker;

async function cancel(run: string, after: number): Promise<void> {
  await sleep(after);
  const at = Date.now();
  const line = await client.cancel(run).then(
    ({ outcome, reason }): CancelLine => ({
      ...{ at, run, outcome },
      ...(reason === undefined ? {} : { why: reason }),
    }),
    (error: unknown): CancelLine => ({ at, run, outcome: 'unknown', why: String(error) }),
  );
  await cancelLines.write(line);
}

const begun = performance.now();
const answers = inputs.map(async ({ input }, index) => {
  const share = index / instances;
  const parks = version() < parkedShare / parkedWithin && share < parkedWithin;
  const { namespace, name, version: of } = (parks ? parked! : held!).definition;
  const definition = { namespace, name, version: of };
  const cancelled = cancels() < held!.cancels ? cancels() * CANCEL_MS_MAX : undefined;
  await sleep(begun + share * forMs - performance.now());
  const told = async (run: string, outcome: StartLine['outcome'], why?: string): Promise<void> => {
    const partition = homeOf(run, partitions);
    const line: StartLine = { at: Date.now(), run, partition, version: of, input, outcome };
    await lines.write(why === undefined ? line : { ...line, why });
  };
  try {
    const { run } = await client.start({ definition, input });
    await told(run, 'acknowledged');
    if (cancelled !== undefined) await cancel(run, cancelled);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof StartUnknown) await told(error.run, 'unknown', why);
    else await told('', 'refused', why);
  }
});
await Promise.all(answers);
client.close();
await lines.close();
await cancelLines.close();
process.exit(0);
