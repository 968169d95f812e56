/*
 * One hop: an open record (or a parked row) and a cause become a unit. Pure: it looks at the view and
 * at what the batch in the making already holds, and calls core.
 *
 * H1. No unit targets what another unit of the same batch targets or opens (R6).
 * H2. What ends a fork or a run (a closing unit) names everything open below it, and the rows of what
 *     is parked there; it shares its batch with no other unit of that run.
 * H3. The end of the last branch is merged into the unit of its join (write budget), that of an awaited
 *     child into its parent's.
 * H4. A fork that settles goes on when all of its branches have ended; who is not needed any more is
 *     cancelled, not dropped (R18).
 * H5. A run may have strands of several definitions: the plan of a record is the one its header names.
 * H6. Runs that a hop begins have their first records in its unit.
 * H7. A strand that has heard events is stepped with those that it takes, and its records name no others;
 *     one that takes none stays where it is (R16).
 */
import {
  awaitsAnswer,
  begin,
  beginBranch,
  BrokenInvariant,
  cancelCause,
  failStrand,
  hopFuel,
  isCancellable,
  isJoined,
  loseAfterEnd,
  nextDeadline,
  type Outcome,
  type RunStart,
  settlement,
  settles,
  step,
  type StepOptions,
  type Transition,
} from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { KeptEvent, ParkedRow } from '../ports/index.ts';
import {
  type Activity,
  CANCEL_GRACE_MS,
  carriedHome,
  type Caller,
  type Cause,
  CLOCK_SKEW_MAX_MS,
  type CloudEvent,
  derivedRunId,
  type EndBody,
  type EventPlace,
  type EventRule,
  type LastStrand,
  type ParkBody,
  type ScheduleBody,
  type State,
  type StepBody,
  type StrandEnd,
  type WorkflowError,
} from '../wire/index.ts';
import { type Lifecycle, withHappened } from './happenings.ts';
import { type Bodies, bodyOf } from './held-bodies.ts';
import { causeOfSet, type Firing, inputOf } from './event-schedules.ts';
import { goingOn, setAside, setParkedAside, setParkedDead } from './hop-suspend.ts';
import { isBelow, lineageOf } from './open-records.ts';
import { type CronNext, nextDue } from './schedules.ts';
import { draft, type Draft, recordsOf, type Subject, subjectOf, type Unit } from './unit.ts';
import type { Entry, LogView } from './view.ts';

/** Strands of one task that begin and end in one unit: as many records more would be too large a unit. */
const LATE_MAX = 100;

/**
 * `later`: not in this batch; `gone`: nothing is left to be done; `needs`: what these records say is
 * not in memory, and must be fetched first (R8).
 */
export type Hopped =
  | (Unit & {
      /** whose unit it is; others may begin in it */
      readonly run: string;
      /** time of the step, ms: what the records of the unit say */
      readonly at: number;
      readonly transitions: readonly Transition[];
    })
  | { readonly needs: readonly Entry[] }
  | 'later'
  | 'gone';

/** A join that goes on waiting although branches of it end in a unit. */
export interface JoinWaits {
  /** its identity */
  readonly join: number;
  /** how many END records of its branches the unit has */
  readonly ends: number;
}

/** How a strand is cancelled, and what is known of its activity. */
export interface Cancel {
  readonly how: 'run' | 'lost';
  /** the request that asks for it, resolved by the same unit */
  readonly control: Entry | undefined;
  /** the activity may be under way, in this tenure or another process */
  readonly mayRun: boolean;
  /** its answer, if it has come */
  readonly answer: Cause | undefined;
}

/** What a batch in the making holds already. */
export interface Held {
  /** identities that its units target */
  readonly targets: ReadonlySet<number>;
  /** runs that have a unit in it; true = a closing one */
  readonly runs: ReadonlyMap<string, boolean>;
  /** ends of branches in it, by identity of their join */
  readonly ends: ReadonlyMap<number, number>;
  /** rows that its units bring back */
  readonly rows: ReadonlySet<number>;
}

