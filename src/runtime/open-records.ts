/*
 * The open records of one partition (PROTOCOL.md, Records): what waits for a unit to resolve it.
 *
 * O1. An entry is here from when its record is known valid until a valid unit names its identity.
 * O2. Everything that belongs to one run can be found, and the ends that a joining STEP collects.
 * O3. Bodies may be absent: they are fetched again in their turn (R8). What must be known of a STEP
 *     without its body stands beside it (`wants`).
 * O4. What was read is decoded when it is asked for. If it cannot be, it is passed over then: it is open no more.
 */
import { isCancellable, isUndoing, nextDeadline } from '../core/index.ts';
import { type RecordBody, type RecordHeader, WireError } from '../wire/index.ts';
import type { Attempt } from './attempt.ts';
import { HeldBodies, type HeldLimits } from './held-bodies.ts';
import type { Slot } from './slots.ts';
import { Unread } from './unread.ts';
import type { Position } from './validity.ts';
import { weightOfBody } from './weight.ts';

/** A record that is open, and what the owner is doing about it. */
export interface Entry {
  /** offset of the first copy */
  readonly identity: number;
  /** of what is carried, where this is a CARRY */
  readonly header: RecordHeader;
  /** what the newest copy says; undefined = not in memory */
  body: RecordBody | undefined;
  /** that, not decoded (O4): whoever asks for the body or what it wants decodes it */
  unread: Unread | undefined;
  /** of that body, whether it is in memory or not, bytes */
  weight: number;
  /** of a STEP or a CANCELLING */
  wants: Wants | undefined;
  /** newest copy, with what was in force there */
  position: Position;
  /** append time of the first copy, ms */
  readonly time: number;
  /** distance from the head at which it is carried next, in records (R11) */
  carryAt: number;
  /** takeovers counted against it (R20) */
  takeovers: number;
  /** somebody has let it go on: its activity may have begun before it was put aside */
  revived?: boolean;
  work: Work | undefined;
}

/** What must be known of a strand to look after it: when, and what is to be done then. */
export interface Wants {
  /** earliest timeout of what it is in, ms */
  readonly deadline: number | undefined;
  /** held until then, ms */
  readonly notBefore: number | undefined;
  /** name of the activity that is due */
  readonly activity: string | undefined;
  /** pointer of the task that it stands in */
  readonly task: string | undefined;
  /** it can be cancelled */
  readonly cancellable: boolean;
  /** pointer of the fork in which a joining STEP stands */
  readonly fork: string | undefined;
  /** its branches are to be cancelled */
  readonly settling: boolean;
  /** CANCELLING: when the answer of its activity is not waited for any more, ms */
  readonly until: number | undefined;
}

/** What an owner does about an entry in its tenure. */
export interface Work {
  /** when the owner must look at it by itself, ms */
  due: number | undefined;
  cancelDue: (() => void) | undefined;
  /** when the running attempt of its activity has taken too long, by the clock's `elapsed`, ms */
  attemptEnd: number | undefined;
  /** the newest one of its activity */
  attempt: Pick<Attempt, 'ask' | 'abort' | 'timedOut'> | undefined;
  /** the record in whose name it runs: that of a cancelled strand takes over */
  ownedBy: Entry | undefined;
  /** an activity has been started and has not answered */
  running: boolean;
  /** an offer has been made of it */
  queued: boolean;
  /** its body is being fetched, to be looked at again (R8) */
  loading: boolean;
  /** what it has of its limits, or waits for (metadata.limit) */
  slot: Slot | undefined;
  /** it had to wait for its slot: the number of the last list made for a MARK before that */
  waitedSince: number | undefined;
}

/** A strand's parent and the fork it belongs to: the last component of its path is `<activation>.<branch>`. */
export interface Lineage {
  readonly parent: string;
  readonly activation: number;
  readonly branch: number;
}

export function lineageOf(strand: string): Lineage {
  const slash = strand.lastIndexOf('/');
  const dot = strand.indexOf('.', slash + 1);
  return {
    parent: slash < 0 ? '' : strand.slice(0, slash),
    activation: Number(strand.slice(slash + 1, dot)),
    branch: Number(strand.slice(dot + 1)),
  };
}

/** Whether `strand` is a branch of that fork of `parent`, or below one. */
export function isBelow(strand: string, parent: string, activation: number): boolean {
  return strand.startsWith(`${parent === '' ? '' : `${parent}/`}${activation}.`);
}

/** Names a fork of a strand of a run. */
function forkKey(run: string, strand: string, activation: number): string {
  return `${run} ${strand} ${activation}`;
}

class OpenEntry implements Entry {
  readonly identity: number;
  readonly header: RecordHeader;
  readonly time: number;
  position: Position;
  carryAt: number;
  takeovers: number;
  revived = false;
  work: Work | undefined = undefined;
  unread: Unread | undefined = undefined;
  weight = 0;
  private readonly records: OpenRecords;
  private said: RecordBody | undefined = undefined;
  private known: Wants | undefined = undefined;

