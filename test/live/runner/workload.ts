/* A workflow on some ground: deployed, started many times at once, and counted from the Log and the Store. */
import { load } from '../../../src/dsl/index.ts';
import type { Ground } from '../../../src/presets/cluster.ts';
import { EndsReading, inTime, startRecord, storedDefinition } from '../../../src/runtime/index.ts';
import { encodeRecord, homeOf, type Json, uuidv7 } from '../../../src/wire/index.ts';

/** STARTs of one append. */
const STARTS_AT_ONCE = 200;

export class Workload {
  readonly runs: string[];
  private readonly ground: Ground;
  private readonly document: ReturnType<typeof storedDefinition>;

  private constructor(ground: Ground, document: Workload['document'], runs: string[]) {
    this.ground = ground;
    this.document = document;
    this.runs = runs;
  }

  static async deploy(ground: Ground, text: string): Promise<Workload> {
    const { definition, problems } = load(text, 'workload.yaml');
    if (definition === undefined) throw new Error(JSON.stringify(problems));
    const stored = storedDefinition(definition);
    await ground.definitions.put(stored);
    return new Workload(ground, stored, []);
  }

  /** The same, seen by another process. */
  on(ground: Ground): Workload {
    return new Workload(ground, this.document, this.runs);
  }

  /** Starts `count` runs; gives their ids once all STARTs are durable. */
  async start(count: number, input: (index: number) => Json): Promise<readonly string[]> {
    const { broker } = this.ground;
    const { namespace, name, version, hash } = this.document;
    const started: string[] = [];
    const batches = Array.from({ length: broker.partitions }, () => [] as Uint8Array[]);
    const send = async (partition: number): Promise<void> => {
      const batch = batches[partition]!.splice(0);
      if (batch.length === 0) return;
      const { time } = await broker.append(partition, batch);
      if (!inTime(started.at(-1)!, time)) throw new Error('a START came too late');
    };
    for (let i = 0; i < count; i++) {
      const time = Date.now();
      const run = uuidv7(time, Math.random);
      const definition = { namespace, name, version };
      const record = startRecord({ run, definition, hash, time, input: input(i) });
      const partition = homeOf(run, broker.partitions);
      batches[partition]!.push(encodeRecord(record));
      started.push(run);
      if (batches[partition]!.length >= STARTS_AT_ONCE) await send(partition);
    }
    for (let partition = 0; partition < broker.partitions; partition++) await send(partition);
    this.runs.push(...started);
    return started;
  }

  /** Rows that are parked, over all partitions. */
  async parked(): Promise<number> {
    const { broker, store } = this.ground;
    let parked = 0;
    for (let p = 0; p < broker.partitions; p++) parked += (await store!.load(p)).parked;
    return parked;
  }

  /** Valid ENDs of roots by run, as the Log has them: run -> how many. */
  async ends(): Promise<Map<string, number>> {
    const { broker } = this.ground;
    const ends = new Map<string, number>();
    for (let partition = 0; partition < broker.partitions; partition++) {
      const { begin, end } = await broker.range(partition);
      const reading = new EndsReading({ offset: begin, tenure: -1, nonce: 0, n: 0 });
      for (let at = begin; at < end;) {
        const records = await broker.fetch(partition, at, Math.min(end, at + 1_000));
        for (const record of records) {
          const ended = reading.admit(record, () => true);
          if (ended !== undefined) ends.set(ended[0], (ends.get(ended[0]) ?? 0) + 1);
        }
        at = records.at(-1)!.offset + 1;
      }
    }
    return ends;
  }
}
