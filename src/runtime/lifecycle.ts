/*
 * The lifecycle role of one partition: a reader beside the owner that publishes what happened to runs and
 * tasks as CloudEvents, in the events log. Off the hot path: it reads what the owner has read already.
 *
 * P1. At least once, in order for each run: all events of a run go to one partition of the events log, and
 *     none is sent before those of earlier records are acknowledged.
 * P2. The position (follower.ts) moves once all is acknowledged, never between a RESUME and the record that
 *     says who was resumed. Ids are derived, so that what two have sent counts once.
 */
import type { Broker, Clock, Definitions, Projections, StoredRecord } from '../ports/index.ts';
import {
  BATCH_BYTES_MAX,
  BATCH_RECORDS_MAX,
  type DefinitionRef,
  encodeEventText,
  happenedIn,
  homeOf,
  type RecordHeader,
  WireError,
} from '../wire/index.ts';
import { Follower } from './follower.ts';
import type { Lifecycle } from './happenings.ts';
import { lifecycleEvents, mayBegin, type Telling, tells } from './lifecycle-events.ts';
import type { Ports, RunnerOptions } from './options.ts';
import { bodyIn } from './run-reading.ts';
import type { Timers } from './timers.ts';
import type { Position } from './validity.ts';

/** Its name among the projections of the Store. */
const NAME = 'lifecycle';
/** How long what has come waits for more, ms. */
const GATHER_MS = 200;
/** Records of one turn, and what they may weigh, bytes. */
const TURN_RECORDS = 1_000;
const TURN_BYTES = 4 * 1_048_576;
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
  readonly body: Telling;
}

export class LifecycleEvents extends Follower {
  private readonly ports: LifecyclePorts;
  private readonly lifecycle: Lifecycle;
  private taken: Taken[] = [];
  private records = 0;
  private bytes = 0;
  /** by hash; undefined = not there */
  private readonly names = new Map<string, DefinitionRef | undefined>();
  constructor(
    partition: number,
    ports: LifecyclePorts,
    lifecycle: Lifecycle,
    complain: (said: string) => void,
    timers: Timers,
  ) {
    const { broker, clock } = ports;
    const events = `lifecycle events of partition ${partition}`;
    const words = {
      waits: `${events} wait`,
      skips: `${events} go on`,
      stops: `${events} are not told any more`,
      ahead: 'they were told up to',
    };
    super(partition, { broker, clock, timers, gatherMs: GATHER_MS, words, complain });
    this.ports = ports;
    this.lifecycle = lifecycle;
  }

  protected position(): PromiseLike<Position | undefined> {
    return this.ports.projections.position(NAME, this.partition);
  }

  protected forget(): void {
    this.taken = [];
    this.records = 0;
    this.bytes = 0;
  }

  protected full(): boolean {
    return this.records >= TURN_RECORDS || this.bytes >= TURN_BYTES;
  }

  /** P2: the record that follows a RESUME is in its unit, so that it is there to be read. */
  protected override whole(): boolean {
    return this.taken.at(-1)?.body.kind !== 'RESUME';
  }

  protected take({ bytes, offset }: StoredRecord, header: RecordHeader): void {
    this.records++;
    if (!tells(header)) return;
    this.bytes += bytes.length;
    const body = tellingIn(header, bytes);
    if (body === undefined) return;
    if (body.kind === 'RESUME' && body.why !== 'resumed') return;
    this.taken.push({ header, offset, body });
  }

  // -- telling -------------------------------------------------------------------------------------

  protected turn(saved: Position | undefined, to: Position): void {
    const { taken } = this;
    this.forget();
    this.name(taken, () => this.publish(this.encoded(taken), 0, () => this.move(saved, to)));
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
      return lifecycleEvents(header, body, offset, name, this.lifecycle).map(({ id, text }) => ({
        home,
        bytes: encodeEventText(id, text, clock.now(), 'LIFECYCLE'),
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

  private move(saved: Position | undefined, to: Position): void {
    this.ask(
      this.ports.projections.move(NAME, this.partition, saved, to),
      (answer) => this.moved(answer, to),
      () => this.move(saved, to),
    );
  }
}

/** Most records are STEPs, and most of a STEP is a State of which nothing is told. */
function tellingIn(header: RecordHeader, bytes: Uint8Array): Telling | undefined {
  if (header.kind !== 'STEP' || mayBegin(header)) return bodyIn(bytes)();
  try {
    const happened = happenedIn(bytes);
    return happened === undefined ? { kind: 'STEP' } : { kind: 'STEP', happened };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
