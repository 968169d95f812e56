/*
 * The runtime on a Kafka Log: two runners, one of which leaves in the middle. What is counted is what
 * the topic holds, read by a client that takes no part; and what the functions themselves have seen.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { functionActivities, type HostContext } from '../../../src/activities/function.ts';
import { openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { systemClock, systemEntropy } from '../../../src/adapters/system/index.ts';
import { load } from '../../../src/dsl/index.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../../src/runtime/index.ts';
import {
  decodeRecord,
  encodeRecord,
  homeOf,
  type LogRecord,
  type RecordKind,
  uuidv7,
} from '../../../src/wire/index.ts';
import { testBroker } from '../../live/broker/index.ts';
import { type KafkaWorld, kafkaWorld } from './kafka-world.ts';

const RUNS = 200;
const PARTITIONS = 4;
const STEPS = 3;
const DOCUMENT = `document: {dsl: '1.0.3', namespace: test, name: three, version: '1.0.0'}
do:
  - first: {call: add, with: {to: '\${ .n }', what: 1}}
  - second: {call: add, with: {to: '\${ . }', what: 10}}
  - third: {call: add, with: {to: '\${ . }', what: 100}}
`;

const found = await testBroker();
const definition = load(DOCUMENT, 'three.yaml').definition as NonNullable<
  ReturnType<typeof load>['definition']
>;

/** R4, once more: written from the rule, not from the runtime. */
function valid(records: readonly LogRecord[]): LogRecord[] {
  let tenure = -1;
  let nonce = -1;
  let n = 0;
  return records.filter(({ header }, offset) => {
    if (header.kind === 'START' || header.kind === 'CONTROL') return true;
    if (header.kind === 'CLAIM') {
      tenure = offset;
      nonce = header.nonce;
      n = 0;
      return true;
    }
    if (header.tenure !== tenure || header.nonce !== nonce || header.n !== n + 1) return false;
    n = header.n;
    return true;
  });
}

async function readBack(world: KafkaWorld): Promise<LogRecord[][]> {
  const { broker } = (await world.open()) as KafkaWorld['kafka'];
  return Promise.all(
    Array.from({ length: PARTITIONS }, async (_, partition) => {
      const { begin, end } = await broker.range(partition);
      const stored = await broker.fetch(partition, begin, end);
      expect(begin).toBe(0);
      return stored.map(({ bytes }) => decodeRecord(bytes));
    }),
  );
}

function count(records: readonly LogRecord[], ...kinds: RecordKind[]): number {
  return records.filter(({ header }) => kinds.includes(header.kind)).length;
}

if ('missing' in found) {
  test('kafka', (context) => context.skip(found.missing));
} else {
  afterAll(() => found.close());

  test(`${RUNS} runs, two runners, one leaves in the middle: all end, to the write budget`, async () => {
    const world = await kafkaWorld(found.brokers, { partitions: PARTITIONS });
    const store = await openEmbedded(':memory:', { partitions: PARTITIONS });
    const keys = new Map<string, number>();
    const complaints: string[] = [];
    const ended = new Set<string>();
    const add = async (args: { to: number; what: number }, { key }: HostContext) => {
      keys.set(key, (keys.get(key) ?? 0) + 1);
      await sleep(5);
      return args.to + args.what;
    };
    const runner = async (name: string): Promise<Runner> => {
      const { broker, events, definitions } = await world.open();
      const made = new Runner(
        {
          broker,
          events,
          definitions,
          store: store.store,
          clock: systemClock,
          entropy: systemEntropy,
          activities: functionActivities({ add }),
        },
        {
          name,
          prefix: world.prefix,
          compile: planCompiler(() => () => undefined),
          onComplaint: (said) => complaints.push(`${name}: ${said}`),
          onEnd: (run) => void ended.add(run),
        },
      );
      made.start();
      return made;
    };
    await world.kafka.definitions.put(storedDefinition(definition));
    const one = await runner('one');
    const two = await runner('two');
    await sleep(1_000);

    const runs = new Map<string, number>();
    const start = async (n: number): Promise<void> => {
      const time = Date.now();
      const run = uuidv7(time, () => Math.random());
      runs.set(run, n);
      const name = { namespace: 'test', name: 'three' };
      const record = startRecord({ run, definition: name, time, input: { n } });
      await world.kafka.broker.append(homeOf(run, PARTITIONS), [encodeRecord(record)]);
    };
    for (let n = 0; n < RUNS; n += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, i) => start(n + i)));
      if (n === RUNS / 2) void two.stop();
      await sleep(20);
    }
    const until = Date.now() + 60_000;
    while (ended.size < RUNS && Date.now() < until) await sleep(20);
    await one.stop();
    await two.stop();

    expect(complaints).toEqual([]);
    const logs = await readBack(world);
    const records = logs.flatMap(valid);
    expect(count(records, 'START')).toBe(RUNS);
    expect(count(records, 'STEP')).toBe(RUNS * STEPS);
    expect(count(records, 'END')).toBe(RUNS);
    const owner = records.filter(
      ({ header }) => !['START', 'CONTROL', 'CLAIM', 'MARK', 'CLOSE'].includes(header.kind),
    );
    expect(owner).toHaveLength(RUNS * (STEPS + 1));
    for (const { header, body } of records) {
      if (body.kind !== 'END') continue;
      expect(body.end).toMatchObject({ output: (runs.get(header.run) as number) + 111 });
    }
    const ends = records.filter(({ header }) => header.kind === 'END');
    expect(new Set(ends.map(({ header }) => header.run))).toEqual(new Set(runs.keys()));
    // both have owned partitions, and the one that left said so
    expect(count(records, 'CLAIM')).toBeGreaterThan(PARTITIONS);
    expect(keys.size).toBe(RUNS * STEPS);
    store.close();
    await world.close();
  }, 120_000);
}
