/*
 * What the Log of one partition says, as far as it has been read (PROTOCOL.md R4, R10, R13, R17). Pure:
 * no port is called here, and every reader that admits the same records holds the same view.
 *
 * V1. Records are admitted in offset order, each once.
 * V2. That the targets of a valid unit are open is an assertion, never a condition (R4); it is not
 *     made of targets below the place where reading began.
 * V3. Nothing here acts. Who may act, and from where on, is the owner's business.
 */
import { BrokenInvariant } from '../core/index.ts';
import type { StoreChange } from '../ports/index.ts';
import {
  canBeOpen,
  decodeCarried,
  decodeHeader,
  decodeRecordBody,
  type LogRecord,
  mayCarryEvents,
  READER,
  type RecordBody,
  type RecordHeader,
  WireError,
} from '../wire/index.ts';
import type { HeldLimits } from './held-bodies.ts';
import { subscriptionOf } from './event-schedules.ts';
import { listenRows, listensSince } from './lookups.ts';
import { MarkPlaces } from './mark-places.ts';
import { type Entry, OpenRecords, type Said } from './open-records.ts';
import { RowsInHand } from './rows-in-hand.ts';
import { StartBacklog } from './start-backlog.ts';
import { Takeovers } from './takeovers.ts';
import { Unread } from './unread.ts';
import { Unsent } from './unsent.ts';
import { type Position, tooNew, Validity } from './validity.ts';
import { weightOf } from './weight.ts';

/** What one admitted record has changed. */
export interface Admitted {
  readonly header: RecordHeader;
  readonly valid: boolean;
  readonly added: Entry | undefined;
  readonly removed: readonly Entry[];
  /** What it says. Throws a WireError if that cannot be read. */
  readonly bodyOf: () => RecordBody;
}

const NOTHING: readonly Entry[] = [];

export interface WindowLimits extends HeldLimits {
  /** distance from the head at which an open record is carried forward first, in records (R11) */
  readonly carryDistance: number;
  /** STARTs that wait as open records; those after them wait in the Log alone */
  readonly startsMax: number;
}

/** An effect on the Store. */
export interface Unfolded {
  /** of the record that has it */
  readonly offset: number;
  readonly change: StoreChange;
  readonly bytes: number;
  /** right behind that record */
  readonly after: Position;
}

export class LogView {
  readonly open: OpenRecords;
  readonly backlog = new StartBacklog();
  readonly takeovers: Takeovers;
  /** events that are not known to be published (R19) */
  readonly unsent: Unsent;
  /** effects on the Store that have not been folded yet, in Log order (R13) */
  readonly changes: Unfolded[] = [];
  /** what they weigh, bytes */
  unfoldedBytes = 0;
  /** rows named by a RESUME that has not been folded yet: parked no more */
  readonly resumed = new Map<number, number>();
  /** offset of the newest RESUME of what was put aside, or dead: the strand follows it */
  private revivedAt = -2;
  /** rows that somebody has got from the Store and not brought back yet */
  readonly hands = new RowsInHand();
  /** parked strands that are not roots, by run: what ends their fork must name their rows */
  readonly parkedBranches = new Map<string, Map<number, string>>();
  /** identity of the newest SCHEDULE of each schedule, as far as this view has read */
  readonly schedules = new Map<string, number>();
  /** valid records since the last MARK, MARKs not counted */
  unmarked = 0;
  private readonly places: MarkPlaces;
  private readonly validity: Validity;
  private readonly from: Position;
  private readonly carryDistance: number;
  private readonly startsMax: number;
  private next: number;

  constructor(from: Position, limits: WindowLimits) {
    this.from = from;
    this.carryDistance = limits.carryDistance;
    this.startsMax = limits.startsMax;
    this.open = new OpenRecords(limits);
    this.next = from.offset;
    this.validity = new Validity(from);
    this.takeovers = new Takeovers(from);
    this.places = new MarkPlaces(from);
    this.unsent = new Unsent(limits.carryDistance);
  }

  /** Offset of the next record to be admitted. */
  get offset(): number {
    return this.next;
  }

  get position(): Position {
    return this.validity.at(this.next);
  }

