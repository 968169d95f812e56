/*
 * What a recorded hop must have come to: the record before it, its cause and its time say which step was
 * made, and core makes it again.
 *
 * E1. Nothing but the trace is looked at: State before, cause, time, Definitions.
 * E2. What the engine and not the workflow decided - that a strand is put aside, parked as dead, or
 *     ended because no record could hold it - is taken as recorded, and said to be so.
 */
import {
  begin,
  isBrief,
  loseAfterEnd,
  type Outcome,
  step,
  type StepOptions,
  type StrandStart,
  untried,
} from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import {
  type Cause,
  type Compensation,
  HOLD_MAX_MS,
  type ParkBody,
  type State,
  type StrandEnd,
} from '../wire/index.ts';
import { merged, type Merged } from './merged.ts';
import type { Placed } from './places.ts';
import type { HopBody, Shape } from './shape.ts';
import { gathered, isImposedEnd, isReason, lateStrands, untriedIn } from './strand-ends.ts';
import type { Surroundings } from './surroundings.ts';

/** What a hop came to, with what the strands did that ended in it. */
export type Made = Outcome & { readonly merged?: Merged };

/** A step, made again; `observe` also lists what happened in it. */
export type Again = (observe: boolean) => Made;

export type Expected =
  /** the step that led to the record */
  | {
      readonly kind: 'step';
      readonly again: Again;
      /** the same result may have come about in another way; tried when `again` does not give it */
      readonly or?: Again;
      /** what it was stepped from: State and cause */
      readonly from: readonly unknown[];
    }
  /** nothing was stepped: the record must be this */
  | { readonly kind: 'shape'; readonly shape: Shape }
  /** its strand begins in this trace: nothing is known of what was before */
  | { readonly kind: 'begins' }
  /** decided by the engine for a reason of its own */
  | { readonly kind: 'imposed' };

/** A step that begins a strand or a run is found with the one that made it. Who is put aside or parked as
 *  dead right after keeps its cause. */
export function isBegun({ header }: Placed, { cause }: HopBody): boolean {
  if (header.hop !== 1) return false;
  return cause.kind === 'branch' || (cause.kind === 'start' && cause.by !== undefined);
}

export function expected(record: Placed, body: HopBody, around: Surroundings): Expected {
  const { header } = record;
  const { live, unit } = around;
  const { cause } = body;
  const { hop, run, strand, time: now } = header;
  const id = { run, strand };
  if (cause.kind === 'start' && header.definition === '') return { kind: 'imposed' };
  if (cause.kind === 'start' && hop === 1 && strand === '') {
    return started(record, body, around);
  }
  const last = live?.strands.get(strand) ?? (strand === '' && hop === 1 ? live?.start : undefined);
  if (last === undefined || (last.header.kind !== 'START' && last.header.hop !== hop - 1)) {
    return { kind: 'begins' };
  }
  if (last.header.kind === 'START') {
    if (cause.kind !== 'control') return { kind: 'imposed' };
    const start = last.body;
    const caller = start.kind === 'START' ? start.caller : undefined;
    return { kind: 'shape', shape: { kind: 'END', end: { cancelled: true }, caller, joins: 0 } };
  }
  const before = around.mappedBody(last.body);
  if (before.kind !== 'STEP' && before.kind !== 'PARK' && before.kind !== 'CANCELLING') {
    return { kind: 'begins' };
  }
  const resume = unit.find(({ header: { kind } }) => kind === 'RESUME')?.body;
  const why = resume?.kind === 'RESUME' ? resume.why : undefined;
  const put = putAside(body, before, cause);
  if (put !== undefined) return { kind: 'shape', shape: put };
  if (body.kind === 'CANCELLING') {
    const how = isLost(cause) ? 'lost' : 'run';
    const key = 'activity' in before ? before.activity?.key : undefined;
    const state: State = { ...before.state, cancelling: how };
    return { kind: 'shape', shape: { kind: 'CANCELLING', state, key, joins: 0 } };
  }
  if (why === 'resumed' && before.kind === 'PARK' && before.pending !== true) {
    return { kind: 'shape', shape: goingOn(before, now) };
  }
  if (isBack(body, before)) {
    const { state, activity } = before as ParkBody;
    return { kind: 'shape', shape: { kind: 'STEP', state, activity, joins: 0 } };
  }
  if (isImposed(body)) return { kind: 'imposed' };
  const plan = around.planOf(header.definition);
  const given = cause.kind === 'joined' ? gathered(cause, last, around) : cause;
  const { state } = before;
  const how = cancelling(state, body, cause);
  // What no record could have held was put off.
  const defer = untried(toldOf(body)) - untried(state.compensations) - untriedIn(given);
  const brief = 'end' in body && isBrief(body.end.compensations);
  // It may be asked for after the run has gone on.
  const then = cause.kind === 'joined' && cause.last !== undefined ? live?.copy() : live;
  const again = (from: State) => (observe: boolean) => {
    const options = { ...around.options, observe, defer, brief };
    const outcome = step(plan, id, from, given, now, options);
    const made = undone(outcome, body, from, last, around, plan, options, now) ?? outcome;
    return cause.kind === 'joined'
      ? withMerged(made, merged(last, cause, now, { ...around, live: then, options }))
      : made;
  };
  const from = [state, given];
  if (how === undefined) return { kind: 'step', from, again: again(state) };
  const asked = again({ ...state, cancelling: how });
  return { kind: 'step', from, again: asked, or: again(state) };
}

