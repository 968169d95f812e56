/*
 * Triage: failures that are most likely one bug stand in one group - the same oracle, broken by the same
 * kinds of faults. A plan that there was no time to make small joins the group whose faults are all among
 * its own: it is hardly another bug.
 */
import type { Violation } from './history.ts';
import { actionName, type FaultPlan } from './plan.ts';

export interface FailureGroup<T> {
  readonly oracle: string;
  readonly promise: string;
  /** kinds of the faults of the smallest plan, sorted; empty = it breaks by itself */
  readonly kinds: readonly string[];
  /** in the order in which they were found; the first has the fewest faults */
  readonly members: readonly T[];
}

interface Found {
  readonly violations: readonly Violation[];
  readonly plan: FaultPlan;
  /** no fault can be taken away; absent = yes */
  readonly minimal?: boolean;
}

interface Group<T> extends FailureGroup<T> {
  readonly members: T[];
}

/** Groups of failures, the largest first. */
export function triage<T extends Found>(failures: readonly T[]): FailureGroup<T>[] {
  const groups: Group<T>[] = [];
  const small = failures.filter(({ minimal }) => minimal !== false);
  const large = failures.filter(({ minimal }) => minimal === false);
  // Fewer faults first, so that what a group needs is known before a larger plan looks for one.
  const ordered = [...small, ...large.toSorted((a, b) => size(a) - size(b))];
  for (const failure of ordered) {
    const [first] = failure.violations;
    const oracle = first?.oracle ?? 'unknown';
    const kinds = failure.plan.faults.map(({ does }) => actionName(does)).toSorted();
    const group = groups.find(
      (one) =>
        one.oracle === oracle &&
        (one.kinds.join(' ') === kinds.join(' ') ||
          (failure.minimal === false && isWithin(one.kinds, kinds))),
    );
    if (group !== undefined) group.members.push(failure);
    else groups.push({ oracle, promise: first?.promise ?? '', kinds, members: [failure] });
  }
  return groups
    .map((group) => ({ ...group, members: group.members.toSorted((a, b) => size(a) - size(b)) }))
    .toSorted((a, b) => b.members.length - a.members.length);
}

function size({ plan }: Found): number {
  return plan.faults.length;
}

/** Each of some kinds is among others, as often. */
function isWithin(some: readonly string[], others: readonly string[]): boolean {
  const left = [...others];
  return some.every((kind) => {
    const at = left.indexOf(kind);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
