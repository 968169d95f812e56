/*
 * The index role of one partition: a reader beside the owner that keeps one row for each run (ports/
 * run-index.ts). Off the hot path: it reads what the owner has read already, in batches, some time later.
 *
 * I1. At most one row is written for each run and batch, and one position (the write budget's last row).
 * I2. It goes by its own saved position, with what is in force there (PROTOCOL.md R12), and by the rows
 *     that stand there: whoever goes on from them writes what the last one would have written.
 * I3. Two that index one partition do no harm: the position is compared before it is set, and who
 *     comes second begins again from where it stands.
 * I4. Nothing waits for it, and nothing of it stops a partition: trouble is a lag, said once.
 */
import type {
  Broker,
  Clock,
  Definitions,
  LogReader,
  RunIndex,
  RunRow,
  StoredRecord,
} from '../ports/index.ts';
import { OffsetOutOfRange } from '../ports/index.ts';
import { type DefinitionRef, type RecordHeader, WireError } from '../wire/index.ts';
import type { Ports, RunnerOptions } from './options.ts';
import { RunPlaces } from './run-places.ts';
import { admitted, bodyIn } from './run-reading.ts';
import { placesOf, rowOf } from './run-row.ts';
import type { Timers } from './timers.ts';
import { type Position, Validity } from './validity.ts';

/** How long what has come waits for more of the same runs, ms. */
const GATHER_MS = 1_000;
/** A batch is written once it has so many records, or bytes of them: it is held in memory. */
const BATCH_RECORDS = 5_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Runs that go on and are kept in memory, to be added to without asking for their rows. */
const KEPT_RUNS = 2_000;
const AGAIN_FIRST_MS = 500;
const AGAIN_MAX_MS = 30_000;
/** So many failures in a row are worth a word. */
const FAILURES_SAID = 10;
/** Rows of runs that ended long ago are looked for so often, ms, and dropped so many at once. */
const PURGE_EVERY_MS = 10 * 60_000;
const PURGE_ROWS = 1_000;
/** How long rows of ended runs are kept when nobody says, ms. */
const HISTORY_MS = 7 * 24 * 3_600_000;

interface IndexerPorts {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly index: RunIndex;
}

interface IndexerOptions {
  /** how long rows of ended runs are kept, ms */
  readonly historyMs: number;
  readonly complain: (said: string) => void;
}

/** None where nobody has asked for an index. */
export function indexerOf(
  partition: number,
  { broker, clock, definitions, index }: Ports,
  { historyMs = HISTORY_MS, onComplaint }: RunnerOptions,
  timers: Timers,
): Indexer | undefined {
  if (index === undefined) return undefined;
  const complain = (said: string): void => onComplaint?.(said);
  const ports = { broker, clock, definitions, index };
  return new Indexer(partition, ports, { historyMs, complain }, timers);
}

/** A record that counts and belongs to a run, to be taken in when the row of its run is here. */
interface Taken {
  readonly header: RecordHeader;
  readonly record: StoredRecord;
}

export class Indexer {
  private readonly partition: number;
  private readonly ports: IndexerPorts;
  private readonly options: IndexerOptions;
  private readonly timers: Timers;
  /** up to where the owner has read */
  private end = 0;
  /** as it is saved; undefined = not yet known, or nothing saved */
  private saved: Position | undefined;
  private validity: Validity | undefined;
  private next = 0;
  private reader: LogReader | undefined;
  /** what has been read and not written, by run */
  private taken = new Map<string, Taken[]>();
  private records = 0;
  private bytes = 0;
  /** runs that go on, as they are saved; who was added to last comes last */
  private readonly kept = new Map<string, RunPlaces>();
  /** by hash, of Definitions that runs have which no START names; undefined = not there */
  private readonly names = new Map<string, DefinitionRef | undefined>();
  private busy = false;
  private armed = false;
  private failures = 0;
  private purging = false;
  private over = false;

  constructor(partition: number, ports: IndexerPorts, options: IndexerOptions, timers: Timers) {
    this.partition = partition;
    this.ports = ports;
    this.options = options;
    this.timers = timers;
  }

