/*
 * What gestures are made of: their parameters, their steps, and where in the work they begin.
 */
import type { RecordKind } from '../wire/index.ts';
import type { ActionName, Shape } from './catalogue.ts';
import type { Address } from './plan.ts';

/** Parameters of a gesture, as small numbers. */
export interface RawGesture {
  readonly recipe: number;
  readonly nth: number;
  readonly process: number;
  readonly task: number;
  readonly scale: number;
  readonly turns: number;
  readonly flag: boolean;
}

export interface Step {
  readonly at: Address;
  readonly action: ActionName;
  readonly scale?: number;
  readonly flag?: boolean;
  /** counts once this step of the gesture has fired */
  readonly since?: number;
}

export interface Recipe {
  readonly name: string;
  /** only where somebody listens */
  readonly events?: boolean;
  /** it loses data: for profiles that say so */
  readonly loses?: boolean;
  steps(raw: RawGesture, shape: Shape): readonly Step[];
}

const STEPS: readonly RecordKind[] = ['STEP', 'END', 'STEP', 'MARK'];

/** Some append in the middle of the work; there are fewer ENDs and MARKs than STEPs. */
export function working(raw: RawGesture): Pick<Address, 'kind' | 'nth'> {
  const kind = STEPS[raw.turns % STEPS.length] ?? 'STEP';
  // Half of them early, when the numbers of an heir's tenure are not far from those of the old one.
  return { kind, nth: kind === 'STEP' && raw.turns < 3 ? raw.nth : 1 + (raw.nth % 6) };
}

export function processOf(raw: RawGesture, shape: Shape): Pick<Address, 'process'> {
  return raw.process === 0 ? {} : { process: (raw.process - 1) % shape.runners };
}

export function taskOf(raw: RawGesture, shape: Shape): Pick<Address, 'task'> {
  const task = shape.tasks[raw.task % Math.max(1, shape.tasks.length)];
  return raw.task === 0 || task === undefined ? {} : { task };
}
