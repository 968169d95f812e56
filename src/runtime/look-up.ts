/*
 * "Where is it?": what the Log and the Store know about one run, for people and for clients that wait.
 *
 * A run that is alive is found by reading from the newest mark, as an owner would when taking over
 * (PROTOCOL.md R14): everything open is above it, and what is parked is in the Store. What has ended
 * is found by reading from the time in its run id on. The Log decides; the Store is asked for what it
 * alone can know, and a look-up of something recent does without it.
 *
 * L1. What is found held in the Log as it was when the look-up began.
 * L2. Bounded memory, however long the Log is (run-reading.ts, Q2). The time is that of reading the
 *     headers of the partition since the run began, at most.
 */
import type { Broker, Clock, Store, StoredRecord } from '../ports/index.ts';
import {
  CLOCK_SKEW_MAX_MS,
  decodeHeader,
  decodeRecord,
  type DefinitionRef,
  homeOf,
  type Json,
  timeOfRunId,
} from '../wire/index.ts';
import { findStartPoint } from './recovery.ts';
import { RunReading, type StrandPlace } from './run-reading.ts';
import type { Position } from './validity.ts';

/** Records that are looked through at once for a CLAIM or MARK to begin at. */
const BACK_RECORDS = 1_000;

export type RunStatus =
  | 'unknown'
  /** its START is durable, and no owner has let it begin */
  | 'waiting to begin'
  /** an activity is under way or about to be, or it goes on at once */
  | 'running'
  /** every strand waits for a time that will come */
  | 'waiting'
  /** every strand is in the Store */
  | 'parked'
  | 'completed'
  | 'faulted'
  | 'cancelled';

export interface Whereabouts {
  readonly run: string;
  readonly status: RunStatus;
  readonly partition: number;
  /** absent while the name in its START has not been resolved */
  readonly hash?: string;
  /** as its START or its END says */
  readonly name?: DefinitionRef;
  /** as its run id says, by the clock of who started it; else append time of its START; ms */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly output?: Json;
  readonly error?: Json;
  /** every strand that is not over; the root first */
  readonly strands: readonly StrandPlace[];
  /** why nothing is known */
  readonly reason?: string;
}

export interface LookUpPorts {
  readonly broker: Broker;
  readonly clock: Clock;
  /** without it, only what the Log still has is found */
  readonly store?: Store;
}

/** `found` is also told up to where the Log was read: whoever waits goes on from there. */
export function lookUp(
  ports: LookUpPorts,
  run: string,
  found: (where: Whereabouts, upTo: Position) => void,
  failed: (error: unknown) => void,
): void {
  new LookUp(ports, run, found, failed).begin();
}

class LookUp {
  private readonly ports: LookUpPorts;
  private readonly run: string;
  private readonly partition: number;
  private readonly found: (where: Whereabouts, upTo: Position) => void;
  private readonly failed: (error: unknown) => void;
  private first = 0;
  private end = 0;
  /** where its START can be, at the earliest */
  private since = 0;

  constructor(
    ports: LookUpPorts,
    run: string,
    found: (where: Whereabouts, upTo: Position) => void,
    failed: (error: unknown) => void,
  ) {
    this.ports = ports;
    this.run = run;
    this.partition = homeOf(run, ports.broker.partitions);
    this.found = found;
    this.failed = failed;
  }

  begin(): void {
    const { broker } = this.ports;
    const { partition } = this;
    const made = timeOfRunId(this.run);
    broker.range(partition).then(({ begin, end }) => {
      this.first = begin;
      this.end = end;
      if (made === undefined) return this.fromMark(begin);
      broker
        .offsetAt(partition, made - CLOCK_SKEW_MAX_MS)
        .then((offset) => this.fromMark(Math.max(begin, Math.min(offset, end))), this.failed);
    }, this.failed);
  }

  private fromMark(since: number): void {
    this.since = since;
    findStartPoint(
      this.ports.broker,
      this.partition,
      ({ from }) => {
        const reading = new RunReading(this.run, from);
        if (from.offset <= since) this.read(reading, () => this.whole(reading));
        else this.read(reading, () => this.alive(reading));
      },
      this.failed,
    );
  }

  /** Read from a mark that is younger than the run: what is neither open nor parked has ended before. */
  private alive(reading: RunReading): void {
    const { store } = this.ports;
    if (reading.end !== undefined) return this.tell(reading);
    const before = (): void => this.history(reading.position);
    const decide = (): void => {
      if (reading.waiting || reading.strands().length > 0) this.tell(reading);
      else before();
    };
    if (store === undefined) return decide();
    store.parked(this.partition, this.run).then((rows) => {
      reading.rows(rows);
      decide();
    }, before);
  }

