/*
 * Builds: a newer build of the engine beside this one, as far as the Log can tell (PROTOCOL.md R21). What
 * it writes once every member of the group reads its format is for readers of that format; what it reads
 * may be.
 *
 * The code is this build's: formats differ by `min_reader` alone. Two builds with code of their own are in
 * test/live/versions.
 */
import type { SimPorts } from '../adapters/sim/index.ts';
import type {
  Broker,
  LogReader,
  ParkedRow,
  Store,
  StoreChange,
  StoredRecord,
} from '../ports/index.ts';
import {
  decodeHeader,
  decodeRecord,
  encodeRecord,
  isInbox,
  READER,
  WireError,
} from '../wire/index.ts';

/** The ports of a process of that build: 0 = this one. */
export function portsOfBuild(ports: SimPorts, build: number): SimPorts {
  if (build === 0) return ports;
  const reads = READER + build;
  const format = new Format();
  return {
    ...ports,
    broker: newer(ports.broker, reads, format),
    store: newerStore(ports.store, reads, format),
  };
}

/** The format in force; what every build reads, until the group says otherwise. */
class Format {
  inForce = READER;
  /** places of records for newer readers, as far as this process has written or read them */
  readonly newer = new Set<string>();
}

function placeOf(partition: number, offset: number): string {
  return `${partition}/${offset}`;
}

/** Rows hold records: those of a newer build are for newer builds. */
function newerStore(store: Store, reads: number, format: Format): Store {
  const read = (row: ParkedRow): ParkedRow => withReader(row, READER);
  const write =
    (partition: number) =>
    (change: StoreChange): StoreChange =>
      change.kind === 'park' && format.newer.has(placeOf(partition, change.row.identity))
        ? { ...change, row: withReader(change.row, reads) }
        : change;
  return {
    events: store.events,
    projections: store.projections,
    load: (partition) => store.load(partition),
    fold: (partition, from, to, changes) =>
      store.fold(partition, from, to, changes.map(write(partition))),
    due: (...asked) =>
      store.due(...asked).then((found) => ({ ...found, rows: found.rows.map(read) })),
    rows: (...asked) => store.rows(...asked).then((rows) => rows.map(read)),
    branches: (...asked) => store.branches(...asked),
    parked: (...asked) => store.parked(...asked).then((rows) => rows.map(read)),
    result: (run) => store.result(run),
    journal: (...asked) => store.journal(...asked),
    once: (...asked) => store.once(...asked),
    claimed: () => store.claimed(),
    forget: (key) => store.forget(key),
  };
}

function withReader(row: ParkedRow, minReader: number): ParkedRow {
  const { body, header } = row.record;
  return { ...row, record: { header: { ...header, minReader }, body } };
}

function newer(broker: Broker, reads: number, format: Format): Broker {
  /** a batch is written once, whatever becomes of the format until it is sent again */
  const written = new WeakMap<Uint8Array, Uint8Array>();
  const write = (bytes: Uint8Array): Uint8Array => {
    let found = written.get(bytes);
    if (found === undefined) {
      written.set(bytes, (found = format.inForce < reads ? bytes : mark(bytes, reads)));
    }
    return found;
  };
  const port: Broker = {
    partitions: broker.partitions,
    append: (partition, batch) => {
      const bytes = batch.map((record) => write(record));
      return broker.append(partition, bytes).then((appended) => {
        bytes.forEach((record, index) => {
          if (record !== batch[index]) format.newer.add(placeOf(partition, appended.base + index));
        });
        return appended;
      });
    },
    reader: (partition, offset) =>
      readable(broker.reader(partition, offset), (at) => format.newer.add(placeOf(partition, at))),
    fetch: (partition, from, to) =>
      broker.fetch(partition, from, to).then((records) => records.map(unmark)),
    range: (partition) => broker.range(partition),
    offsetAt: (partition, time) => broker.offsetAt(partition, time),
    trim: (partition, before) => broker.trim(partition, before),
    saveHint: (partition, offset) => broker.saveHint(partition, offset),
    hint: (partition) => broker.hint(partition),
    decline: (partition) => broker.decline(partition),
    join: (member) =>
      broker.join({
        assigned(partitions, reader) {
          format.inForce = reader;
          member.assigned(partitions, Math.min(reader, READER));
        },
        revoked: (partitions) => member.revoked(partitions),
      }),
  };
  return port;
}

/** `newer` is told of each record that is for newer readers. */
function readable(reader: LogReader, newer: (offset: number) => void): LogReader {
  return {
    get position() {
      return reader.position;
    },
    next: () =>
      reader.next().then((records) =>
        records.map((record) => {
          const read = unmark(record);
          if (read !== record) newer(record.offset);
          return read;
        }),
      ),
    skipTo: (offset) => reader.skipTo(offset),
    close: () => reader.close(),
  };
}

/** An owner's record, for readers of a newer format; the same bytes give the same bytes. */
function mark(bytes: Uint8Array, minReader: number): Uint8Array {
  const { body, header } = decodeRecord(bytes);
  return isInbox(header.kind) ? bytes : encodeRecord({ header: { ...header, minReader }, body });
}

function unmark(record: StoredRecord): StoredRecord {
  try {
    if (decodeHeader(record.bytes).minReader <= READER) return record;
    const { body, header } = decodeRecord(record.bytes);
    return { ...record, bytes: encodeRecord({ header: { ...header, minReader: READER }, body }) };
  } catch (error) {
    if (error instanceof WireError) return record;
    throw error;
  }
}
