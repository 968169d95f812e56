/*
 * "Where is it?": what the Log and the Store know about one run, for people and for clients that wait.
 *
 * With an index its row says where the run was, and the Log is read from there on. Without one, or where
 * the index has no row or is far behind: a run that is alive is found by reading from the newest mark, as an owner would when taking over
 * (PROTOCOL.md R14): everything open is above it, and what is parked is in the Store. What has ended
 * is found by reading from the time in its run id on. The Log decides; the Store is asked for what it
 * alone can know, and a look-up of something recent does without it.
 *
 * L1. What is found held in the Log as it was when the look-up began.
 * L2. Bounded memory, however long the Log is (run-places.ts, Q2). The time is that of reading the
 *     headers of the partition since the run began, at most.
 */
import type { Broker, Clock, RunIndex, RunRow, Store, StoredRecord } from '../ports/index.ts';
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
import type { RunPlaces, StrandPlace, Undone } from './run-places.ts';
import { endIn, RunReading } from './run-reading.ts';
import { placesOf } from './run-row.ts';
import type { Position } from './validity.ts';

/** Records that are looked through at once for a CLAIM or MARK to begin at. */
const BACK_RECORDS = 1_000;
/** An index that is further behind than this is not asked: an owner's mark is nearer, records. */
const INDEX_BEHIND_MAX = 50_000;

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
  /** what became of the steps that a saga undid, oldest first */
  readonly compensations?: readonly Undone[];
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
  readonly index?: RunIndex;
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
    broker.range(partition).then(({ begin, end }) => {
      this.first = begin;
      this.end = end;
      this.fromIndex();
    }, this.failed);
  }

  /** What the index cannot say, or not soon, the Log says. */
  private fromIndex(): void {
    const { index } = this.ports;
    const without = (): void => this.fromLog();
    if (index === undefined) return without();
    index.get(this.run).then((found) => {
      if (found === undefined) return without();
      const { row, position } = found;
      const places = placesOf(row);
      if (places === undefined) return without();
      const reading = new RunReading(this.run, position, places);
      if (row.endedAt !== undefined) return this.fromRow(row, reading);
      const { offset } = position;
      if (offset < this.first || this.end - offset > INDEX_BEHIND_MAX) return without();
      this.read(reading, () => this.tell(reading));
    }, without);
  }

  /** It has ended, and stays so. A result that is too large for the index stands in its END. */
  private fromRow(row: RunRow, reading: RunReading): void {
    const { places } = reading;
    if (places.end !== undefined) return this.tell(reading);
    if (row.last < this.first || row.last >= this.end) return this.fromResult(row, reading);
    this.ports.broker.fetch(this.partition, row.last, row.last + 1).then(([record]) => {
      places.end = record === undefined ? undefined : endIn(record, this.run);
      if (places.end === undefined) this.fromResult(row, reading);
      else this.tell(reading);
    }, this.failed);
  }

  /** The Log does not go back so far: a result that was to be kept is in the Store. */
  private fromResult(row: RunRow, reading: RunReading): void {
    const { store } = this.ports;
    const gone = (): void => this.tell(reading, reading.position, row);
    if (store === undefined) return gone();
    store.result(this.run).then((kept) => {
      if (kept === undefined) return gone();
      reading.places.result(kept);
      this.tell(reading);
    }, this.failed);
  }

  private fromLog(): void {
    const { broker } = this.ports;
    const { partition, first, end } = this;
    const made = timeOfRunId(this.run);
    if (made === undefined) return this.fromMark(first);
    broker
      .offsetAt(partition, made - CLOCK_SKEW_MAX_MS)
      .then((offset) => this.fromMark(Math.max(first, Math.min(offset, end))), this.failed);
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
    if (reading.places.end !== undefined) return this.tell(reading);
    const before = (): void => this.history(reading.position);
    const decide = (): void => {
      // A START that waits may be sent again for what began, or ended, below the mark.
      if (reading.places.strands().length > 0) this.tell(reading);
      else before();
    };
    if (store === undefined) return decide();
    store.parked(this.partition, this.run).then((rows) => {
      reading.places.rows(rows);
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
    if (reading.places.start !== undefined || store === undefined) return this.tell(reading, upTo);
    store.parked(this.partition, this.run).then((rows) => {
      reading.places.rows(rows);
      if (reading.places.end !== undefined || reading.places.strands().length > 0) {
        return this.tell(reading, upTo);
      }
      store.result(this.run).then((row) => {
        if (row !== undefined) reading.places.result(row);
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
      if (reading.position.offset >= this.end || reading.places.end !== undefined) {
        reader.close();
        return done();
      }
      reader.next().then(
        (records) => {
          try {
            for (const record of records) reading.admit(record);
            reading.places.settle();
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

  /** `gone`: it has ended, and nobody knows its result any more. */
  private tell({ places, position }: RunReading, upTo = position, gone?: RunRow): void {
    const { run, partition } = this;
    const { start, end, name, hash } = places;
    const strands = end === undefined ? places.strands() : [];
    const status = gone === undefined ? this.status(places, strands) : (gone.status as RunStatus);
    const startedAt = timeOfRunId(run) ?? start?.at;
    const endedAt = end?.at ?? gone?.endedAt;
    const reason =
      gone !== undefined
        ? `its result (${gone.valueBytes ?? 0} bytes) is not kept any more`
        : status === 'unknown'
          ? this.reason(places)
          : undefined;
    this.found(
      {
        run,
        status,
        partition,
        strands,
        ...(hash === undefined ? {} : { hash }),
        ...(name === undefined ? {} : { name }),
        ...(startedAt === undefined || status === 'unknown' ? {} : { startedAt }),
        ...(endedAt === undefined ? {} : { endedAt }),
        ...(end?.ended === 'completed' ? { output: end.value } : {}),
        ...(end?.ended === 'faulted' ? { error: end.value } : {}),
        ...(end?.compensations === undefined ? {} : { compensations: end.compensations }),
        ...(reason === undefined ? {} : { reason }),
      },
      upTo,
    );
  }

  private status(places: RunPlaces, strands: readonly StrandPlace[]): RunStatus {
    const { end } = places;
    if (end !== undefined) return end.ended;
    if (places.waiting) return 'waiting to begin';
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

  private reason({ start }: RunPlaces): string {
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