  /** Admits what was read from the Log. `sentAs`: what it says, if one has written it oneself. */
  read(
    offset: number,
    time: number,
    bytes: Uint8Array,
    sentAs?: (header: RecordHeader, bytes: Uint8Array) => RecordBody | undefined,
  ): Admitted {
    const header = decodeHeader(bytes);
    if (header.minReader > READER) throw tooNew(header.minReader);
    const own = sentAs?.(header, bytes);
    if (own !== undefined) return this.own(offset, time, { header, body: own });
    let body: RecordBody | undefined;
    const bodyOf = (): RecordBody => (body ??= decodeRecordBody(header, bytes));
    return this.admit(offset, time, header, bodyOf, bytes);
  }

  /** Passes over a record that cannot be read. */
  skip(offset: number): void {
    this.next = offset + 1;
  }

  /** Admits one's own record without decoding it (R7). */
  own(offset: number, time: number, record: LogRecord): Admitted {
    return this.admit(offset, time, record.header, () => record.body);
  }

  /** `bytes`: of a record that was read, and is decoded only where that is needed. */
  private admit(
    offset: number,
    time: number,
    header: RecordHeader,
    bodyOf: () => RecordBody,
    bytes?: Uint8Array,
  ): Admitted {
    if (offset !== this.next) {
      throw new BrokenInvariant(
        `record ${offset} came where ${this.next} was next: the Log has a gap`,
      );
    }
    const position = this.position;
    this.next++;
    let valid = this.validity.admit(header, offset);
    if (header.kind === 'START') {
      const room = this.open.waitingStarts < this.startsMax;
      const start = this.backlog.admit(header.run, position, time, room);
      valid = start !== 'void';
      if (start === 'waits') {
        this.unmarked++;
        return { header, valid, added: undefined, removed: NOTHING, bodyOf };
      }
    }
    if (!valid) return { header, valid, added: undefined, removed: NOTHING, bodyOf };
    if (header.kind !== 'MARK') this.unmarked++;
    else this.unmarked = 0;
    const removed = header.targets.length === 0 ? NOTHING : this.resolve(header, offset);
    let added: Entry | undefined;
    let body: RecordBody | undefined;
    switch (header.kind) {
      case 'CLAIM':
        this.places.passed(position);
        this.takeovers.claim(offset, header.time, time, this.open.all());
        break;
      case 'MARK':
        this.places.passed(position);
        this.takeovers.mark(offset, header.time, bodyOf);
        break;
      case 'CLOSE':
        this.takeovers.close();
        break;
      case 'PARK':
        body = bodyOf();
        this.park(offset, header, body, time);
        break;
      case 'RESUME':
        body = bodyOf();
        this.resume(offset, header.run, body);
        break;
      case 'END':
        if (header.strand === '') {
          body = bodyOf();
          this.end(offset, header, body);
        }
        break;
      case 'SCHEDULE':
        this.schedule(offset, header, bodyOf());
        break;
      case 'FIRE':
        body = bodyOf();
        this.fire(offset, body);
        break;
      case 'CARRY':
        added = this.carry(header, bodyOf, position, time, bytes);
        break;
      case 'OUTPUT':
        body = bodyOf();
        if (body.kind === 'OUTPUT') this.unsent.carried(body, position);
        break;
      default:
        break;
    }
    if (canBeOpen(header) && header.kind !== 'CARRY') {
      added = this.open.add(
        offset,
        { header, body: waitsUnread(header) && bytes ? new Unread(header, bytes) : bodyOf() },
        position,
        time,
        offset + this.carryDistance,
        0,
      );
      added.revived = offset === this.revivedAt + 1;
    }
    if (header.journal && header.kind !== 'CARRY') this.journal(offset, header, bodyOf());
    if (emits(header) && (bytes === undefined || mayCarryEvents(bytes))) {
      const written = bodyOf();
      if ('emitted' in written && written.emitted !== undefined) {
        this.unsent.emitted(header.run, position, written.emitted);
      }
    }
    return { header, valid, added, removed, bodyOf };
  }

  private resolve(header: RecordHeader, offset: number): Entry[] {
    const removed: Entry[] = [];
    for (const target of header.targets) {
      const entry = this.open.remove(target);
      if (entry !== undefined) removed.push(entry);
      else if (!this.backlog.resolve(target) && target >= this.from.offset) {
        throw new BrokenInvariant(
          `the ${header.kind} at ${offset} resolves record ${target}, which is not open`,
        );
      }
    }
    return removed;
  }

