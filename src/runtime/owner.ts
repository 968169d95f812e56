/*
 * The owner of one partition, for as long as the group suggests it (PROTOCOL.md R3-R11, R14): its
 * phases from CLAIM to CLOSE, and who is told of what the Log says. What is done about open records is
 * open-work.ts, about parked ones parked-rows.ts; what is written is outgoing.ts.
 *
 * N1. Every port's answer is an event; between two events nothing happens. Each handler looks at the
 *     phase first: what comes to an owner that is over changes nothing.
 * N2. Nothing acts on a record before it is known valid, and only the owner of the tenure acts.
 * N3. It acts only after it has read its own CLAIM and then asked the Store.
 */
import { BrokenInvariant } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { Lookup } from '../ports/index.ts';
import {
  encodeRecord,
  type Mark,
  type ParkBody,
  type RecordHeader,
  type RecordKind,
  WireError,
} from '../wire/index.ts';
import { type Answered, Attempts } from './attempts.ts';
import { Controls } from './controls.ts';
import { Fold } from './fold.ts';
import { observes } from './happenings.ts';
import { type Indexer, indexerOf } from './indexer.ts';
import { Inherited } from './inherited.ts';
import { Listening } from './listening.ts';
import { type LifecycleEvents, lifecycleOf } from './lifecycle.ts';
import { LogTail, passedOver } from './log-tail.ts';
import { Marks } from './marks.ts';
import { NeededPlans } from './needed-plans.ts';
import type { Offer } from './offer.ts';
import { Offers } from './offers.ts';
import { OpenWork } from './open-work.ts';
import type { Ports, RunnerOptions, RuntimeLimits } from './options.ts';
import { Outgoing } from './outgoing.ts';
import { ParkedRows } from './parked-rows.ts';
import type { Plans } from './plans.ts';
import { Publisher } from './publisher.ts';
import { checkGenesis, findEarlierPoint, findStartPoint, type StartPoint } from './recovery.ts';
import { ReadAgain } from './read-again.ts';
import { Refetch } from './refetch.ts';
import { TailCheck } from './tail-check.ts';
import { TakeOver } from './take-over.ts';
import { Settling } from './settling.ts';
import { StartMemory } from './start-memory.ts';
import type { Slots } from './slots.ts';
import { soundRows } from './sound-rows.ts';
import { Timers } from './timers.ts';
import { draft, numbered } from './unit.ts';
import { isTooNew, mustRead } from './validity.ts';
import { type Admitted, type Entry, LogView, type Position } from './view.ts';
import { WaitingStarts } from './waiting-starts.ts';

export type Phase =
  /** looking for where to start */
  | 'seeking'
  /** CLAIM sent, reading towards it */
  | 'claiming'
  /** CLAIM read, the Store is being asked */
  | 'loading'
  | 'owning'
  /** no new work; waiting for what runs, then CLOSE */
  | 'draining'
  | 'over';

export interface OwnerEvents {
  /** By these, events are looked for. */
  sought(lookups: readonly Lookup[]): void;
  /** The tenure is over because another one has begun; claim again only when the group confirms. */
  lost(): void;
  /** The partition cannot go on in this process. */
  stopped(reason: string): void;
  /** The Store has lost commits and has only so much: the Log is to be folded again from there (R14). */
  behind(applied: number, reason: string): void;
  /** This build cannot read the partition any further: it is for a newer one (R21). */
  outdated(reason: string): void;
  /** The record format in force: every member of the group reads it (R21). */
  format(): number;
  closed(): void;
}

/** How far an owner is, for people and for health checks; what is not known yet is absent. */
export interface OwnerStatus {
  readonly phase: Phase;
  /** of its CLAIM; -1 = not read yet */
  readonly tenure: number;
  /** next record to be read */
  readonly offset?: number;
  /** the Store has everything below */
  readonly applied?: number;
  /** so has the index */
  readonly indexed?: number;
  /** lifecycle events of everything below are published */
  readonly told?: number;
  /** open records, waiting STARTs included */
  readonly open: number;
  readonly waitingStarts: number;
  /** activities under way */
  readonly running: number;
  /** activities that wait for others to end (metadata.limit) */
  readonly waiting: number;
  /** hops whose events are not known to be published */
  readonly unsent?: number;
}

