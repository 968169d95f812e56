/* The Broker port on a Kafka topic: puts the parts together; each of them says what it holds to. */
import type { Appended, Broker, LogReader, Member, StoredRecord } from '../../ports/index.ts';
import { AppendRefused } from '../../ports/index.ts';
import type { Appender } from './append.ts';
import type { Hints } from './hints.ts';
import { KafkaError } from './kafka-error.ts';
import { CLOSE_MS_MAX } from './limits.ts';
import type { Membership } from './membership.ts';
import type { Poller, Range } from './poller.ts';
import type { RandomAccess } from './random-access.ts';

export interface BrokerParts {
  readonly partitions: number;
  readonly appender: Appender;
  readonly poller: Poller;
  readonly log: RandomAccess;
  readonly hints: Hints;
  readonly join: (member: Member, declined: Iterable<number>) => Membership;
}

export class KafkaBroker implements Broker {
  readonly partitions: number;
  readonly #parts: BrokerParts;
  readonly #members = new Set<Membership>();
  readonly #declined = new Set<number>();
  #closed = false;

  constructor(parts: BrokerParts) {
    this.partitions = parts.partitions;
    this.#parts = parts;
  }

  append(partition: number, batch: readonly Uint8Array[]): Promise<Appended> {
    this.#check(partition);
    if (this.#closed) {
      return Promise.reject(new AppendRefused('closed', 'the broker was closed', false));
    }
    return this.#parts.appender.append(partition, batch);
  }

  reader(partition: number, offset: number): LogReader {
    this.#check(partition);
    return this.#parts.poller.open(partition, offset);
  }

  async fetch(partition: number, from: number, to: number): Promise<readonly StoredRecord[]> {
    this.#check(partition);
    this.#open();
    return this.#parts.log.fetch(partition, from, to);
  }

  async range(partition: number): Promise<Range> {
    this.#check(partition);
    this.#open();
    return this.#parts.log.range(partition);
  }

  async offsetAt(partition: number, time: number): Promise<number> {
    this.#check(partition);
    this.#open();
    return this.#parts.log.offsetAt(partition, time);
  }

  async trim(partition: number, before: number): Promise<void> {
    this.#check(partition);
    this.#open();
    return this.#parts.log.trim(partition, before);
  }

  saveHint(partition: number, offset: number): void {
    this.#check(partition);
    if (!this.#closed) this.#parts.hints.save(partition, offset);
  }

  async hint(partition: number): Promise<number | undefined> {
    this.#check(partition);
    this.#open();
    return this.#parts.hints.get(partition);
  }

  join(member: Member): () => void {
    this.#open();
    const membership = this.#parts.join(member, this.#declined);
    this.#members.add(membership);
    return () => {
      membership.leave();
      void membership.gone.finally(() => this.#members.delete(membership));
    };
  }

  decline(partition: number): void {
    this.#check(partition);
    this.#declined.add(partition);
    for (const membership of this.#members) membership.decline(partition);
  }

  /** R21: the newest record format that every member of the group reads; 0 = not known (yet). */
  get lowestReader(): number {
    return Math.max(0, ...[...this.#members].map(({ lowestReader }) => lowestReader));
  }

  /** Nothing is answered, delivered or assigned from here on. Last words have their time. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.poller.close();
    const last: Promise<unknown>[] = [this.#parts.hints.flush()];
    for (const membership of this.#members) {
      membership.leave();
      last.push(membership.gone);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS_MAX)));
    await Promise.race([Promise.allSettled(last), late]);
    clearTimeout(timer);
  }

  #open(): void {
    if (this.#closed) throw new KafkaError('closed', 'the broker was closed');
  }

  #check(partition: number): void {
    if (Number.isInteger(partition) && partition >= 0 && partition < this.partitions) return;
    throw new RangeError(`there is no partition ${partition}: there are ${this.partitions}`);
  }
}
