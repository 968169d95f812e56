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
  cancelCause,
  failStrand,
  isCancellable,
  nextDeadline,
  type Outcome,
  step,
} from '../core/index.ts';
import type { KeptEvent, ParkedRow } from '../ports/index.ts';
import {
  type Activity,
  CANCEL_GRACE_MS,
  carriedHome,
  type Cause,
  CLOCK_SKEW_MAX_MS,
  derivedRunId,
  type EventRule,
  type ParkBody,
  type ScheduleBody,
  type State,
  type StepBody,
  type WorkflowError,
} from '../wire/index.ts';
import { bodyOf } from './held-bodies.ts';
import { causeOfSet, type Firing, inputOf } from './event-schedules.ts';
import { goingOn, setAside, setParkedAside, setParkedDead } from './hop-suspend.ts';
import { nextDue } from './schedules.ts';
import { draft, type Draft, recordsOf, subjectOf } from './unit.ts';
import type { Entry } from './view.ts';
import { HopOutcome, type Hopped } from './hop-outcome.ts';

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

export class Hop extends HopOutcome {
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
}

/** Whether the activity of a parked strand may have begun: it was given up, or put aside when it was due. */
function mayHaveBegun({ notBefore, was, why }: ParkBody, parkedAt: number): boolean {
  if (why === 'dead') return true;
  const isLater = notBefore !== undefined && notBefore - CLOCK_SKEW_MAX_MS > parkedAt;
  return why === 'suspend' && was === undefined && !isLater;
}
