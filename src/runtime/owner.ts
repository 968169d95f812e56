/*
 * The owner of one partition, for as long as the group suggests it (PROTOCOL.md R3-R11, R14).
 *
 * N1. Every port's answer is an event; between two events nothing happens. Each handler looks at the
 *     phase first: what comes to an owner that is over changes nothing.
 * N2. Nothing acts on a record before it is known valid, and only the owner of the tenure acts.
 * N3. It acts only after it has read its own CLAIM and then asked the Store.
 */
import { BrokenInvariant, nextDeadline } from '../core/index.ts';
import type { LogReader, ParkedRow, StoredRecord } from '../ports/index.ts';
import { OffsetOutOfRange } from '../ports/index.ts';
import { type Cause, encodeRecord, FORMAT, type Mark, READER, WireError } from '../wire/index.ts';
import { type Answered, Attempts } from './attempts.ts';
import { Fold } from './fold.ts';
import { Offers } from './offers.ts';
import type { Ports, RunnerOptions, RuntimeLimits } from './options.ts';
import { Outgoing } from './outgoing.ts';
import { ParkedRows } from './parked-rows.ts';
import type { Plans } from './plans.ts';
import { findStartPoint, rememberStarts } from './recovery.ts';
import { Timers } from './timers.ts';
import { draft, numbered } from './unit.ts';
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
  /** The tenure is over because another one has begun; claim again only when the group confirms. */
  lost(): void;
  /** The partition cannot go on in this process. */
  stopped(reason: string): void;
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
  /** open records, waiting STARTs included */
  readonly open: number;
  readonly waitingStarts: number;
  /** activities under way */
  readonly running: number;
}

const TRY_AGAIN_MS = 500;
const PLAN_AGAIN_MS = 1_000;

export class Owner {
  private readonly partition: number;
  private readonly ports: Ports;
  private readonly options: RunnerOptions;
  private readonly limits: RuntimeLimits;
  private readonly plans: Plans;
  private readonly events: OwnerEvents;
  private readonly timers: Timers;
  private readonly attempts: Attempts;
  private phase: Phase = 'seeking';
  private nonce = 0;
  private reader: LogReader | undefined;
  private markArmed = false;
  private markWanted = false;
  private drainOver = false;
  private active = 0;
  private readonly awaitingPlan = new Map<string, Entry[]>();
  // set once it is known where to start
  private from!: Position;
  private view!: LogView;
  private offers!: Offers;
  private outgoing!: Outgoing;
  private starts!: WaitingStarts;
  // set once the Store has answered
  private fold: Fold | undefined;
  private parked: ParkedRows | undefined;

  constructor(
    partition: number,
    ports: Ports,
    options: RunnerOptions,
    limits: RuntimeLimits,
    plans: Plans,
    answers: Map<number, Answered>,
    events: OwnerEvents,
  ) {
    this.partition = partition;
    this.ports = ports;
    this.options = options;
    this.limits = limits;
    this.plans = plans;
    this.events = events;
    this.timers = new Timers(ports.clock);
    this.attempts = new Attempts(ports.activities, ports.clock, answers, {
      tenure: () => this.outgoing.tenure,
      answered: (entry, answer) =>
        this.guard(() => {
          this.answered(entry, answer);
          this.pump();
        }),
      announce: () => this.outgoing.wantMark(),
      bury: (entry, reason) => this.bury(entry, reason),
    });
  }

  // -- beginning ---------------------------------------------------------------------------------

  begin(): void {
    const { broker } = this.ports;
    const again = (): void => this.later('seeking', () => this.begin());
    findStartPoint(
      broker,
      this.partition,
      ({ from, mark }) => {
        if (this.phase !== 'seeking') return;
        this.from = from;
        this.view = new LogView(from, this.limits.carryDistance);
        const claim = (): void => this.guard(() => this.claim(mark));
        rememberStarts(broker, this.partition, from.offset, this.view.starts, claim, again);
      },
      again,
    );
  }