/** What a hop needs besides the view. */
export interface HopContext {
  /** of what is stepped */
  readonly plan: Plan;
  /** of a record that waits for it, by the hash in its header; throws what tells the caller to load it */
  readonly planOf: (hash: string) => Plan;
  readonly options: StepOptions;
  /** what was fetched for it, because it is not in memory */
  readonly fetched: Bodies | undefined;
  readonly cron: CronNext;
  /** what its records are to say of what happened, for projections */
  readonly lifecycle: Lifecycle;
}

/** A run that the hop begins: a task of another one does, or a schedule. */
type Begun = Omit<RunStart, 'by'> & Partial<Pick<RunStart, 'by'>>;

export class Hop {
  private readonly view: LogView;
  private readonly held: Held;
  private readonly context: HopContext;
  private readonly plan: Plan;
  private readonly options: StepOptions;
  /** when the cause came about, ms: what waits for the Log does not count against a workflow */
  private now: number;
  private readonly fetched: Bodies | undefined;
  private readonly cron: CronNext;
  private readonly transitions: Transition[] = [];
  /** what the hop has emitted, in order, whichever strand did */
  private readonly events: CloudEvent[] = [];
  private readonly runs: Begun[] = [];
  /** by the strand of the row that is brought back */
  private consumed: readonly EventPlace[] = [];
  joinWaits: JoinWaits | undefined;
  closing = false;
  /** State of the strand that the unit moves last, as it is left */
  left: State | undefined;

  constructor(view: LogView, held: Held, context: HopContext, now: number) {
    this.view = view;
    this.held = held;
    this.context = context;
    this.plan = context.plan;
    this.options = context.options;
    this.fetched = context.fetched;
    this.now = now;
    this.cron = context.cron;
  }

  /** Resolves an open START or STEP. */
  entry(entry: Entry, cause: Cause): Hopped {
    const { header } = entry;
    if (this.view.open.get(entry.identity) !== entry) return 'gone';
    if (this.held.targets.has(entry.identity) || this.held.runs.get(header.run)) return 'later';
    const body = bodyOf(entry, this.fetched);
    if (body === undefined) return { needs: [entry] };
    const { plan, now } = this;
    let state: State;
    if (body?.kind === 'START') state = begin(now, body.input ?? {}, body.caller);
    else if (body?.kind === 'STEP' || body?.kind === 'CANCELLING') state = body.state;
    else return 'gone';
    const outcome = step(plan, header, state, cause, now, this.options);
    return this.moved(entry, outcome, cause, []);
  }

  /** An open record has been stepped; what it joins is closed, unless it goes on joining it. */
  private moved(
    entry: Entry,
    outcome: Outcome,
    cause: Cause,
    also: readonly number[],
    why?: string,
  ): Hopped {
    const targets = [entry.identity, ...also];
    const rows: number[] = [];
    const { joins } = entry.header;
    const node = outcome.state.frames.at(-1)?.node;
    const joinsStill =
      outcome.next.kind === 'fork' && node?.kind === 'fork' && node.activation === joins;
    if (joins > 0 && !joinsStill) this.close(entry, targets, rows);
    return this.conclude(this.subject(entry, this.plan), outcome, cause, targets, rows, why);
  }

  // -- cancelling --------------------------------------------------------------------------------

  /** Cancels a strand whose record is open (R18). Gone: it is being cancelled already. */
  cancel(entry: Entry, { how, control, mayRun, answer }: Cancel): Hopped {
    const { header } = entry;
    if (this.view.open.get(entry.identity) !== entry) return 'gone';
    if (this.held.targets.has(entry.identity) || this.held.runs.has(header.run)) return 'later';
    const body = bodyOf(entry, this.fetched);
    if (body === undefined) return { needs: [entry] };
    const also = control === undefined ? [] : [control.identity];
    const cause = cancelCause(how);
    if (body.kind === 'START') {
      const end = { cancelled: true };
      const { caller } = body;
      const targets = [entry.identity, ...also];
      const subject = this.subject(entry, this.plan);
      return this.end(subject, end, caller, cause, targets, [], 'cancelled');
    }
    if (body.kind !== 'STEP' || !isCancellable(body.state)) return 'gone';
    if (answer !== undefined) {
      const state: State = { ...body.state, cancelling: how };
      const outcome = step(this.plan, header, state, answer, this.now, this.options);
      return this.moved(entry, outcome, answer, also);
    }
    if (mayRun && body.activity !== undefined) {
      this.closing = true;
      const cancelling = this.cancelling(entry, body, body.activity, how);
      return this.unit([entry.identity, ...also], [], header.run, 'cancelled', [cancelling]);
    }
    const outcome = step(this.plan, header, body.state, cause, this.now, this.options);
    return this.moved(entry, outcome, cause, also);
  }

