/*
 * Publishing what runs have emitted (PROTOCOL.md R19): once the record is known valid, in order per run,
 * at least once, to the events log. What is not acknowledged holds back the mark, so that the next owner
 * publishes it again.
 *
 * D1. One round at a time; a round is one append per partition of the events log, each sent again until
 *     it is acknowledged.
 * D2. Of one run a round has events of one partition only: what comes later waits for the next round.
 */
import { AppendRefused, type Broker, type Clock } from '../ports/index.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, encodeEvent, homeOfEvent } from '../wire/index.ts';
import type { Timers } from './timers.ts';
import type { Unsent, UnsentEntry } from './unsent.ts';

const AGAIN_FIRST_MS = 100;
const AGAIN_MAX_MS = 5_000;
/** Away for so long, it is worth a word, ms. */
const COMPLAIN_MS = 30_000;

export interface PublisherEvents {
  /** A round has been acknowledged. */
  published(): void;
  guard(act: () => void): void;
  complain(said: string): void;
}

interface Round {
  readonly batches: Map<number, { readonly bytes: Uint8Array[]; size: number }>;
  /** entry -> how many of its events are acknowledged with the round */
  readonly reached: Map<UnsentEntry, number>;
}

export class Publisher {
  private readonly log: Broker;
  private readonly unsent: Unsent;
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly events: PublisherEvents;
  private waiting = 0;
  private away = false;
  private closed = false;

  constructor(log: Broker, unsent: Unsent, clock: Clock, timers: Timers, events: PublisherEvents) {
    this.log = log;
    this.unsent = unsent;
    this.clock = clock;
    this.timers = timers;
    this.events = events;
  }

  /** Nothing is left to be published. */
  get idle(): boolean {
    return this.unsent.size === 0;
  }

  close(): void {
    this.closed = true;
  }

  /** Publishes what there is, unless a round is under way. */
  kick(): void {
    if (this.closed || this.waiting > 0 || this.unsent.size === 0) return;
    const round = this.round();
    this.waiting = round.batches.size;
    for (const [partition, { bytes }] of round.batches) {
      this.append(partition, bytes, AGAIN_FIRST_MS, this.clock.elapsed(), () => {
        this.waiting--;
        if (this.waiting > 0) return;
        for (const [entry, count] of round.reached) this.unsent.acknowledge(entry, count);
        this.events.published();
        this.kick();
      });
    }
  }

  private round(): Round {
    const round: Round = { batches: new Map(), reached: new Map() };
    /** run -> the partition that its events of this round go to; -1 = no more of it (D2) */
    const homes = new Map<string, number>();
    let records = 0;
    for (const entry of this.unsent.all()) {
      const { run, events, acknowledged } = entry;
      for (let i = acknowledged; i < events.length; i++) {
        const event = events[i]!;
        const partition = homeOfEvent(event, this.log.partitions);
        const home = homes.get(run) ?? partition;
        const taken = home === partition && this.take(round, partition, event);
        homes.set(run, taken ? home : -1);
        if (!taken) break;
        round.reached.set(entry, i + 1);
        records++;
      }
      if (records >= BATCH_RECORDS_MAX) break;
    }
    return round;
  }

  /** False when the batch of that partition is full. */
  private take(round: Round, partition: number, event: Parameters<typeof encodeEvent>[0]): boolean {
    const bytes = encodeEvent(event, this.clock.now());
    const batch = round.batches.get(partition);
    if (batch === undefined) {
      round.batches.set(partition, { bytes: [bytes], size: bytes.length });
      return true;
    }
    if (batch.size + bytes.length > BATCH_BYTES_MAX) return false;
    if (batch.bytes.length >= BATCH_RECORDS_MAX) return false;
    batch.bytes.push(bytes);
    batch.size += bytes.length;
    return true;
  }

  private append(
    partition: number,
    batch: readonly Uint8Array[],
    delay: number,
    since: number,
    done: () => void,
  ): void {
    this.log.append(partition, batch).then(
      () => {
        if (this.closed) return;
        this.away = false;
        this.events.guard(done);
      },
      (error: unknown) => {
        if (this.closed) return;
        this.trouble(error, since);
        this.timers.at(this.clock.now() + delay, () => {
          if (this.closed) return;
          this.append(partition, batch, Math.min(2 * delay, AGAIN_MAX_MS), since, done);
        });
      },
    );
  }

  /** Once per outage: at once when it cannot mend itself, else when it lasts. */
  private trouble(error: unknown, since: number): void {
    const final = error instanceof AppendRefused && !error.retriable;
    if (this.away || (!final && this.clock.elapsed() - since < COMPLAIN_MS)) return;
    this.away = true;
    const why = error instanceof Error ? error.message : String(error);
    this.events.complain(`events wait to be published: ${why}`);
  }
}