const TRY_AGAIN_MS = 500;
/** Kinds of records of which an owner looks at what they say as soon as they are known valid. */
const LOOKED_AT: ReadonlySet<RecordKind> = new Set(['PARK', 'RESUME', 'FIRE', 'MARK', 'END']);

export class Owner {
  private readonly partition: number;
  private readonly ports: Ports;
  private readonly options: RunnerOptions;
  private readonly limits: RuntimeLimits;
  private readonly plans: Plans;
  private readonly events: OwnerEvents;
  private readonly timers: Timers;
  private readonly attempts: Attempts;
  /** R14: the Store has the Log up to here only, and lost what it had above */
  private readonly foldFrom: number | undefined;
  private phase: Phase = 'seeking';
  private nonce = 0;
  private drainOver = false;
  private admitting = false;
  /** a batch is to be made when this moment is over */
  private pumps = false;
  // set once it is known where to start
  private from!: Position;
  private view!: LogView;
  private offers!: Offers;
  private needed!: NeededPlans;
  private outgoing!: Outgoing;
  private work!: OpenWork;
  private starts!: WaitingStarts;
  private memory!: StartMemory;
  private settling!: Settling;
  private controls!: Controls;
  private tailCheck!: TailCheck;
  private tail: LogTail | undefined;
  // set once the Store has answered
  private inherited: Inherited | undefined;
  private fold: Fold | undefined;
  private marks: Marks | undefined;
  private parked: ParkedRows | undefined;
  private listening: Listening | undefined;
  private indexer: Indexer | undefined;
  private lifecycle: LifecycleEvents | undefined;
  private publisher: Publisher | undefined;

  constructor(
    partition: number,
    ports: Ports,
    options: RunnerOptions,
    limits: RuntimeLimits,
    plans: Plans,
    answers: Map<number, Answered>,
    slots: Slots,
    events: OwnerEvents,
    foldFrom?: number,
  ) {
    this.partition = partition;
    this.foldFrom = foldFrom;
    this.ports = ports;
    this.options = options;
    this.limits = limits;
    this.plans = plans;
    this.events = events;
    this.timers = new Timers(ports.clock);
    this.attempts = new Attempts(ports.activities, ports.clock, answers, slots, {
      tenure: () => this.outgoing.tenure,
      answered: (entry, answer) =>
        this.guard(() => {
          this.work.answered(entry, answer);
          this.pump();
        }),
      absent: (entry) => this.guard(() => this.work.lookAgain(entry)),
      admitted: (entry) =>
        this.guard(() => {
          if (!this.isOver()) this.work.lookAgain(entry);
        }),
      poolsOf: ({ header, wants }) => {
        const node = this.planOf(header.definition)?.byPointer.get(wants?.task ?? '');
        return node?.kind === 'call' ? node.pools : [];
      },
      announce: () => this.outgoing.wantMark(),
      bury: (entry, reason) => this.work.bury(entry, reason),
    });
  }

  // -- beginning ---------------------------------------------------------------------------------

  begin(): void {
    const { broker } = this.ports;
    const again = (): void => this.later('seeking', () => this.begin());
    const found = ({ from, mark }: StartPoint): void => {
      const claim = (): void => {
        if (this.phase !== 'seeking') return;
        this.from = from;
        this.view = new LogView(from, this.limits);
        this.guard(() => this.claim(mark));
      };
      const stop = (reason: string): void => this.stop(reason);
      checkGenesis(broker, this.partition, mark, claim, stop, again);
    };
    const { foldFrom } = this;
    if (foldFrom === undefined) return findStartPoint(broker, this.partition, found, again);
    const gone = (begin: number): void =>
      this.stop(
        `the Store has applied the Log up to ${foldFrom} and has lost what it had above; the Log begins at ${begin} and does not have that any more: rebuild the Store from a backup`,
      );
    findEarlierPoint(broker, this.partition, foldFrom, found, gone, again);
  }