  /** The activity may be under way: nothing is undone before it has answered or its time is over. */
  private cancelling(entry: Entry, body: StepBody, activity: Activity, how: Cancel['how']): Draft {
    const node = this.plan.byPointer.get(activity.pointer);
    // What had to wait for its slot may have begun any time since.
    const limited = node?.kind === 'call' && node.pools.length > 0;
    const begun = Math.max(entry.time, body.notBefore ?? 0, limited ? this.now : 0);
    const latest = begun + activity.timeout + CLOCK_SKEW_MAX_MS;
    const until = awaitsAnswer(this.plan, body.state)
      ? latest
      : Math.min(latest, this.now + CANCEL_GRACE_MS);
    const state: State = { ...body.state, cancelling: how };
    const { key } = activity;
    return draft(
      'CANCELLING',
      { kind: 'CANCELLING', state, cause: cancelCause(how), key, until },
      this.subject(entry, this.plan),
    );
  }

  /** Cancels a parked strand. */
  cancelRow(row: ParkedRow, how: Cancel['how'], control: Entry | undefined): Hopped {
    const { body } = row.record;
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (!isCancellable(body.state)) return 'gone';
    if (this.held.runs.has(row.run)) return 'later';
    this.closing = true;
    const cause = cancelCause(how);
    const targets = control === undefined ? [] : [control.identity];
    const subject = subjectOf(row.run, row.strand, row.hop + 1, this.plan);
    const { activity, pending, state } = body;
    const cancelled: State = { ...state, cancelling: how };
    const parkedAt = row.record.header.time;
    if (activity !== undefined && mayHaveBegun(body, parkedAt) && awaitsAnswer(this.plan, state)) {
      // What was given up, or put aside, may have been done (P7), or may still be on its way.
      const until = parkedAt + activity.timeout + CLOCK_SKEW_MAX_MS;
      const { key } = activity;
      return this.unit(targets, [row.identity], row.run, 'cancelled', [
        draft('CANCELLING', { kind: 'CANCELLING', state: cancelled, cause, key, until }, subject),
      ]);
    }
    // Put aside with its answer, it is cancelled as one that has just heard it.
    const [from, heard] = pending ? [cancelled, body.cause] : [state, cause];
    const outcome = step(this.plan, row, from, heard, this.now, this.options);
    return this.conclude(subject, outcome, heard, targets, [row.identity], 'cancelled');
  }

  /** Puts a run aside whose one strand is open. */
  suspend(entry: Entry, control: Entry, answer: Cause | undefined): Hopped {
    const { header } = entry;
    if (this.view.open.get(entry.identity) !== entry || header.joins > 0) return 'gone';
    if (this.held.targets.has(entry.identity) || this.held.runs.has(header.run)) return 'later';
    const body = bodyOf(entry, this.fetched);
    if (body === undefined) return { needs: [entry] };
    if (body.kind !== 'STEP') return 'gone';
    this.closing = true;
    const aside = setAside(this.subject(entry, this.plan), body, answer);
    this.tellWhole('task-suspended', header, body.state);
    return this.unit([entry.identity, control.identity], [], header.run, 'suspend', [aside]);
  }

  /** ... or parked. */
  suspendRow(row: ParkedRow, control: Entry): Hopped {
    const { body } = row.record;
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (this.held.runs.has(row.run)) return 'later';
    this.closing = true;
    const subject = subjectOf(row.run, row.strand, row.hop + 1, this.plan);
    const aside = setParkedAside(subject, body);
    this.tellWhole('task-suspended', row, body.state);
    return this.unit([control.identity], [row.identity], row.run, 'suspend', [aside]);
  }

