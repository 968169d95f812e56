/*
 * The request of a call, from the arguments of its activity: URI with query, headers, body as bytes.
 *
 * Q1. The effect key is the Idempotency-Key and the trace context is derived from run and key, so that
 *     every attempt of one effect carries the same; a document that sets these headers has its way.
 * Q2. What cannot be sent is refused here, before anything is sent.
 */
import { percentEncoded } from '../../dsl/uri-template.ts';
import { type Json, type JsonObject, sha256Hex } from '../../wire/index.ts';
import type { Authorization } from '../auth/index.ts';
import { refuse } from '../errors.ts';
import { contentType, isJson } from './content.ts';

/** As dsl/plan/http.ts makes them: what may come from an expression can be anything. */
export interface HttpArguments {
  readonly method: string;
  readonly endpoint: Json;
  readonly headers?: Json;
  readonly query?: Json;
  readonly body?: Json;
  readonly output: 'content' | 'raw' | 'response';
  readonly redirect: boolean;
  readonly authentication?: JsonObject;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  /** names in lower case */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer | undefined;
}

const METHODS_WITHOUT_BODY = ['GET', 'HEAD'];

export function requestOf(
  args: HttpArguments,
  run: string,
  key: string,
  authorization: Authorization | null,
): HttpRequest {
  const { method } = args;
  const url = urlOf(args.endpoint, args.query);
  const headers = new Map<string, string>([
    ['user-agent', 'waybill'],
    ['idempotency-key', key],
    ['traceparent', traceParent(run, key)],
    ...headersOf(args.headers),
  ]);
  // A document that writes the header itself, from $authorization, knows why.
  const parameter = authorization?.parameter ?? null;
  if (authorization !== null && parameter !== null && !headers.has('authorization')) {
    headers.set('authorization', `${authorization.scheme} ${parameter}`);
  }
  const body = bodyOf(args.body ?? null, headers);
  if (body !== undefined && METHODS_WITHOUT_BODY.includes(method)) {
    throw refuse('configuration', `a ${method} request has no body; use query, or another method`);
  }
  return { method, url, headers, body };
}

/** W3C trace context: the trace is the run, the span is the effect. */
export function traceParent(run: string, key: string): string {
  const id = run.replaceAll('-', '').toLowerCase();
  const trace = /^[0-9a-f]{32}$/.test(id) ? id : sha256Hex(run).slice(0, 32);
  return `00-${trace}-${sha256Hex(key).slice(0, 16)}-01`;
}

function urlOf(endpoint: Json, query: Json | undefined): URL {
  if (typeof endpoint !== 'string') {
    throw refuse('expression', `the endpoint must be a text, not ${kindOf(endpoint)}`);
  }
  let url: URL;
  try {
    url = new URL(endpoint.trim());
  } catch {
    throw refuse('configuration', `${JSON.stringify(endpoint)} is not an absolute URI`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse('configuration', `call: http takes http and https, not ${url.protocol}//`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('configuration', 'credentials do not belong into a URI; use authentication');
  }
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(mapOf(query, 'query'))) {
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (one === null) continue;
      pairs.push(`${percentEncoded(name)}=${percentEncoded(plainText(one, `query.${name}`))}`);
    }
  }
  if (pairs.length > 0) url.search = [url.search.slice(1), ...pairs].filter(Boolean).join('&');
  return url;
}

function headersOf(given: Json | undefined): [name: string, value: string][] {
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(mapOf(given, 'headers'))) {
    if (value === null) continue;
    const parts = Array.isArray(value) ? (value as readonly Json[]) : [value];
    const text = parts.map((part) => plainText(part, `headers.${name}`)).join(', ');
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      throw refuse('configuration', `${JSON.stringify(name)} cannot be the name of a header`);
    }
    // whatever else it says: it may be a secret
    if (!/^[\t\u{20}-\u{7e}\u{80}-\u{ff}]*$/u.test(text)) {
      throw refuse('configuration', `the header ${name} has characters that no header can have`);
    }
    headers.push([name.toLowerCase(), text.trim()]);
  }
  return headers;
}

/** Null is no body, a text is sent as it is, everything else as JSON, or as a form if the headers say so. */
function bodyOf(body: Json, headers: Map<string, string>): Buffer | undefined {
  if (body === null) return undefined;
  const said = headers.get('content-type');
  if (typeof body === 'string') {
    if (said === undefined) headers.set('content-type', 'text/plain; charset=utf-8');
    return Buffer.from(body);
  }
  if (said === undefined) headers.set('content-type', 'application/json');
  const type = contentType(said ?? 'application/json');
  if (isJson(type)) return Buffer.from(JSON.stringify(body));
  if (type.type === 'application/x-www-form-urlencoded') return Buffer.from(form(body));
  throw refuse('configuration', `a body of type ${type.type} must be a text, not ${kindOf(body)}`);
}

function form(body: Json): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(mapOf(body, 'body'))) {
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (one !== null) pairs.append(name, plainText(one, `body.${name}`));
    }
  }
  return pairs.toString();
}

function mapOf(value: Json | undefined, what: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw refuse('expression', `${what} must be an object, not ${kindOf(value)}`);
}

function plainText(value: Json, what: string): string {
  if (typeof value !== 'object' || value === null) return String(value);
  throw refuse(
    'expression',
    `${what} must be a text, a number, true or false, not ${kindOf(value)}`,
  );
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
