/* What the cases of the Broker contract do again and again: append numbered records, read all there are. */
import type { Appended, LogReader, StoredRecord } from '../../src/ports/index.ts';
import type { BrokerWorld } from './broker-contract.ts';

/** Records that say which they are, `size` bytes long at least. */
export function records(from: number, count: number, size = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const text = `record ${from + i}`;
    return new TextEncoder().encode(text.padEnd(size, '.'));
  });
}

export function texts(stored: readonly StoredRecord[]): string[] {
  return stored.map(({ bytes }) => new TextDecoder().decode(bytes).replace(/\.+$/, ''));
}

export function names(from: number, count: number): string[] {
  return texts(records(from, count).map((bytes, offset) => ({ offset, time: 0, bytes })));
}

export async function append(
  world: BrokerWorld,
  partition: number,
  batch: readonly Uint8Array[],
): Promise<Appended> {
  return world.settle(world.broker.append(partition, batch));
}

/** Appends `count` numbered records in batches that every broker takes. */
export async function fill(
  world: BrokerWorld,
  partition: number,
  count: number,
  size = 0,
): Promise<void> {
  for (let from = 0; from < count; from += 250) {
    await append(world, partition, records(from, Math.min(250, count - from), size));
  }
}

/** Reads on until `count` records have come. */
export async function read(
  world: BrokerWorld,
  reader: LogReader,
  count: number,
): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  while (all.length < count) {
    const more = await world.settle(reader.next());
    if (more.length === 0) throw new Error('`next` gave no record');
    all.push(...more);
  }
  return all;
}

/** Everything that a partition holds, by `fetch`. */
export async function everything(world: BrokerWorld, partition: number): Promise<StoredRecord[]> {
  const { begin, end } = await world.settle(world.broker.range(partition));
  return [...(await world.settle(world.broker.fetch(partition, begin, end)))];
}
