/*
 * Errors of workflows (RFC 7807), their standard types, and when a catch matches one.
 */
import type { ErrorFilterPlan } from '../dsl/plan/index.ts';
import type { WorkflowError } from '../wire/index.ts';

const BASE = 'https://open-workflow-specification.org/spec/1.0.0/errors/';

/** Standard types and their default status (DSL, Errors). */
const STANDARD = {
  configuration: 400,
  validation: 400,
  expression: 400,
  authentication: 401,
  authorization: 403,
  timeout: 408,
  communication: 500,
  runtime: 500,
} as const;
export type StandardError = keyof typeof STANDARD;

const TITLES: Record<StandardError, string> = {
  configuration: 'Configuration error',
  validation: 'Validation error',
  expression: 'Expression error',
  authentication: 'Authentication error',
  authorization: 'Authorization error',
  timeout: 'Timeout',
  communication: 'Communication error',
  runtime: 'Runtime error',
};

export function standardError(
  kind: StandardError,
  detail: string,
  instance: string,
): WorkflowError {
  return {
    type: BASE + kind,
    status: STANDARD[kind],
    title: TITLES[kind],
    detail,
    instance,
  };
}

/** Characters of what a service says that an error keeps when there is no room for all of it. */
const SAID_CHARS_MAX = 500;

/**
 * What a task hears in place of an answer that no record can hold, and `why`: an error like any other, which a
 * `try` catches. Undefined: the answer is as short as it can be.
 */
export function unkept(
  answer: { readonly error?: WorkflowError },
  why: string,
): WorkflowError | undefined {
  const { error } = answer;
  if (error === undefined) {
    const { instance: _, ...known } = standardError(
      'runtime',
      `no record can hold its result: ${why}, or ask for less`,
      '',
    );
    return known;
  }
  const { detail, instance, status, title, type } = error;
  const short = {
    type: type.slice(0, SAID_CHARS_MAX),
    status,
    title: title.slice(0, SAID_CHARS_MAX),
    ...(detail === undefined ? {} : { detail: detail.slice(0, SAID_CHARS_MAX) }),
    ...(instance === undefined ? {} : { instance: instance.slice(0, SAID_CHARS_MAX) }),
  };
  const isShort =
    Object.keys(error).every((name) => name in short) &&
    Object.entries(short).every(([name, value]) => error[name as keyof WorkflowError] === value);
  return isShort ? undefined : short;
}

/** Places under which the standard types have been published; only the last segment tells them apart. */
const KNOWN_HOMES = [
  'https://open-workflow-specification.org/',
  'https://serverlessworkflow.io/',
  'https://www.serverlessworkflow.io/',
];

/** The name of a standard type, wherever it was published; undefined for all other types. */
function standardName(type: string): string | undefined {
  if (!KNOWN_HOMES.some((home) => type.startsWith(home))) return undefined;
  const name = type.slice(type.lastIndexOf('/') + 1);
  return Object.hasOwn(STANDARD, name) ? name : undefined;
}

export function sameType(a: string, b: string): boolean {
  if (a === b) return true;
  const name = standardName(a);
  return name !== undefined && name === standardName(b);
}

/** Every property that the filter names must be equal. */
export function matches(filter: ErrorFilterPlan, error: WorkflowError): boolean {
  return (
    (filter.type === undefined || sameType(filter.type, error.type)) &&
    (filter.status === undefined || filter.status === error.status) &&
    (filter.instance === undefined || filter.instance === error.instance) &&
    (filter.title === undefined || filter.title === error.title) &&
    (filter.detail === undefined || filter.detail === error.detail)
  );
}
