/*
 * What a replay has found, summed up: how many hops and runs, and the runs that differ, grouped by their
 * first difference. Plain data, so that processes can share the work and add up what they found.
 *
 * A1. A run counts once, by its first finding; the first difference is what there is to be looked at.
 */
import type { Difference } from './diff.ts';
import type { Responsible } from './responsible.ts';

export type FindingKind = 'differs' | 'breaks' | 'depends' | 'unknown';

/** The first of what was found in one run. */
export interface Finding {
  readonly kind: FindingKind;
  readonly run: string;
  /** the run has not ended in the trace */
  readonly inFlight: boolean;
  /** NAMESPACE/NAME/VERSION of the definition that was followed there */
  readonly workflow: string;
  /** `STEP at 17 of partition 0` */
  readonly record: string;
  readonly strand: string;
  readonly hop: number;
  readonly responsible: Responsible;
  readonly differences: readonly Difference[];
  /** breaks, unknown: why; depends: the pointer of what was taken out */
  readonly said: string;
}

export interface FindingGroup {
  readonly kind: FindingKind;
  readonly workflow: string;
  readonly runs: number;
  readonly inFlight: number;
  readonly first: Finding;
  /** ids of some of them */
  readonly some: readonly string[];
}

export interface Tally {
  readonly hops: number;
  readonly equal: number;
  /** hops of strands that begin in the trace, and what the engine decided by itself */
  readonly begins: number;
  readonly imposed: number;
  /** hops that differ, that break, that cannot be checked */
  readonly differs: number;
  readonly breaks: number;
  readonly depends: number;
  readonly unknown: number;
  readonly runs: number;
  readonly inFlight: number;
  readonly groups: readonly FindingGroup[];
}

export const EMPTY_TALLY: Tally = {
  hops: 0,
  equal: 0,
  begins: 0,
  imposed: 0,
  differs: 0,
  breaks: 0,
  depends: 0,
  unknown: 0,
  runs: 0,
  inFlight: 0,
  groups: [],
};

/** Ids of runs that a group names. */
const SOME = 5;

/** Findings in groups: of one kind, at one task, with one place that differs first. */
export function grouped(findings: Iterable<Finding>): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const one of findings) {
    const key = keyOf(one);
    const group = groups.get(key);
    const inFlight = one.inFlight ? 1 : 0;
    groups.set(
      key,
      group === undefined
        ? { kind: one.kind, workflow: one.workflow, runs: 1, inFlight, first: one, some: [one.run] }
        : joined(group, { ...group, runs: 1, inFlight, first: one, some: [one.run] }),
    );
  }
  return inOrder(groups.values());
}

export function added(one: Tally, other: Tally): Tally {
  const groups = new Map(one.groups.map((group) => [keyOf(group.first), group]));
  for (const group of other.groups) {
    const key = keyOf(group.first);
    const known = groups.get(key);
    groups.set(key, known === undefined ? group : joined(known, group));
  }
  const sum = (key: Exclude<keyof Tally, 'groups'>): number => one[key] + other[key];
  return {
    hops: sum('hops'),
    equal: sum('equal'),
    begins: sum('begins'),
    imposed: sum('imposed'),
    differs: sum('differs'),
    breaks: sum('breaks'),
    depends: sum('depends'),
    unknown: sum('unknown'),
    runs: sum('runs'),
    inFlight: sum('inFlight'),
    groups: inOrder(groups.values()),
  };
}

function joined(one: FindingGroup, other: FindingGroup): FindingGroup {
  const [first, second] = one.first.run <= other.first.run ? [one, other] : [other, one];
  return {
    ...first,
    runs: one.runs + other.runs,
    inFlight: one.inFlight + other.inFlight,
    some: [...first.some, ...second.some].sort().slice(0, SOME),
  };
}

function inOrder(groups: Iterable<FindingGroup>): FindingGroup[] {
  return [...groups].sort((a, b) => b.runs - a.runs || (keyOf(a.first) < keyOf(b.first) ? -1 : 1));
}

/** Numbers within a place do not tell groups apart: the third item is like the fourth. */
function keyOf({ differences, kind, responsible, said, workflow }: Finding): string {
  const place = (differences[0]?.at ?? said).replaceAll(/\d+/g, '#');
  return [kind, workflow, responsible.task, responsible.expression?.at ?? '', place].join('\n');
}
