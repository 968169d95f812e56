/*
 * Who waits for the results of which runs: one tail per partition, from when the first one asks.
 *
 * A tail begins where a look-up has read up to. Whoever asks later is put on its list first and looks
 * the run up then, so that there is no gap between what the look-up saw and what the tail will see.
 * What does not answer is asked again: a broker that is away delays results.
 */
import { type Broker, type Clock, type LogReader, OffsetOutOfRange } from '../ports/index.ts';
import { homeOf } from '../wire/index.ts';
import { EndsReading, type Position, type RunEnd, type Whereabouts } from '../runtime/index.ts';

export interface Found {
  told(where: Whereabouts, upTo: Position): void;
  failed(error: unknown): void;
}

interface Waiter {
  done(end: RunEnd): void;
  failed(error: unknown): void;
}

interface Tail {
  readonly from: number;
  readonly reader: LogReader;
}

export class Tails {
  private readonly broker: Broker;
  private readonly clock: Clock;
  private readonly againMs: number;
  private readonly waiting = new Map<string, Waiter[]>();
  private readonly tails = new Map<number, Tail>();
  private closed = false;

  constructor(broker: Broker, clock: Clock, againMs: number) {
    this.broker = broker;
    this.clock = clock;
    this.againMs = againMs;
  }

  /** `look` looks the run up; it is asked after the run is on the list. */
  result(run: string, partition: number, look: (found: Found) => void): Promise<RunEnd> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { done: resolve, failed: reject };
      this.waiting.set(run, [...(this.waiting.get(run) ?? []), waiter]);
      const forget = (): void => {
        const others = (this.waiting.get(run) ?? []).filter((other) => other !== waiter);
        if (others.length === 0) this.waiting.delete(run);
        else this.waiting.set(run, others);
      };
      const found: Found = {
        told: (where, upTo) => {
          const end = endOf(where);
          if (end !== undefined) {
            forget();
            return resolve(end);
          }
          if (where.status === 'unknown') {
            forget();
            return reject(new Error(where.reason ?? 'nobody has started it'));
          }
          const tail = this.tails.get(partition);
          if (tail === undefined) this.follow(partition, upTo);
          // another look-up was faster, and its tail begins further on
          else if (tail.from > upTo.offset) look(found);
        },
        failed: (error) => {
          if (!(error instanceof OffsetOutOfRange)) return this.later(() => look(found));
          forget();
          reject(error);
        },
      };
      look(found);
    });
  }

  close(): void {
    this.closed = true;
    for (const { reader } of this.tails.values()) reader.close();
  }

  private follow(partition: number, from: Position): void {
    const reading = new EndsReading(from);
    const reader = this.broker.reader(partition, from.offset);
    this.tails.set(partition, { from: from.offset, reader });
    const turn = (): void => {
      if (this.closed) return;
      reader.next().then(
        (records) => {
          try {
            for (const record of records) {
              const ended = reading.admit(record, (run) => this.waiting.has(run));
              if (ended !== undefined) this.tell(...ended);
            }
          } catch (error) {
            // what comes next was written for newer builds
            return this.give(partition, error);
          }
          turn();
        },
        () => this.later(turn),
      );
    };
    turn();
  }

  /** Who waits for a result waits for the brokers, too. */
  private later(act: () => void): void {
    if (!this.closed) this.clock.at(this.clock.now() + this.againMs, act);
  }

  /** Nothing more can be known here of runs of this partition. */
  private give(partition: number, error: unknown): void {
    this.tails.get(partition)?.reader.close();
    this.tails.delete(partition);
    for (const [run, waiters] of this.waiting) {
      if (homeOf(run, this.broker.partitions) !== partition) continue;
      this.waiting.delete(run);
      for (const { failed } of waiters) failed(error);
    }
  }

  private tell(run: string, end: RunEnd): void {
    const waiters = this.waiting.get(run) ?? [];
    this.waiting.delete(run);
    for (const { done } of waiters) done(end);
  }
}

function endOf({ status, output, error, endedAt = 0 }: Whereabouts): RunEnd | undefined {
  if (status === 'completed') return { ended: status, value: output ?? null, at: endedAt };
  if (status === 'faulted') return { ended: status, value: error ?? null, at: endedAt };
  return status === 'cancelled' ? { ended: status, value: null, at: endedAt } : undefined;
}