  constructor(
    records: OpenRecords,
    identity: number,
    header: RecordHeader,
    position: Position,
    time: number,
    carryAt: number,
    takeovers: number,
  ) {
    this.records = records;
    this.identity = identity;
    this.header = header;
    this.position = position;
    this.time = time;
    this.carryAt = carryAt;
    this.takeovers = takeovers;
  }

  get body(): RecordBody | undefined {
    if (this.unread !== undefined) this.records.learn(this);
    return this.said;
  }

  set body(body: RecordBody | undefined) {
    this.said = body;
  }

  get wants(): Wants | undefined {
    if (this.unread !== undefined) this.records.learn(this);
    return this.known;
  }

  set wants(wants: Wants | undefined) {
    this.known = wants;
  }
}

/** What a record says: decoded, or as it was read. */
export type Said = RecordBody | Unread;

export class OpenRecords {
  readonly bodies: HeldBodies;
  /** what could not be decoded when it was asked for (O4), and why; whoever tells of it empties it */
  readonly unreadable: { readonly offset: number; readonly reason: string }[] = [];
  private readonly byIdentity = new Map<number, Entry>();
  /** most runs have one: a set is made for the second */
  private readonly byRun = new Map<string, Entry | Set<Entry>>();
  /** joining STEPs, by the fork that they wait for */
  private readonly joins = new Map<string, Entry>();
  /** ends of branches that their joins have collected, by fork */
  private readonly ends = new Map<string, Set<Entry>>();
  /** entries that do not stand where the order of `byIdentity` has them: carried, or late */
  private readonly outOfOrder = new Set<Entry>();
  private lastIdentity = -1;
  /** STARTs that no unit has named */
  waitingStarts = 0;
  /** of what is `active` */
  private activeCount = 0;
  private activeBytes = 0;
  /** active, but for later than anything is held by this clock */
  private readonly resting = new Set<Entry>();

  constructor(limits: HeldLimits) {
    this.bodies = new HeldBodies(limits, (entry) => this.learn(entry));
  }

  /**
   * What gets on by itself, and what its State weighs, bytes. STARTs wait to be let in; requests,
   * joining STEPs and ends of branches wait for others.
   */
  get active(): { readonly count: number; readonly bytes: number } {
    return { count: this.activeCount, bytes: this.activeBytes };
  }

  /** Whether a strand waits for longer than any is held: it takes no room then (R8). */
  rest(entry: Entry, rests: boolean): void {
    if (rests === this.resting.has(entry)) return;
    const by = rests ? -1 : 1;
    this.activeCount += by;
    this.activeBytes += by * entry.weight;
    if (rests) this.resting.add(entry);
    else this.resting.delete(entry);
  }

  get size(): number {
    return this.byIdentity.size;
  }

  get(identity: number): Entry | undefined {
    return this.byIdentity.get(identity);
  }

  /** In order of identity, but for those that came as a CARRY or late. */
  all(): Iterable<Entry> {
    return this.byIdentity.values();
  }

  add(
    identity: number,
    { header, body }: { readonly header: RecordHeader; readonly body: Said },
    position: Position,
    time: number,
    carryAt: number,
    takeovers: number,
  ): Entry {
    const entry = new OpenEntry(this, identity, header, position, time, carryAt, takeovers);
    if (header.kind === 'START') this.waitingStarts++;
    if (isActive(header)) this.activeCount++;
    this.byIdentity.set(identity, entry);
    this.says(entry, body);
    this.addToRun(entry);
    if (header.joins > 0) this.joins.set(forkKey(header.run, header.strand, header.joins), entry);
    if (header.kind === 'END') into(this.ends, this.forkOf(entry), entry);
    if (position.offset !== identity || identity < this.lastIdentity) this.outOfOrder.add(entry);
    else this.lastIdentity = identity;
    return entry;
  }

  remove(identity: number): Entry | undefined {
    const entry = this.byIdentity.get(identity);
    if (entry === undefined) return undefined;
    const { header } = entry;
    this.byIdentity.delete(identity);
    this.outOfOrder.delete(entry);
    this.rest(entry, false);
    this.bodies.letGo(entry);
    entry.unread = undefined;
    if (header.kind === 'START') this.waitingStarts--;
    if (isActive(header)) {
      this.activeCount--;
      this.activeBytes -= entry.weight;
    }
    this.takeFromRun(entry);
    if (header.joins > 0) {
      const key = forkKey(header.run, header.strand, header.joins);
      // A strand that moved on while its fork stays open has written the joining STEP anew.
      if (this.joins.get(key) === entry) this.joins.delete(key);
    }
    if (header.kind === 'END') outOf(this.ends, this.forkOf(entry), entry);
    return entry;
  }

  /** The newest copy of `entry` stands at `position` now, and says `body`. */
  moved(entry: Entry, body: Said, position: Position, carryAt: number): void {
    entry.position = position;
    entry.carryAt = carryAt;
    this.outOfOrder.add(entry);
    this.bodies.letGo(entry);
    this.says(entry, body);
  }