  /** Lets a strand go on that was put aside, or is dead. */
  revive(row: ParkedRow, control: Entry | undefined, instead?: Cause): Hopped {
    const { body } = row.record;
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (this.held.runs.has(row.run)) return 'later';
    this.closing = true;
    const targets = control === undefined ? [] : [control.identity];
    const subject = subjectOf(row.run, row.strand, row.hop + 1, this.plan);
    const on = goingOn(subject, body, this.now);
    this.tellWhole('task-resumed', row, body.state);
    if (on !== undefined) return this.unit(targets, [row.identity], row.run, 'resumed', [on]);
    const cause = instead ?? body.cause;
    const outcome = step(this.plan, row, body.state, cause, this.now, this.options);
    return this.conclude(subject, outcome, cause, targets, [row.identity], 'resumed');
  }

  /** Brings back a parked strand for which these events have come, in the order of their arrival. */
  hear(row: ParkedRow, given: readonly KeptEvent[]): Hopped {
    const { body } = row.record;
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (this.held.runs.get(row.run) || this.held.rows.has(row.identity)) return 'later';
    let heard = given;
    for (;;) {
      if (heard.length === 0) return 'gone';
      const cause: Cause = { kind: 'events', events: heard.map(({ event }) => event) };
      const now = Math.max(row.record.header.time, ...heard.map(({ time }) => time));
      const outcome = step(this.plan, row, body.state, cause, now, this.options);
      const { taken = [] } = outcome;
      if (taken.length === heard.length) {
        this.now = now;
        this.consumed = heard.map(({ place }) => place);
        const subject = subjectOf(row.run, row.strand, row.hop + 1, this.plan);
        return this.conclude(subject, outcome, cause, [], [row.identity], body.why);
      }
      // H7: who replays its records has nothing else, and comes to the same.
      heard = taken.map((index) => heard[index]!);
    }
  }

  /** Brings back a parked strand whose time has come. */
  row(row: ParkedRow): Hopped {
    const { body } = row.record;
    if (body.kind === 'SCHEDULE') return this.fire(row, body);
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (this.held.runs.get(row.run) || this.held.rows.has(row.identity)) return 'later';
    const subject = subjectOf(row.run, row.strand, row.hop + 1, this.plan);
    const cause: Cause = { kind: 'timer' };
    const deadline = nextDeadline(body.state);
    if (body.activity !== undefined && (deadline === undefined || this.now < deadline)) {
      const { state, activity } = body;
      const records = [
        this.resume([row.identity], row.run, body.why),
        draft('STEP', { kind: 'STEP', state, cause, activity }, subject),
      ];
      return { targets: [], records, run: row.run, at: this.now, transitions: [] };
    }
    const outcome = step(this.plan, row, body.state, cause, this.now, this.options);
    return this.conclude(subject, outcome, cause, [], [row.identity], body.why);
  }

  /** A schedule is due: the run that it begins is at home where the schedule is (R1). */
  private fire(row: ParkedRow, { rule }: ScheduleBody): Hopped {
    if (this.view.resumed.has(row.identity) || row.due === undefined) return 'gone';
    if (this.held.runs.has(row.run)) return 'later';
    const tick = row.due;
    const due = nextDue(rule, Math.max(tick, this.now), this.cron);
    const run = derivedRunId(row.run, '', tick, this.now, carriedHome(row.run) ?? 0);
    const again = rule.after === undefined ? {} : { againAfter: rule.after };
    const state = begin(this.now, {}, { schedule: row.identity, ...again });
    const cause: Cause = { kind: 'start' };
    const outcome = step(this.plan, { run, strand: '' }, state, cause, this.now, this.options);
    this.collect(outcome);
    const next = due === undefined ? {} : { due };
    const fired = draft(
      'FIRE',
      { kind: 'FIRE', row: row.identity, tick, ...next },
      { run: row.run },
    );
    const begun = recordsOf(subjectOf(run, '', 1, this.plan), outcome, cause, this.now);
    return this.unit([], [], row.run, 'due', [fired, ...begun]);
  }

