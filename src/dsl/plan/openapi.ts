/*
 * call: openapi, compiled: the operation is looked up in the pinned document, its parameters are checked
 * by name. Its activity is given { operation, parameters, output, redirect, authentication? }; the
 * request is written at the call, because a parameter may be a secret.
 */
import type { Json } from '../../wire/json.ts';
import { pointerStep } from '../../wire/json.ts';
import type { OpenApiArguments, WorkflowDocument } from '../document.ts';
import {
  namesOf,
  type Operation,
  OpenApiFault,
  operationOf,
  operationService,
  readOpenApi,
  requiredOf,
} from '../openapi/index.ts';
import { didYouMean, type Finding, listWords } from '../problem.ts';
import { uriOf } from '../resources/uris.ts';
import { compileAuthentication } from './http.ts';
import type { Library } from './library.ts';
import type { CallNode, Value } from './plan.ts';
import type { RequestCompiler } from './request.ts';

export interface OpenApiContext {
  readonly library: Library;
  /** the document that the task stands in */
  readonly base: string;
  readonly findings: Finding[];
}

export function compileOpenApi(
  request: RequestCompiler,
  workflow: WorkflowDocument,
  given: OpenApiArguments,
  pointer: string,
  context: OpenApiContext,
): Pick<CallNode, 'activity' | 'service' | 'arguments'> {
  const { authentication, output = 'content', parameters = {}, redirect = false } = given;
  const operation = operationAt(given, pointer, context);
  if (operation !== undefined) {
    context.findings.push(...parameterFindings(operation, given, `${pointer}/parameters`));
  }
  const parts: (readonly [string, Value])[] = [
    ['operation', () => operation as unknown as Json],
    ['parameters', request.free(parameters, `${pointer}/parameters`, '/parameters')],
    ['output', () => output],
    ['redirect', () => redirect],
  ];
  if (authentication !== undefined) {
    const at = `${pointer}/authentication`;
    parts.push(['authentication', compileAuthentication(request, workflow, authentication, at)]);
  }
  return {
    activity: 'openapi',
    service: operation === undefined ? given.operationId : operationService(operation),
    arguments: (input, scope) => {
      const values: Record<string, Json> = {};
      for (const [key, value] of parts) values[key] = value(input, scope);
      return values;
    },
  };
}

function operationAt(
  { document, operationId }: OpenApiArguments,
  pointer: string,
  { library, base, findings }: OpenApiContext,
): Operation | undefined {
  const text = library.text(document.endpoint, base, `${pointer}/document/endpoint`);
  if (text === undefined) return undefined;
  try {
    return operationOf(readOpenApi(text), operationId, uriOf(document.endpoint));
  } catch (error) {
    if (!(error instanceof OpenApiFault)) throw error;
    findings.push({
      code: 'openapi',
      message: `${uriOf(document.endpoint)}: ${error.message}`,
      pointer: `${pointer}/operationId`,
      expected: 'an operation of the OpenAPI document',
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
    return undefined;
  }
}

function parameterFindings(
  operation: Operation,
  { operationId, parameters = {} }: OpenApiArguments,
  pointer: string,
): Finding[] {
  const given = Object.keys(parameters);
  const known = namesOf(operation);
  const expected = `the parameters of ${operationId}`;
  const strangers = known === undefined ? [] : given.filter((name) => !known.includes(name));
  const missing = requiredOf(operation).filter((name) => !given.includes(name));
  return [
    ...strangers.map((name) => {
      const hint = didYouMean(name, known!) ?? `it has ${listWords(known!, 'and') || 'none'}`;
      const message = `${operationId} has no parameter ${JSON.stringify(name)}`;
      return {
        code: 'openapi-parameter',
        message,
        pointer: `${pointer}/${pointerStep(name)}`,
        expected,
        hint,
        at: 'key' as const,
      };
    }),
    ...missing.map((name) => ({
      code: 'openapi-parameter',
      message: `${operationId} needs the parameter ${JSON.stringify(name)}`,
      pointer,
      expected,
    })),
  ];
}