  /** Decodes what has been read of the entry (O4). */
  learn(entry: Entry): void {
    const { unread } = entry;
    if (unread === undefined) return;
    this.bodies.letGo(entry);
    try {
      this.says(entry, unread.decode());
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.unreadable.push({ offset: entry.position.offset, reason: error.message });
      this.remove(entry.identity);
    }
  }

  private says(entry: Entry, said: Said): void {
    const isUnread = said instanceof Unread;
    const weight = isUnread ? said.weight : weightOfBody(said);
    if (isActive(entry.header) && !this.resting.has(entry)) {
      this.activeBytes += weight - entry.weight;
    }
    entry.weight = weight;
    entry.unread = isUnread ? said : undefined;
    if (isUnread) return this.bodies.keepUnread(entry);
    entry.wants = wantsOf(said);
    this.bodies.keep(entry, said);
  }

  ofRun(run: string): Iterable<Entry> {
    const found = this.byRun.get(run);
    if (found === undefined) return NONE;
    return found instanceof Set ? found : [found];
  }

  /** The joining STEP that waits for `strand`, unless it is over. */
  joinOf(run: string, strand: string): Entry | undefined {
    const { parent, activation } = lineageOf(strand);
    return this.joins.get(forkKey(run, parent, activation));
  }

  /** Everything open of the branches of a joining STEP, their ends and what is below them. */
  below(join: Entry): Entry[] {
    const found: Entry[] = [];
    const { run, strand, joins } = join.header;
    for (const entry of this.ofRun(run)) {
      if (isBelow(entry.header.strand, strand, joins)) found.push(entry);
    }
    return found;
  }

  /** Ends of branches that a joining STEP has collected so far. */
  endsOf({ header }: Entry): ReadonlySet<Entry> {
    return this.ends.get(forkKey(header.run, header.strand, header.joins)) ?? NONE;
  }

  /** These in the order in which the branches have ended: what was carried may have been read late. */
  endsInOrder(join: Entry): readonly Entry[] {
    return [...this.endsOf(join)].sort((a, b) => a.identity - b.identity);
  }

  /** Smallest position of an open record: nothing is open below (R10). */
  oldest(): Position | undefined {
    let oldest: Position | undefined;
    for (const { position } of this.outOfOrder) {
      if (oldest === undefined || position.offset < oldest.offset) oldest = position;
    }
    // All others are in order of identity, which is where they stand.
    for (const entry of this.byIdentity.values()) {
      if (this.outOfOrder.has(entry)) continue;
      if (oldest === undefined || entry.position.offset < oldest.offset) oldest = entry.position;
      break;
    }
    return oldest;
  }

  /** Whether anything open was there below `offset` first, and stands there no more. */
  isCarriedBeyond(offset: number): boolean {
    for (const { identity, position } of this.outOfOrder) {
      if (identity < offset && position.offset >= offset) return true;
    }
    return false;
  }

  private addToRun(entry: Entry): void {
    const { run } = entry.header;
    const found = this.byRun.get(run);
    if (found === undefined) this.byRun.set(run, entry);
    else if (found instanceof Set) found.add(entry);
    else this.byRun.set(run, new Set([found, entry]));
  }

  private takeFromRun(entry: Entry): void {
    const { run } = entry.header;
    const found = this.byRun.get(run);
    if (found === entry) this.byRun.delete(run);
    else if (found instanceof Set && found.delete(entry) && found.size === 0)
      this.byRun.delete(run);
  }

  private forkOf({ header }: Entry): string {
    const { parent, activation } = lineageOf(header.strand);
    return forkKey(header.run, parent, activation);
  }
}

const NONE: ReadonlySet<Entry> = new Set();

function isActive({ kind, joins }: RecordHeader): boolean {
  return (kind === 'STEP' || kind === 'CANCELLING') && joins === 0;
}

function wantsOf(body: RecordBody): Wants | undefined {
  if (body.kind !== 'STEP' && body.kind !== 'CANCELLING') return undefined;
  const { state } = body;
  const frame = state.frames.at(-1);
  const fork = frame?.node.kind === 'fork' ? frame.node : undefined;
  return {
    deadline: nextDeadline(state),
    notBefore: body.kind === 'STEP' ? body.notBefore : undefined,
    activity: body.kind === 'STEP' ? body.activity?.name : undefined,
    task: frame?.pointer,
    cancellable: body.kind === 'STEP' && isCancellable(state),
    fork: fork === undefined ? undefined : frame?.pointer,
    // What undoes something is not cancelled itself.
    settling:
      fork !== undefined &&
      ((state.cancelling !== undefined && !isUndoing(state)) || fork.settling === true),
    until: body.kind === 'CANCELLING' ? body.until : undefined,
  };
}

function into(sets: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([entry]));
  else set.add(entry);
}

function outOf(sets: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const set = sets.get(key);
  if (set?.delete(entry) && set.size === 0) sets.delete(key);
}