  /**
   * A START that waited in the Log becomes an open record; undefined = it waits no more. What cannot be
   * read is passed over, like any other record.
   */
  bring(offset: number, time: number, bytes: Uint8Array): Entry | undefined {
    const found = this.backlog.take(offset);
    if (found === undefined) return undefined;
    const { run, ...position } = found;
    const header = decodeHeader(bytes);
    if (header.kind !== 'START' || header.run !== run) {
      throw new WireError(`it is no START of ${run}`);
    }
    const said = { header, body: new Unread(header, bytes) };
    const entry = this.open.add(offset, said, position, time, offset + this.carryDistance, 0);
    this.open.learn(entry);
    return this.open.get(offset);
  }

  /** STARTs that wait, in memory or not. */
  get waitingStarts(): number {
    return this.open.waitingStarts + this.backlog.size;
  }

  /** Smallest position of an open record, or of a START that waits: nothing is open below. */
  oldest(): Position | undefined {
    const oldest = this.open.oldest();
    const start = this.backlog.oldest();
    if (oldest === undefined || start === undefined) return oldest ?? start;
    return oldest.offset < start.offset ? oldest : start;
  }

  /** Where a mark stands that must not pass `at`. */
  markPlace(at: Position): Position {
    return this.places.upTo(at, this.open.isCarriedBeyond(at.offset));
  }

  private carry(
    header: RecordHeader,
    bodyOf: () => RecordBody,
    position: Position,
    time: number,
    bytes: Uint8Array | undefined,
  ): Entry | undefined {
    const carryAt =
      position.offset + 2 * Math.max(this.carryDistance, position.offset - header.carries);
    const entry = this.open.get(header.carries);
    const carried = carriedBy(header, bodyOf, bytes);
    if (carried === undefined) return undefined;
    if (entry === undefined) {
      // A START that waits here, and was carried by an owner that had it in memory.
      const waits = this.backlog.resolve(header.carries);
      if (!waits && header.carries >= this.from.offset) {
        throw new BrokenInvariant(`record ${header.carries} is carried but is not open`);
      }
      const { takeovers } = carried;
      return this.open.add(header.carries, carried, position, time, carryAt, takeovers);
    }
    this.open.moved(entry, carried.body, position, carryAt);
    return undefined;
  }

  private park(offset: number, header: RecordHeader, body: RecordBody, time: number): void {
    if (body.kind !== 'PARK') return;
    const { run, strand, hop, definition } = header;
    const { subscription, state } = body;
    const listens =
      body.why === 'listen' && subscription !== undefined
        ? { listens: listenRows(subscription, listensSince(header, state.startedAt, time)) }
        : {};
    this.change(offset, body, {
      kind: 'park',
      ...listens,
      row: {
        identity: offset,
        run,
        strand,
        hop,
        definition,
        why: body.why,
        ...(body.due === undefined ? {} : { due: body.due }),
        ...(body.reason === undefined ? {} : { reason: body.reason }),
        record: { header, body },
      },
    });
    if (strand !== '') this.noteParkedBranch(run, offset, strand);
  }

  noteParkedBranch(run: string, identity: number, strand: string): void {
    let rows = this.parkedBranches.get(run);
    if (rows === undefined) this.parkedBranches.set(run, (rows = new Map()));
    rows.set(identity, strand);
  }

  private journal(offset: number, header: RecordHeader, body: RecordBody): void {
    const { run, strand, hop, definition, kind, time } = header;
    const about = { identity: offset, run, strand, hop, definition, kind, at: time };
    this.change(offset, body, { kind: 'journal', row: { ...about, record: { header, body } } });
  }

  private resume(offset: number, run: string, body: RecordBody): void {
    if (body.kind !== 'RESUME') return;
    const { events, rows: identities } = body;
    const heard = events === undefined ? {} : { events };
    this.change(offset, body, { kind: 'resume', identities, ...heard });
    this.hands.resumed(body.rows);
    if (body.why === 'resumed') this.revivedAt = offset;
    for (const identity of body.rows) {
      this.resumed.set(identity, offset);
      const branches = this.parkedBranches.get(run);
      if (branches?.delete(identity) && branches.size === 0) this.parkedBranches.delete(run);
    }
  }