  private claim(known: Mark | undefined): void {
    if (this.phase !== 'seeking') return;
    this.phase = 'claiming';
    this.wire();
    const { broker, clock, entropy } = this.ports;
    this.nonce = entropy.uint32();
    const mark: Mark = known ?? { ...this.from, computedAt: this.from.offset };
    const { partitions } = broker;
    const format = this.events.format();
    const genesis = { prefix: this.options.prefix, partitions, format };
    const body = { kind: 'CLAIM', mark, genesis, takeovers: new Map<number, number>() } as const;
    const place = { tenure: 0, nonce: this.nonce, n: 0, unit: 0, unitSize: 1, targets: [] };
    const record = numbered(draft('CLAIM', body), { ...place, time: clock.now() }, format);
    this.outgoing.sendClaim({ records: [record], bytes: [encodeRecord(record)] });
    const reader = broker.reader(this.partition, this.from.offset);
    this.tail = new LogTail(this.view, reader, this.timers, clock, {
      admitted: (admitted, offset) => this.admitted(admitted, offset),
      sentAs: (header, bytes) => this.outgoing.sentAs(header, bytes),
      caughtUp: () => {
        this.outgoing.settleByReading();
        this.afterAdmission();
      },
      guard: (act) => this.guard(act),
      complain: (said) => this.complain(`partition ${this.partition}: ${said}`),
      stop: (reason) => this.stop(reason),
      outdated: (reason) => this.outdated(reason),
    });
    this.tail.begin();
  }