  /** Up to where the rows tell the Log; undefined while that is not known. */
  get indexed(): number | undefined {
    return this.saved?.offset;
  }

  /** The owner has read the Log up to `end`. */
  grown(end: number): void {
    this.end = end;
    if (this.over || this.busy || this.armed || end <= (this.saved?.offset ?? -1)) return;
    this.armed = true;
    this.timers.at(this.ports.clock.now() + GATHER_MS, () => {
      this.armed = false;
      this.guard(() => this.begin());
    });
  }

  close(): void {
    this.over = true;
    this.reader?.close();
  }

  // -- reading -------------------------------------------------------------------------------------

  private begin(): void {
    if (this.over || this.busy) return;
    this.busy = true;
    if (this.validity === undefined) this.locate();
    else this.read();
    if (this.purging) return;
    this.purging = true;
    this.purge();
  }

  /** Where the last one has got to; where nobody has been, the beginning of the Log (a CLAIM, R12). */
  private locate(): void {
    const { broker, index } = this.ports;
    const { partition } = this;
    this.ask(index.position(partition), (saved) =>
      this.ask(broker.range(partition), ({ begin, end }) => {
        this.saved = saved;
        if (saved === undefined) this.from(beginning(begin));
        else if (saved.offset <= end) this.from(saved);
        else
          this.stop(`it was made of another Log, up to ${saved.offset}; this one ends at ${end}`);
      }),
    );
  }

  private from(position: Position): void {
    this.validity = new Validity(position);
    this.next = position.offset;
    this.reader?.close();
    this.reader = undefined;
    this.kept.clear();
    this.forgetTaken();
    this.read();
  }

  private read(): void {
    if (this.over) return;
    if (this.next >= this.end || this.records >= BATCH_RECORDS || this.bytes >= BATCH_BYTES) {
      return this.next > (this.saved?.offset ?? -1) ? this.write() : this.rest();
    }
    this.reader ??= this.ports.broker.reader(this.partition, this.next);
    this.reader.next().then(
      (records) =>
        this.guard(() => {
          for (const record of records) if (record.offset >= this.next) this.take(record);
          this.read();
        }),
      (error: unknown) =>
        this.guard(() => {
          this.reader?.close();
          this.reader = undefined;
          if (error instanceof OffsetOutOfRange) this.outOfRange(error);
          else this.again(error);
        }),
    );
  }

  private take(record: StoredRecord): void {
    this.next = record.offset + 1;
    // What needs a newer build is thrown: the owner leaves the partition because of it as well.
    const header = admitted(this.validity!, record);
    if (header === undefined) return;
    this.records++;
    if (header.run === '') return;
    const taken = this.taken.get(header.run);
    if (taken === undefined) this.taken.set(header.run, [{ header, record }]);
    else taken.push({ header, record });
    this.bytes += record.bytes.length;
  }

  private forgetTaken(): void {
    this.taken = new Map();
    this.records = 0;
    this.bytes = 0;
  }

  /** What comes next is not in the Log any more: from where it begins, rows are brought up to date again. */
  private outOfRange({ begin, message }: OffsetOutOfRange): void {
    if (this.next >= begin) return this.stop(message);
    this.options.complain(
      `the index of partition ${this.partition} goes on at ${begin}: the Log does not have ${this.next} any more`,
    );
    this.from(beginning(begin));
  }

  // -- writing -------------------------------------------------------------------------------------

  /** Rows of runs that are not in memory are asked for: their records add to them. */
  private write(): void {
    const unknown = [...this.taken.keys()].filter((run) => !this.kept.has(run));
    if (unknown.length === 0) return this.save();
    this.ask(this.ports.index.rows(unknown), (rows) => {
      for (const row of rows) {
        // It has ended, and whatever names it still says nothing more.
        if (row.endedAt !== undefined) this.taken.delete(row.run);
        else this.kept.set(row.run, placesOf(row));
      }
      this.save();
    });
  }

