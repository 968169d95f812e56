/*
 * Errors of a workflow as the reference knows them: standard ones by name, and when a catch takes one.
 */
import type { Json } from '../../wire/json.ts';
import type { WorkflowError } from '../../wire/state.ts';
import type { ErrorFilter } from '../../dsl/document.ts';

const STANDARD = {
  configuration: [400, 'Configuration error'],
  validation: [400, 'Validation error'],
  expression: [400, 'Expression error'],
  authentication: [401, 'Authentication error'],
  authorization: [403, 'Authorization error'],
  timeout: [408, 'Timeout'],
  communication: [500, 'Communication error'],
  runtime: [500, 'Runtime error'],
} as const;

/** A call that is under way: what its repetition must be equal to, to be the same effect. */
export interface Origin {
  readonly pointer: string;
  readonly request: string;
  readonly indices: string;
  readonly attempt: number;
  readonly effect: Effect;
}

/** One thing that services were asked to do, however often. */
export interface Effect {
  readonly name: string;
  readonly request: Json;
}

/** An error on its way to whoever catches it. */
export class Fault extends Error {
  readonly error: WorkflowError;
  /** the call that was under way */
  readonly origin: Origin | undefined;

  constructor(error: WorkflowError, origin?: Origin) {
    // It is the workflow's error: where the interpreter stood is of no interest, and costs more than all else.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(error.title);
    Error.stackTraceLimit = stackTraceLimit;
    this.error = error;
    this.origin = origin;
  }
}

export function fault(
  kind: keyof typeof STANDARD,
  detail: string,
  instance: string,
  origin?: Origin,
): Fault {
  const [status, title] = STANDARD[kind];
  const type = `https://open-workflow-specification.org/spec/1.0.0/errors/${kind}`;
  return new Fault({ type, status, title, detail, instance }, origin);
}

/** Every property that the filter names is equal; standard types are equal wherever they are at home. */
export function takes(filter: ErrorFilter, error: WorkflowError): boolean {
  return (Object.keys(filter) as (keyof ErrorFilter)[]).every((key) =>
    key === 'type'
      ? homeless(filter.type) === homeless(error.type)
      : filter[key] === undefined || filter[key] === error[key],
  );
}

/** The last segment of a standard type; any other type as it is. */
function homeless(type: string | undefined): string | undefined {
  const home =
    /^https:\/\/(?:open-workflow-specification\.org|(?:www\.)?serverlessworkflow\.io)\/(?:.*\/)?([a-z]+)$/;
  const name = home.exec(type ?? '')?.[1];
  return name !== undefined && Object.hasOwn(STANDARD, name) ? name : type;
}