  private wire(): void {
    this.tailCheck = new TailCheck(
      this.ports.broker,
      this.partition,
      this.timers,
      this.ports.clock,
      { guard: (act) => this.guard(act), stop: (reason) => this.stop(reason) },
    );
    const { view, plans, timers, limits, partition, attempts } = this;
    const { clock, broker } = this.ports;
    const { cron = noCalendar, lifecycle = 'none', onTransition } = this.options;
    const observe = onTransition !== undefined || observes(lifecycle);
    const home = partition;
    this.offers = new Offers({
      ...{ view, plans, clock, observe, lifecycle, attempts, cron, home },
      complain: (said) => this.complain(`partition ${partition}: ${said}`),
    });
    const log = new ReadAgain(broker, partition, timers, clock, {
      guard: (act) => this.guard(act),
      stop: (reason) => this.stop(reason),
    });
    const refetch = new Refetch(log, view, limits);
    const needed = (offer: Offer): void =>
      this.guard(() => {
        this.outgoing.push(offer);
        this.pump();
      });
    this.needed = new NeededPlans(plans, timers, clock, needed, ({ fetched }) =>
      refetch.release(fetched),
    );
    this.outgoing = new Outgoing(broker, partition, view, limits, clock, timers, refetch, {
      format: () => this.events.format(),
      mayWrite: () => this.writes(),
      closing: () => this.phase === 'draining' && (this.isIdle() || this.drainOver),
      beforeBatch: () => this.letIn(),
      carries: () => this.inherited?.done !== false,
      admitted: (admitted, offset) => this.admitted(admitted, offset),
      afterAdmission: () => this.afterAdmission(),
      running: () => attempts.listed(),
      applied: () => this.fold!.applied,
      skipTo: (offset) => this.tail?.skipTo(offset),
      transition: (transition) =>
        this.tell(() => this.options.onTransition?.(transition.run, transition)),
      bury: (entry, reason) => this.work.burial(entry, reason),
      lacks: (lacking, offer) => this.needed.want(lacking, offer),
      mayAppend: (again) => this.tailCheck.look(again),
      guard: (act) => this.guard(act),
      stop: (reason) => this.stop(reason),
    });
    const rows = soundRows(
      this.ports.store,
      partition,
      { hands: view.hands, resumes: () => view.resumes() },
      () => this.fold?.known ?? 0,
      (less) => this.guard(() => this.behind(less, this.fold!.known)),
      (found) => {
        let readable = false;
        this.guard(() => {
          found.forEach(mustRead);
          readable = true;
        });
        return readable;
      },
    );
    const acting = {
      writes: () => this.writes(),
      now: () => clock.now(),
      offer: (offer: Offer) => this.outgoing.push(offer),
      pump: () => this.pump(),
      guard: (act: () => void) => this.guard(act),
      wake: (entry: Entry) => this.work.prepare(entry),
      planOf: (hash: string) => this.planOf(hash),
    };
    this.settling = new Settling(view, this.offers, refetch, rows, timers, acting);
    this.controls = new Controls(view, this.offers, plans, rows, timers, acting, cron);
    this.work = new OpenWork(view, this.offers, attempts, refetch, plans, timers, clock, {
      writes: () => this.writes(),
      begins: () => this.phase === 'owning',
      journalled: (identity) => identity < this.fold!.applied.offset,
      offer: (offer) => this.outgoing.push(offer),
      pump: () => this.pump(),
      start: (entry) => this.starts.add(entry),
      control: (entry) => this.controls.look(entry),
      insteadOf: (entry, cause, at) => this.controls.insteadOf(entry, cause, at),
      settling: this.settling,
      guard: (act) => this.guard(act),
      complain: (said) => this.complain(said),
    });
    this.memory = new StartMemory(
      broker,
      partition,
      this.from.offset,
      view.backlog,
      timers,
      clock,
      {
        guard: (act) => {
          if (!this.isOver()) this.guard(act);
        },
        decided: () => this.pump(),
      },
    );
    this.starts = new WaitingStarts(
      view,
      log,
      plans,
      this.offers,
      refetch,
      timers,
      clock,
      limits.startsMax,
      {
        writes: () => this.writes(),
        begins: () => this.phase === 'owning',
        brought: (entry) => {
          this.outgoing.noteCarry(entry.carryAt);
          if (this.writes()) this.work.prepare(entry);
        },
        pump: () => this.pump(),
        offer: (offer) =>
          this.guard(() => {
            this.outgoing.push(offer);
            if (!this.admitting) this.pump();
          }),
      },
    );
  }

  // -- what the Log says ---------------------------------------------------------------------------

  private admitted({ header, valid, added, removed, bodyOf }: Admitted, offset: number): void {
    this.tailCheck.seen(offset, header);
    if (!valid || this.isOver()) return;
    if (header.kind === 'CANCELLING' && added !== undefined) this.handOver(removed, added);
    for (const entry of removed) this.forget(entry);
    if (added !== undefined) {
      this.outgoing.noteCarry(added.carryAt);
    } else if (header.kind === 'CARRY') this.outgoing.noteCarry(0);
    if (header.kind === 'CLAIM') return this.claimSeen(header.nonce, offset);
    if (!this.writes()) return;
    if (added !== undefined) this.work.prepare(added);
    const body = LOOKED_AT.has(header.kind) ? bodyOf() : undefined;
    if (body?.kind === 'PARK') this.hasParked(header, body);
    else if (body?.kind === 'RESUME') {
      this.parked!.resumed(body.rows);
      this.listening!.resumed(body.rows);
      this.controls.resumed(body.rows);
    } else if (body?.kind === 'FIRE') {
      if (body.events === undefined) this.parked!.resumed([body.row]);
      else this.listening!.firedBy(body.row, body.events);
    } else if (body?.kind === 'MARK') {
      this.ports.broker.saveHint(this.partition, offset);
      for (const identity of body.running) this.work.listedInMark(identity);
    } else if (body?.kind === 'END' && header.strand === '') {
      this.tell(() => this.options.onEnd?.(header.run, body));
    } else if (header.kind === 'CLOSE') this.over(() => this.events.closed());
  }

