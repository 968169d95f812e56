/*
 * What a list of tasks inherits from around it, and what every kind of task is compiled with.
 */
import type { FlowDirective, RunTask } from '../document.ts';
import type { Directive, Node } from './plan.ts';

/** What a list of tasks inherits from around it. */
export interface Surroundings {
  readonly parent: Node | undefined;
  /** loop and catch variables in scope */
  readonly names: readonly string[];
  /** functions that are being expanded */
  readonly functions: readonly string[];
  /** the document that the tasks stand in, '' for the workflow */
  readonly base: string;
  /** compensations of what stands here are run by someone */
  readonly inSaga: boolean;
  /** inside a compensation, which is not undone itself */
  readonly undoes?: true;
  /** inside an extension: what is here is not extended itself */
  readonly extending?: true;
}

/** What a compensation can see besides its own input, which is the input of what it undoes. */
export const COMPENSATION_NAMES = ['output', 'certain'];

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function isProcess({ run }: RunTask): boolean {
  return run.script !== undefined || run.shell !== undefined;
}

export function extending({ names }: Surroundings): boolean {
  return names.includes('task');
}

/** Targets were checked at load: a name that is not a sibling does not come here. */
export function directive(then: FlowDirective | undefined, siblings: readonly string[]): Directive {
  if (then === undefined || then === 'continue') return { kind: 'continue' };
  if (then === 'exit' || then === 'end') return { kind: then };
  return { kind: 'goto', index: siblings.indexOf(then) };
}
