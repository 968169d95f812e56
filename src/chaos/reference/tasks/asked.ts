/*
 * What a call asks of whom. An http call is asked as { method, endpoint, ... }; whatever reads a secret
 * is null, for it is filled in where no record sees it.
 */
import type {
  CallTask,
  HttpArguments,
  OpenApiArguments,
  ReferenceableAuthentication,
  Task,
} from '../../../dsl/document.ts';
import { operationService, pinnedOperation } from '../../../dsl/openapi/index.ts';
import { expressionOf } from '../../../dsl/expression.ts';
import type { Json, JsonObject } from '../../../wire/json.ts';
import { field, free, type Scope, seenBy } from '../evaluate.ts';
import { fault } from '../fault.ts';
import type { Interpreter } from '../interpret.ts';

export interface Question {
  readonly name: string;
  readonly request: Json;
  /** what it depends on besides what can be seen of it: it is the same again only if this is, too */
  readonly hidden: readonly Json[];
}

const SECRETS = /\$secrets\b/;
const SECRETS_AND_TOKENS = /\$(?:secrets|authorization)\b/;
const EVERYTHING = /^/;

/** True where the input of a task holds secrets, so that only the call itself can know it. */
export function hidesInput(task: Task): boolean {
  const from = task.input?.from;
  if (typeof from === 'string') return SECRETS.test(from);
  return from !== undefined && hiddenTexts(from as Json, SECRETS).length > 0;
}

export function question(
  it: Interpreter,
  task: CallTask,
  input: Json,
  scope: Scope,
  base: string,
): Question {
  const secret = hidesInput(task) ? EVERYTHING : SECRETS;
  const given = (task.with ?? null) as Json;
  const late = secret === EVERYTHING ? secret : SECRETS_AND_TOKENS;
  if (task.call === 'openapi') {
    const { authentication, output, parameters, redirect } = task.with as OpenApiArguments;
    const operation = pinnedOperation(it.definition.resources, base, task.with as OpenApiArguments);
    const asked = {
      operation: operation as unknown as Json,
      parameters: free(without(parameters ?? {}, late), input, scope),
      output: output ?? 'content',
      redirect: redirect ?? false,
      ...authenticated(it, authentication, late, input, scope),
    };
    const hidden = hiddenOf(
      task,
      [parameters ?? {}, policyOf(it, authentication)],
      late,
      input,
      scope,
    );
    return { name: operationService(operation), request: asked, hidden };
  }
  if (task.call !== 'http') {
    const hidden = hiddenOf(task, given, secret, input, scope);
    return { name: task.call, request: field(without(given, secret), input, scope), hidden };
  }
  const { endpoint, method, output, redirect, ...rest } = task.with as HttpArguments;
  const uri = typeof endpoint === 'string' ? endpoint : endpoint.uri;
  const asked: Record<string, Json> = {
    method: method.toUpperCase(),
    endpoint: location(without(uri, late), uri, secret === EVERYTHING, input, scope),
    output: output ?? 'content',
    redirect: redirect ?? false,
    ...(free(without(rest as Json, late), input, scope) as JsonObject),
  };
  const authentication = typeof endpoint === 'object' ? endpoint.authentication : undefined;
  Object.assign(asked, authenticated(it, authentication, late, input, scope));
  const seen = [uri, rest as Json, policyOf(it, authentication)];
  const hidden = hiddenOf(task, seen, late, input, scope);
  return { name: `${method.toUpperCase()} ${uri.trim()}`, request: asked, hidden };
}

/**
 * What the hidden leaves of `value` depend on. A late input.from depends on the raw input, and everything
 * else on what it gives.
 */
export function hiddenOf(
  task: Task,
  value: Json,
  secret: RegExp,
  input: Json,
  scope: Scope,
): readonly Json[] {
  if (hidesInput(task)) return [task.input?.from ?? null, input];
  return hiddenTexts(value, secret).map((text) =>
    seenBy(expressionOf(text, 'free')!, input, scope),
  );
}

function authenticated(
  it: Interpreter,
  given: ReferenceableAuthentication | undefined,
  late: RegExp,
  input: Json,
  scope: Scope,
): { authentication?: Json } {
  if (given === undefined) return {};
  const [scheme, fields] = Object.entries(policyOf(it, given))[0] as [string, JsonObject];
  const value = 'use' in fields ? null : free(without(fields, late), input, scope);
  return { authentication: { [scheme]: value } };
}

function policyOf(it: Interpreter, given: ReferenceableAuthentication | undefined): JsonObject {
  const { use, ...own } = (given ?? {}) as { use?: string };
  const policy = use === undefined ? own : it.document.use!.authentications![use]!;
  return policy as unknown as JsonObject;
}

function location(value: Json, uri: string, hidden: boolean, input: Json, scope: Scope): Json {
  if (value === null || expressionOf(uri, 'free') !== undefined) return free(value, input, scope);
  if (!uri.includes('{')) return free(value, input, scope);
  if (hidden) return null;
  return uri.replaceAll(/\{([^}]*)\}/g, (_, name: string) => {
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    const found = isObject ? new Map(Object.entries(input)).get(name) : null;
    if (typeof found === 'object' && found !== null) {
      throw fault('expression', `{${name}} is no plain value`, scope.instance);
    }
    return encodeURIComponent(String(found ?? '')).replaceAll(
      /[!'()*]/g,
      (char) => `%${char.codePointAt(0)!.toString(16).toUpperCase()}`,
    );
  });
}

/** A value whose expressions that match are null. */
export function without(value: Json, secret: RegExp): Json {
  return hiddenTexts(value, secret).length === 0 ? value : cleared(value, secret);
}

function cleared(value: Json, secret: RegExp): Json {
  if (typeof value === 'string') return hides(value, secret) ? null : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => cleared(item, secret));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, cleared(item as Json, secret)]),
  );
}

/** What a part of a document hides stays the same, and most hide nothing. */
const hidden = new WeakMap<object, Map<RegExp, readonly string[]>>();

function hiddenTexts(value: Json, secret: RegExp): readonly string[] {
  if (typeof value !== 'object' || value === null) return hiddenIn(value, secret);
  let known = hidden.get(value);
  if (known === undefined) hidden.set(value, (known = new Map()));
  let found = known.get(secret);
  if (found === undefined) known.set(secret, (found = hiddenIn(value, secret)));
  return found;
}

function hiddenIn(value: Json, secret: RegExp): readonly string[] {
  return texts(value).filter((text) => hides(text, secret));
}

function hides(text: string, secret: RegExp): boolean {
  const source = expressionOf(text, 'free');
  return source !== undefined && secret.test(source);
}

function texts(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