/** A run begins: because of its START, or because a schedule has fired. */
function started(record: Placed, body: HopBody, around: Surroundings): Expected {
  const { header } = record;
  const { live, unit } = around;
  const { run, strand, time: now } = header;
  const { cause } = body;
  if (cause.kind !== 'start') return { kind: 'begins' };
  let state: State;
  const start = live?.start && around.mappedBody(live.start.body);
  if (start?.kind === 'START') {
    state = begin(now, start.input ?? {}, start.caller);
  } else if (unit.some(({ header: { kind } }) => kind === 'FIRE')) {
    const caller =
      'state' in body ? body.state.caller : body.kind === 'END' ? body.caller : undefined;
    // Events that begin a run are its input; time gives it none.
    state = begin(now, cause.input ?? {}, caller);
  } else return { kind: 'begins' };
  const plan = around.planOf(header.definition);
  return {
    kind: 'step',
    from: [state],
    again: (observe) =>
      step(plan, { run, strand }, state, cause, now, { ...around.options, observe }),
  };
}

/** The hop with what was done before its own step, in the order of the two. */
function withMerged(outcome: Outcome, before: Merged | undefined): Made {
  if (before === undefined) return outcome;
  const all = [...before.outcomes, outcome];
  return {
    ...outcome,
    merged: before,
    events: all.flatMap(({ events }) => events),
    runs: all.flatMap(({ runs }) => runs),
    transitions: all.flatMap(({ transitions }) => transitions),
  };
}

/** Records that put a strand aside, or park it as dead, step nothing. */
function putAside(body: HopBody, before: HopBody, cause: Cause): Shape | undefined {
  if (body.kind !== 'PARK' || before.kind === 'END') return undefined;
  if (body.why !== 'dead' && body.why !== 'suspend') return undefined;
  const { state } = before;
  const activity = 'activity' in before ? before.activity : undefined;
  if (body.why === 'dead') {
    if (before.kind === 'STEP') return { kind: 'PARK', state, activity, why: 'dead', joins: 0 };
    if (before.kind !== 'PARK') return undefined;
    const { was, notBefore, pending } = before;
    return { kind: 'PARK', state, activity, why: 'dead', was, notBefore, pending, joins: 0 };
  }
  if (before.kind === 'PARK') {
    const { due, why: was, subscription, pending } = before;
    const waits = { was, notBefore: due ?? before.notBefore, subscription, pending };
    return { kind: 'PARK', state, activity, why: 'suspend', ...waits, joins: 0 };
  }
  const { notBefore } = before as { readonly notBefore?: number };
  const answered = body.pending === true && cause.kind === 'activity';
  return answered
    ? { kind: 'PARK', state, why: 'suspend', pending: true, joins: 0 }
    : { kind: 'PARK', state, activity, why: 'suspend', notBefore, joins: 0 };
}