  private save(): void {
    const changed: RunPlaces[] = [];
    for (const [run, taken] of this.taken) {
      const places = this.kept.get(run) ?? new RunPlaces(run);
      const { last } = places;
      for (const { header, record } of taken) {
        places.admit(header, bodyIn(record.bytes), record.offset, record.time);
      }
      places.settle();
      if (places.last === last) continue;
      changed.push(places);
      this.kept.delete(run);
      if (places.end === undefined) this.kept.set(run, places);
    }
    const to = this.validity!.at(this.next);
    this.forgetTaken();
    this.name(changed, () => {
      const rows = changed.flatMap((places) => rowOf(places, this.partition) ?? []);
      this.send(to, rows);
    });
  }

  /** What a schedule has begun, or began before the Log begins, has a hash and no name. */
  private name(changed: readonly RunPlaces[], then: () => void): void {
    for (const places of changed) {
      const { hash } = places;
      if (places.name !== undefined || hash === undefined) continue;
      if (!this.names.has(hash)) {
        return this.ask(
          this.ports.definitions.get(hash),
          (found) => {
            const { namespace, name, version } = found ?? {};
            const missing = namespace === undefined || name === undefined || version === undefined;
            this.names.set(hash, missing ? undefined : { namespace, name, version });
            this.name(changed, then);
          },
          () => this.name(changed, then),
        );
      }
      places.name = this.names.get(hash);
    }
    then();
  }

  private send(to: Position, rows: readonly RunRow[]): void {
    const { index } = this.ports;
    const again = (): void => this.send(to, rows);
    this.ask(
      index.write(this.partition, this.saved, to, rows),
      (answer) => {
        // Somebody else may have gone on from there, or the last answer was lost: it is looked up.
        if (answer === 'stale') {
          this.validity = undefined;
          return this.locate();
        }
        this.saved = to;
        for (const run of this.kept.keys()) {
          if (this.kept.size <= KEPT_RUNS) break;
          this.kept.delete(run);
        }
        this.read();
      },
      again,
    );
  }

  /** Rows of runs that ended long ago go, a few at a time. */
  private purge(): void {
    const { clock, index } = this.ports;
    const later = (): void => void this.timers.at(clock.now() + PURGE_EVERY_MS, () => this.purge());
    index.purge(this.partition, clock.now() - this.options.historyMs, PURGE_ROWS).then((gone) => {
      if (gone === PURGE_ROWS && !this.over) this.purge();
      else later();
    }, later);
  }

  private rest(): void {
    this.busy = false;
    this.grown(this.end);
  }

  // -- trouble -------------------------------------------------------------------------------------

  private ask<T>(answer: PromiseLike<T>, then: (value: T) => void, retry?: () => void): void {
    answer.then(
      (value) =>
        this.guard(() => {
          this.failures = 0;
          then(value);
        }),
      (error: unknown) => this.guard(() => this.again(error, retry)),
    );
  }

  /** The same again; what is not repeated as it is begins anew at what has been read. */
  private again(error: unknown, retry?: () => void): void {
    this.failures++;
    if (this.failures === FAILURES_SAID) {
      const said = error instanceof Error ? error.message : String(error);
      this.options.complain(`the index of partition ${this.partition} does not get on: ${said}`);
    }
    const delay = Math.min(AGAIN_MAX_MS, AGAIN_FIRST_MS * 2 ** (this.failures - 1));
    this.timers.at(this.ports.clock.now() + delay, () =>
      this.guard(() => {
        if (retry !== undefined) return retry();
        this.busy = false;
        this.begin();
      }),
    );
  }

  /** I4: what goes wrong here ends here. */
  private guard(act: () => void): void {
    if (this.over) return;
    try {
      act();
    } catch (error) {
      const told = error instanceof WireError ? error.message : undefined;
      this.stop(told ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
    }
  }

  private stop(reason: string): void {
    this.close();
    this.options.complain(`partition ${this.partition} is not indexed any more: ${reason}`);
  }
}

function beginning(offset: number): Position {
  return { offset, tenure: -1, nonce: 0, n: 0 };
}