  private claim(known: Mark | undefined): void {
    if (this.phase !== 'seeking') return;
    this.phase = 'claiming';
    this.wire();
    const { broker, clock, entropy } = this.ports;
    this.nonce = entropy.uint32();
    const mark: Mark = known ?? { ...this.from, computedAt: this.from.offset };
    const { partitions } = broker;
    const genesis = { prefix: this.options.prefix, partitions, format: FORMAT };
    const body = { kind: 'CLAIM', mark, genesis, takeovers: new Map<number, number>() } as const;
    const place = { tenure: 0, nonce: this.nonce, n: 0, unit: 0, unitSize: 1, targets: [] };
    const record = numbered(draft('CLAIM', body), { ...place, time: clock.now() }, FORMAT);
    this.outgoing.sendClaim({ records: [record], bytes: [encodeRecord(record)] });
    this.read(broker.reader(this.partition, this.from.offset));
  }

  private wire(): void {
    const { view, plans, timers, limits, partition } = this;
    const { clock, broker } = this.ports;
    this.offers = new Offers({
      view,
      plans,
      clock,
      observe: this.options.onTransition !== undefined,
    });
    this.outgoing = new Outgoing(broker, partition, view, limits, clock, timers, {
      mayWrite: () => this.writes(),
      closing: () => this.phase === 'draining' && (this.attempts.idle || this.drainOver),
      beforeBatch: (queued) => this.admitStarts(queued),
      admitted: (admitted, offset) => this.admitted(admitted, offset),
      afterAdmission: () => this.afterAdmission(),
      running: () => this.attempts.listed(),
      applied: () => this.fold!.applied,
      skipTo: (offset) => this.reader?.skipTo(offset),
      transition: (run, transition) => this.options.onTransition?.(run, transition),
      bury: (entry, reason) => this.burial(entry, reason),
      guard: (act) => this.guard(act),
      stop: (reason) => this.stop(reason),
    });
    const isOpen = (entry: Entry): boolean => this.writes() && this.isOpen(entry);
    this.starts = new WaitingStarts(plans, this.offers, timers, clock, isOpen, (offer) =>
      this.guard(() => {
        this.outgoing.push(offer);
        if (!this.admitting) this.pump();
      }),
    );
  }

  // -- reading -----------------------------------------------------------------------------------

  private read(reader: LogReader): void {
    this.reader = reader;
    const turn = (): void => {
      if (this.phase === 'over') return;
      reader.next().then(
        (records) => {
          if (this.phase === 'over') return;
          this.guard(() => this.readBatch(records));
          turn();
        },
        (error: unknown) => {
          if (this.phase === 'over') return;
          if (error instanceof OffsetOutOfRange) {
            this.stop(`the Log does not have what comes next: ${error.message}`);
          } else this.timers.at(this.ports.clock.now() + TRY_AGAIN_MS, turn);
        },
      );
    };
    turn();
  }

  private readBatch(records: readonly StoredRecord[]): void {
    for (const record of records) {
      if (record.offset < this.view.offset) continue;
      const admitted = this.readRecord(record);
      if (admitted === undefined) continue;
      this.admitted(admitted, record.offset);
      if (this.isOver()) return;
    }
    this.outgoing.settleByReading();
    this.afterAdmission();
  }

  /** Undefined: the record says nothing to this reader, or has ended it. */
  private readRecord({ offset, time, bytes }: StoredRecord): Admitted | undefined {
    try {
      const admitted = this.view.read(offset, time, bytes);
      const { minReader } = admitted.header;
      if (minReader <= READER) return admitted;
      this.stop(
        `record ${offset} needs a newer runner (reader ${minReader}, this one is ${READER})`,
      );
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.view.skip(offset);
      this.options.onComplaint?.(
        `partition ${this.partition}: record ${offset} cannot be read and was passed over: ${error.message}`,
      );
    }
    return undefined;
  }

