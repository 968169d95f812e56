/*
 * Which runs were started before reading began (PROTOCOL.md R17): read backwards from there, and only as far
 * as a START that has come needs it. Most were made a moment ago, and need little; behind a mark that follows a
 * flood of them lie millions.
 *
 * M1. It asks one question at a time, until the broker answers. What was trimmed away is old enough.
 */
import { type Broker, type Clock, OffsetOutOfRange, type StoredRecord } from '../ports/index.ts';
import { startedIn } from './recovery.ts';
import type { StartBacklog } from './start-backlog.ts';
import { START_WINDOW_MS } from './started-runs.ts';
import type { Timers } from './timers.ts';

const RECORDS_AT_ONCE = 5_000;
const TRY_AGAIN_MS = 500;

export interface StartMemoryEvents {
  guard(act: () => void): void;
  /** STARTs that waited may have been decided. */
  decided(): void;
}

export class StartMemory {
  private readonly broker: Broker;
  private readonly partition: number;
  private readonly backlog: StartBacklog;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly events: StartMemoryEvents;
  /** everything from there on is known */
  private known: number;
  /** append time from which on STARTs matter, ms; undefined = nothing was read so far */
  private matters: number | undefined;
  private begun = false;
  private busy = false;

  constructor(
    broker: Broker,
    partition: number,
    from: number,
    backlog: StartBacklog,
    timers: Timers,
    clock: Clock,
    events: StartMemoryEvents,
  ) {
    this.broker = broker;
    this.partition = partition;
    this.known = from;
    this.backlog = backlog;
    this.timers = timers;
    this.clock = clock;
    this.events = events;
  }

  /** Other things were more urgent until now. */
  begin(): void {
    this.begun = true;
    this.look();
  }

  /** Reads on if a START needs it. */
  look(): void {
    if (!this.begun || this.busy || this.backlog.wants === undefined) return;
    this.busy = true;
    this.page();
  }

  private page(): void {
    this.broker.range(this.partition).then(
      ({ begin }) => {
        const from = Math.max(begin, this.known - RECORDS_AT_ONCE);
        if (from >= this.known) this.reached(-Infinity);
        else this.read(from, []);
      },
      () => this.later(() => this.page()),
    );
  }

  /** One answer need not hold all of them. */
  private read(from: number, before: readonly StoredRecord[]): void {
    this.broker.fetch(this.partition, from + before.length, this.known).then(
      (records) => {
        const all = before.length === 0 ? records : [...before, ...records];
        if (records.length > 0 && from + all.length < this.known) this.read(from, all);
        else this.remember(from, all);
      },
      (error: unknown) =>
        this.later(() => {
          if (error instanceof OffsetOutOfRange) this.page();
          else this.read(from, before);
        }),
    );
  }

  private later(act: () => void): void {
    this.timers.at(this.clock.now() + TRY_AGAIN_MS, act);
  }

  private remember(from: number, records: readonly StoredRecord[]): void {
    for (const { bytes, time } of records) {
      const run = startedIn(bytes);
      if (run !== undefined) this.backlog.started.admit(run, time);
    }
    const first = records[0]?.time ?? -Infinity;
    this.matters ??= (records.at(-1)?.time ?? 0) - START_WINDOW_MS;
    this.known = from;
    this.reached(from > 0 && first >= this.matters ? first : -Infinity);
  }

  private reached(since: number): void {
    this.busy = false;
    this.events.guard(() => {
      this.backlog.decide(since);
      this.events.decided();
      this.look();
    });
  }
}
