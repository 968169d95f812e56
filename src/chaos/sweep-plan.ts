/*
 * What a sweep is over: one workload, chosen for the calls that it makes, and how many runs that comes to.
 *
 * Invariants: the workload follows from scenario, seed and sizes; faults come first, then pairs, row by
 * row, so that a number says which run is meant, in any process.
 */
import { PLAN_VERSION, type FaultPlan } from './plan.ts';
import type { Sizes } from './stage.ts';
import { richest, type Struck, type Sweep, type SweepOptions } from './sweep.ts';

/** `pairs`: every two crashes as well, however many there are. */
export type Exhaustiveness = 'singles' | 'pairs';

/** Workloads that are looked at for the one with the most boundaries. */
const LOOKED_AT = 20;
const RUNNERS = 2;
/** As many pairs are made without being asked for. */
const FEW_PAIRS = 2_000;

/** The workload of a seed; the largest of the sizes that were asked for, else small. */
export function sweptPlan(
  options: Omit<SweepOptions, 'plan'>,
  seed: number,
  sizes: Sizes,
): FaultPlan {
  const plans = Array.from({ length: LOOKED_AT }, (_, index) => workload(seed, sizes, index));
  return richest(plans, options) ?? workload(seed, sizes, 0);
}

function workload(seed: number, sizes: Sizes, index: number): FaultPlan {
  const { instances, partitions, runners } = sizes;
  const draw = (Math.imul(seed + 1, 0x9e_37_79_b1) ^ Math.imul(index, 0x85_eb_ca_6b)) >>> 12;
  return {
    version: PLAN_VERSION,
    seed: seed & 0xff_ff_ff,
    runners: runners?.to ?? RUNNERS,
    partitions: partitions?.to ?? 1,
    instances: Array.from({ length: instances?.to ?? 1 }, (_, id) => ({
      ...{ id, at: 5 + 200 * id, draw: (draw + 7_919 * id) & 0xf_ff_ff },
    })),
    faults: [],
  };
}

export interface SweepSize {
  /** how many crashes follow each crash, in pairs; empty = no pairs */
  readonly rows: readonly number[];
  readonly pairs: number;
  /** faults and pairs: a run each */
  readonly runs: number;
  /** how many pairs there are, roughly, made or not */
  readonly likely: number;
}

export function sizeOf(sweep: Sweep, how: Exhaustiveness): SweepSize {
  // Before they are counted: half of all ordered pairs, roughly.
  const likely = sweep.crashes.length ** 2 / 2;
  const rows = how === 'pairs' || likely <= FEW_PAIRS ? sweep.pairs() : [];
  const pairs = rows.reduce((sum, size) => sum + size, 0);
  return { rows, pairs, runs: sweep.singles.length + pairs, likely };
}

/** Run `index` of a sweep, and what people call it. */
export function struckAt(
  sweep: Sweep,
  rows: readonly number[],
  index: number,
): { readonly struck: Struck; readonly where: string } {
  if (index < sweep.singles.length) {
    return { struck: sweep.single(index), where: `fault ${index}` };
  }
  let second = index - sweep.singles.length;
  let first = 0;
  for (; second >= (rows[first] ?? Infinity); first += 1) second -= rows[first] ?? 0;
  return { struck: sweep.pair(first, second), where: `crash ${first} and then ${second}` };
}

/** A pair of which one fault is enough is that fault's failure, which is told already. */
export function isMinimal(sweep: Sweep, faults: FaultPlan['faults']): boolean {
  return faults.length < 2 || faults.every((one) => sweep.strike([one]).end !== 'broken');
}
