/*
 * Log: one partition of a simulated broker, as the broker itself has it.
 *
 * Invariants: offsets follow each other without a gap; append times never decrease; bytes are copied on
 * the way out.
 */
import { type Appended, OffsetOutOfRange, type StoredRecord } from '../../ports/index.ts';
import { decodeHeader, type RecordHeader } from '../../wire/index.ts';

/**
 * A record, when it truly landed, virtual ms - its append time is what the clock of the broker said - and the
 * newest record format that the build of whoever appended it reads, if a process did.
 */
export class SimRecord implements StoredRecord {
  readonly offset: number;
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly landed: number;
  readonly reader: number | undefined;
  #header: RecordHeader | undefined;

  constructor(
    offset: number,
    time: number,
    bytes: Uint8Array,
    landed: number,
    reader: number | undefined,
  ) {
    this.offset = offset;
    this.time = time;
    this.bytes = bytes;
    this.landed = landed;
    this.reader = reader;
  }

  /** Of these very bytes, which nobody else has: whoever watches the world need not decode it again. */
  get header(): RecordHeader {
    return (this.#header ??= decodeHeader(this.bytes));
  }
}

export class Log {
  readonly records: SimRecord[] = [];
  begin = 0;
  /** counts the changes of leader */
  leader = 0;
  /** there is no leader until then, virtual ms */
  leaderless = 0;
  hint: number | undefined;
  waiting: (() => void)[] = [];

  get end(): number {
    return this.records.length;
  }

  slice(from: number, to: number): StoredRecord[] {
    return this.records.slice(from, to).map(copy);
  }

  check(offset: number): OffsetOutOfRange | undefined {
    if (offset >= this.begin && offset <= this.end) return undefined;
    const said = `offset ${offset} is outside [${this.begin}, ${this.end}]`;
    return new OffsetOutOfRange(said, this.begin, this.end);
  }

  append(
    batch: readonly Uint8Array[],
    clock: number,
    landed: number,
    reader: number | undefined,
  ): Appended {
    const base = this.end;
    const time = Math.max(clock, this.records[base - 1]?.time ?? 0);
    for (const bytes of batch) {
      this.records.push(new SimRecord(this.end, time, bytes, landed, reader));
    }
    this.wake();
    return { base, time };
  }

  /** Whoever waits for the next record looks again. */
  wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}

function copy(record: StoredRecord): StoredRecord {
  return { offset: record.offset, time: record.time, bytes: Buffer.from(record.bytes) };
}
