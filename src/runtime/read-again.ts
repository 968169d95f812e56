/*
 * Records at known offsets, read from the Log once more: in as few questions as is sensible, and until
 * the broker answers. What was read before and is not there any more is fatal for the partition (R12).
 */
import type { Broker, Clock, StoredRecord } from '../ports/index.ts';
import { OffsetOutOfRange } from '../ports/index.ts';
import type { Timers } from './timers.ts';

/** Records between two wanted ones that are read over rather than asked around. */
const GAP_MAX = 16;
const AGAIN_MS = 500;

export interface ReadAgainEvents {
  guard(act: () => void): void;
  stop(reason: string): void;
}

interface Span {
  readonly from: number;
  to: number;
}

export class ReadAgain {
  private readonly broker: Broker;
  private readonly partition: number;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly events: ReadAgainEvents;

  constructor(
    broker: Broker,
    partition: number,
    timers: Timers,
    clock: Clock,
    events: ReadAgainEvents,
  ) {
    this.broker = broker;
    this.partition = partition;
    this.timers = timers;
    this.clock = clock;
    this.events = events;
  }

  /** Gives each of them to `each`, in order, and then says `done`. Both are guarded. */
  read(offsets: readonly number[], each: (record: StoredRecord) => void, done: () => void): void {
    const wanted = new Set(offsets);
    const fetch = (spans: readonly Span[]): void => {
      const [span, ...others] = spans;
      if (span === undefined) return done();
      const { from, to } = span;
      this.broker.fetch(this.partition, from, to).then(
        (records) =>
          this.events.guard(() => {
            for (const record of records) if (wanted.has(record.offset)) each(record);
            // One answer need not hold all of them.
            const next = records.length === 0 ? to : records.at(-1)!.offset + 1;
            fetch(next < to ? [{ from: next, to }, ...others] : others);
          }),
        (error: unknown) => {
          if (error instanceof OffsetOutOfRange) {
            return this.events.stop(
              `an open record is not in the Log any more: ${error.message}; retention has overtaken this owner`,
            );
          }
          this.timers.at(this.clock.now() + AGAIN_MS, () => fetch(spans));
        },
      );
    };
    fetch(spansOf([...offsets]));
  }

  /** F3 of refetch.ts: what is read must be what was read before. */
  differs(offset: number, why: string): void {
    this.events.stop(`offset ${offset} has other content than when it was read before: ${why}`);
  }
}

/** Ranges that hold all `offsets`, and not much else. */
function spansOf(offsets: number[]): Span[] {
  offsets.sort((a, b) => a - b);
  const spans: Span[] = [];
  for (const offset of offsets) {
    const last = spans.at(-1);
    if (last !== undefined && offset - last.to <= GAP_MAX) last.to = offset + 1;
    else spans.push({ from: offset, to: offset + 1 });
  }
  return spans;
}