  private hasParked({ run, strand }: RecordHeader, { reason, why }: ParkBody): void {
    this.settling.parked(run, strand);
    this.controls.parked(run);
    if (why !== 'dead') return;
    const who = strand === '' ? run : `${run} (${strand})`;
    this.complain(`${who} is parked as dead: ${reason ?? 'no reason is given'}`);
  }

  private claimSeen(nonce: number, offset: number): void {
    if (nonce === this.nonce) {
      this.outgoing.claimed(offset, nonce);
      if (this.phase !== 'claiming') return;
      this.phase = 'loading';
      this.ports.broker.saveHint(this.partition, offset);
      this.load();
    } else if (this.phase !== 'claiming') this.over(() => this.events.lost());
  }

  /** What ran in the name of a strand that is being cancelled goes on in the name of its CANCELLING. */
  private handOver(removed: readonly Entry[], cancelling: Entry): void {
    const { strand } = cancelling.header;
    const before = removed.find(({ header }) => header.kind === 'STEP' && header.strand === strand);
    if (before !== undefined) this.attempts.handOver(before, cancelling);
  }

  private forget(entry: Entry): void {
    this.settling?.forget(entry);
    this.work.forget(entry);
    this.controls?.forget(entry);
  }

  /** What could not be decoded when it was asked for is no open record any more. */
  private tellUnreadable(): void {
    const { unreadable } = this.view.open;
    for (const { offset, reason } of unreadable.splice(0)) {
      this.complain(`partition ${this.partition}: ${passedOver(offset, reason)}`);
    }
  }

  private afterAdmission(): void {
    this.tellUnreadable();
    if (!this.writes()) return;
    this.fold!.kick(false);
    this.memory.look();
    this.marks!.grown();
    this.indexer?.grown(this.view.offset);
    this.lifecycle?.grown(this.view.offset);
    this.publisher!.kick();
    this.pump();
  }

  // -- taking over ---------------------------------------------------------------------------------

  private load(): void {
    const { partition, view, from } = this;
    const takeOver = new TakeOver(this.ports.broker, this.ports.store, partition, view, from, {
      later: (act) => this.later('loading', act),
      guard: (act) => {
        if (this.phase === 'loading') this.guard(act);
      },
      taken: (applied) => this.own(applied),
      behind: (applied) => this.behind(applied, from.offset),
      stop: (reason) => this.stop(reason),
    });
    takeOver.begin();
  }

