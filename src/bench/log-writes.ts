/*
 * What a Log holds, counted by reading it: records by kind, their bytes, tenures. It is read when all is
 * at rest, so that what is counted is what whole runs have written, to the record.
 */
import type { Broker } from '../ports/index.ts';
import { decodeHeader, type RecordKind } from '../wire/index.ts';

export interface LogWrites {
  readonly records: number;
  readonly bytes: number;
  readonly kinds: ReadonlyMap<RecordKind, number>;
}

/** Written by the engine for itself, per batch or tenure; the write budget counts them apart. */
const APART: readonly RecordKind[] = ['START', 'CONTROL', 'CLAIM', 'MARK', 'CLOSE'];
const AT_ONCE = 5_000;

/** Where every partition ends now. */
export async function ends(broker: Broker): Promise<readonly number[]> {
  const partitions = Array.from({ length: broker.partitions }, (_, partition) => partition);
  return Promise.all(partitions.map(async (one) => (await broker.range(one)).end));
}

/** Everything that was written from there on. */
export async function logWrites(broker: Broker, from: readonly number[]): Promise<LogWrites> {
  let records = 0;
  let bytes = 0;
  const kinds = new Map<RecordKind, number>();
  for (const [partition, end] of (await ends(broker)).entries()) {
    for (let at = from[partition] ?? 0; at < end;) {
      const found = await broker.fetch(partition, at, Math.min(end, at + AT_ONCE));
      for (const { bytes: record } of found) {
        const { kind } = decodeHeader(record);
        records++;
        bytes += record.length;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
      if (found.length === 0) throw new Error(`partition ${partition} cannot be read at ${at}`);
      at = found.at(-1)!.offset + 1;
    }
  }
  return { records, bytes, kinds };
}

/** Records that runs cost by the write budget. */
export function ownerRecords({ kinds }: LogWrites): number {
  let sum = 0;
  for (const [kind, count] of kinds) if (!APART.includes(kind)) sum += count;
  return sum;
}
