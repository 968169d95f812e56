/*
 * Builds: a newer build of the engine beside this one, as far as the Log can tell (PROTOCOL.md R21). What
 * it writes once every member of the group reads its format is for readers of that format; what it reads
 * may be.
 *
 * The code is this build's: formats differ by `min_reader` alone. Two builds with code of their own are in
 * test/live/versions.
 */
import type { SimPorts } from '../adapters/sim/index.ts';
import type { Broker, LogReader, StoredRecord } from '../ports/index.ts';
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
  return build === 0 ? ports : { ...ports, broker: newer(ports.broker, READER + build) };
}

function newer(broker: Broker, reads: number): Broker {
  /** the format in force; what every build reads, until the group says otherwise */
  let format = READER;
  /** a batch is written once, whatever becomes of the format until it is sent again */
  const written = new WeakMap<Uint8Array, Uint8Array>();
  const write = (bytes: Uint8Array): Uint8Array => {
    let found = written.get(bytes);
    if (found === undefined) {
      written.set(bytes, (found = format < reads ? bytes : mark(bytes, reads)));
    }
    return found;
  };
  const port: Broker = {
    partitions: broker.partitions,
    append: (partition, batch) =>
      broker.append(
        partition,
        batch.map((bytes) => write(bytes)),
      ),
    reader: (partition, offset) => readable(broker.reader(partition, offset)),
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
          format = reader;
          member.assigned(partitions, Math.min(reader, READER));
        },
        revoked: (partitions) => member.revoked(partitions),
      }),
  };
  return port;
}

function readable(reader: LogReader): LogReader {
  return {
    get position() {
      return reader.position;
    },
    next: () => reader.next().then((records) => records.map(unmark)),
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
