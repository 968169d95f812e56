/*
 * Coverage of a campaign: what was really exercised - faults that fired, by kind, point and state of
 * the engine, and the situations that every campaign must have shown.
 */
import type { FiredFault, History } from './history.ts';
import type { FaultPlan } from './plan.ts';
import { actionName } from './plan.ts';
import type { RunCounts } from './world.ts';

/** Situations that a campaign has to show as fired (issue 2). */
export interface Situations {
  takeoverInMidActivity: number;
  zombieAppend: number;
  unknownThenLate: number;
  crashDuringRecovery: number;
}

export interface Coverage {
  /** `kind @ point @ state @ where the run stood` -> how often it fired */
  readonly cells: Map<string, number>;
  /** kind -> planned and fired */
  readonly kinds: Map<string, { planned: number; fired: number }>;
  /** gesture -> how often all of it fired */
  readonly gestures: Map<string, number>;
  readonly situations: Situations;
  fired: number;
  takeovers: number;
  voidRecords: number;
}

export function newCoverage(): Coverage {
  return {
    cells: new Map(),
    kinds: new Map(),
    gestures: new Map(),
    situations: {
      takeoverInMidActivity: 0,
      zombieAppend: 0,
      unknownThenLate: 0,
      crashDuringRecovery: 0,
    },
    fired: 0,
    takeovers: 0,
    voidRecords: 0,
  };
}

/** Adds one run. */
export function cover(
  coverage: Coverage,
  plan: FaultPlan,
  history: History,
  counts: RunCounts,
): void {
  const { cells, gestures, kinds, situations } = coverage;
  for (const { does } of plan.faults) kindOf(kinds, actionName(does)).planned += 1;
  const fired = new Set<number>();
  for (const one of history.fired) {
    fired.add(one.fault);
    coverage.fired += 1;
    kindOf(kinds, one.kind).fired += 1;
    const cell = `${one.kind} @ ${one.point} @ ${one.state} @ ${one.stands ?? ''}`;
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
    if (isCrash(one) && one.state.startsWith('recovery')) situations.crashDuringRecovery += 1;
    if (one.kind === 'unknown-late' && one.point === 'append') situations.unknownThenLate += 1;
  }
  const whole = new Map<string, boolean>();
  plan.faults.forEach(({ gesture }, index) => {
    if (gesture !== undefined) whole.set(gesture, (whole.get(gesture) ?? true) && fired.has(index));
  });
  for (const [gesture, all] of whole) {
    gestures.set(gesture, (gestures.get(gesture) ?? 0) + (all ? 1 : 0));
  }
  situations.takeoverInMidActivity += counts.midActivity;
  situations.zombieAppend += counts.zombies;
  coverage.takeovers += counts.takeovers;
  coverage.voidRecords += counts.zombies + counts.duplicates;
}

/** Adds what another part of the campaign has covered. */
export function addCoverage(coverage: Coverage, other: Coverage): void {
  for (const [cell, count] of other.cells) {
    coverage.cells.set(cell, (coverage.cells.get(cell) ?? 0) + count);
  }
  for (const [name, { fired, planned }] of other.kinds) {
    const kind = kindOf(coverage.kinds, name);
    kind.planned += planned;
    kind.fired += fired;
  }
  for (const [gesture, count] of other.gestures) {
    coverage.gestures.set(gesture, (coverage.gestures.get(gesture) ?? 0) + count);
  }
  const { situations } = coverage;
  for (const name of Object.keys(situations) as (keyof Situations)[]) {
    situations[name] += other.situations[name];
  }
  coverage.fired += other.fired;
  coverage.takeovers += other.takeovers;
  coverage.voidRecords += other.voidRecords;
}

function isCrash(fired: FiredFault): boolean {
  return fired.kind.startsWith('crash') || fired.kind === 'storm';
}

function kindOf(kinds: Coverage['kinds'], name: string): { planned: number; fired: number } {
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = { planned: 0, fired: 0 };
    kinds.set(name, kind);
  }
  return kind;
}