  /** The row of a schedule is one that is parked until it fires. */
  private schedule(offset: number, header: RecordHeader, body: RecordBody): void {
    if (body.kind !== 'SCHEDULE') return;
    const { run, strand, hop, definition } = header;
    this.schedules.set(run, offset);
    const due = body.due === undefined ? {} : { due: body.due };
    const about = { identity: offset, run, strand, hop, definition, ...due };
    const row = { ...about, why: 'schedule' as const, record: { header, body } };
    const { on } = body.rule;
    const listens = on === undefined ? {} : { listens: listenRows(subscriptionOf(on), on.since) };
    this.change(offset, body, { kind: 'park', row, ...listens });
  }

  /** Until that is folded, what the Store says of the row is out of date. */
  private fire(offset: number, body: RecordBody): void {
    if (body.kind !== 'FIRE') return;
    const { events, row: identity } = body;
    // When it is due is as it was.
    if (events !== undefined) return this.change(offset, body, { kind: 'fired', identity, events });
    const due = body.due === undefined ? {} : { due: body.due };
    this.change(offset, body, { kind: 'rearm', identity: body.row, ...due });
    // In order of the offsets, which is how they are taken away again.
    this.resumed.delete(body.row);
    this.resumed.set(body.row, offset);
  }

  private end(offset: number, header: RecordHeader, body: RecordBody): void {
    if (body.kind !== 'END') return;
    const { schedule, againAfter } = body.caller ?? {};
    if (schedule !== undefined && againAfter !== undefined) {
      const due = header.time + againAfter;
      this.change(offset, body, { kind: 'rearm', identity: schedule, due });
    }
    if (body.caller?.keep !== true) return;
    const { end } = body;
    this.change(offset, body, {
      kind: 'result',
      row: {
        run: header.run,
        definition: header.definition,
        ended: end.cancelled ? 'cancelled' : end.error === undefined ? 'completed' : 'faulted',
        value: end.error === undefined ? (end.output ?? null) : { ...end.error },
        endedAt: header.time,
      },
    });
  }

  /** The row, of which the Store has not the last word, has only fired, and is still there. */
  isArmed(row: number): boolean {
    const last = this.changes.findLast(
      ({ change }) =>
        (change.kind === 'rearm' && change.identity === row) ||
        (change.kind === 'resume' && change.identities.includes(row)),
    );
    return last?.change.kind === 'rearm';
  }

  private change(offset: number, body: RecordBody, change: StoreChange): void {
    const bytes = weightOf(body);
    this.unfoldedBytes += bytes;
    this.changes.push({ offset, change, bytes, after: this.position });
  }

  /** Rows that are parked no more, and still in the Store: it has not folded that. */
  resumes(): readonly number[] {
    return this.changes.flatMap(({ change }) =>
      change.kind === 'resume' ? change.identities : [],
    );
  }

  /** The Store has everything below `applied`. */
  folded(applied: number): void {
    const first = this.changes.findIndex(({ offset }) => offset >= applied);
    const gone = this.changes.splice(0, first < 0 ? this.changes.length : first);
    for (const { bytes } of gone) this.unfoldedBytes -= bytes;
    for (const [identity, offset] of this.resumed) {
      if (offset >= applied) break;
      this.resumed.delete(identity);
    }
  }
}

interface Carried {
  readonly header: RecordHeader;
  readonly body: Said;
  readonly takeovers: number;
}

/** What a CARRY carries, decoded only if it is one's own. */
function carriedBy(
  header: RecordHeader,
  bodyOf: () => RecordBody,
  bytes: Uint8Array | undefined,
): Carried | undefined {
  if (bytes !== undefined) return { ...decodeCarried(bytes), body: new Unread(header, bytes) };
  const body = bodyOf();
  return body.kind === 'CARRY' ? body : undefined;
}

/** Many of these have been resolved when whoever takes over has read all of them. */
function waitsUnread({ kind, journal }: RecordHeader): boolean {
  return !journal && (kind === 'STEP' || kind === 'CANCELLING' || kind === 'END');
}

/** Kinds whose records may carry events. */
function emits({ kind }: RecordHeader): boolean {
  return kind === 'STEP' || kind === 'PARK' || kind === 'END';
}

export type { Entry, Position };
