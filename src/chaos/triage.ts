/*
 * Triage: failures that are most likely one bug stand in one group - the same oracle, broken by the same
 * kinds of faults.
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
}

/** Groups of failures, the largest first. */
export function triage<T extends Found>(failures: readonly T[]): FailureGroup<T>[] {
  const groups = new Map<
    string,
    { oracle: string; promise: string; kinds: string[]; members: T[] }
  >();
  for (const failure of failures) {
    const [first] = failure.violations;
    const oracle = first?.oracle ?? 'unknown';
    const kinds = failure.plan.faults.map(({ does }) => actionName(does)).sort();
    const key = [oracle, ...kinds].join(' ');
    const group = groups.get(key);
    if (group !== undefined) group.members.push(failure);
    else groups.set(key, { oracle, promise: first?.promise ?? '', kinds, members: [failure] });
  }
  const size = ({ plan }: Found): number => plan.faults.length;
  return [...groups.values()]
    .map((group) => ({ ...group, members: group.members.toSorted((a, b) => size(a) - size(b)) }))
    .toSorted((a, b) => b.members.length - a.members.length);
}
