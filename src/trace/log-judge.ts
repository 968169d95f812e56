/*
 * What of a Log goes into a trace: the records that count for every reader, put together to units.
 *
 * Owns: a reading of PROTOCOL.md R4 (validity), R6 (units) and R17 (void starts) for one partition.
 *
 * J1. Which owner records count is known from the first CLAIM on; those before it are passed over.
 * J2. A unit is given when its last record has been read. One that is not whole is none.
 */
import {
  CLOCK_SKEW_MAX_MS,
  decodeHeader,
  isInbox,
  type RecordHeader,
  START_LATE_MAX_MS,
  timeOfRunId,
  type TraceUnit,
  WireError,
} from '../wire/index.ts';

/** A record as it stands in a Log. */
export interface LoggedRecord {
  readonly offset: number;
  /** append time, ms since the epoch */
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** A unit, and the headers of its records. */
export interface JudgedUnit {
  readonly unit: TraceUnit;
  readonly headers: readonly RecordHeader[];
}

export class LogJudge {
  private readonly partition: number;
  private readonly world: number;
  private tenure = -1;
  private nonce = 0;
  private n = 0;
  private pending: { record: LoggedRecord; header: RecordHeader }[] = [];
  /** runs whose START may be followed by a copy of it, and until when, ms */
  private readonly started = new Map<string, number>();
  /** records that count for nobody */
  voidRecords = 0;
  /** owner records of which nobody can say whether they count (J1) */
  undecided = 0;
  /** records that this build cannot read */
  unreadable = 0;

  constructor(partition: number, world = 0) {
    this.partition = partition;
    this.world = world;
  }

  /** The unit that this record completes, if it does. */
  read(record: LoggedRecord): JudgedUnit | undefined {
    let header: RecordHeader;
    try {
      header = decodeHeader(record.bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.unreadable += 1;
      return undefined;
    }
    if (header.kind === 'CLAIM') {
      this.drop();
      this.tenure = record.offset;
      this.nonce = header.nonce;
      this.n = 0;
      return this.unitOf([{ record, header }]);
    }
    if (isInbox(header.kind)) {
      if (header.kind === 'CONTROL' || this.begins(header.run, record.time)) {
        return this.unitOf([{ record, header }]);
      }
      this.voidRecords += 1;
      return undefined;
    }
    if (this.tenure < 0) {
      this.undecided += 1;
      return undefined;
    }
    const { tenure, nonce, n, unit, unitSize } = header;
    if (tenure !== this.tenure || nonce !== this.nonce || n !== this.n + 1) {
      this.voidRecords += 1;
      return undefined;
    }
    this.n = n;
    if (this.pending[0] !== undefined && this.pending[0].header.unit !== unit) this.drop();
    this.pending.push({ record, header });
    if (n < unit + unitSize - 1) return undefined;
    const whole = this.pending;
    if (whole.length !== unitSize) {
      this.drop();
      return undefined;
    }
    this.pending = [];
    return this.unitOf(whole);
  }

  private unitOf(parts: readonly { record: LoggedRecord; header: RecordHeader }[]): JudgedUnit {
    const [first] = parts;
    const { offset, time } = first!.record;
    const records = parts.map(({ record }) => record.bytes);
    const unit = { partition: this.partition, offset, time, records, world: this.world };
    return { unit, headers: parts.map(({ header }) => header) };
  }

  private drop(): void {
    this.voidRecords += this.pending.length;
    this.pending = [];
  }

  /** R17 */
  private begins(run: string, appended: number): boolean {
    if (this.started.size > 10_000) this.forget(appended);
    if (this.started.has(run)) return false;
    const made = timeOfRunId(run);
    if (made !== undefined) {
      if (appended - made > START_LATE_MAX_MS || made - appended > CLOCK_SKEW_MAX_MS) return false;
    }
    this.started.set(run, (made ?? appended) + START_LATE_MAX_MS + CLOCK_SKEW_MAX_MS);
    return true;
  }

  /** Copies of these can count no more, and need not be told from them. */
  private forget(now: number): void {
    for (const [run, until] of this.started) {
      if (until < now && timeOfRunId(run) !== undefined) this.started.delete(run);
    }
  }
}
