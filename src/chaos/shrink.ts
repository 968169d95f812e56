/*
 * Shrinking: from a plan that fails to a small one that fails in the same way.
 *
 * First fast-check's own shrinking in a second call with a budget of its own, then ddmin over the
 * faults, then smaller worlds and workloads, then ddmin once more.
 *
 * Invariants: what comes back has been run and fails in the same way; `minimal` is true exactly when
 * removing any single fault was tried on it and made the failure go away.
 */
import * as fc from 'fast-check';
import { type FaultPlan, type PlannedFault, withFaults, withInstances, withSize } from './plan.ts';

export interface ShrinkOptions {
  /** the plan fails in the way that is being shrunk */
  readonly fails: (plan: FaultPlan) => boolean;
  /** where the plan came from; without it only ddmin is used */
  readonly origin?: { readonly arbitrary: fc.Arbitrary<FaultPlan>; readonly seed: number };
  /** calls of `fails` at most */
  readonly callsMax?: number;
  /** asked before each call: no more time */
  readonly over?: () => boolean;
}

export interface Shrunk {
  readonly plan: FaultPlan;
  /** removing any one fault makes it pass; false if the budget ended first */
  readonly minimal: boolean;
  readonly calls: number;
}

/** Share of the calls that fast-check's shrinking may have. */
const GENERIC_SHARE = 0.5;

export function shrink(found: FaultPlan, options: ShrinkOptions): Shrunk {
  const { callsMax = 2_000, fails, origin, over = () => false } = options;
  const budget = { calls: 0, most: Math.floor(callsMax * GENERIC_SHARE) };
  const tried = (plan: FaultPlan): boolean => {
    if (budget.calls >= budget.most || over()) return false;
    budget.calls += 1;
    return fails(plan);
  };
  let plan = found;
  // What breaks by itself needs no search for the fault that breaks it.
  const bare = withFaults(plan, []);
  if (plan.faults.length > 0 && tried(bare)) plan = bare;
  else if (origin !== undefined) plan = generic(plan, origin, tried);
  budget.most = callsMax;
  plan = fewerFaults(plan, tried);
  plan = smaller(plan, tried);
  plan = fewerFaults(plan, tried);
  const exhausted = budget.calls >= budget.most || over();
  // Verified anew, outside the budget: every single fault is needed.
  const minimal =
    !exhausted && plan.faults.every((fault) => !fails(withFaults(plan, without(plan, fault))));
  return { plan, minimal, calls: budget.calls };
}

function without(plan: FaultPlan, fault: PlannedFault): readonly PlannedFault[] {
  return plan.faults.filter((other) => other !== fault);
}

function generic(
  found: FaultPlan,
  origin: NonNullable<ShrinkOptions['origin']>,
  tried: (plan: FaultPlan) => boolean,
): FaultPlan {
  let smallest = found;
  fc.check(
    fc.property(origin.arbitrary, (plan) => {
      if (!tried(plan)) return true;
      smallest = plan;
      return false;
    }),
    { seed: origin.seed, numRuns: 1 },
  );
  return smallest;
}

/** ddmin (Zeller): halves, then quarters, ... then single faults, until none can go. */
function fewerFaults(plan: FaultPlan, tried: (plan: FaultPlan) => boolean): FaultPlan {
  let { faults } = plan;
  let parts = 2;
  while (faults.length > 0) {
    const size = Math.max(1, Math.ceil(faults.length / parts));
    const smaller_ = chunks(faults.length, size)
      .map(([from, to]) => faults.filter((_, index) => index < from || index >= to))
      .find((candidate) => tried(withFaults(plan, candidate)));
    if (smaller_ !== undefined) {
      faults = smaller_;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) {
      break;
    } else {
      parts = Math.min(faults.length, parts * 2);
    }
  }
  return withFaults(plan, faults);
}

function chunks(length: number, size: number): [number, number][] {
  const all: [number, number][] = [];
  for (let from = 0; from < length; from += size) all.push([from, Math.min(length, from + size)]);
  return all;
}

/** Fewer instances, runners, partitions; no second starts; milder ordinals. */
function smaller(found: FaultPlan, tried: (plan: FaultPlan) => boolean): FaultPlan {
  let plan = found;
  const attempt = (candidate: FaultPlan): boolean => {
    if (!tried(candidate)) return false;
    plan = candidate;
    return true;
  };
  // Halves first: most instances have nothing to do with it.
  for (let size = Math.ceil(plan.instances.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < plan.instances.length && plan.instances.length > 1;) {
      const end = from + size;
      const kept = plan.instances.filter((_, index) => index < from || index >= end);
      if (kept.length === 0 || !attempt(withInstances(plan, kept))) from = end;
    }
  }
  for (let runners = 1; runners < plan.runners; runners += 1) {
    if (attempt(withSize(plan, runners, plan.partitions))) break;
  }
  for (let partitions = 1; partitions < plan.partitions; partitions += 1) {
    if (attempt(withSize(plan, plan.runners, partitions))) break;
  }
  const { window: _, ...roomy } = plan;
  if (plan.window !== undefined) attempt(roomy);
  for (const { again, id, ...rest } of plan.instances) {
    if (again === undefined) continue;
    const instances = plan.instances.map((one) => (one.id === id ? { id, ...rest } : one));
    attempt({ ...plan, instances });
  }
  for (const { cancel, id, ...rest } of plan.instances) {
    if (cancel === undefined) continue;
    const instances = plan.instances.map((one) => (one.id === id ? { id, ...rest } : one));
    attempt({ ...plan, instances });
  }
  for (const { suspend, id, ...rest } of plan.instances) {
    if (suspend === undefined) continue;
    const instances = plan.instances.map((one) => (one.id === id ? { id, ...rest } : one));
    attempt({ ...plan, instances });
  }
  for (const { id, keep, ...rest } of plan.instances) {
    if (keep === undefined) continue;
    const instances = plan.instances.map((one) => (one.id === id ? { id, ...rest } : one));
    attempt({ ...plan, instances });
  }
  for (const { id } of plan.faults) {
    for (const nth of [1, 2, 3, 5, 8]) {
      const faults = plan.faults.map((one) =>
        one.id === id && nth < one.at.nth ? { ...one, at: { ...one.at, nth } } : one,
      );
      if (faults.some((one, index) => one !== plan.faults[index])) {
        if (attempt(withFaults(plan, faults))) break;
      }
    }
  }
  return plan;
}
