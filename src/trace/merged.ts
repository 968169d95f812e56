/*
 * Ends that have no record of their own: that of the last branch, or of an awaited child, rides in the
 * record that it led to. What its strand was told is there as well (`last`), so that its step is made
 * again like any other.
 *
 * M1. What the record says has ended is what the join is stepped with, whatever is found here: a
 *     verdict concerns one step (Y1).
 * M2. Records of builds that did not say what the last strand was told are taken as they are.
 */
import {
  isBrief,
  loseAfterEnd,
  type Outcome,
  settlement,
  settles,
  step,
  untried,
} from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { Cause, LastStrand, State, StrandEnd } from '../wire/index.ts';
import { isSame } from './diff.ts';
import { lineageOf, type Placed, strandOf } from './places.ts';
import { gathered, isImposedEnd, type Joined, lateStrands, untriedIn } from './strand-ends.ts';
import type { Surroundings } from './surroundings.ts';

/** How strands ended, by their paths. */
export interface StrandEnds {
  readonly [strand: string]: StrandEnd;
}

/** The strands that ended in the unit of their join. */
export interface Merged {
  readonly recorded: StrandEnds;
  /** nothing at the path of one that goes on, or that another one goes on beside */
  readonly computed: StrandEnds;
  /** what they did, in order */
  readonly outcomes: readonly Outcome[];
  /** what they were stepped from */
  readonly from: readonly unknown[];
  /** task at which the last one stood */
  readonly task: string;
}

/** Makes the steps again that ended the strands of `cause`, which `join` gathers, at `now` (ms). */
export function merged(
  join: Placed,
  cause: Joined,
  now: number,
  around: Surroundings,
): Merged | undefined {
  const stood = lastOf(cause, around);
  const { live, mappedBody, options, planOf } = around;
  const joining = mappedBody(join.body);
  if (stood === undefined || !('state' in joining) || live === undefined) return undefined;
  const { last, placed, recorded, state, task } = stood;
  const inner = last.cause.kind === 'joined' ? merged(placed, last.cause, now, around) : undefined;
  const told = last.cause.kind === 'joined' ? gathered(last.cause, placed, around) : last.cause;
  const plan = planOf(placed.header.definition);
  const id = { run: join.header.run, strand: last.strand };
  const loses = isLost(join, joining.state, around);
  // What no record could have held was put off.
  const defer = untried(recorded.compensations) - untried(state.compensations) - untriedIn(told);
  const brief = isBrief(recorded.compensations);
  const made = meant(state, told, recorded).map((one): Outcome => {
    const outcome = step(plan, id, one, told, now, { ...options, defer, brief });
    if (outcome.next.kind !== 'end' || !loses) return outcome;
    const { end } = outcome.next;
    return loseAfterEnd(plan, id, outcome.state, end, joining.state, now, options) ?? outcome;
  });
  const own =
    made.find(({ next }) => next.kind === 'end' && isSame(next.end, recorded)) ?? made[0]!;
  const computed: { [strand: string]: StrandEnd } = { ...inner?.computed };
  const outcomes = [...(inner?.outcomes ?? []), own];
  if (own.next.kind === 'end') {
    const late = lateStrands(id, own.next.end, join, joining.state, now, around);
    if (late.decided) computed[last.strand] = own.next.end;
    for (const { outcome, strand } of late.strands) {
      outcomes.push(outcome);
      if (outcome.next.kind === 'end') computed[strand] = outcome.next.end;
    }
  }
  return {
    recorded: { ...inner?.recorded, ...recordedEnds(cause, last) },
    computed,
    outcomes,
    from: [...(inner?.from ?? []), state, told],
    task,
  };
}

function recordedEnds({ ends }: Joined, { strand }: LastStrand): StrandEnds {
  const { parent, activation } = lineageOf(strand);
  return Object.fromEntries(
    Object.entries(ends).map(([branch, end]) => [
      strandOf(parent, activation, Number(branch)),
      end,
    ]),
  );
}

/** The strand that led to the record, where it stood; undefined = nothing tells. */
function lastOf(
  { ends, last }: Joined,
  { live, mappedBody }: Surroundings,
):
  | {
      readonly last: LastStrand;
      readonly placed: Placed;
      readonly recorded: StrandEnd;
      readonly state: State;
      readonly task: string;
    }
  | undefined {
  const placed = last && live?.strands.get(last.strand);
  if (last === undefined || placed === undefined) return undefined;
  const recorded = ends[lineageOf(last.strand).branch];
  if (recorded === undefined || isImposedEnd(recorded)) return undefined;
  const body = mappedBody(placed.body);
  if (!('state' in body)) return undefined;
  const { state } = body;
  const activity = 'activity' in body ? body.activity : undefined;
  const task = activity?.pointer ?? state.frames.at(-1)?.pointer ?? state.position;
  return { last, placed, recorded, state, task };
}

/** A cancel may have come in with the answer of an activity: how it was meant is in no record. */
function meant(state: State, cause: Cause, { cancelled }: StrandEnd): State[] {
  if (cancelled !== true || state.cancelling !== undefined || cause.kind !== 'activity') {
    return [state];
  }
  return [{ ...state, cancelling: 'run' }, { ...state, cancelling: 'lost' }, state];
}

/** Whether a branch that ends well is needed no more, another one having won. */
function isLost(join: Placed, joining: State, { live, mappedBody, planOf }: Surroundings): boolean {
  const { definition, joins, strand } = join.header;
  const plan: Plan = planOf(definition);
  if (joining.cancelling === undefined && !settles(plan, joining)) return false;
  const ends = [...(live?.endsOf(strand, joins).values() ?? [])].flatMap(({ body }) =>
    body.kind === 'END' ? [mappedBody(body).end] : [],
  );
  return settlement(plan, joining, ends) === 'lost';
}