  /** Reads all that the Log still has of the run, from where it is known what is in force. */
  private history(upTo: Position): void {
    const read = (from: Position): void => {
      const reading = new RunReading(this.run, from);
      this.read(reading, () => this.whole(reading, upTo));
    };
    const back = (to: number): void => {
      if (to <= this.first) {
        return read({ offset: this.first, tenure: -1, nonce: 0, n: 0 });
      }
      const at = Math.max(this.first, to - BACK_RECORDS);
      this.ports.broker.fetch(this.partition, at, to).then((records) => {
        const position = lastPosition(records);
        if (position === undefined || position.offset < this.first) back(at);
        else read(position);
      }, this.failed);
    };
    back(this.since);
  }

  /** Everything the Log has was read. What was trimmed away may be in the Store. */
  private whole(reading: RunReading, upTo = reading.position): void {
    const { store } = this.ports;
    if (reading.start !== undefined || store === undefined) return this.tell(reading, upTo);
    store.parked(this.partition, this.run).then((rows) => {
      reading.rows(rows);
      if (reading.end !== undefined || reading.strands().length > 0) {
        return this.tell(reading, upTo);
      }
      store.result(this.run).then((row) => {
        if (row !== undefined) reading.result(row);
        this.tell(reading, upTo);
      }, this.failed);
    }, this.failed);
  }

  /** Reads on until what was the end when the look-up began, or until the run has ended. */
  private read(reading: RunReading, done: () => void): void {
    const { broker } = this.ports;
    const { offset } = reading.position;
    if (offset >= this.end) return done();
    const reader = broker.reader(this.partition, offset);
    const turn = (): void => {
      if (reading.position.offset >= this.end || reading.end !== undefined) {
        reader.close();
        return done();
      }
      reader.next().then(
        (records) => {
          try {
            for (const record of records) reading.admit(record);
          } catch (error) {
            reader.close();
            return this.failed(error);
          }
          turn();
        },
        (error: unknown) => {
          reader.close();
          this.failed(error);
        },
      );
    };
    turn();
  }

  private tell(reading: RunReading, upTo = reading.position): void {
    const { run, partition } = this;
    const { start, end, name, hash } = reading;
    const strands = end === undefined ? reading.strands() : [];
    const status = this.status(reading, strands);
    const startedAt = timeOfRunId(run) ?? start?.at;
    const reason = status === 'unknown' ? this.reason(reading) : undefined;
    this.found(
      {
        run,
        status,
        partition,
        strands,
        ...(hash === undefined ? {} : { hash }),
        ...(name === undefined ? {} : { name }),
        ...(startedAt === undefined || status === 'unknown' ? {} : { startedAt }),
        ...(end === undefined ? {} : { endedAt: end.at }),
        ...(end?.ended === 'completed' ? { output: end.value } : {}),
        ...(end?.ended === 'faulted' ? { error: end.value } : {}),
        ...(reason === undefined ? {} : { reason }),
      },
      upTo,
    );
  }

  private status({ end, waiting }: RunReading, strands: readonly StrandPlace[]): RunStatus {
    if (end !== undefined) return end.ended;
    if (waiting) return 'waiting to begin';
    const now = this.ports.clock.now();
    // Joins wait for what is listed beside them.
    const leaves = strands.filter(({ waitsFor }) => waitsFor.kind !== 'join');
    if (leaves.length === 0) return strands.length > 0 ? 'running' : 'unknown';
    if (leaves.every(({ waitsFor }) => waitsFor.kind === 'parked')) return 'parked';
    const waits = ({ waitsFor }: StrandPlace): boolean =>
      waitsFor.kind === 'parked' ||
      (waitsFor.kind === 'timer' && waitsFor.until > now) ||
      (waitsFor.kind === 'activity' && (waitsFor.notBefore ?? 0) > now);
    return leaves.every(waits) ? 'waiting' : 'running';
  }

  private reason({ start }: RunReading): string {
    const made = timeOfRunId(this.run);
    if (made === undefined) return 'this is not the id of a run: it does not say when it was made';
    if (start !== undefined) {
      const late = Math.round((start.at - made) / 1_000);
      return late >= 0
        ? `its START came ${late} s after the time in its id and does not count`
        : `the time in its id is ${-late} s ahead of the broker's clock; its START does not count`;
    }
    return this.first > 0 && this.since === this.first
      ? 'the Log does not go back to the time in its id, and the Store does not know it'
      : 'no START with this id has come';
  }
}

/** The last place in these records at which it is said what is in force. */
function lastPosition(records: readonly StoredRecord[]): Position | undefined {
  for (const { offset, bytes } of records.toReversed()) {
    try {
      const { kind } = decodeHeader(bytes);
      if (kind === 'CLAIM') return { offset, tenure: -1, nonce: 0, n: 0 };
      if (kind !== 'MARK') continue;
      const { body } = decodeRecord(bytes);
      if (body.kind === 'MARK') return body.mark;
    } catch {
      // not a record: owners pass over it, too
    }
  }
  return undefined;
}