  /** Events have come that a schedule wants: each set of them begins a run, at home where it is (R1, R16). */
  fireBy(row: ParkedRow, rule: EventRule, { dropped, sets }: Firing): Hopped {
    if (this.isGone(row.identity)) return 'gone';
    if (this.held.runs.has(row.run)) return 'later';
    const home = carriedHome(row.run) ?? 0;
    for (const set of sets) {
      const time = Math.max(...set.map((kept) => kept.time));
      const run = derivedRunId(row.run, causeOfSet(set), 0, time, home);
      const input = inputOf(rule, set);
      const state = begin(this.now, input, { schedule: row.identity });
      const id = { run, strand: '' };
      const outcome = step(this.plan, id, state, { kind: 'start' }, this.now, this.options);
      this.note(outcome);
      this.runs.push({ run, input, plan: this.plan, outcome });
    }
    const events = [...sets.flat(), ...dropped].map(({ place }) => place);
    const body = { kind: 'FIRE', row: row.identity, tick: this.now, events } as const;
    return this.unit([], [], row.run, 'events', [draft('FIRE', body, { run: row.run })]);
  }

  /** A RESUME of the row is on its way to the Store. */
  private isGone(identity: number): boolean {
    return this.view.changes.some(
      ({ change }) => change.kind === 'resume' && change.identities.includes(identity),
    );
  }

  /**
   * Ends a strand with an error that its definition cannot catch; what it did is undone (P7), by whoever waits
   * for it or, for its END cannot tell all of that, by the strand `itself`.
   */
  fail(entry: Entry, error: WorkflowError, itself = false): Hopped {
    if (this.view.open.get(entry.identity) !== entry) return 'gone';
    if (this.held.targets.has(entry.identity) || this.held.runs.get(entry.header.run))
      return 'later';
    const body = bodyOf(entry, this.fetched);
    if (body === undefined) return { needs: [entry] };
    if (!('state' in body)) return 'gone';
    const { now, options, plan } = this;
    const state: State = itself ? { ...body.state, undoes: true } : body.state;
    const outcome = failStrand(plan, entry.header, state, error, now, options);
    return this.moved(entry, outcome, { kind: 'timer' }, [], 'failed');
  }

  /** Ends a parked strand so; a request to let it go on is carried out by that. */
  failRow(row: ParkedRow, error: WorkflowError, itself = false, control?: Entry): Hopped {
    const { body } = row.record;
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (this.held.runs.get(row.run)) return 'later';
    const subject = subjectOf(row.run, row.strand, row.hop + 1, this.plan);
    const targets = control === undefined ? [] : [control.identity];
    const state: State = itself ? { ...body.state, undoes: true } : body.state;
    const outcome = failStrand(this.plan, row, state, error, this.now, this.options);
    return this.conclude(subject, outcome, { kind: 'timer' }, targets, [row.identity], 'failed');
  }

  /** Ends a parked strand as it stands: no record can hold what it would undo. */
  endRow(row: ParkedRow, error: WorkflowError, control?: Entry): Hopped {
    const { body } = row.record;
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (this.held.runs.get(row.run)) return 'later';
    const subject = subjectOf(row.run, row.strand, row.hop + 1, this.plan);
    const { caller } = body.state;
    const targets = control === undefined ? [] : [control.identity];
    return this.end(
      subject,
      { error },
      caller,
      { kind: 'timer' },
      targets,
      [row.identity],
      'failed',
    );
  }

  /** Parks a parked strand anew, for ever and with the reason (P10). */
  buryRow(row: ParkedRow, reason: string, control?: Entry): Hopped {
    const { body } = row.record;
    if (this.view.resumed.has(row.identity) || body.kind !== 'PARK') return 'gone';
    if (this.held.runs.get(row.run)) return 'later';
    const { run, strand, hop, definition } = row;
    const { journal } = row.record.header;
    const about = { run, strand, hop: hop + 1, definition, ...(journal && { journal }) };
    const parked = setParkedDead(about, body, reason);
    const targets = control === undefined ? [] : [control.identity];
    return this.unit(targets, [row.identity], run, 'failed', [parked]);
  }

  private conclude(
    subject: Subject,
    outcome: Outcome,
    cause: Cause,
    targets: number[],
    rows: number[],
    why = 'closed',
  ): Hopped {
    this.left = outcome.state;
    this.collect(outcome);
    if (outcome.next.kind === 'end') {
      const { end } = outcome.next;
      this.stepped = outcome.state;
      return this.end(subject, end, outcome.state.caller, cause, targets, rows, why);
    }
    if (this.closing && this.held.runs.has(subject.run)) return 'later';
    return this.unit(targets, rows, subject.run, why, recordsOf(subject, outcome, cause, this.now));
  }

