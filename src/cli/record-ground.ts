/*
 * Recording from where an engine runs: brokers or an embedded file. Every partition is read from a place
 * of its own, by a reader that belongs to no group and writes nothing.
 *
 * G1. Reading begins at a CLAIM, so that what counts is known from the first record on (R4); what is
 *     before the time that was asked for is judged and not written.
 * G2. A definition is asked for before the first unit that names it is written.
 */
import type { Ground } from '../presets/cluster.ts';
import type { Broker, LogReader, StoredRecord } from '../ports/index.ts';
import { LogRecorder, workflowsIn } from '../trace/record-log.ts';
import type { TraceWriter } from '../trace/write-trace.ts';
import { decodeHeader, type DefinitionRef, WireError } from '../wire/index.ts';

/** Records that are looked through at once for a CLAIM. */
const BACK_RECORDS = 2_000;
/** What has been read is in the file after so long, ms. */
const FLUSH_MS = 1_000;

export interface GroundRecording {
  readonly ground: Ground;
  readonly recorder: LogRecorder;
  readonly writer: TraceWriter;
  /** records from then on, ms since the epoch; absent: from the beginning of the Logs */
  readonly since?: number;
  /** go on when the end of a Log is reached */
  readonly follow: boolean;
  /** resolves when it is to end */
  readonly stopped: Promise<void>;
}

export async function recordGround(recording: GroundRecording): Promise<void> {
  const { ground, stopped, writer } = recording;
  const reading: Reading = { over: false, readers: [] };
  const flushing = setInterval(() => writer.flush(), FLUSH_MS);
  try {
    const partitions = Array.from({ length: ground.broker.partitions }, (_, index) => index);
    const all = Promise.all(partitions.map((one) => recordPartition(recording, one, reading)));
    await Promise.race([all, stopped]);
  } finally {
    // Whoever is still asked for something writes nothing any more.
    reading.over = true;
    for (const reader of reading.readers) reader.close();
    clearInterval(flushing);
  }
}

interface Reading {
  over: boolean;
  readonly readers: LogReader[];
}

async function recordPartition(
  { follow, ground, recorder, since }: GroundRecording,
  partition: number,
  reading: Reading,
): Promise<void> {
  const { broker } = ground;
  const { begin, end } = await broker.range(partition);
  const wanted =
    since === undefined ? begin : Math.max(begin, await broker.offsetAt(partition, since));
  const from = await claimBefore(broker, partition, begin, Math.min(wanted, end));
  if (!follow && from >= end) return;
  if (reading.over) return;
  const reader = broker.reader(partition, from);
  reading.readers.push(reader);
  try {
    for (;;) {
      const records = await reader.next();
      await define(ground, recorder, records);
      if (reading.over) return;
      for (const record of records) {
        if (!follow && record.offset >= end) return;
        recorder.record(partition, record, record.offset >= wanted);
      }
      const last = records.at(-1);
      if (!follow && last !== undefined && last.offset >= end - 1) return;
    }
  } finally {
    reader.close();
  }
}

/** The newest CLAIM before `offset`; the beginning if there is none (G1). */
async function claimBefore(
  broker: Broker,
  partition: number,
  begin: number,
  offset: number,
): Promise<number> {
  for (let to = offset; to > begin;) {
    const from = Math.max(begin, to - BACK_RECORDS);
    const records = await broker.fetch(partition, from, to);
    const claim = records.findLast((record) => kindOf(record) === 'CLAIM');
    if (claim !== undefined) return claim.offset;
    to = from;
  }
  return begin;
}

function kindOf({ bytes }: StoredRecord): string {
  try {
    return decodeHeader(bytes).kind;
  } catch (error) {
    if (error instanceof WireError) return '';
    throw error;
  }
}

/** G2 */
async function define(
  ground: Ground,
  recorder: LogRecorder,
  records: readonly StoredRecord[],
): Promise<void> {
  const hashes = new Set<string>();
  for (const { bytes } of records) {
    try {
      const { definition } = decodeHeader(bytes);
      if (definition !== '' && !recorder.knows(definition)) hashes.add(definition);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }
  for (const hash of hashes) {
    const stored = await ground.definitions.get(hash);
    if (stored === undefined) continue;
    recorder.define(stored);
    await defineAll(ground, recorder, workflowsIn(stored));
  }
}

/** What it runs, and what that runs. */
async function defineAll(
  ground: Ground,
  recorder: LogRecorder,
  named: readonly DefinitionRef[],
): Promise<void> {
  for (const ref of named) {
    const stored = await ground.definitions.find(ref);
    if (stored === undefined || recorder.knows(stored.hash)) continue;
    recorder.define(stored);
    await defineAll(ground, recorder, workflowsIn(stored));
  }
}
