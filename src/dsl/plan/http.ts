/*
 * call: http, compiled: how the request of an activity of kind `http` is made from the document.
 *
 * Its arguments are { method, endpoint, headers?, query?, body?, output, redirect, authentication? }:
 * the endpoint is a URI, the authentication is { scheme: fields } with references resolved.
 */
import type { Json } from '../../wire/json.ts';
import { pointerStep } from '../../wire/json.ts';
import type {
  AuthenticationPolicy,
  HttpArguments,
  ReferenceableAuthentication,
  WorkflowDocument,
} from '../document.ts';
import type { CallNode, Value } from './plan.ts';
import type { RequestCompiler } from './request.ts';

export function compileHttp(
  request: RequestCompiler,
  document: WorkflowDocument,
  given: HttpArguments,
  pointer: string,
): Pick<CallNode, 'activity' | 'service' | 'arguments'> {
  const { endpoint, method, output = 'content', redirect = false } = given;
  const long = typeof endpoint === 'object';
  const uri = long ? endpoint.uri : endpoint;
  const parts: (readonly [string, Value])[] = [
    ['method', () => method.toUpperCase()],
    ['endpoint', request.uri(uri, `${pointer}/endpoint${long ? '/uri' : ''}`, '/endpoint')],
    ['output', () => output],
    ['redirect', () => redirect],
  ];
  for (const key of ['headers', 'query', 'body'] as const) {
    const value = given[key];
    if (value === undefined) continue;
    parts.push([key, request.free(value, `${pointer}/${key}`, `/${key}`)]);
  }
  if (long && endpoint.authentication !== undefined) {
    const at = `${pointer}/endpoint/authentication`;
    parts.push([
      'authentication',
      compileAuthentication(request, document, endpoint.authentication, at),
    ]);
  }
  return {
    activity: 'http',
    service: httpService(given),
    arguments: (input, scope) => {
      const values: Record<string, Json> = {};
      for (const [key, value] of parts) values[key] = value(input, scope);
      return values;
    },
  };
}

/** What people and scenarios call the service behind a call: `GET https://host/path/{id}`. */
export function httpService({ endpoint, method }: HttpArguments): string {
  return `${method.toUpperCase()} ${(typeof endpoint === 'string' ? endpoint : endpoint.uri).trim()}`;
}

/** { scheme: fields }, whether the policy stands in the call, under `use`, or in a secret. */
export function compileAuthentication(
  request: RequestCompiler,
  document: WorkflowDocument,
  given: ReferenceableAuthentication,
  pointer: string,
): Value {
  let policy: AuthenticationPolicy;
  let where = pointer;
  if ('use' in given) {
    policy = document.use!.authentications![given.use]!;
    where = `/use/authentications/${pointerStep(given.use)}`;
  } else policy = given;
  const [scheme, fields] = Object.entries(policy)[0] as [string, Json & object];
  const at = `/authentication/${scheme}`;
  const value =
    'use' in fields && typeof fields.use === 'string'
      ? request.secret(fields.use, at)
      : request.free(fields, `${where}/${scheme}`, at);
  return (input, scope) => ({ [scheme]: value(input, scope) });
}