  private own(applied: number): void {
    this.phase = 'owning';
    const { view, timers, limits, partition, plans, offers } = this;
    const { store, clock } = this.ports;
    this.attempts.prune((identity) => view.open.get(identity) !== undefined);
    this.fold = new Fold(
      store,
      partition,
      view,
      timers,
      {
        now: () => clock.now(),
        folded: (due, listens) =>
          this.guard(() => {
            if (due !== undefined) this.parked!.parked(due);
            if (listens) this.listening!.folded();
            this.marks!.folded();
            this.work.folded();
            this.pump();
          }),
        lost: (less) => this.behind(less, this.fold!.known),
      },
      this.from,
      applied,
    );
    this.marks = new Marks(view, this.fold, limits, timers, clock, {
      writes: () => this.writes(),
      want: () => this.outgoing.wantMark(),
      pump: () => this.pump(),
      guard: (act) => this.guard(act),
    });
    this.parked = new ParkedRows(this.ports, partition, view, plans, offers, timers, {
      room: () => this.room(),
      offer: (offer) => this.outgoing.push(offer),
      pump: () => this.pump(),
      guard: (act) => this.guard(act),
      applied: () => this.fold!.known,
      lost: (less) => this.behind(less, this.fold!.known),
    });
    const { listenPollMsMax } = limits;
    this.listening = new Listening(
      this.ports,
      partition,
      view,
      plans,
      offers,
      timers,
      listenPollMsMax,
      {
        room: () => this.room(),
        offer: (offer) => this.outgoing.push(offer),
        pump: () => this.pump(),
        sought: (lookups) => this.events.sought(lookups),
        guard: (act) => this.guard(act),
        applied: () => this.fold!.known,
        lost: (less) => this.behind(less, this.fold!.known),
      },
    );
    this.publisher = new Publisher(this.ports.events, view.unsent, clock, timers, {
      published: () => this.published(),
      guard: (act) => this.guard(act),
      complain: (said) => this.complain(`partition ${partition}: ${said}`),
    });
    this.fold.kick(false);
    this.inherited = new Inherited(view.open.all(), limits.inheritedFirst, timers, {
      now: () => clock.now(),
      writes: () => this.writes(),
      isOpen: (entry) => view.open.get(entry.identity) === entry,
      prepare: (entry) => this.work.prepare(entry),
      waits: () => this.attempts.announcing || this.work.awaitsPlans,
      begun: () => this.memory.begin(),
      prepared: () => this.afterAdmission(),
      guard: (act) => this.guard(act),
    });
    this.inherited.prepareSlice();
    this.parked.look();
    this.listening.begin(applied);
    this.indexer = indexerOf(partition, this.ports, this.options, timers);
    this.indexer?.grown(view.offset);
    this.lifecycle = lifecycleOf(partition, this.ports, this.options, timers);
    this.lifecycle?.grown(view.offset);
    this.marks.grown();
    this.publisher.kick();
    this.pump();
    this.inherited.goOn();
  }

  // -- writing -------------------------------------------------------------------------------------

  /** What was held back by unsent events may be marked now; the drain may be over. */
  private published(): void {
    if (this.publisher!.idle && this.outgoing.markWaits) this.outgoing.wantMark();
    this.pump();
  }

  /** How much more may become active now (R8). It is asked again before each batch: what one batch adds
   *  is the most that it can be exceeded by. */
  private room(): number {
    const { limits, outgoing, view } = this;
    const { count, bytes } = view.open.active;
    if (this.phase !== 'owning' || bytes >= limits.activeBytesMax) return 0;
    const lags =
      view.changes.length >= limits.unfoldedMax || view.unfoldedBytes >= limits.unfoldedBytesMax;
    if (lags) return 0;
    const { queued } = outgoing;
    return Math.min(limits.activeMax - count - queued, limits.batchRecordsMax - queued);
  }

  private publishingLags(): boolean {
    const { unfoldedMax, unfoldedBytesMax } = this.limits;
    const { size, bytes } = this.view.unsent;
    return size >= unfoldedMax || bytes >= unfoldedBytesMax;
  }

  /** What is due goes before what is new. */
  private letIn(): void {
    this.parked!.more();
    this.listening!.more();
    this.admitting = true;
    this.starts.admit(this.publishingLags() ? 0 : this.room() - this.parked!.reserved);
    this.admitting = false;
  }

  /** What comes together goes into one batch: else the first of it would travel alone. */
  private pump(): void {
    const { clock } = this.ports;
    if (clock.soon === undefined) return this.makeBatch();
    if (this.pumps) return;
    this.pumps = true;
    clock.soon(() => {
      this.pumps = false;
      this.guard(() => this.makeBatch());
    });
  }

  private makeBatch(): void {
    if (this.writes()) this.outgoing.pump();
  }

  // -- ending --------------------------------------------------------------------------------------

  /** Graceful: finishes what runs, within limits, and says CLOSE (R9). */
  close(): void {
    if (this.phase === 'draining') return;
    if (this.phase !== 'owning') return this.over(() => this.events.closed());
    this.phase = 'draining';
    this.starts.clear();
    this.attempts.giveUpSlots();
    this.timers.at(this.ports.clock.now() + this.limits.drainMs, () =>
      this.guard(() => {
        this.drainOver = true;
        this.attempts.abort((identity) => this.view.open.get(identity));
        this.pump();
      }),
    );
    this.guard(() => this.pump());
  }

