/*
 * The request of an operation: its parameters written into the address, the headers and the body, as the
 * document says.
 *
 * A parameter that is null is left out. What the operation does not know is refused when the document
 * is compiled; what a value cannot be is an error of the workflow.
 */
import type { Json, JsonObject } from '../../wire/json.ts';
import { percentEncoded } from '../uri-template.ts';
import { OpenApiFault } from './document.ts';
import { FORM, JSON_TYPE, type Operation, type OperationParameter } from './operation.ts';

export interface OperationRequest {
  readonly method: string;
  readonly endpoint: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
}

/** Throws OpenApiFault when a value is missing or cannot be written. */
export function requestOf(operation: Operation, values: JsonObject): OperationRequest {
  const { method, parameters, path, server } = operation;
  let filled = path;
  const query: string[] = [];
  const cookies: string[] = [];
  const form: string[] = [];
  const headers: Record<string, string> = {};
  for (const parameter of parameters) {
    const { in: place, name } = parameter;
    const value = valueOf(values, name);
    if (value === null) {
      if (parameter.required) throw new OpenApiFault(`the parameter ${name} is missing`);
      continue;
    }
    if (place === 'path') filled = filled.replaceAll(`{${name}}`, inPath(parameter, value));
    else if (place === 'query') query.push(...pairs(parameter, value));
    else if (place === 'form') form.push(...pairs(parameter, value));
    else if (place === 'cookie') cookies.push(pairs(parameter, value).join('; '));
    else headers[name.toLowerCase()] = plainText(parameter, value);
  }
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  const body = form.length > 0 ? form.join('&') : bodyOf(operation, values);
  if (body !== undefined) headers['content-type'] = operation.body?.type ?? FORM;
  const asked = query.length === 0 ? '' : `?${query.join('&')}`;
  return {
    method,
    endpoint: `${server}${filled}${asked}`,
    headers,
    ...(body === undefined ? {} : { body }),
  };
}

/** The names that an operation knows; undefined = any, for what no parameter takes makes its body. */
export function namesOf({ body, parameters }: Operation): readonly string[] | undefined {
  const own = parameters.map(({ name }) => name);
  if (body?.name !== undefined) return [...own, body.name];
  const isForm = parameters.some((one) => one.in === 'form');
  return body === undefined || isForm ? own : undefined;
}

/** The names without which an operation cannot be called. */
export function requiredOf({ body, parameters }: Operation): readonly string[] {
  const own = parameters.filter(({ required }) => required).map(({ name }) => name);
  return body?.required === true && body.name !== undefined ? [...own, body.name] : own;
}

function bodyOf({ body, parameters }: Operation, values: JsonObject): string | undefined {
  if (body === undefined) return undefined;
  const value = body.name === undefined ? leftOver(parameters, values) : valueOf(values, body.name);
  if (value === null) {
    if (body.required)
      throw new OpenApiFault('the body is missing', 'give it as the parameter `body`');
    return undefined;
  }
  // as text, so that a text is JSON, too
  if (JSON_TYPE.test(body.type)) return JSON.stringify(value);
  if (body.type !== FORM) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const fields = Object.entries(objectOrFault(value));
  return fields.map(([name, field]) => `${encoded(name)}=${encoded(word(name, field))}`).join('&');
}

function valueOf(values: JsonObject, name: string): Json {
  return Object.hasOwn(values, name) ? values[name]! : null;
}

/** `body`, or an object of all that no parameter takes. */
function leftOver(parameters: readonly OperationParameter[], values: JsonObject): Json {
  const taken = new Set(parameters.map(({ name }) => name));
  if (Object.hasOwn(values, 'body') && !taken.has('body')) return values['body']!;
  const rest = Object.entries(values).filter(([name]) => !taken.has(name));
  return rest.length === 0 ? null : Object.fromEntries(rest);
}

// -- writing -----------------------------------------------------------------------------------------

const DELIMITERS: Readonly<Record<string, string>> = {
  spaceDelimited: '%20',
  tabDelimited: '%09',
  pipeDelimited: '%7C',
};

/** `name=value`, as often as it takes. */
function pairs(parameter: OperationParameter, value: Json): string[] {
  const { explode, name, style } = parameter;
  const write = (text: string): string => (parameter.reserved ? encodeURI(text) : encoded(text));
  const key = encoded(name);
  if (parameter.json) return [`${key}=${write(JSON.stringify(value))}`];
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => write(word(name, item)));
    if (explode) return items.map((item) => `${key}=${item}`);
    return [`${key}=${items.join(DELIMITERS[style] ?? ',')}`];
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([field, item]) => [encoded(field), write(word(name, item))] as const,
    );
    if (style === 'deepObject')
      return fields.map(([field, item]) => `${key}%5B${field}%5D=${item}`);
    if (explode) return fields.map(([field, item]) => `${field}=${item}`);
    return [`${key}=${fields.flat().join(',')}`];
  }
  return [`${key}=${write(word(name, value))}`];
}

function inPath(parameter: OperationParameter, value: Json): string {
  const { explode, name, style } = parameter;
  const text = simple(
    parameter,
    value,
    encoded,
    explode && style !== 'simple' ? (style === 'label' ? '.' : ';') : ',',
  );
  if (style === 'label') return `.${text}`;
  if (style !== 'matrix') return text;
  const isParts = typeof value === 'object' && value !== null;
  if (!explode || !isParts) return `;${encoded(name)}=${text}`;
  return Array.isArray(value)
    ? (value as readonly Json[])
        .map((item) => `;${encoded(name)}=${encoded(word(name, item))}`)
        .join('')
    : `;${text}`;
}

function plainText(parameter: OperationParameter, value: Json): string {
  return simple(parameter, value, String, ',');
}

function simple(
  { explode, json, name }: OperationParameter,
  value: Json,
  write: (text: string) => string,
  joint: string,
): string {
  if (json) return write(JSON.stringify(value));
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => write(word(name, item))).join(joint);
  }
  if (typeof value !== 'object' || value === null) return write(word(name, value));
  return Object.entries(value)
    .map(([field, item]) => `${write(field)}${explode ? '=' : ','}${write(word(name, item))}`)
    .join(joint);
}

function word(name: string, value: Json): string {
  if (typeof value !== 'object') return String(value);
  if (value === null) return '';
  throw new OpenApiFault(`the parameter ${name} is nested too deep for how it is written`);
}

function encoded(text: string): string {
  return percentEncoded(text);
}

function objectOrFault(value: Json): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject;
  throw new OpenApiFault('the body of a form must be an object');
}