  /** A strand is over: the root ends the run; a branch is recorded, or decides its fork. */
  private end(
    subject: Subject,
    end: StrandEnd,
    caller: Caller | undefined,
    cause: Cause,
    targets: number[],
    rows: number[],
    why: string,
  ): Hopped {
    const { run, strand } = subject;
    if (strand === '') {
      this.closing = true;
      if (this.held.runs.has(run)) return 'later';
      const named = new Set(targets);
      for (const { identity } of this.view.open.ofRun(run)) {
        if (!named.has(identity)) targets.push(identity);
      }
      rows.push(...this.parkedBelow(run, () => true, rows));
      const body: EndBody = {
        kind: 'END',
        end,
        cause,
        definition: subject.name,
        ...(caller === undefined ? {} : { caller }),
      };
      return this.unit(targets, rows, run, why, [draft('END', body, subject)]);
    }
    const join = this.view.open.joinOf(run, strand);
    if (join === undefined) {
      throw new BrokenInvariant(`nobody waits for the strand ${strand} of ${run}`);
    }
    if (this.held.targets.has(join.identity)) return 'later';
    const joining = bodyOf(join, this.fetched);
    if (joining === undefined) return { needs: [join] };
    if (joining.kind !== 'STEP') throw new BrokenInvariant(`a ${joining.kind} cannot join`);
    this.view.open.bodies.touch(join);
    const inBatch = this.held.ends.get(join.identity) ?? 0;
    const before = this.view.open.endsOf(join);
    const { state } = joining;
    if (state.cancelling !== undefined || settles(this.planOf(join), state)) {
      if (inBatch > 0 || this.held.runs.has(run)) return 'later';
      const settled = this.settle(join, state, before, subject, end, cause, targets, rows, why);
      if (settled !== undefined) return settled;
    }
    const begun = this.beginNext(join, state, before.size + inBatch, end);
    if (begun !== undefined) {
      const late = begun.filter(({ kind }) => kind === 'END').length;
      this.joinWaits = { join: join.identity, ends: 1 + late };
      const body: EndBody = { kind: 'END', end, cause, definition: subject.name };
      return this.unit(targets, rows, run, why, [draft('END', body, subject), ...begun]);
    }
    if (this.held.runs.has(run)) return 'later';
    const last = { strand: subject.strand, cause };
    return this.join(join, joining.state, before, last, end, targets, rows, why);
  }

  /**
   * The end of a branch whose fork waits for all of them (H4). Undefined: nothing has decided it yet, and
   * the end is like any other.
   */
  private settle(
    join: Entry,
    joining: State,
    before: ReadonlySet<Entry>,
    subject: Subject,
    end: StrandEnd,
    cause: Cause,
    targets: number[],
    rows: number[],
    why: string,
  ): Hopped | undefined {
    const { run, strand } = subject;
    const ends: StrandEnd[] = [];
    const needs: Entry[] = [];
    for (const ended of before) {
      const body = bodyOf(ended, this.fetched);
      if (body?.kind === 'END') ends.push(body.end);
      else needs.push(ended);
    }
    if (needs.length > 0) return { needs };
    const plan = this.planOf(join);
    const how = settlement(plan, joining, ends);
    if (how === 'lost') {
      const state = this.stepped;
      const lost = state && this.loseAfterEnd(subject, state, end, joining);
      if (lost !== undefined) return this.conclude(subject, lost, cause, targets, rows, why);
    }
    if (how === undefined && settlement(plan, joining, [end]) === undefined) return undefined;
    if (this.othersLive(join, strand)) {
      this.joinWaits = { join: join.identity, ends: 1 };
      const body: EndBody = { kind: 'END', end, cause, definition: subject.name };
      return this.unit(targets, rows, run, why, [draft('END', body, subject)]);
    }
    return this.join(join, joining, before, { strand, cause }, end, targets, rows, why);
  }

  private loseAfterEnd(
    { run, strand }: Subject,
    state: State,
    end: StrandEnd,
    joining: State,
  ): Outcome | undefined {
    return loseAfterEnd(this.plan, { run, strand }, state, end, joining, this.now, this.options);
  }

