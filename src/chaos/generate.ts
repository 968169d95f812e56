/*
 * Generators of fault plans for fast-check: flat records of small numbers, mapped to plans, so that
 * shrinking takes faults and instances away and makes what is left milder.
 *
 * The mix of a profile with gestures: 40 % addressed faults, 20 % a swarm (many faults of few kinds),
 * 40 % gestures with a few faults around them.
 */
import * as fc from 'fast-check';
import { type Cell, faultOf, type RawFault, SCALES, type Shape } from './catalogue.ts';
import type { RawGesture } from './gesture-steps.ts';
import { gestureFaults, withoutEvents } from './gestures.ts';
import {
  type FaultPlan,
  PLAN_VERSION,
  type PlannedFault,
  type PlannedInstance,
  type Window,
} from './plan.ts';
import type { Profile } from './profile.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How large a plan may be, and what its faults can be addressed to. */
export interface PlanBounds {
  readonly tasks: readonly string[];
  readonly instances: Range;
  readonly runners: Range;
  readonly partitions: Range;
  /** faults of a plan that stand alone; gestures come on top */
  readonly faults: Range;
  /** instances arrive within so many ms */
  readonly arrivalMs: number;
  /** share of the instances that a client cancels, 0 to 1 */
  readonly cancels?: number;
  /** share of the instances that a client suspends for a while, 0 to 1 */
  readonly suspends?: number;
  /** share of the instances whose result is to be kept, 0 to 1 */
  readonly keeps?: number;
  /** somebody listens: faults of what brings events about are among them */
  readonly listens?: boolean;
}

export const DEFAULT_BOUNDS: Omit<PlanBounds, 'tasks'> = {
  instances: { from: 3, to: 20 },
  runners: { from: 2, to: 3 },
  partitions: { from: 2, to: 4 },
  faults: { from: 0, to: 8 },
  arrivalMs: 10_000,
};

/** A run that is put aside stays so for so many ms at most. */
const SUSPENDED_MS_MAX = 90_000;
/** Cancels come within so many ms after the start: in the middle of most workflows. */
const CANCEL_MS_MAX = 40_000;

interface RawFaults {
  readonly single: readonly RawFault[];
  readonly gestures: readonly RawGesture[];
  /** which cells a swarm draws from: a start and how many */
  readonly swarm?: { readonly from: number; readonly count: number };
}

export function planArbitrary(all: Profile, bounds: PlanBounds): fc.Arbitrary<FaultPlan> {
  const profile = bounds.listens === true ? all : withoutListening(all);
  return fc
    .record({
      seed: fc.nat(0xff_ff_ff),
      runners: within(bounds.runners),
      partitions: within(bounds.partitions),
      window: WINDOW,
      instances: instancesArbitrary(bounds),
      faults: faultsArbitrary(profile, bounds.faults),
    })
    .map(({ faults, instances, partitions, runners, seed, window }) => {
      const shape: Shape = {
        runners,
        partitions,
        instances: instances.length,
        tasks: bounds.tasks,
      };
      return {
        version: PLAN_VERSION,
        seed,
        runners,
        partitions,
        ...(window === undefined ? {} : { window }),
        instances,
        faults: assemble(profile, faults, shape),
      };
    });
}

/** What can never strike would only take the place of what can. */
function withoutListening(profile: Profile): Profile {
  const cells = profile.cells.filter(({ events }) => events !== true);
  return { ...profile, cells, gestures: withoutEvents(profile.gestures) };
}

/** One in three worlds has runners that can hold next to nothing. */
const WINDOW: fc.Arbitrary<Window | undefined> = fc.option(
  fc.record({
    bodies: fc.integer({ min: 0, max: 4 }),
    refetch: fc.integer({ min: 1, max: 3 }),
    active: fc.integer({ min: 1, max: 6 }),
  }),
  { freq: 2, nil: undefined },
);

function within({ from, to }: Range): fc.Arbitrary<number> {
  return fc.integer({ min: from, max: to });
}