  /** Somebody whose run is at home here may have been matched with an event. */
  poke(): void {
    if (this.phase === 'owning') this.guard(() => this.listening!.poke());
  }

  status(): OwnerStatus {
    const { phase, view, fold } = this;
    const { underWay: running, waiting } = this.attempts;
    if (view === undefined)
      return { phase, tenure: -1, open: 0, waitingStarts: 0, running, waiting };
    const { waitingStarts } = view;
    const open = view.open.size - view.open.waitingStarts + waitingStarts;
    const indexed = this.indexer?.followed;
    const told = this.lifecycle?.followed;
    return {
      phase,
      tenure: this.outgoing?.tenure ?? -1,
      offset: view.offset,
      ...(fold === undefined ? {} : { applied: fold.applied.offset }),
      ...(indexed === undefined ? {} : { indexed }),
      ...(told === undefined ? {} : { told }),
      open,
      waitingStarts,
      running,
      waiting,
      unsent: view.unsent.size,
    };
  }

  private stop(reason: string): void {
    // Not a takeover to be counted against what runs (R20).
    if (this.writes()) this.outgoing.sayClose();
    this.over(() => this.events.stopped(reason));
  }

  private behind(applied: number, had: number): void {
    if (this.writes()) this.outgoing.sayClose();
    const reason = `the Store has applied the Log up to ${applied} and had ${had}: it has lost commits`;
    this.over(() => this.events.behind(applied, reason));
  }

  private outdated(reason: string): void {
    if (this.writes()) this.outgoing.sayClose();
    this.over(() => this.events.outdated(reason));
  }

  private over(tell: () => void): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.timers.close();
    this.tail?.close();
    this.fold?.close();
    this.parked?.close();
    this.listening?.close();
    this.indexer?.close();
    this.lifecycle?.close();
    this.publisher?.close();
    if (this.view !== undefined) {
      this.outgoing?.close();
      this.attempts.abort((identity) => this.view.open.get(identity));
    }
    tell();
  }

  // -- small words ---------------------------------------------------------------------------------

  private planOf(hash: string): Plan | undefined {
    const known = this.plans.cached(hash);
    return known !== undefined && 'plan' in known ? known.plan : undefined;
  }

  private writes(): boolean {
    return this.phase === 'owning' || this.phase === 'draining';
  }

  /** Nothing is under way that a graceful end would wait for. */
  private isIdle(): boolean {
    return this.attempts.idle && this.needed.idle && this.publisher?.idle === true;
  }

  private isOver(): boolean {
    return this.phase === 'over';
  }

  /** What the program that holds this runner does with what it is told is no business of the partition. */
  private tell(act: () => void): void {
    try {
      act();
    } catch (error) {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.complain(`partition ${this.partition}: whoever was told has failed: ${said}`);
    }
  }

  private complain(said: string): void {
    this.options.onComplaint?.(said);
  }

  /** Tries again in a while, if the owner is still in that phase. */
  private later(phase: Phase, act: () => void): void {
    if (this.phase !== phase) return;
    this.timers.at(this.ports.clock.now() + TRY_AGAIN_MS, () => {
      if (this.phase === phase) this.guard(act);
    });
  }

  /** The one place where a broken rule ends up: the partition stops, with the reason (P10). */
  private guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      const said = error instanceof Error ? error : new Error(String(error));
      if (said instanceof WireError && isTooNew(said)) return this.outdated(said.message);
      this.stop(
        said instanceof BrokenInvariant
          ? `a rule of the protocol is broken: ${said.message}`
          : `the engine is at fault: ${said.stack ?? said.message}`,
      );
    }
  }
}

/** A runner without a calendar: cron never fires. */
function noCalendar(): undefined {
  return undefined;
}
