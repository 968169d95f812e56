/*
 * The lifecycle role of one partition: a reader beside the owner that publishes what happened to runs and
 * tasks as CloudEvents, in the events log. Off the hot path: it reads what the owner has read already.
 *
 * P1. At least once, in order for each run: all events of a run go to one partition of the events log, and
 *     none is sent before those of earlier records are acknowledged.
 * P2. It goes by its own saved position, with what is in force there (PROTOCOL.md R12). The position moves
 *     once all is acknowledged, never between a RESUME and the record that says who was resumed.
 * P3. Two that read one partition do no harm: ids are derived, and who comes second goes on from where
 *     the position stands.
 * P4. Nothing waits for it, and nothing of it stops a partition: trouble is a lag, said once.
 */
import type {
  Broker,
  Clock,
  Definitions,
  LogReader,
  Projections,
  StoredRecord,
} from '../ports/index.ts';
import { OffsetOutOfRange } from '../ports/index.ts';
import {
  BATCH_BYTES_MAX,
  BATCH_RECORDS_MAX,
  type DefinitionRef,
  encodeEvent,
  homeOf,
  type RecordBody,
  type RecordHeader,
} from '../wire/index.ts';
import type { Lifecycle } from './happenings.ts';
import { lifecycleEvents, tells } from './lifecycle-events.ts';
import type { Ports, RunnerOptions } from './options.ts';
import { admitted, bodyIn } from './run-reading.ts';
import type { Timers } from './timers.ts';
import { type Position, Validity } from './validity.ts';

/** Its name among the projections of the Store. */
const NAME = 'lifecycle';
/** How long what has come waits for more, ms. */
const GATHER_MS = 200;
/** Records of one turn, and what they may weigh, bytes. */
const TURN_RECORDS = 1_000;
const TURN_BYTES = 4 * 1_048_576;
const AGAIN_FIRST_MS = 500;
const AGAIN_MAX_MS = 30_000;
/** So many failures in a row are worth a word. */
const FAILURES_SAID = 10;
const UNKNOWN: DefinitionRef = { namespace: 'unknown', name: 'unknown' };

interface LifecyclePorts {
  readonly broker: Broker;
  readonly events: Broker;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly projections: Projections;
}

/** None where nobody has asked for lifecycle events. */
export function lifecycleOf(
  partition: number,
  { broker, events, clock, definitions, store }: Ports,
  { lifecycle = 'none', onComplaint }: RunnerOptions,
  timers: Timers,
): LifecycleEvents | undefined {
  if (lifecycle === 'none') return undefined;
  const ports = { broker, events, clock, definitions, projections: store.projections };
  const complain = (said: string): void => onComplaint?.(said);
  return new LifecycleEvents(partition, ports, lifecycle, complain, timers);
}

/** A record that may tell something. */
interface Taken {
  readonly header: RecordHeader;
  readonly offset: number;
  readonly body: RecordBody;
}

export class LifecycleEvents {
  private readonly partition: number;
  private readonly ports: LifecyclePorts;
  private readonly lifecycle: Lifecycle;
  private readonly complain: (said: string) => void;
  private readonly timers: Timers;
  /** up to where the owner has read */
  private end = 0;
  /** as it is saved; undefined = not yet known, or nothing saved */
  private saved: Position | undefined;
  private validity: Validity | undefined;
  private next = 0;
  private reader: LogReader | undefined;
  private taken: Taken[] = [];
  private records = 0;
  private bytes = 0;
  /** by hash; undefined = not there */
  private readonly names = new Map<string, DefinitionRef | undefined>();
  private busy = false;
  private armed = false;
  private failures = 0;
  private over = false;

  constructor(
    partition: number,
    ports: LifecyclePorts,
    lifecycle: Lifecycle,
    complain: (said: string) => void,
    timers: Timers,
  ) {
    this.partition = partition;
    this.ports = ports;
    this.lifecycle = lifecycle;
    this.complain = complain;
    this.timers = timers;
  }

  /** Up to where everything is published; undefined while that is not known. */
  get published(): number | undefined {
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
  }