function instancesArbitrary(bounds: PlanBounds): fc.Arbitrary<readonly PlannedInstance[]> {
  const { arrivalMs, cancels = 0, instances, keeps = 0, suspends = 0 } = bounds;
  const raw = fc.record({
    at: fc.nat(arrivalMs),
    draw: fc.nat(0xf_ff_ff),
    // One in eight is sent twice.
    again: fc.option(fc.nat(4_000), { freq: 7, nil: undefined }),
    twice: fc.nat(7),
    ...(cancels === 0 ? {} : { cancel: fc.nat(CANCEL_MS_MAX), kept: fc.nat(99) }),
    ...(suspends === 0
      ? {}
      : { after: fc.nat(CANCEL_MS_MAX), aside: fc.nat(SUSPENDED_MS_MAX), moving: fc.nat(99) }),
    ...(keeps === 0 ? {} : { asking: fc.nat(99) }),
  });
  const size = { minLength: instances.from, maxLength: instances.to };
  // Most bugs need few instances and are found sooner with them; now and then it must be a crowd.
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.array(raw, { ...size, size: 'xsmall' }) },
      { weight: 1, arbitrary: fc.array(raw, { ...size, size: 'small' }) },
    )
    .map((all) =>
      all.map(
        (
          { again, at, draw, twice, cancel, kept = 100, after, aside, moving = 100, asking },
          id,
        ) => ({
          id,
          at,
          draw,
          ...(again === undefined || twice !== 0 ? {} : { again }),
          ...(cancel === undefined || kept >= cancels * 100 ? {} : { cancel }),
          ...(after === undefined || aside === undefined || moving >= suspends * 100
            ? {}
            : { suspend: { after, for: aside } }),
          ...(asking === undefined || asking >= keeps * 100 ? {} : { keep: true as const }),
        }),
      ),
    );
}

function faultsArbitrary(profile: Profile, faults: Range): fc.Arbitrary<RawFaults> {
  const { cells, gestures } = profile;
  if (cells.length === 0) return fc.constant({ single: [], gestures: [] });
  const single = ({ from, to }: Range): fc.Arbitrary<RawFault[]> =>
    fc.array(rawFault(cells), { minLength: from, maxLength: to });
  const swarm = fc.record({ from: fc.nat(cells.length), count: fc.integer({ min: 1, max: 6 }) });
  const uniform = { weight: 4, arbitrary: fc.record({ single: single(faults) }) };
  const swarming = {
    weight: 2,
    arbitrary: fc.record({ single: single({ from: faults.from, to: faults.to * 2 }), swarm }),
  };
  const mixes = [uniform, swarming].map(({ arbitrary, weight }) => ({
    weight,
    arbitrary: arbitrary.map((raw): RawFaults => ({ gestures: [], ...raw })),
  }));
  if (gestures.length === 0) return fc.oneof(...mixes);
  const gesture = fc.record({
    single: single({ from: 0, to: 2 }),
    gestures: fc.array(rawGesture(gestures), { minLength: 1, maxLength: 3 }),
  });
  return fc.oneof(...mixes, { weight: 4, arbitrary: gesture });
}

function rawFault(cells: readonly Cell[]): fc.Arbitrary<RawFault> {
  return fc.record({
    cell: fc.nat(cells.length - 1),
    nth: fc.integer({ min: 1, max: 40 }),
    process: fc.nat(3),
    partition: fc.nat(4),
    run: fc.nat(8),
    task: fc.nat(31),
    scale: fc.nat(SCALES - 1),
    flag: fc.boolean(),
  });
}

function rawGesture(recipes: readonly number[]): fc.Arbitrary<RawGesture> {
  return fc.record({
    recipe: fc.constantFrom(...recipes),
    nth: fc.integer({ min: 1, max: 25 }),
    process: fc.nat(3),
    task: fc.nat(31),
    scale: fc.nat(SCALES - 1),
    turns: fc.nat(5),
    flag: fc.boolean(),
  });
}

function assemble(profile: Profile, raw: RawFaults, shape: Shape): readonly PlannedFault[] {
  const faults: PlannedFault[] = [];
  for (const gesture of raw.gestures) faults.push(...gestureFaults(gesture, shape, faults.length));
  const cells = swarmOf(profile.cells, raw.swarm);
  for (const single of raw.single) {
    faults.push({ id: faults.length, ...faultOf(cells, single, shape) });
  }
  return faults;
}

/** A handful of cells that are not neighbours: a stride through the catalogue. */
function swarmOf(cells: readonly Cell[], swarm: RawFaults['swarm']): readonly Cell[] {
  if (swarm === undefined) return cells;
  const stride = 17;
  return Array.from({ length: swarm.count }, (_, index) => {
    const at = (swarm.from + index * stride) % cells.length;
    return cells[at] as Cell;
  });
}