  /** Whether a branch of the fork besides `strand` has not ended. */
  private othersLive(join: Entry, strand: string): boolean {
    const { run, strand: parent, joins } = join.header;
    const branch = (other: string): boolean => {
      if (other === strand || other === '') return false;
      const lineage = lineageOf(other);
      return lineage.parent === parent && lineage.activation === joins;
    };
    for (const { header } of this.view.open.ofRun(run)) {
      if (header.kind !== 'END' && branch(header.strand)) return true;
    }
    for (const other of this.view.parkedBranches.get(run)?.values() ?? []) {
      if (branch(other)) return true;
    }
    return false;
  }

  /**
   * What else belongs into the unit of a branch's end that does not decide its fork: the next branch
   * of a wide fork. Undefined: the fork is decided.
   */
  private beginNext(
    join: Entry,
    state: State,
    endedBefore: number,
    end: StrandEnd,
  ): Draft[] | undefined {
    const plan = this.planOf(join);
    if (isJoined(plan, state, end, endedBefore + 1)) return undefined;
    const { node } = state.frames.at(-1)!;
    if (node.kind !== 'fork') return undefined;
    const records: Draft[] = [];
    const options = { ...this.options, fuel: hopFuel() };
    let ended = endedBefore + 1;
    // every end so far has begun one more branch
    for (let next = node.started + endedBefore; next < node.total; next++) {
      // One that may do nothing yet takes the others over, in a unit of its own.
      if (ended - endedBefore > LATE_MAX) options.fuel.left = 0;
      const begun = beginBranch(plan, join.header, state, next, this.now, options);
      const subject = subjectOf(join.header.run, begun.strand, 1, begun.plan);
      const cause: Cause = { kind: 'branch', branch: begun.branch };
      this.collect(begun.outcome);
      records.push(...recordsOf(subject, begun.outcome, cause, this.now));
      if (begun.outcome.next.kind !== 'end') break;
      ended++;
      if (isJoined(plan, state, begun.outcome.next.end, ended)) {
        this.lateEnds = [...records];
        return undefined;
      }
    }
    return records;
  }

  /** State of the strand that ends in this hop */
  private stepped: State | undefined;
  /** ends of branches that began and ended in this very hop and decided the fork */
  private lateEnds: Draft[] = [];

  private join(
    join: Entry,
    state: State,
    before: ReadonlySet<Entry>,
    last: LastStrand,
    end: StrandEnd,
    targets: number[],
    rows: number[],
    why: string,
  ): Hopped {
    const ends: Record<number, StrandEnd> = {};
    const order: number[] = [];
    const needs: Entry[] = [];
    for (const ended of before) {
      const body = bodyOf(ended, this.fetched);
      if (body?.kind !== 'END') {
        needs.push(ended);
        continue;
      }
      const { branch } = lineageOf(ended.header.strand);
      ends[branch] = body.end;
      order.push(branch);
    }
    if (needs.length > 0) return { needs };
    const own: Record<number, StrandEnd> = { [lineageOf(last.strand).branch]: end };
    for (const { strand: late, body } of this.lateEnds) {
      if (body.kind === 'END') own[lineageOf(late).branch] = body.end;
    }
    this.lateEnds = [];
    order.push(...Object.keys(own).map(Number));
    const plan = this.planOf(join);
    const ordered = settles(plan, state) ? { order } : {};
    const outcome = step(
      plan,
      join.header,
      state,
      { kind: 'joined', ends: { ...ends, ...own }, ...ordered },
      this.now,
      this.options,
    );
    targets.push(join.identity);
    this.close(join, targets, rows);
    // The ends with a record of their own are named by the unit; only the others ride in the cause.
    return this.conclude(
      this.subject(join, plan),
      outcome,
      { kind: 'joined', ends: own, ...ordered, last },
      targets,
      rows,
      why,
    );
  }

  /** A joining STEP is resolved: everything of its branches goes with it. */
  private close(join: Entry, targets: number[], rows: number[]): void {
    this.closing = true;
    const { run, strand, joins } = join.header;
    const named = new Set(targets);
    for (const { identity } of this.view.open.below(join)) {
      if (!named.has(identity)) targets.push(identity);
    }
    rows.push(...this.parkedBelow(run, (below) => isBelow(below, strand, joins), rows));
  }

