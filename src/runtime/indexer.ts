/*
 * The index role of one partition: a reader beside the owner that keeps one row for each run (ports/
 * run-index.ts). Off the hot path: it reads what the owner has read already, in batches, some time later.
 *
 * I1. At most one row is written for each run and batch, and one position (the write budget's last row).
 * I2. It goes by the saved position (follower.ts) and by the rows that stand there: whoever goes on from
 *     them writes what the last one would have written.
 */
import type { Broker, Clock, Definitions, RunIndex, RunRow, StoredRecord } from '../ports/index.ts';
import type { DefinitionRef, RecordHeader } from '../wire/index.ts';
import { Follower } from './follower.ts';
import type { Ports, RunnerOptions } from './options.ts';
import { RunPlaces } from './run-places.ts';
import { bodyIn } from './run-reading.ts';
import { placesOf, rowOf } from './run-row.ts';
import type { Timers } from './timers.ts';
import type { Position } from './validity.ts';

/** How long what has come waits for more of the same runs, ms. */
const GATHER_MS = 1_000;
/** A batch is written once it has so many records, or bytes of them: it is held in memory. */
const BATCH_RECORDS = 5_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Runs that go on and are kept in memory, to be added to without asking for their rows. */
const KEPT_RUNS = 2_000;
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

export class Indexer extends Follower {
  private readonly ports: IndexerPorts;
  private readonly history: IndexerOptions;
  /** what has been read and not written, by run */
  private taken = new Map<string, Taken[]>();
  private records = 0;
  private bytes = 0;
  /** runs that go on, as they are saved; who was added to last comes last */
  private readonly kept = new Map<string, RunPlaces>();
  /** by hash, of Definitions that runs have which no START names; undefined = not there */
  private readonly names = new Map<string, DefinitionRef | undefined>();
  private purging = false;

  constructor(partition: number, ports: IndexerPorts, options: IndexerOptions, timers: Timers) {
    const { broker, clock } = ports;
    const index = `the index of partition ${partition}`;
    const words = {
      waits: `${index} does not get on`,
      skips: `${index} goes on`,
      stops: `partition ${partition} is not indexed any more`,
      ahead: 'it was made of another Log, up to',
    };
    const { complain } = options;
    super(partition, { broker, clock, timers, gatherMs: GATHER_MS, words, complain });
    this.ports = ports;
    this.history = options;
  }

  // -- reading -------------------------------------------------------------------------------------

  protected override begin(): void {
    super.begin();
    if (this.over || this.purging) return;
    this.purging = true;
    this.purge();
  }

  protected position(): PromiseLike<Position | undefined> {
    return this.ports.index.position(this.partition);
  }

  protected forget(): void {
    this.kept.clear();
    this.forgetTaken();
  }

  protected full(): boolean {
    return this.records >= BATCH_RECORDS || this.bytes >= BATCH_BYTES;
  }

  protected take(record: StoredRecord, header: RecordHeader): void {
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

  // -- writing -------------------------------------------------------------------------------------

  /** Rows of runs that are not in memory are asked for: their records add to them. */
  protected turn(saved: Position | undefined, to: Position): void {
    const unknown = [...this.taken.keys()].filter((run) => !this.kept.has(run));
    if (unknown.length === 0) return this.save(saved, to);
    this.ask(this.ports.index.rows(unknown), (rows) => {
      for (const row of rows) {
        // It has ended, and whatever names it still says nothing more.
        if (row.endedAt !== undefined) this.taken.delete(row.run);
        else this.kept.set(row.run, placesOf(row));
      }
      this.save(saved, to);
    });
  }

  private save(saved: Position | undefined, to: Position): void {
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
    this.forgetTaken();
    this.name(changed, () => {
      const rows = changed.flatMap((places) => rowOf(places, this.partition) ?? []);
      this.send(saved, to, rows);
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

  private send(saved: Position | undefined, to: Position, rows: readonly RunRow[]): void {
    this.ask(
      this.ports.index.write(this.partition, saved, to, rows),
      (answer) => {
        for (const run of this.kept.keys()) {
          if (answer === 'stale' || this.kept.size <= KEPT_RUNS) break;
          this.kept.delete(run);
        }
        this.moved(answer === 'stale' ? 'stale' : 'moved', to);
      },
      () => this.send(saved, to, rows),
    );
  }

  /** Rows of runs that ended long ago go, a few at a time. */
  private purge(): void {
    const { clock, index } = this.ports;
    const later = (): void => this.later(PURGE_EVERY_MS, () => this.purge());
    index.purge(this.partition, clock.now() - this.history.historyMs, PURGE_ROWS).then((gone) => {
      if (gone === PURGE_ROWS && !this.over) this.purge();
      else later();
    }, later);
  }
}
