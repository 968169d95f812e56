/*
 * Fetches for all readers: per node a few waiting fetches, each for many partitions.
 *
 * F1. A fetch cannot be changed while it waits in the broker. A reader that begins to wait meanwhile
 *     goes on another lane. The last lane never waits long, so that there is always one soon; all others
 *     wait up to the same moments, at which readers that were scattered come together again.
 * F2. A partition is in a fetch once, and a reader in one fetch. Of two readers of one partition the
 *     second goes on the next lane: it may be far behind the first, which waits for what is to come.
 * F3. An offset out of range is confirmed with the broker, then told; no position is ever reset (R12).
 * F4. What fails is tried again, with back-off per node, for as long as somebody waits.
 * F5. What comes while an append of this process to the same partition is on its way waits for its
 *     answer, OWN_WAIT_MS at most: the answer makes one's own records known (R7), and the reader is moved
 *     past them before they are decoded.
 */
import { OffsetOutOfRange } from '../../ports/index.ts';
import type { OwnAppends } from './append.ts';
import type { Cluster } from './cluster.ts';
import { type Fetched, fetchRequest } from './hot-requests.ts';
import { check, isPassing, KAFKA, KafkaError, saidNo } from './kafka-error.ts';
import {
  AGAIN_MS,
  OWN_WAIT_MS,
  POLL_BYTES,
  GATHER_MS,
  POLL_LANES,
  POLL_LAST_MS,
  POLL_MS,
  POLL_PARTITION_BYTES,
  RECONNECT_MS_FIRST,
  RECONNECT_MS_MAX,
} from './limits.ts';
import type { Notices } from './notices.ts';
import { Reader } from './reader.ts';
import { decodeBatches } from './record-batch.ts';

export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Appends of this process to one partition. */
interface Own {
  inFlight: number;
  /** base of the last one acknowledged: a reader below it has records of others to read first */
  behind: number;
  /** F5 */
  readonly held: { readonly reader: Reader; readonly batches: Buffer }[];
  heldUntil: NodeJS.Timeout | undefined;
}

export class Poller {
  readonly #cluster: Cluster;
  readonly #topic: string;
  readonly #notices: Notices;
  readonly #firstLane: number;
  readonly #rangeOf: (partition: number) => Promise<Range>;
  /** in the order in which they began to wait: who has just been served is last */
  readonly #waiting = new Set<Reader>();
  readonly #busyLanes = new Map<number, Set<number>>();
  /** nodes that have failed: not asked again before then */
  readonly #blocked = new Map<number, { readonly until: number; readonly delay: number }>();
  readonly #own = new Map<number, Own>();
  #scheduled = false;
  #timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined;
  #finding = false;
  #closed = false;

  constructor(
    cluster: Cluster,
    topic: string,
    notices: Notices,
    rangeOf: (partition: number) => Promise<Range>,
    /** which of the pollers of this cluster: what one waits for does not hold up another */
    nth = 0,
  ) {
    this.#firstLane = nth * POLL_LANES;
    this.#cluster = cluster;
    this.#topic = topic;
    this.#notices = notices;
    this.#rangeOf = rangeOf;
  }

  open(partition: number, offset: number): Reader {
    const events = {
      waiting: (reader: Reader): void => {
        if (this.#closed) {
          reader.fail(new KafkaError('closed', 'the broker was closed'));
          return;
        }
        this.#waiting.add(reader);
        this.#soon();
      },
      closed: (reader: Reader): void => void this.#waiting.delete(reader),
    };
    return new Reader(events, partition, offset);
  }

  /** What Appender tells (F5). */
  readonly own: OwnAppends = {
    began: (partition) => this.#ownOf(partition).inFlight++,
    ended: (partition, base) => {
      const own = this.#ownOf(partition);
      own.inFlight--;
      if (base !== undefined) own.behind = base;
      // after the microtasks in which the runtime hears of it
      if (own.held.length > 0) setImmediate(() => this.#letGo(own));
      else this.#soon();
    },
  };

  #ownOf(partition: number): Own {
    let own = this.#own.get(partition);
    if (own === undefined) {
      own = { inFlight: 0, behind: -1, held: [], heldUntil: undefined };
      this.#own.set(partition, own);
    }
    return own;
  }

  /** F5 */
  #hold(own: Own, reader: Reader, batches: Buffer): void {
    reader.fetching = true;
    own.held.push({ reader, batches });
    own.heldUntil ??= setTimeout(() => this.#letGo(own), OWN_WAIT_MS);
  }

