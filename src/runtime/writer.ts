/*
 * The one append in flight of a partition (PROTOCOL.md R5, R7).
 *
 * A1. A batch is numbered and encoded once. After an unknown outcome the same bytes are sent again,
 *     until reading has settled it: number n names one record for ever.
 * A2. An answer is only a hint here; the owner decides by position whether it makes the batch valid.
 */
import type { Appended, Broker } from '../ports/index.ts';
import { AppendRefused } from '../ports/index.ts';
import type { LogRecord } from '../wire/index.ts';
import type { Timers } from './timers.ts';

const RESEND_FIRST_MS = 100;
const RESEND_MAX_MS = 5_000;

export interface InFlight {
  readonly records: readonly LogRecord[];
  readonly bytes: readonly Uint8Array[];
}

export interface WriterEvents {
  now(): number;
  /** The batch was appended at `base`, says the broker. */
  answered(batch: InFlight, answer: Appended): void;
  /** An append has failed: says `again` once nothing speaks against another one. */
  mayAppend(again: () => void): void;
  /** The batch can never be appended as it is. */
  refused(batch: InFlight, reason: AppendRefused): void;
}

export class Writer {
  private readonly broker: Broker;
  private readonly partition: number;
  private readonly timers: Timers;
  private readonly events: WriterEvents;
  private current: InFlight | undefined;
  private closed = false;

  constructor(broker: Broker, partition: number, timers: Timers, events: WriterEvents) {
    this.broker = broker;
    this.partition = partition;
    this.timers = timers;
    this.events = events;
  }

  send(batch: InFlight): void {
    this.current = batch;
    this.append(batch, RESEND_FIRST_MS);
  }

  /** Reading has shown what became of the batch. */
  settle(): void {
    this.current = undefined;
  }

  close(): void {
    this.closed = true;
    this.current = undefined;
  }

  private append(batch: InFlight, delay: number): void {
    this.broker.append(this.partition, batch.bytes).then(
      (answer) => {
        if (this.current === batch) this.events.answered(batch, answer);
      },
      (error: unknown) => {
        if (this.current !== batch) return;
        if (error instanceof AppendRefused && !error.retriable) {
          this.events.refused(batch, error);
          return;
        }
        const again = (): void => {
          if (this.current === batch && !this.closed) {
            this.append(batch, Math.min(2 * delay, RESEND_MAX_MS));
          }
        };
        this.timers.at(this.events.now() + delay, () => {
          if (this.current === batch && !this.closed) this.events.mayAppend(again);
        });
      },
    );
  }
}
