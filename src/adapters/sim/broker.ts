/*
 * SimBroker: partitioned logs in memory, with what real brokers do to their users. It answers exactly
 * as port rules B1-B4 allow and no better.
 *
 * Owns: the order of the records, append times by its own clock, what is trimmed. Invariants:
 *  - a batch lands whole when its request arrives, at consecutive offsets;
 *  - bytes are copied on the way in and on the way out: nobody shares a buffer with the log;
 *  - append times never decrease within a partition;
 *  - everything that ever landed stays in `everything` for the History, trimmed or not.
 */
import {
  AppendRefused,
  type Broker,
  type LogReader,
  type Member,
  type Appended,
  type StoredRecord,
} from '../../ports/index.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from '../../wire/index.ts';
import { type LogPoint, type Point, type PointName, type Refusal, Unavailable } from './faults.ts';
import type { Gate, Reply } from './gate.ts';
import { Group, type GroupOptions } from './group.ts';
import { Log } from './log.ts';
import { Reader } from './log-reader.ts';
import type { Life } from './process.ts';
import { stream } from './random.ts';
import { summaries } from './record-summary.ts';

/** Which of the two logs of a world: their calls are different places for faults. */
export type LogName = 'commands' | 'events';

export interface BrokerOptions extends Partial<GroupOptions> {
  readonly partitions: number;
  readonly seed: number | string;
  /** default: commands */
  readonly log?: LogName;
}

function pointName(log: LogName, call: LogPoint): PointName {
  return log === 'commands' ? call : `events-${call}`;
}

export class SimBroker {
  readonly partitions: number;
  readonly name: LogName;
  readonly group: Group;
  /** how far the broker's clock is ahead of virtual time, ms */
  skew = 0;
  /** called after a batch has landed (for whoever watches the world) */
  onAppend: ((partition: number, base: number, count: number) => void) | undefined;
  private readonly gate: Gate;
  private readonly logs: readonly Log[];

  constructor(gate: Gate, options: BrokerOptions) {
    this.gate = gate;
    this.partitions = options.partitions;
    this.name = options.log ?? 'commands';
    this.logs = Array.from({ length: options.partitions }, () => new Log());
    const { sessionMs = 10_000, heartbeatMs = 3_000 } = options;
    const random = stream(options.seed, this.name === 'commands' ? 'group' : 'events-group');
    const join = pointName(this.name, 'join');
    this.group = new Group(gate, options.partitions, { sessionMs, heartbeatMs, join }, random);
  }

  get now(): number {
    return Math.floor(this.gate.scheduler.now + this.skew);
  }

  /** Every record that ever landed, by partition, in offset order. */
  get everything(): readonly (readonly StoredRecord[])[] {
    return this.logs.map((log) => log.records);
  }

  log(partition: number): Log {
    const log = this.logs[partition];
    if (log === undefined) throw new RangeError(`there is no partition ${partition}`);
    return log;
  }

  portFor(life: Life): Broker {
    return new BrokerPort(this, this.gate, life);
  }

  /** The leader of a partition is gone, and the next one takes its place only after `ms`. */
  elect(partition: number, ms: number): void {
    const log = this.log(partition);
    const until = this.gate.scheduler.now + ms;
    if (until <= log.leaderless) return;
    log.leaderless = until;
    log.leader += 1;
    this.gate.scheduler.at(until, () => {
      if (log.leaderless === until) log.leaderless = 0;
      log.wake();
    });
  }

  /** Every partition has a leader again. */
  lead(): void {
    for (const log of this.logs) {
      if (log.leaderless === 0) continue;
      log.leaderless = 0;
      log.wake();
    }
  }

  /** What is said to a call that needs the leader of a partition while there is none. */
  headless(partition: number): AppendRefused | undefined {
    if (this.log(partition).leaderless === 0) return undefined;
    return new AppendRefused('not-leader', 'the partition has no leader', true);
  }

  /**
   * The next leader had not copied the last `count` records: they are gone, and their offsets are given
   * away anew. No broker that is set up as R12 asks does this.
   */
  loseTail(partition: number, count: number): readonly StoredRecord[] {
    const log = this.log(partition);
    const from = Math.max(log.begin, log.end - count);
    const lost = log.records.splice(from);
    if (lost.length > 0) log.wake();
    return lost;
  }

  /** Retention drops everything below `before`, whoever still needs it. */
  retain(partition: number, before: number): void {
    const log = this.log(partition);
    log.begin = Math.max(log.begin, Math.min(before, log.end));
  }

  /** The server's side of an append; `before`: when that was, of what stands there as the world begins. */
  land(
    partition: number,
    batch: readonly Uint8Array[],
    before?: number,
    reader?: number,
  ): Appended {
    const landed = before ?? this.gate.scheduler.now;
    const appended = this.log(partition).append(batch, before ?? this.now, landed, reader);
    this.onAppend?.(partition, appended.base, batch.length);
    return appended;
  }
}

class BrokerPort implements Broker {
  readonly partitions: number;
  private readonly broker: SimBroker;
  private readonly gate: Gate;
  private readonly life: Life;
  /** the leaders of the partitions, as this process has found them */
  private readonly leaders: number[];