/** What was put aside goes on as it stood. */
function goingOn(before: ParkBody, now: number): Shape {
  const { activity, notBefore, state, subscription, was } = before;
  const waitsLong = notBefore !== undefined && notBefore - now > HOLD_MAX_MS;
  if (was === 'listen' || (was !== undefined && waitsLong)) {
    return { kind: 'PARK', state, activity, why: was, due: notBefore, subscription, joins: 0 };
  }
  const atOnce = state.entering || activity !== undefined ? undefined : now;
  return { kind: 'STEP', state, activity, notBefore: notBefore ?? atOnce, joins: 0 };
}

/** A retry that was parked comes back: its activity is due as it stands. */
function isBack(body: HopBody, before: HopBody): boolean {
  if (body.kind !== 'STEP' || before.kind !== 'PARK' || body.cause.kind !== 'timer') return false;
  const { activity } = before;
  return (
    activity !== undefined &&
    body.activity?.key === activity.key &&
    body.activity.attempt === activity.attempt
  );
}

/** The undo log as the record leaves it. */
function toldOf(body: HopBody): readonly Compensation[] | undefined {
  return 'state' in body ? body.state.compensations : body.end.compensations;
}

/** A cancel may have come in with the answer of an activity: how it was meant. */
function cancelling(state: State, body: HopBody, cause: Cause): State['cancelling'] {
  if (state.cancelling !== undefined || cause.kind !== 'activity') return undefined;
  if ('state' in body) return body.state.cancelling;
  return body.end.cancelled === true ? 'run' : undefined;
}

function isLost(cause: Cause): boolean {
  const args = cause.kind === 'control' ? cause.arguments : undefined;
  return typeof args === 'object' && args !== null && 'lost' in args && args['lost'] === true;
}

/** A branch that is needed no more: it was cancelled, or undoes what it did although it had ended. */
function undone(
  outcome: Outcome,
  body: HopBody,
  state: State,
  last: Placed,
  { live, mappedBody }: Surroundings,
  plan: Plan,
  options: StepOptions,
  now: number,
): Outcome | undefined {
  if (!('state' in body) || body.state.cancelling !== 'lost' || state.cancelling !== undefined) {
    return undefined;
  }
  const { run, strand } = last.header;
  const join = live?.joinOf(strand);
  const joining = join && mappedBody(join.body);
  if (outcome.next.kind !== 'end' || joining?.kind !== 'STEP') return undefined;
  return loseAfterEnd(
    plan,
    { run, strand },
    outcome.state,
    outcome.next.end,
    joining.state,
    now,
    options,
  );
}

/** The engine ends a strand that no record can hold. */
function isImposed(body: HopBody): boolean {
  if (body.kind === 'END') return isImposedEnd(body.end);
  return body.state.frames.some(({ node }) => node.kind === 'undo' && isReason(node.error?.detail));
}

/** Branches that begin in the unit of the end of another one. */
export function alsoBegun(
  record: Placed,
  end: StrandEnd,
  around: Surroundings,
): readonly StrandStart[] {
  const { live, mappedBody } = around;
  const { strand, time: now } = record.header;
  const join = live?.joinOf(strand);
  const joining = join && mappedBody(join.body);
  if (join === undefined || joining?.kind !== 'STEP') return [];
  return lateStrands(record.header, end, join, joining.state, now, around).strands;
}
