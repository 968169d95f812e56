/*
 * Whether the Log still ends as it was read (PROTOCOL.md R12). A broker that is not set up as it should be
 * can lose its newest records when a partition gets another leader, and give their offsets to others:
 * then what this owner knows is not what the Log says, and nobody else would believe what it writes.
 * A writer notices the change of leader, because its append fails: so it looks once before it appends
 * again.
 */
import { type Broker, type Clock, OffsetOutOfRange, type StoredRecord } from '../ports/index.ts';
import { decodeHeader, type RecordHeader, WireError } from '../wire/index.ts';
import type { Timers } from './timers.ts';

const AGAIN_MS = 500;
/** Records that are looked at again: more are not lost and written over before a writer notices. */
const KNOWN_MAX = 64;

interface Known {
  readonly offset: number;
  readonly header: RecordHeader;
}

export interface TailCheckEvents {
  guard(act: () => void): void;
  stop(reason: string): void;
}

export class TailCheck {
  private readonly broker: Broker;
  private readonly partition: number;
  private readonly timers: Timers;
  private readonly clock: Clock;
  private readonly events: TailCheckEvents;
  /** the newest records that are known, each at its offset modulo their number */
  private readonly known: Known[] = [];
  private newest = -1;

  constructor(
    broker: Broker,
    partition: number,
    timers: Timers,
    clock: Clock,
    events: TailCheckEvents,
  ) {
    this.broker = broker;
    this.partition = partition;
    this.timers = timers;
    this.clock = clock;
    this.events = events;
  }

  /** One more record is known: read, or appended and answered. */
  seen(offset: number, header: RecordHeader): void {
    this.known[offset % KNOWN_MAX] = { offset, header };
    this.newest = offset;
  }

  /** Says `same` once the broker has shown these records again; stops the partition if it shows others. */
  look(same: () => void): void {
    const { newest } = this;
    if (newest < 0) return same();
    const known = this.known.filter(({ offset }) => offset > newest - KNOWN_MAX);
    const from = known.reduce((least, { offset }) => Math.min(least, offset), newest);
    this.broker.fetch(this.partition, from, newest + 1).then(
      (records) => this.events.guard(() => this.compare(records, known, same)),
      (error: unknown) =>
        this.events.guard(() => {
          if (!(error instanceof OffsetOutOfRange)) {
            this.timers.at(this.clock.now() + AGAIN_MS, () => this.look(same));
          } else if (from < error.begin) {
            // Trimmed meanwhile: what is open is missed by whoever needs it.
            same();
          } else {
            this.events.stop(
              `offset ${newest} was read before and is not there any more: the Log has lost its tail (${error.message})`,
            );
          }
        }),
    );
  }

  private compare(
    records: readonly StoredRecord[],
    known: readonly Known[],
    same: () => void,
  ): void {
    for (const { bytes, offset } of records) {
      const before = known.find((one) => one.offset === offset);
      if (before === undefined || isSame(bytes, before.header)) continue;
      return this.events.stop(
        `offset ${offset} has other content than when it was read before: the Log has lost its tail`,
      );
    }
    same();
  }
}

/** What no two records of one Log have in common. */
function isSame(
  bytes: Uint8Array,
  { kind, tenure, nonce, n, run, hop, time }: RecordHeader,
): boolean {
  try {
    const found = decodeHeader(bytes);
    return (
      found.kind === kind &&
      found.tenure === tenure &&
      found.nonce === nonce &&
      found.n === n &&
      found.run === run &&
      found.hop === hop &&
      found.time === time
    );
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
