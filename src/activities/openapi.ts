/*
 * call: openapi, carried out: the request of the operation is written, and made as call: http makes it.
 */
import { OpenApiFault, type Operation, requestOf } from '../dsl/openapi/index.ts';
import type { ActivityAnswer } from '../ports/index.ts';
import type { Json, JsonObject } from '../wire/index.ts';
import { refuse } from './errors.ts';
import { performHttp } from './http/index.ts';
import type { Asked } from './index.ts';

/** As dsl/plan/openapi.ts makes them. */
interface OpenApiArguments {
  readonly operation: Operation;
  readonly parameters: JsonObject;
  readonly output: string;
  readonly redirect: boolean;
  readonly authentication?: JsonObject;
}

export function performOpenApi(asked: Asked): Promise<ActivityAnswer> {
  const { activity } = asked;
  const { authentication } = activity.arguments as unknown as OpenApiArguments;
  return performHttp({
    ...asked,
    // how it authenticates is looked at first: a parameter may wait for what comes of that
    activity: { ...activity, arguments: authentication === undefined ? {} : { authentication } },
    authorized: async (authorization) => httpArguments(await asked.authorized(authorization)),
  });
}

function httpArguments(args: Json): Json {
  const { authentication, operation, output, parameters, redirect } =
    args as unknown as OpenApiArguments;
  try {
    const request = requestOf(operation, parameters);
    return {
      ...request,
      output,
      redirect,
      ...(authentication === undefined ? {} : { authentication }),
    };
  } catch (error) {
    if (!(error instanceof OpenApiFault)) throw error;
    throw refuse('validation', `${operation.method} ${operation.path}: ${error.message}`);
  }
}