  /** Where the last one has got to; where nobody has been, the beginning of the Log (a CLAIM, R12). */
  private locate(): void {
    const { broker, projections } = this.ports;
    const { partition } = this;
    this.ask(projections.position(NAME, partition), (saved) =>
      this.ask(broker.range(partition), ({ begin, end }) => {
        this.saved = saved;
        if (saved === undefined) this.from(beginning(begin));
        else if (saved.offset <= end) this.from(saved);
        else this.stop(`they were told up to ${saved.offset}, and the Log ends at ${end}`);
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

  private forget(): void {
    this.taken = [];
    this.records = 0;
    this.bytes = 0;
  }

  private read(): void {
    if (this.over) return;
    const full = this.records >= TURN_RECORDS || this.bytes >= TURN_BYTES;
    // P2: the record that follows a RESUME is in its unit, so that it is there to be read.
    const whole = this.taken.at(-1)?.body.kind !== 'RESUME';
    if (this.next >= this.end || (full && whole)) {
      return this.next > (this.saved?.offset ?? -1) && whole ? this.turn() : this.rest();
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
    const { bytes, offset } = record;
    this.next = offset + 1;
    this.records++;
    // What needs a newer build is thrown: the owner leaves the partition because of it as well.
    const header = admitted(this.validity!, record);
    if (header === undefined || !tells(header)) return;
    this.bytes += bytes.length;
    const body = bodyIn(bytes)();
    if (body === undefined) return;
    if (body.kind === 'RESUME' && body.why !== 'resumed') return;
    this.taken.push({ header, offset, body });
  }

  /** What comes next is not in the Log any more: it has not been told, and is passed over. */
  private outOfRange({ begin, message }: OffsetOutOfRange): void {
    if (this.next >= begin) return this.stop(message);
    this.complain(
      `lifecycle events of partition ${this.partition} go on at ${begin}: the Log does not have ${this.next} any more`,
    );
    this.from(beginning(begin));
  }

  // -- telling -------------------------------------------------------------------------------------

  private turn(): void {
    const { taken } = this;
    const to = this.validity!.at(this.next);
    this.forget();
    this.name(taken, () => this.publish(this.encoded(taken), 0, () => this.move(to)));
  }

  /** Looks up what the definitions of these records are called. */
  private name(taken: readonly Taken[], then: () => void): void {
    for (const { header } of taken) {
      const { definition } = header;
      if (definition === '' || this.names.has(definition)) continue;
      return this.ask(
        this.ports.definitions.get(definition),
        (found) => {
          this.names.set(definition, found);
          this.name(taken, then);
        },
        () => this.name(taken, then),
      );
    }
    then();
  }

  private encoded(taken: readonly Taken[]): readonly { home: number; bytes: Uint8Array }[] {
    const { clock, events: log } = this.ports;
    return taken.flatMap(({ body, header, offset }, i) => {
      // A RESUME does not say of what; the next record is that of whom it resumes.
      const definition = header.definition === '' ? taken[i + 1]?.header.definition : undefined;
      const named = this.names.get(definition ?? header.definition);
      const name = named ?? ('definition' in body ? body.definition : UNKNOWN);
      const home = homeOf(header.run, log.partitions);
      return lifecycleEvents(header, body, offset, name, this.lifecycle).map((event) => ({
        home,
        bytes: encodeEvent(event, clock.now(), 'LIFECYCLE'),
      }));
    });
  }

  /** P1: one append for each partition at a time, each sent again until it is acknowledged. */
  private publish(
    events: readonly { readonly home: number; readonly bytes: Uint8Array }[],
    from: number,
    then: () => void,
  ): void {
    if (from >= events.length) return then();
    const batches = new Map<number, Uint8Array[]>();
    let size = 0;
    let to = from;
    for (; to < events.length && to - from < BATCH_RECORDS_MAX; to++) {
      const { bytes, home } = events[to]!;
      if (to > from && size + bytes.length > BATCH_BYTES_MAX) break;
      size += bytes.length;
      const batch = batches.get(home);
      if (batch === undefined) batches.set(home, [bytes]);
      else batch.push(bytes);
    }
    let waiting = batches.size;
    for (const [home, batch] of batches) {
      const send = (): void =>
        this.ask(
          this.ports.events.append(home, batch),
          () => {
            waiting--;
            if (waiting === 0) this.publish(events, to, then);
          },
          send,
        );
      send();
    }
  }

  private move(to: Position): void {
    const { projections } = this.ports;
    this.ask(
      projections.move(NAME, this.partition, this.saved, to),
      (answer) => {
        // Somebody else has gone on from there, or the last answer was lost: it is looked up.
        if (answer === 'stale') {
          this.validity = undefined;
          return this.locate();
        }
        this.saved = to;
        this.read();
      },
      () => this.move(to),
    );
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
      this.complain(`lifecycle events of partition ${this.partition} wait: ${said}`);
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

  /** P4: what goes wrong here ends here. */
  private guard(act: () => void): void {
    if (this.over) return;
    try {
      act();
    } catch (error) {
      this.stop(error instanceof Error ? error.message : String(error));
    }
  }

  private stop(reason: string): void {
    this.close();
    this.complain(
      `lifecycle events of partition ${this.partition} are not told any more: ${reason}`,
    );
  }
}

function beginning(offset: number): Position {
  return { offset, tenure: -1, nonce: 0, n: 0 };
}
