/*
 * What follows the Log of one partition beside its owner, off the hot path, and goes by a position of its
 * own that it saves: the index and lifecycle events. It reads what the owner has read already, some time later.
 *
 * F1. It begins where the last one has got to, with what is in force there (PROTOCOL.md R12), and where
 *     nobody has been at the beginning of the Log (a CLAIM).
 * F2. Two that follow one partition do no harm: the position is compared before it is set, and who comes
 *     second begins again from where it stands.
 * F3. Nothing waits for it, and nothing of it stops a partition: trouble is a lag, said once.
 * F4. What needs a newer build ends it without a word: the owner leaves the partition at that record and says
 *     why (R21). It may come there first, for it is given what was appended while it read.
 */
import type { Broker, Clock, LogReader, StoredRecord } from '../ports/index.ts';
import { OffsetOutOfRange } from '../ports/index.ts';
import { type RecordHeader, WireError } from '../wire/index.ts';
import { admitted } from './run-reading.ts';
import type { Timers } from './timers.ts';
import { isTooNew, type Position, Validity } from './validity.ts';

const AGAIN_FIRST_MS = 500;
const AGAIN_MAX_MS = 30_000;
/** So many failures in a row are worth a word. */
const FAILURES_SAID = 10;

/** What it says when something is the matter, up to what follows. */
export interface FollowerWords {
  /** ... the reason: it is tried again */
  readonly waits: string;
  /** ... where it goes on: what came before is lost to it */
  readonly skips: string;
  /** ... the reason: it is over */
  readonly stops: string;
  /** ... an offset that the Log does not reach */
  readonly ahead: string;
}

export interface FollowerOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly timers: Timers;
  /** how long what has come waits for more, ms */
  readonly gatherMs: number;
  readonly words: FollowerWords;
  readonly complain: (said: string) => void;
}

export abstract class Follower {
  protected readonly partition: number;
  private readonly options: FollowerOptions;
  /** up to where the owner has read */
  private end = 0;
  /** as it is saved; undefined = not yet known, or nothing saved */
  private saved: Position | undefined;
  private validity: Validity | undefined;
  private next = 0;
  private reader: LogReader | undefined;
  private busy = false;
  private armed = false;
  private failures = 0;
  protected over = false;

  constructor(partition: number, options: FollowerOptions) {
    this.partition = partition;
    this.options = options;
  }

  // -- what each does its own way ------------------------------------------------------------------

  /** As it was saved last. */
  protected abstract position(): PromiseLike<Position | undefined>;
  /** What is in memory goes: the next record may be any. */
  protected abstract forget(): void;
  /** A record that counts. */
  protected abstract take(record: StoredRecord, header: RecordHeader): void;
  /** So much has been taken that it is time for a turn. */
  protected abstract full(): boolean;
  /** What has been taken can be understood without what comes next. */
  protected whole(): boolean {
    return true;
  }
  /** Puts what was taken where it belongs, has the position moved to `to`, and hands on the answer (`moved`). */
  protected abstract turn(saved: Position | undefined, to: Position): void;

  // -- reading -------------------------------------------------------------------------------------

  /** Up to where it has followed; undefined while that is not known. */
  get followed(): number | undefined {
    return this.saved?.offset;
  }

  /** The owner has read the Log up to `end`. */
  grown(end: number): void {
    this.end = end;
    if (this.over || this.busy || this.armed || end <= (this.saved?.offset ?? -1)) return;
    this.armed = true;
    this.later(this.options.gatherMs, () => {
      this.armed = false;
      this.guard(() => this.begin());
    });
  }

  close(): void {
    this.over = true;
    this.reader?.close();
  }

  protected begin(): void {
    if (this.over || this.busy) return;
    this.busy = true;
    if (this.validity === undefined) this.locate();
    else this.read();
  }

  private locate(): void {
    const { partition } = this;
    const { broker, words } = this.options;
    this.ask(this.position(), (saved) =>
      this.ask(broker.range(partition), ({ begin, end }) => {
        this.saved = saved;
        if (saved === undefined) this.from(beginning(begin));
        else if (saved.offset <= end) this.from(saved);
        else this.stop(`${words.ahead} ${saved.offset}, and the Log ends at ${end}`);
      }),
    );
  }

  private from(position: Position): void {
    this.validity = new Validity(position);
    this.next = position.offset;
    this.reader?.close();
    this.reader = undefined;
    this.forget();
    this.read();
  }

  private read(): void {
    if (this.over) return;
    const whole = this.whole();
    if (this.next >= this.end || (whole && this.full())) {
      if (!whole || this.next <= (this.saved?.offset ?? -1)) return this.rest();
      return this.turn(this.saved, this.validity!.at(this.next));
    }
    this.reader ??= this.options.broker.reader(this.partition, this.next);
    this.reader.next().then(
      (records) =>
        this.guard(() => {
          for (const record of records) if (record.offset >= this.next) this.admit(record);
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

  private admit(record: StoredRecord): void {
    this.next = record.offset + 1;
    const header = admitted(this.validity!, record);
    if (header !== undefined) this.take(record, header);
  }

  /** What comes next is not in the Log any more: it is passed over. */
  private outOfRange({ begin, message }: OffsetOutOfRange): void {
    if (this.next >= begin) return this.stop(message);
    const { complain, words } = this.options;
    complain(`${words.skips} at ${begin}: the Log does not have ${this.next} any more`);
    this.from(beginning(begin));
  }

  /** The answer of who was asked to move the position to `to`. */
  protected moved(answer: 'stale' | 'moved', to: Position): void {
    // Somebody else may have gone on from there, or the last answer was lost: it is looked up.
    if (answer === 'stale') {
      this.validity = undefined;
      return this.locate();
    }
    this.saved = to;
    this.read();
  }

  private rest(): void {
    this.busy = false;
    this.grown(this.end);
  }

  // -- trouble -------------------------------------------------------------------------------------

  protected ask<T>(answer: PromiseLike<T>, then: (value: T) => void, retry?: () => void): void {
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
    const { complain, words } = this.options;
    if (this.failures === FAILURES_SAID) {
      complain(`${words.waits}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.later(Math.min(AGAIN_MAX_MS, AGAIN_FIRST_MS * 2 ** (this.failures - 1)), () =>
      this.guard(() => {
        if (retry !== undefined) return retry();
        this.busy = false;
        this.begin();
      }),
    );
  }

  protected later(ms: number, act: () => void): void {
    const { clock, timers } = this.options;
    timers.at(clock.now() + ms, act);
  }

  /** F3, F4: what goes wrong here ends here. */
  private guard(act: () => void): void {
    if (this.over) return;
    try {
      act();
    } catch (error) {
      if (error instanceof WireError && isTooNew(error)) return this.close();
      const told = error instanceof WireError ? error.message : undefined;
      this.stop(told ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)));
    }
  }

  private stop(reason: string): void {
    this.close();
    this.options.complain(`${this.options.words.stops}: ${reason}`);
  }
}

function beginning(offset: number): Position {
  return { offset, tenure: -1, nonce: 0, n: 0 };
}
