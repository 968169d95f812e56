/*
 * Errors as activities answer them: the standard types of the DSL, and what was thrown turned into one.
 * They travel in records and are seen by workflows: messages only, never stacks, and of bounded length.
 */
import { EvaluationFault } from '../dsl/plan/plan.ts';
import type { WorkflowError } from '../wire/index.ts';

export const ERROR_TYPES = 'https://open-workflow-specification.org/spec/1.0.0/errors/';

/** Statuses and titles of the standard types (DSL, Errors). */
export const STANDARD: ReadonlyMap<string, readonly [status: number, title: string]> = new Map([
  ['configuration', [400, 'Configuration error']],
  ['validation', [400, 'Validation error']],
  ['expression', [400, 'Expression error']],
  ['authentication', [401, 'Authentication error']],
  ['authorization', [403, 'Authorization error']],
  ['timeout', [408, 'Timeout']],
  ['communication', [500, 'Communication error']],
  ['runtime', [500, 'Runtime error']],
]);

export type StandardKind =
  | 'configuration'
  | 'validation'
  | 'expression'
  | 'authentication'
  | 'authorization'
  | 'timeout'
  | 'communication'
  | 'runtime';

/** Characters of a detail that are kept: it travels in every record of the strand. */
const DETAIL_MAX = 4_000;

export function standard(kind: StandardKind, detail: string, status?: number): WorkflowError {
  const [usual, title] = STANDARD.get(kind) as readonly [number, string];
  return { type: ERROR_TYPES + kind, status: status ?? usual, title, detail: cut(detail) };
}

/** An activity objects: thrown on the way, answered to the workflow. */
export class Refused extends Error {
  readonly error: WorkflowError;
  constructor(error: WorkflowError) {
    super(error.detail ?? error.title);
    this.name = 'Refused';
    this.error = error;
  }
}

export function refuse(kind: StandardKind, detail: string, status?: number): Refused {
  return new Refused(standard(kind, detail, status));
}

/** What was thrown while an activity was carried out, as the workflow sees it. */
export function errorOf(thrown: unknown): WorkflowError {
  if (thrown instanceof Refused) return thrown.error;
  if (thrown instanceof EvaluationFault) return standard(thrown.kind, thrown.message);
  return standard('runtime', detailOf(thrown) ?? String(thrown));
}

/** The message of what was thrown, if it has one. */
export function detailOf(thrown: unknown): string | undefined {
  if (typeof thrown === 'string') return cut(thrown);
  if (!(thrown instanceof Error)) return undefined;
  return cut(thrown.message === '' ? thrown.name : thrown.message);
}

export function cut(text: string): string {
  const whole = text.toWellFormed();
  return whole.length <= DETAIL_MAX ? whole : `${whole.slice(0, DETAIL_MAX)} ...`;
}