  private parkedBelow(
    run: string,
    concerns: (strand: string) => boolean,
    already: readonly number[],
  ): number[] {
    const found: number[] = [];
    const named = new Set(already);
    for (const [identity, strand] of this.view.parkedBranches.get(run) ?? []) {
      if (concerns(strand) && !named.has(identity)) found.push(identity);
    }
    return found;
  }

  private unit(
    targets: readonly number[],
    rows: readonly number[],
    run: string,
    why: string,
    records: readonly Draft[],
  ): Hopped {
    let own = withEvents(records, this.events);
    if (this.runs.length > 0) own = [...own, ...this.runs.flatMap((run) => this.firstOf(run))];
    const { now, transitions } = this;
    const written = withHappened(own, transitions, now, this.context.lifecycle);
    return {
      targets,
      records: rows.length === 0 ? written : [this.resume(rows, run, why), ...written],
      run,
      at: this.now,
      transitions: this.transitions,
    };
  }

  /** The first records of a run that the hop has begun. */
  private firstOf({ by, input, outcome, plan, run }: Begun): readonly Draft[] {
    const cause: Cause = { kind: 'start', input, ...(by === undefined ? {} : { by }) };
    const records = recordsOf(subjectOf(run, '', 1, plan), outcome, cause, this.now);
    return withEvents(records, eventsOf(outcome));
  }

  private resume(rows: readonly number[], run: string, why: string): Draft {
    const events = this.consumed.length === 0 ? {} : { events: this.consumed };
    return draft('RESUME', { kind: 'RESUME', rows, why, ...events }, { run });
  }

  private subject({ header }: Entry, plan: Plan): Subject {
    return subjectOf(header.run, header.strand, header.hop + 1, plan);
  }

  private planOf({ header }: Entry): Plan {
    return this.context.planOf(header.definition);
  }

  /** The strand as a whole: the task in which it stands. */
  private tellWhole(
    kind: 'task-suspended' | 'task-resumed',
    { run, strand }: { readonly run: string; readonly strand: string },
    { frames }: State,
  ): void {
    const pointer = frames.at(-1)?.pointer;
    if (pointer === undefined || this.options.observe !== true) return;
    this.transitions.push({ kind, run, strand, pointer, at: this.now });
  }

  private collect(outcome: Outcome): void {
    for (const event of eventsOf(outcome)) this.events.push(event);
    this.note(outcome);
  }

  /** What happened in it, and in what it has begun. */
  private note({ next, runs, transitions }: Outcome): void {
    for (const transition of transitions) this.transitions.push(transition);
    for (const run of runs) {
      this.runs.push(run);
      this.note(run.outcome);
    }
    if (next.kind === 'fork') for (const { outcome } of next.strands) this.note(outcome);
  }
}

/** What a step and the strands that it has begun have emitted, in order. */
function eventsOf({ events, next }: Outcome): readonly CloudEvent[] {
  if (next.kind !== 'fork') return events;
  return [...events, ...next.strands.flatMap(({ outcome }) => eventsOf(outcome))];
}

/** The first record of a strand carries what the hop has emitted: a unit is valid or void as a whole. */
function withEvents(records: readonly Draft[], emitted: readonly CloudEvent[]): readonly Draft[] {
  if (emitted.length === 0) return records;
  const at = records.findIndex(({ body }) => ['STEP', 'PARK', 'END'].includes(body.kind));
  const carrier = records[at];
  if (carrier === undefined) throw new BrokenInvariant('a hop has emitted and writes no record');
  const body = { ...carrier.body, emitted } as Draft['body'];
  return records.with(at, { ...carrier, body });
}

/** Whether the activity of a parked strand may have begun: it was given up, or put aside when it was due. */
function mayHaveBegun({ notBefore, was, why }: ParkBody, parkedAt: number): boolean {
  if (why === 'dead') return true;
  const isLater = notBefore !== undefined && notBefore - CLOCK_SKEW_MAX_MS > parkedAt;
  return why === 'suspend' && was === undefined && !isLater;
}