  private admitted({ header, valid, added, removed, body }: Admitted, offset: number): void {
    if (!valid || this.isOver()) return;
    for (const entry of removed) this.forget(entry);
    if (added !== undefined) {
      if (added.header.kind !== 'START') this.active++;
      this.outgoing.noteCarry(added.carryAt);
    } else if (header.kind === 'CARRY') this.outgoing.noteCarry(0);
    if (header.kind === 'CLAIM') return this.claimSeen(header.nonce, offset);
    if (!this.writes()) return;
    if (added !== undefined) this.prepare(added);
    if (body?.kind === 'RESUME') this.parked!.resumed(body.rows);
    else if (body?.kind === 'MARK') {
      this.ports.broker.saveHint(this.partition, offset);
      for (const identity of body.running) this.listedInMark(identity);
    } else if (body?.kind === 'END' && header.strand === '') {
      this.options.onEnd?.(header.run, body);
    } else if (header.kind === 'CLOSE') this.over(() => this.events.closed());
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

  private forget(entry: Entry): void {
    if (entry.header.kind !== 'START') this.active--;
    this.attempts.forget(entry);
    entry.work?.cancelDue?.();
    entry.work = undefined;
  }

  private afterAdmission(): void {
    if (!this.writes()) return;
    this.fold!.kick(false);
    if (this.view.unmarked >= this.limits.markEveryRecords) this.wantMark();
    this.armMark();
    this.pump();
  }

  // -- taking over (R14) ---------------------------------------------------------------------------

  private load(): void {
    this.ports.store.load(this.partition).then(
      ({ applied, parked }) => this.guard(() => this.loaded(applied, parked)),
      () => this.later('loading', () => this.load()),
    );
  }

  private loaded(applied: number, parked: number): void {
    if (this.phase !== 'loading') return;
    if (applied < this.from.offset) {
      return this.stop(
        `the Store has applied the Log up to ${applied} and the mark says ${this.from.offset}: it has lost commits`,
      );
    }
    this.view.folded(applied);
    const { view, timers, partition } = this;
    const folded = (changed: boolean): void =>
      this.guard(() => {
        if (changed) this.parked?.look();
        if (this.markWanted) this.markNow();
        this.pump();
      });
    const lost = (reason: string): void => this.stop(reason);
    const events = { now: () => this.ports.clock.now(), folded, lost };
    this.fold = new Fold(this.ports.store, partition, view, timers, events, this.from, applied);
    const joining = new Set<string>();
    if (parked > 0) {
      for (const { header } of view.open.all()) if (header.joins > 0) joining.add(header.run);
    }
    this.loadParkedBranches([...joining]);
  }

  /** Rows of strands whose fork is open: what ends the fork must name them. */
  private loadParkedBranches(runs: readonly string[]): void {
    const [run, ...others] = runs;
    if (run === undefined) return this.own();
    this.ports.store.parked(this.partition, run).then(
      (rows) =>
        this.guard(() => {
          if (this.phase !== 'loading') return;
          for (const { identity, strand } of rows) {
            if (strand === '' || this.view.resumed.has(identity)) continue;
            this.view.noteParkedBranch(run, identity, strand);
          }
          this.loadParkedBranches(others);
        }),
      () => this.later('loading', () => this.loadParkedBranches(runs)),
    );
  }

  private own(): void {
    this.phase = 'owning';
    this.attempts.prune((identity) => this.view.open.get(identity) !== undefined);
    this.parked = new ParkedRows(this.ports, this.partition, this.view, this.timers, (row) =>
      this.resume(row),
    );
    this.fold!.kick(false);
    for (const entry of this.view.open.all()) this.prepare(entry);
    this.parked.look();
    this.armMark();
    this.pump();
  }

  // -- acting on what is open ----------------------------------------------------------------------

  private prepare(entry: Entry): void {
    entry.work ??= {
      due: undefined,
      cancelDue: undefined,
      attemptEnd: undefined,
      timedOut: undefined,
      abort: undefined,
      running: false,
      queued: false,
    };
    const { kind } = entry.header;
    if (kind === 'START') this.starts.add(entry);
    else if (kind === 'CONTROL') this.outgoing.push(this.offers.refuseControl(entry));
    else if (kind === 'STEP') this.withPlan(entry);
  }

  private withPlan(entry: Entry): void {
    const { definition } = entry.header;
    const known = this.plans.cached(definition);
    if (known !== undefined) {
      if ('plan' in known) this.wake(entry);
      else if ('unfit' in known) this.bury(entry, `its definition cannot run here: ${known.unfit}`);
      return;
    }
    const waiting = this.awaitingPlan.get(definition);
    if (waiting !== undefined) waiting.push(entry);
    else {
      this.awaitingPlan.set(definition, [entry]);
      this.askPlan(definition);
    }
  }

  /** A Definition that nobody has deployed yet is asked for until it is there: nothing is dropped (R21). */
  private askPlan(hash: string): void {
    const again = (): void => {
      this.timers.at(this.ports.clock.now() + PLAN_AGAIN_MS, () => this.askPlan(hash));
    };
    this.plans.get(
      hash,
      (answer) =>
        this.guard(() => {
          if ('unknown' in answer) return again();
          const entries = this.awaitingPlan.get(hash) ?? [];
          this.awaitingPlan.delete(hash);
          for (const entry of entries) if (this.isOpen(entry)) this.withPlan(entry);
          this.pump();
        }),
      again,
    );
  }

  /** Does what the entry wants at this moment, and arms a timer for what it will want. */
  private wake(entry: Entry): void {
    const { body, work, header } = entry;
    if (!this.writes() || work === undefined || work.queued || body?.kind !== 'STEP') return;
    const now = this.ports.clock.now();
    const deadline = nextDeadline(body.state);
    const { activity, notBefore } = body;
    if (deadline !== undefined && now >= deadline) this.offerStep(entry, { kind: 'timer' }, now);
    else if (header.joins > 0) this.arm(entry, deadline);
    else if (notBefore !== undefined && now < notBefore)
      this.arm(entry, least(notBefore, deadline));
    else if (activity !== undefined) {
      const again = this.attempts.look(entry, activity, this.phase === 'owning');
      if (!work.queued) this.arm(entry, least(again, deadline));
    } else this.offerStep(entry, { kind: notBefore === undefined ? 'continue' : 'timer' }, now);
  }

  private arm(entry: Entry, at: number | undefined): void {
    const { work } = entry;
    if (work === undefined || work.due === at) return;
    work.cancelDue?.();
    work.due = at;
    work.cancelDue =
      at === undefined
        ? undefined
        : this.timers.at(at, () =>
            this.guard(() => {
              work.due = undefined;
              work.cancelDue = undefined;
              this.wake(entry);
              this.pump();
            }),
          );
  }

  private listedInMark(identity: number): void {
    if (!this.attempts.listedInMark(identity)) return;
    const entry = this.view.open.get(identity);
    if (entry !== undefined) this.wake(entry);
  }

  /** An answer that comes after the deadline is none: what is recorded as a result stands (P3). */
  private answered(entry: Entry, { cause, at }: Answered): void {
    const deadline = entry.body?.kind === 'STEP' ? nextDeadline(entry.body.state) : undefined;
    const late = deadline !== undefined && at >= deadline;
    this.offerStep(entry, late ? { kind: 'timer' } : cause, at);
  }

  private offerStep(entry: Entry, cause: Cause, at: number): void {
    const { work } = entry;
    if (!this.writes() || work === undefined || work.queued || !this.isOpen(entry)) return;
    work.queued = true;
    this.outgoing.push(this.offers.step(entry, cause, at));
  }

  private bury(entry: Entry, reason: string): void {
    if (entry.work === undefined || entry.work.queued) return;
    this.outgoing.push(this.burial(entry, reason));
  }

  private burial(entry: Entry, reason: string): ReturnType<Offers['bury']> {
    if (entry.work !== undefined) entry.work.queued = true;
    const { run, strand } = entry.header;
    this.options.onComplaint?.(
      `${run}${strand === '' ? '' : ` (${strand})`} is parked as dead: ${reason}`,
    );
    return this.offers.bury(entry, reason);
  }

  private resume(row: ParkedRow): void {
    const { definition, identity } = row;
    const wanted = (): boolean => this.parked?.wants(identity) === true;
    const offer = (): void => {
      this.outgoing.push(this.offers.row(row, wanted, () => this.parked?.release(identity)));
      this.pump();
    };
    const known = this.plans.cached(definition);
    if (known !== undefined && 'plan' in known) return this.guard(offer);
    // Its time has come and stays so: what cannot be had now is asked for again (P4).
    const again = (): void => {
      this.timers.at(this.ports.clock.now() + PLAN_AGAIN_MS, () => {
        if (wanted()) this.resume(row);
      });
    };
    this.plans.get(
      definition,
      (answer) =>
        this.guard(() => {
          if ('plan' in answer) offer();
          else if ('unknown' in answer) again();
          else {
            const said = `its definition cannot run here: ${answer.unfit}`;
            this.options.onComplaint?.(`${row.run} stays parked: ${said}`);
          }
        }),
      again,
    );
  }

  private admitting = false;

  private admitStarts(queued: number): void {
    if (this.phase !== 'owning' || this.view.changes.length >= this.limits.unfoldedMax) return;
    this.admitting = true;
    this.starts.admit(this.limits.activeMax - this.active - queued);
    this.admitting = false;
  }

  private pump(): void {
    if (this.writes()) this.outgoing.pump();
  }

  // -- marks ---------------------------------------------------------------------------------------

  private armMark(): void {
    if (this.markArmed || this.view.unmarked === 0) return;
    this.markArmed = true;
    this.timers.at(this.ports.clock.now() + this.limits.markEveryMs, () =>
      this.guard(() => {
        this.markArmed = false;
        this.wantMark();
        this.pump();
      }),
    );
  }

  /** A MARK is worth writing once the Store has come nearer. */
  private wantMark(): void {
    if (this.view.unmarked === 0 || this.markWanted || !this.writes()) return;
    this.markWanted = true;
    if (this.fold!.current) this.markNow();
    else this.fold!.kick(true);
  }

  private markNow(): void {
    this.markWanted = false;
    if (this.view.unmarked > 0) this.outgoing.wantMark();
  }

  // -- ending --------------------------------------------------------------------------------------

  /** Graceful: finishes what runs, within limits, and says CLOSE (R9). */
  close(): void {
    if (this.phase === 'draining') return;
    if (this.phase !== 'owning') return this.over(() => this.events.closed());
    this.phase = 'draining';
    this.starts.clear();
    this.timers.at(this.ports.clock.now() + this.limits.drainMs, () =>
      this.guard(() => {
        this.drainOver = true;
        this.attempts.abort((identity) => this.view.open.get(identity));
        this.pump();
      }),
    );
    this.guard(() => this.pump());
  }

  status(): OwnerStatus {
    const { phase, view, fold } = this;
    const running = this.attempts.underWay;
    if (view === undefined) return { phase, tenure: -1, open: 0, waitingStarts: 0, running };
    const open = view.open.size;
    return {
      phase,
      tenure: this.outgoing?.tenure ?? -1,
      offset: view.offset,
      ...(fold === undefined ? {} : { applied: fold.applied.offset }),
      open,
      waitingStarts: open - this.active,
      running,
    };
  }

  private stop(reason: string): void {
    this.over(() => this.events.stopped(reason));
  }

  private over(tell: () => void): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.timers.close();
    this.reader?.close();
    this.fold?.close();
    this.parked?.close();
    if (this.view !== undefined) {
      this.outgoing?.close();
      this.attempts.abort((identity) => this.view.open.get(identity));
    }
    tell();
  }

  // -- small words ---------------------------------------------------------------------------------

  private writes(): boolean {
    return this.phase === 'owning' || this.phase === 'draining';
  }

  private isOver(): boolean {
    return this.phase === 'over';
  }

  private isOpen(entry: Entry): boolean {
    return this.view.open.get(entry.identity) === entry;
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
      this.stop(
        said instanceof BrokenInvariant
          ? `a rule of the protocol is broken: ${said.message}`
          : `the engine is at fault: ${said.stack ?? said.message}`,
      );
    }
  }
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}
