/* Ends of strands: those that a join gathers, and what else happens because one of them has ended. */
import {
  beginBranch,
  hopFuel,
  isJoined,
  settlement,
  settles,
  type StrandId,
  type StrandStart,
  untried,
} from '../core/index.ts';
import type { Cause, State, StrandEnd } from '../wire/index.ts';
import { lineageOf, type Placed } from './places.ts';
import type { Surroundings } from './surroundings.ts';

export type Joined = Extract<Cause, { kind: 'joined' }>;

/** The ends that have records of their own, and those that ride in the cause. */
export function gathered(cause: Joined, join: Placed, { live, mappedBody }: Surroundings): Joined {
  const ends: Record<number, StrandEnd> = {};
  const { strand, joins } = join.header;
  for (const [path, end] of live?.endsOf(strand, joins) ?? []) {
    const body = mappedBody(end.body);
    if (body.kind === 'END') ends[lineageOf(path).branch] = body.end;
  }
  return { ...cause, ends: { ...ends, ...cause.ends } };
}

/**
 * The strands of a task that begin because `id`, another one of them, has ended; and whether the task is
 * over, with them or without any.
 */
export function lateStrands(
  id: StrandId,
  end: StrandEnd,
  join: Placed,
  joining: State,
  now: number,
  { live, mappedBody, options, planOf }: Surroundings,
): { readonly strands: readonly StrandStart[]; readonly decided: boolean } {
  const none = (decided: boolean) => ({ strands: [], decided });
  if (live === undefined) return none(true);
  const plan = planOf(join.header.definition);
  const ended = [...live.endsOf(join.header.strand, join.header.joins).values()];
  if (joining.cancelling !== undefined || settles(plan, joining)) {
    const ends = ended.flatMap(({ body }) => (body.kind === 'END' ? [mappedBody(body).end] : []));
    const how = settlement(plan, joining, ends);
    const waits = how !== undefined || settlement(plan, joining, [end]) !== undefined;
    if (waits) {
      return none(!live.othersLive(id.strand));
    }
  }
  const { node } = joining.frames.at(-1)!;
  if (node.kind !== 'fork') return none(false);
  let count = ended.length + 1;
  if (isJoined(plan, joining, end, count)) return none(true);
  const strands: StrandStart[] = [];
  const sharing = { ...options, fuel: hopFuel() };
  for (let next = node.started + ended.length; next < node.total; next++) {
    if (strands.length >= LATE_MAX) sharing.fuel.left = 0;
    const parent = { run: id.run, strand: join.header.strand };
    const one = beginBranch(plan, parent, joining, next, now, sharing);
    strands.push(one);
    if (one.outcome.next.kind !== 'end') break;
    if (isJoined(plan, joining, one.outcome.next.end, ++count)) return { strands, decided: true };
  }
  return { strands, decided: false };
}

/** Branches that end as they begin: so many of them in one unit at most. */
const LATE_MAX = 100;

/** Compensations of ended strands that are still to be tried. */
export function untriedIn(cause: Cause): number {
  if (cause.kind !== 'joined') return 0;
  return Object.values(cause.ends).reduce((sum, end) => sum + untried(end.compensations), 0);
}

/** Reasons of the engine. */
export const isReason = (detail: string | undefined): boolean =>
  /^(its State |it begins or ends )/.test(detail ?? '');

/** The engine, not the workflow, ended it: no record could hold it. */
export function isImposedEnd({ error }: StrandEnd): boolean {
  return isReason(error?.detail);
}
