/*
 * What a hop comes to: the unit of a strand that has been stepped. It goes on, or it ends; its end is one
 * of many, or decides a fork or the run. Pure (rules H1 to H7: hop.ts).
 */
import {
  beginBranch,
  BrokenInvariant,
  hopFuel,
  isJoined,
  loseAfterEnd,
  type Outcome,
  type RunStart,
  settlement,
  settles,
  step,
  type StepOptions,
  type Transition,
} from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import {
  type Caller,
  type Cause,
  type CloudEvent,
  type EndBody,
  type EventPlace,
  type LastStrand,
  type State,
  type StrandEnd,
} from '../wire/index.ts';
import { type Lifecycle, withHappened } from './happenings.ts';
import { type Bodies, bodyOf } from './held-bodies.ts';
import { isBelow, lineageOf } from './open-records.ts';
import { type CronNext } from './schedules.ts';
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

/** One hop, as far as what comes of it is concerned. */
export class HopOutcome {
  protected readonly view: LogView;
  protected readonly held: Held;
  private readonly context: HopContext;
  protected readonly plan: Plan;
  protected readonly options: StepOptions;
  /** when the cause came about, ms: what waits for the Log does not count against a workflow */
  protected now: number;
  protected readonly fetched: Bodies | undefined;
  protected readonly cron: CronNext;
  private readonly transitions: Transition[] = [];
  /** what the hop has emitted, in order, whichever strand did */
  private readonly events: CloudEvent[] = [];
  protected readonly runs: Begun[] = [];
  /** by the strand of the row that is brought back */
  protected consumed: readonly EventPlace[] = [];
  /** State of the strand that ends in this hop */
  private stepped: State | undefined;
  /** ends of branches that began and ended in this very hop and decided the fork */
  private lateEnds: Draft[] = [];
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

  protected conclude(
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
  protected end(
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
    return this.join(join, joining.state, last, end, targets, rows, why);
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
    return this.join(join, joining, { strand, cause }, end, targets, rows, why);
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

  private join(
    join: Entry,
    state: State,
    last: LastStrand,
    end: StrandEnd,
    targets: number[],
    rows: number[],
    why: string,
  ): Hopped {
    const ends: Record<number, StrandEnd> = {};
    const order: number[] = [];
    const needs: Entry[] = [];
    for (const ended of this.view.open.endsInOrder(join)) {
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
  protected close(join: Entry, targets: number[], rows: number[]): void {
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

  protected unit(
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

  protected resume(rows: readonly number[], run: string, why: string): Draft {
    const events = this.consumed.length === 0 ? {} : { events: this.consumed };
    return draft('RESUME', { kind: 'RESUME', rows, why, ...events }, { run });
  }

  protected subject({ header }: Entry, plan: Plan): Subject {
    return subjectOf(header.run, header.strand, header.hop + 1, plan);
  }

  private planOf({ header }: Entry): Plan {
    return this.context.planOf(header.definition);
  }

  /** The strand as a whole: the task in which it stands. */
  protected tellWhole(
    kind: 'task-suspended' | 'task-resumed',
    { run, strand }: { readonly run: string; readonly strand: string },
    { frames }: State,
  ): void {
    const pointer = frames.at(-1)?.pointer;
    if (pointer === undefined || this.options.observe !== true) return;
    this.transitions.push({ kind, run, strand, pointer, at: this.now });
  }

  protected collect(outcome: Outcome): void {
    for (const event of eventsOf(outcome)) this.events.push(event);
    this.note(outcome);
  }

  /** What happened in it, and in what it has begun. */
  protected note({ next, runs, transitions }: Outcome): void {
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