  constructor(broker: SimBroker, gate: Gate, life: Life) {
    this.partitions = broker.partitions;
    this.broker = broker;
    this.gate = gate;
    this.life = life;
    this.leaders = Array.from({ length: broker.partitions }, (_, one) => broker.log(one).leader);
  }

  append(partition: number, batch: readonly Uint8Array[]): PromiseLike<Appended> {
    this.broker.log(partition);
    const copies = batch.map((bytes) => Buffer.from(bytes));
    const point = this.point('append', partition);
    return this.gate.request<Appended>(this.life, {
      point: this.broker.name === 'commands' ? { ...point, records: summaries(copies) } : point,
      refusal: refusedAppend,
      perform: (reply) => {
        const refused = this.misled(partition) ?? refusal(copies);
        if (refused === undefined)
          reply.ok(this.broker.land(partition, copies, undefined, this.life.reader));
        else reply.fail(refused);
      },
    });
  }

  reader(partition: number, offset: number): LogReader {
    const log = this.broker.log(partition);
    return new Reader(log, this.gate, this.life, this.point('next', partition), offset);
  }

  fetch(partition: number, from: number, to: number): PromiseLike<readonly StoredRecord[]> {
    const log = this.broker.log(partition);
    return this.ask('fetch', partition, (reply) => {
      const outside = log.check(from) ?? log.check(to);
      if (outside === undefined) reply.ok(log.slice(from, to));
      else reply.fail(outside);
    });
  }

  range(partition: number): PromiseLike<{ readonly begin: number; readonly end: number }> {
    const log = this.broker.log(partition);
    return this.ask('range', partition, (reply) => reply.ok({ begin: log.begin, end: log.end }));
  }

  offsetAt(partition: number, time: number): PromiseLike<number> {
    const log = this.broker.log(partition);
    return this.ask('offset-at', partition, (reply) => {
      // Append times do not decrease: look for the first one at or after `time`.
      let low = log.begin;
      let high = log.end;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((log.records[middle]?.time ?? Infinity) < time) low = middle + 1;
        else high = middle;
      }
      reply.ok(low);
    });
  }

  trim(partition: number, before: number): PromiseLike<void> {
    const log = this.broker.log(partition);
    return this.ask<void>('trim', partition, (reply) => {
      log.begin = Math.max(log.begin, Math.min(before, log.end));
      reply.ok(undefined);
    });
  }

  saveHint(partition: number, offset: number): void {
    const log = this.broker.log(partition);
    this.gate.request<undefined>(this.life, {
      point: this.point('save-hint', partition),
      perform: () => {
        log.hint = offset;
      },
    });
  }

  hint(partition: number): PromiseLike<number | undefined> {
    const log = this.broker.log(partition);
    return this.ask('hint', partition, (reply) => reply.ok(log.hint));
  }

  join(member: Member): () => void {
    return this.broker.group.join(this.life, member);
  }

  decline(partition: number): void {
    this.broker.group.decline(this.life, partition);
  }

  /** The first append after a change of leader goes to the old one, whatever happened in between. */
  private misled(partition: number): AppendRefused | undefined {
    const headless = this.broker.headless(partition);
    if (headless !== undefined) return headless;
    const { leader } = this.broker.log(partition);
    if (this.leaders[partition] === leader) return undefined;
    this.leaders[partition] = leader;
    return refusedAppend(undefined);
  }

  private ask<T>(
    name: LogPoint,
    partition: number,
    perform: (reply: Reply<T>) => void,
  ): PromiseLike<T> {
    return this.gate.request<T>(this.life, {
      point: this.point(name, partition),
      perform: (reply) => {
        const headless = NEEDS_LEADER.has(name) ? this.broker.headless(partition) : undefined;
        if (headless === undefined) perform(reply);
        else reply.fail(new Unavailable(headless.message));
      },
    });
  }

  private point(call: LogPoint, partition: number): Point {
    const { incarnation, process } = this.life;
    const point = pointName(this.broker.name, call);
    return { point, process: process.name, incarnation, partition };
  }
}

/** Hints are kept by the coordinator of the group, which is somebody else. */
const NEEDS_LEADER: ReadonlySet<LogPoint> = new Set(['fetch', 'range', 'offset-at', 'trim']);

function refusedAppend(why: Refusal | undefined): AppendRefused {
  switch (why) {
    case 'no-space':
      return new AppendRefused('no-space', 'there is no room on the device', true);
    case 'unauthorised':
      return new AppendRefused('unauthorised', 'this writer may not append', false);
    default:
      return new AppendRefused('not-leader', 'the leader has moved', true);
  }
}

function refusal(batch: readonly Uint8Array[]): AppendRefused | undefined {
  const bytes = batch.reduce((sum, record) => sum + record.length, 0);
  const largest = batch.reduce((most, record) => Math.max(most, record.length), 0);
  if (largest > RECORD_BYTES_MAX) {
    return new AppendRefused('too-large', `a record of ${largest} bytes`, false);
  }
  if (bytes > BATCH_BYTES_MAX || batch.length > BATCH_RECORDS_MAX) {
    const said = `a batch of ${batch.length} records, ${bytes} bytes`;
    return new AppendRefused('too-large', said, false);
  }
  return undefined;
}
