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
  OffsetOutOfRange,
  type Appended,
  type StoredRecord,
} from '../../ports/index.ts';
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, RECORD_BYTES_MAX } from '../../wire/index.ts';
import type { LogPoint, Point, PointName } from './faults.ts';
import type { Gate, Reply } from './gate.ts';
import { Group, type GroupOptions } from './group.ts';
import { Later } from './later.ts';
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

/** Records that one answer to a reader holds at most. */
const READ_RECORDS_MAX = 500;

class Log {
  readonly records: StoredRecord[] = [];
  begin = 0;
  hint: number | undefined;
  waiting: (() => void)[] = [];

  get end(): number {
    return this.records.length;
  }

  slice(from: number, to: number): StoredRecord[] {
    return this.records.slice(from, to).map(copy);
  }

  check(offset: number): OffsetOutOfRange | undefined {
    if (offset >= this.begin && offset <= this.end) return undefined;
    const said = `offset ${offset} is outside [${this.begin}, ${this.end}]`;
    return new OffsetOutOfRange(said, this.begin, this.end);
  }

  append(batch: readonly Uint8Array[], clock: number): Appended {
    const base = this.end;
    const time = Math.max(clock, this.records[base - 1]?.time ?? 0);
    for (const bytes of batch) this.records.push({ offset: this.end, time, bytes });
    const { waiting } = this;
    this.waiting = [];
    for (const wake of waiting) wake();
    return { base, time };
  }
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

  /** The server's side of an append. */
  land(partition: number, batch: readonly Uint8Array[]): Appended {
    const appended = this.log(partition).append(batch, this.now);
    this.onAppend?.(partition, appended.base, batch.length);
    return appended;
  }
}

class BrokerPort implements Broker {
  readonly partitions: number;
  private readonly broker: SimBroker;
  private readonly gate: Gate;
  private readonly life: Life;

  constructor(broker: SimBroker, gate: Gate, life: Life) {
    this.partitions = broker.partitions;
    this.broker = broker;
    this.gate = gate;
    this.life = life;
  }

  append(partition: number, batch: readonly Uint8Array[]): PromiseLike<Appended> {
    this.broker.log(partition);
    const copies = batch.map((bytes) => new Uint8Array(bytes));
    const point = this.point('append', partition);
    return this.gate.request<Appended>(this.life, {
      point: this.broker.name === 'commands' ? { ...point, records: summaries(copies) } : point,
      refusal: () => new AppendRefused('not-leader', 'the leader has moved', true),
      perform: (reply) => {
        const refused = refusal(copies);
        if (refused === undefined) reply.ok(this.broker.land(partition, copies));
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

  private ask<T>(
    name: LogPoint,
    partition: number,
    perform: (reply: Reply<T>) => void,
  ): PromiseLike<T> {
    return this.gate.request<T>(this.life, { point: this.point(name, partition), perform });
  }

  private point(call: LogPoint, partition: number): Point {
    const { incarnation, process } = this.life;
    const point = pointName(this.broker.name, call);
    return { point, process: process.name, incarnation, partition };
  }
}

class Reader implements LogReader {
  position: number;
  private readonly log: Log;
  private readonly gate: Gate;
  private readonly life: Life;
  private readonly point: Point;
  private closed = false;
  private asking = false;

  constructor(log: Log, gate: Gate, life: Life, point: Point, offset: number) {
    this.log = log;
    this.gate = gate;
    this.life = life;
    this.point = point;
    this.position = offset;
  }

  next(): PromiseLike<readonly StoredRecord[]> {
    if (this.asking) throw new Error('one call of next at a time');
    this.asking = true;
    const answer = new Later<readonly StoredRecord[]>(this.life.soon);
    this.ask(answer);
    return answer;
  }

  skipTo(offset: number): void {
    if (offset > this.position) this.position = offset;
  }

  close(): void {
    this.closed = true;
  }

  private ask(answer: Later<readonly StoredRecord[]>): void {
    if (this.closed) return;
    const { gate, life, point } = this;
    const heard = gate.request<readonly StoredRecord[]>(life, {
      point,
      perform: (reply) => this.poll(reply),
    });
    heard.then(
      (records) => this.take(records, answer),
      (error: unknown) => {
        this.asking = false;
        if (!this.closed) answer.reject(error);
      },
    );
  }

  /** The server's side: answers as soon as there is something, with more or less of it. */
  private poll(reply: Reply<readonly StoredRecord[]>): void {
    const { log, position } = this;
    if (this.closed) return;
    const outside = log.check(position);
    if (outside !== undefined) {
      reply.fail(outside);
    } else if (position < log.end) {
      const { partition, point: call } = this.point;
      const chunk = call === 'next' ? 'chunk' : 'events-chunk';
      const draw = this.gate.random(this.life, chunk, partition)();
      const most = draw < 0.15 ? 1 + Math.floor(draw * 40) : READ_RECORDS_MAX;
      reply.ok(log.slice(position, Math.min(log.end, position + most)));
    } else {
      log.waiting.push(() => this.poll(reply));
    }
  }

  private take(records: readonly StoredRecord[], answer: Later<readonly StoredRecord[]>): void {
    if (this.closed) return;
    // The caller may have passed over some of them while they were on their way.
    const fresh = records.filter((record) => record.offset >= this.position);
    const last = fresh.at(-1);
    if (last === undefined) {
      this.ask(answer);
      return;
    }
    this.asking = false;
    this.position = last.offset + 1;
    answer.resolve(fresh);
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

function copy(record: StoredRecord): StoredRecord {
  return { offset: record.offset, time: record.time, bytes: new Uint8Array(record.bytes) };
}
