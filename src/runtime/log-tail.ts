/*
 * The reading side of an owner: records of the Log in order, one question at a time, admitted to the
 * view. A broker that does not answer is asked again; a Log that has not what comes next is fatal (R12).
 *
 * L1. Nothing is admitted after `close`.
 * L2. What cannot be read is passed over with a complaint (P10); what needs a newer runner is not (R21).
 */
import type { Clock, LogReader, StoredRecord } from '../ports/index.ts';
import { OffsetOutOfRange } from '../ports/index.ts';
import { READER, type RecordBody, type RecordHeader, WireError } from '../wire/index.ts';
import type { Timers } from './timers.ts';
import { isTooNew } from './validity.ts';
import type { Admitted, LogView } from './view.ts';

const TRY_AGAIN_MS = 500;

export interface TailEvents {
  admitted(admitted: Admitted, offset: number): void;
  /** What the record with these bytes says, if it is the owner's own. */
  sentAs(header: RecordHeader, bytes: Uint8Array): RecordBody | undefined;
  /** All that one answer of the reader held has been admitted. */
  caughtUp(): void;
  guard(act: () => void): void;
  complain(said: string): void;
  stop(reason: string): void;
  /** This build cannot read what comes next. */
  outdated(reason: string): void;
}

export class LogTail {
  private readonly view: LogView;
  private readonly reader: LogReader;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly events: TailEvents;
  private closed = false;

  constructor(view: LogView, reader: LogReader, timers: Timers, clock: Clock, events: TailEvents) {
    this.view = view;
    this.reader = reader;
    this.timers = timers;
    this.clock = clock;
    this.events = events;
  }

  begin(): void {
    this.turn();
  }

  /** What comes before `offset` is known already. */
  skipTo(offset: number): void {
    this.reader.skipTo(offset);
  }

  close(): void {
    this.closed = true;
    this.reader.close();
  }

  private turn(): void {
    if (this.closed) return;
    this.reader.next().then(
      (records) => {
        if (this.closed) return;
        this.events.guard(() => this.readBatch(records));
        this.turn();
      },
      (error: unknown) => {
        if (this.closed) return;
        if (error instanceof OffsetOutOfRange) {
          this.events.stop(`the Log does not have what comes next: ${error.message}`);
        } else this.timers.at(this.clock.now() + TRY_AGAIN_MS, () => this.turn());
      },
    );
  }

  private readBatch(records: readonly StoredRecord[]): void {
    for (const record of records) {
      if (record.offset < this.view.offset) continue;
      const admitted = this.readRecord(record);
      if (this.closed) return;
      if (admitted === undefined) continue;
      this.events.admitted(admitted, record.offset);
      if (this.closed) return;
    }
    this.events.caughtUp();
  }

  /** Undefined: the record says nothing to this reader, or has ended it. */
  private readRecord({ offset, time, bytes }: StoredRecord): Admitted | undefined {
    try {
      return this.view.read(offset, time, bytes, this.events.sentAs);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (isTooNew(error)) {
        this.events.outdated(
          `record ${offset} needs a runner that reads format ${error.minReader}, this one reads up to ${READER}`,
        );
        return undefined;
      }
      this.view.skip(offset);
      this.events.complain(passedOver(offset, error.message));
    }
    return undefined;
  }
}

/** L2 in words. */
export function passedOver(offset: number, reason: string): string {
  return `record ${offset} cannot be read and was passed over: ${reason}`;
}
