/*
 * Which bodies of open records are in memory (PROTOCOL.md R8). Bounded by count and bytes: beyond the
 * bound a record is kept as its header and where its newest copy stands, and is fetched again when it
 * is its turn (refetch.ts).
 *
 * B1. What is held never exceeds the bound, however large a single body is.
 * B2. First to go are ends of branches, which only their join asks for; then STARTs that wait; then
 *     the State that was used longest ago. A CONTROL is never let go: it is small, and always taken.
 * B3. Letting go costs a question later and decides nothing: records say the same wherever read.
 * B4. What was read and not decoded counts by its bytes alone. Without room the oldest of it is decoded, and
 *     is one of the others then.
 */
import type { RecordBody, RecordKind } from '../wire/index.ts';
import type { Entry } from './open-records.ts';

export interface HeldLimits {
  /** bodies of open records in memory at once */
  readonly bodiesMax: number;
  /** what they may weigh, bytes (weight.ts) */
  readonly bodiesBytesMax: number;
}

/** Bodies that were fetched for somebody, by identity: a Map, or what becomes one. */
export interface Bodies {
  readonly size: number;
  get(identity: number): FetchedBody | undefined;
  has(identity: number): boolean;
  set(identity: number, body: FetchedBody): unknown;
  clear(): void;
}

/** Every offer has one, and few ever hold any. */
export class LazyBodies implements Bodies {
  private found: Map<number, FetchedBody> | undefined;

  get size(): number {
    return this.found?.size ?? 0;
  }

  get(identity: number): FetchedBody | undefined {
    return this.found?.get(identity);
  }

  has(identity: number): boolean {
    return this.found?.has(identity) ?? false;
  }

  set(identity: number, body: FetchedBody): void {
    (this.found ??= new Map()).set(identity, body);
  }

  clear(): void {
    this.found = undefined;
  }
}

export interface FetchedBody {
  /** offset of the copy it comes from: a newer copy may say more */
  readonly at: number;
  readonly body: RecordBody;
}

type Class = 'end' | 'start' | 'state';
const FIRST_TO_GO: readonly Class[] = ['end', 'start', 'state'];

export class HeldBodies {
  private readonly limits: HeldLimits;
  private readonly held: Readonly<Record<Class, Set<Entry>>> = {
    end: new Set(),
    start: new Set(),
    state: new Set(),
  };
  private readonly unread = new Set<Entry>();
  private oldestUnread: Iterator<Entry> | undefined;
  private count = 0;
  private bytes = 0;
  private readonly decode: (entry: Entry) => void;

  /** `decode`: the entry is to be decoded, and kept like others if there is room. */
  constructor(limits: HeldLimits, decode: (entry: Entry) => void = () => {}) {
    this.limits = limits;
    this.decode = decode;
  }

  /** decoded bodies in memory, and what all weigh, bytes */
  get size(): { readonly count: number; readonly bytes: number } {
    const { count, bytes } = this;
    return { count, bytes };
  }

  /** `body` is what the newest copy of the entry says; its `weight` is known. */
  keep(entry: Entry, body: RecordBody): void {
    this.letGo(entry);
    const own = classOf(entry.header.kind);
    if (own === undefined) {
      entry.body = body;
      return;
    }
    if (!this.fits(entry) && !this.makeRoom(entry, own)) return;
    entry.body = body;
    this.held[own].add(entry);
    this.count++;
    this.bytes += entry.weight;
  }

  private fits({ weight }: Entry): boolean {
    const { bodiesMax, bodiesBytesMax } = this.limits;
    return this.count < bodiesMax && this.bytes + weight <= bodiesBytesMax;
  }

  /** B2 */
  private makeRoom(entry: Entry, own: Class): boolean {
    if (own !== 'state' || entry.weight > this.limits.bodiesBytesMax) return false;
    for (const one of FIRST_TO_GO) {
      for (const oldest of this.held[one]) {
        if (this.fits(entry)) break;
        this.letGo(oldest);
      }
    }
    return this.fits(entry);
  }

  /** Keeps what has been read of the entry, and is not decoded (B4). Its weight is that. */
  keepUnread(entry: Entry): void {
    this.letGo(entry);
    const { bodiesBytesMax } = this.limits;
    while (this.bytes + entry.weight > bodiesBytesMax) {
      const oldest = this.nextUnread();
      if (oldest === undefined) return this.decode(entry);
      this.decode(oldest);
    }
    this.unread.add(entry);
    this.bytes += entry.weight;
  }

  /** One iterator for all: beginning anew it would pass over all that is gone each time. */
  private nextUnread(): Entry | undefined {
    if (this.unread.size === 0) return undefined;
    const next = this.oldestUnread?.next();
    if (next?.done === false) return next.value;
    this.oldestUnread = this.unread.values();
    return this.oldestUnread.next().value;
  }

  /** It is used now, and may be again. */
  touch(entry: Entry): void {
    const { state } = this.held;
    if (state.delete(entry)) state.add(entry);
  }

  letGo(entry: Entry): void {
    if (this.unread.delete(entry)) {
      this.bytes -= entry.weight;
      return;
    }
    entry.body = undefined;
    const own = classOf(entry.header.kind);
    if (own === undefined || !this.held[own].delete(entry)) return;
    this.count--;
    this.bytes -= entry.weight;
  }
}

function classOf(kind: RecordKind): Class | undefined {
  if (kind === 'CONTROL') return undefined;
  return kind === 'END' ? 'end' : kind === 'START' ? 'start' : 'state';
}

/** What the newest copy of `entry` says, if that is in memory or among `fetched`. */
export function bodyOf(entry: Entry, fetched: Bodies | undefined): RecordBody | undefined {
  if (entry.body !== undefined) return entry.body;
  const found = fetched?.get(entry.identity);
  return found?.at === entry.position.offset ? found.body : undefined;
}