  #letGo(own: Own): void {
    clearTimeout(own.heldUntil);
    own.heldUntil = undefined;
    for (const { reader, batches } of own.held.splice(0)) {
      reader.fetching = false;
      if (reader.waits && !this.#closed) this.#read(reader, batches);
    }
    this.#soon();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    clearTimeout(this.#timer?.handle);
    for (const { heldUntil } of this.#own.values()) clearTimeout(heldUntil);
  }

  /** After the microtasks of this turn: readers that were just served ask for more, and go along. */
  #soon(): void {
    if (this.#scheduled || this.#closed || this.#waiting.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #later(ms: number): void {
    if (this.#closed) return;
    const at = performance.now() + ms;
    if (this.#timer !== undefined) {
      if (this.#timer.at <= at) return;
      clearTimeout(this.#timer.handle);
    }
    const handle = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, ms);
    this.#timer = { at, handle };
  }

  #pump(): void {
    if (this.#closed) return;
    const now = performance.now();
    const byNode = new Map<number, Map<number, Reader>>();
    const left = new Set<number>();
    for (const reader of this.#waiting) {
      if (reader.fetching) continue;
      const { partition } = reader;
      const node = this.#cluster.leaderNow(this.#topic, partition);
      const wait = node === undefined ? 0 : (this.#blocked.get(node)?.until ?? now) - now;
      if (node === undefined) this.#findLeader(partition);
      else if (wait > 0) this.#later(wait);
      else {
        let readers = byNode.get(node);
        if (readers === undefined) byNode.set(node, (readers = new Map()));
        // F2
        if (readers.has(partition)) left.add(node);
        else readers.set(partition, reader);
      }
    }
    for (const [node, readers] of byNode) {
      const lane = this.#freeLane(node);
      if (lane === undefined) continue;
      void this.#poll(node, lane, [...readers.values()]);
      if (left.has(node)) this.#soon();
    }
  }

  #findLeader(partition: number): void {
    if (this.#finding) return;
    this.#finding = true;
    this.#cluster.leader(this.#topic, partition).then(
      () => {
        this.#finding = false;
        this.#soon();
      },
      (error: unknown) => {
        this.#finding = false;
        this.#tell(error);
        this.#later(RECONNECT_MS_FIRST);
      },
    );
  }

  #freeLane(node: number): number | undefined {
    let busy = this.#busyLanes.get(node);
    if (busy === undefined) this.#busyLanes.set(node, (busy = new Set()));
    for (let lane = 0; lane < POLL_LANES; lane++) {
      if (busy.has(lane)) continue;
      busy.add(lane);
      return lane;
    }
    return undefined;
  }

  async #poll(node: number, lane: number, readers: readonly Reader[]): Promise<void> {
    const now = performance.now();
    for (const reader of readers) {
      reader.fetching = true;
    }
    try {
      const wanted = readers.map(({ partition, position }) => ({ partition, offset: position }));
      const fetched = await this.#cluster
        .link(node, `poll${this.#firstLane + lane}`)
        .hot(fetchRequest, {
          topic: this.#topic,
          wanted,
          waitMs: lane === POLL_LANES - 1 ? POLL_LAST_MS : POLL_MS - (Math.floor(now) % POLL_MS),
          bytesMax: POLL_BYTES,
          partitionBytesMax: POLL_PARTITION_BYTES,
        });
      check(`reading ${this.#topic}`, fetched.errorCode);
      this.#blocked.delete(node);
      this.#release(node, lane, readers);
      this.#deliver(fetched, readers);
      // F1: nothing came, and the other lanes are about to say the same
      if (fetched.partitions.every(({ batches }) => batches.length === 0)) this.#later(GATHER_MS);
      else this.#soon();
    } catch (error) {
      this.#release(node, lane, readers);
      this.#failed(node, error);
    }
  }

  #release(node: number, lane: number, readers: readonly Reader[]): void {
    this.#busyLanes.get(node)?.delete(lane);
    for (const reader of readers) reader.fetching = false;
  }

  /** F4 */
  #failed(node: number, error: unknown): void {
    if (this.#closed) return;
    this.#tell(error);
    this.#cluster.stale();
    const delay = Math.min(
      RECONNECT_MS_MAX,
      2 * (this.#blocked.get(node)?.delay ?? RECONNECT_MS_FIRST / 2),
    );
    this.#blocked.set(node, { until: performance.now() + delay, delay });
    this.#later(delay);
    this.#soon();
  }

  /** What the lines themselves have not told yet. */
  #tell(error: unknown): void {
    if (error instanceof KafkaError) this.#notices.trouble(`reading ${this.#topic}`, error);
  }

  #deliver(fetched: Fetched, readers: readonly Reader[]): void {
    if (this.#closed) return;
    const byPartition = new Map(readers.map((reader) => [reader.partition, reader]));
    for (const { partition, errorCode, batches } of fetched.partitions) {
      const reader = byPartition.get(partition);
      if (reader === undefined || !reader.waits) continue;
      if (errorCode !== KAFKA.NONE) this.#refused(reader, errorCode);
      else if (batches.length === 0) continue;
      else {
        const own = this.#own.get(partition);
        const first = own !== undefined && own.inFlight > 0 && reader.position >= own.behind;
        if (first) this.#hold(own, reader, batches);
        else this.#read(reader, batches);
      }
    }
  }

  #read(reader: Reader, batches: Buffer): void {
    try {
      const records = decodeBatches(batches, reader.position);
      if (records.length === 0) return;
      this.#waiting.delete(reader);
      reader.give(records);
      this.#notices.over(`reading ${this.#topic}`);
    } catch (error) {
      this.#drop(reader, error);
    }
  }

  #refused(reader: Reader, errorCode: number): void {
    if (errorCode === KAFKA.OFFSET_OUT_OF_RANGE) {
      void this.#confirm(reader);
    } else if (isPassing(errorCode)) {
      this.#cluster.moved(this.#topic, reader.partition);
    } else {
      this.#drop(reader, saidNo(`partition ${reader.partition} of ${this.#topic}`, errorCode));
    }
  }

  /** F3 */
  async #confirm(reader: Reader): Promise<void> {
    this.#waiting.delete(reader);
    const { partition, position } = reader;
    try {
      const { begin, end } = await this.#rangeOf(partition);
      if (!reader.waits) return;
      if (position < begin || position > end) {
        reader.fail(outOfRange(partition, position, begin, end));
        return;
      }
    } catch {
      // asked again with the next fetch
    }
    if (!reader.waits || this.#closed) return;
    this.#waiting.add(reader);
    this.#later(AGAIN_MS);
  }

  #drop(reader: Reader, reason: unknown): void {
    this.#waiting.delete(reader);
    reader.fail(reason);
  }
}

export function outOfRange(
  partition: number,
  offset: number,
  begin: number,
  end: number,
): OffsetOutOfRange {
  const said = `offset ${offset} of partition ${partition} is out of range: it holds [${begin}, ${end})`;
  return new OffsetOutOfRange(said, begin, end);
}
