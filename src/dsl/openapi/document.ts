/*
 * OpenAPI documents (Swagger 2.0, OpenAPI 3): reading a text, finding an operation in it, and following
 * references inside of it.
 */
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../wire/json.ts';
import { didYouMean } from '../problem.ts';

/** What is wrong with an OpenAPI document, or with a call of it, in words for people. */
export class OpenApiFault extends Error {
  override readonly name = 'OpenApiFault';
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

export const METHODS = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
] as const;

/** A chain of references that is longer is a circle. */
const REFERENCES_MAX = 20;

/** Where an operation stands in its document. */
export interface Found {
  readonly path: string;
  readonly method: (typeof METHODS)[number];
  /** what all operations of the path share */
  readonly shared: JsonObject;
  readonly operation: JsonObject;
}

/** The document behind a text, YAML or JSON. */
export function readOpenApi(text: string): JsonObject {
  let value: unknown;
  try {
    value = /^\s*\{/.test(text) ? JSON.parse(text) : parse(text);
  } catch (error) {
    throw new OpenApiFault(
      `it is neither JSON nor YAML: ${(error as Error).message.split('\n')[0]}`,
    );
  }
  const document = objectOf(value as Json);
  const version = document['swagger'] ?? document['openapi'];
  if (typeof version === 'string' && /^(?:2\.0|3\.\d+(?:\.\d+)?)$/.test(version)) return document;
  throw new OpenApiFault(
    version === undefined
      ? 'it is no OpenAPI document: it has neither `openapi` nor `swagger`'
      : `its version is ${JSON.stringify(version)}; Swagger 2.0 and OpenAPI 3 can be read`,
  );
}

export function findOperation(document: JsonObject, operationId: string): Found {
  const known: string[] = [];
  for (const [path, item] of Object.entries(objectOf(document['paths']))) {
    const shared = resolved(document, item);
    for (const method of METHODS) {
      const operation = objectOf(shared[method]);
      const id = operation['operationId'];
      if (id === operationId) return { path, method, shared, operation };
      if (typeof id === 'string') known.push(id);
    }
  }
  throw new OpenApiFault(
    `it has no operation ${JSON.stringify(operationId)}`,
    didYouMean(operationId, known) ??
      `it has ${known.slice(0, 8).join(', ') || 'no operation that has an id'}`,
  );
}

/** The parameters of an operation, those of its path included; its own win. */
export function parametersOf(
  document: JsonObject,
  shared: JsonObject,
  operation: JsonObject,
): JsonObject[] {
  const all = new Map<string, JsonObject>();
  for (const list of [shared['parameters'], operation['parameters']]) {
    for (const item of Array.isArray(list) ? (list as readonly Json[]) : []) {
      const parameter = resolved(document, item);
      all.set(`${textOf(parameter['in'])} ${textOf(parameter['name'])}`, parameter);
    }
  }
  return [...all.values()];
}

/** What a reference inside of the document leads to; anything else as it is. */
export function resolved(document: JsonObject, value: Json | undefined): JsonObject {
  let at = objectOf(value);
  for (let steps = 0; typeof at['$ref'] === 'string'; steps++) {
    const reference = at['$ref'];
    if (!reference.startsWith('#/')) {
      throw new OpenApiFault(
        `it refers to another document (${reference})`,
        'put all of it into one document: only references inside of it are followed',
      );
    }
    if (steps > REFERENCES_MAX) throw new OpenApiFault(`${reference} leads in a circle`);
    const target = reference
      .slice(2)
      .split('/')
      .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<Json | undefined>((from, step) => objectOf(from)[step], document);
    if (target === undefined) throw new OpenApiFault(`${reference} is not there`);
    at = objectOf(target);
  }
  return at;
}

export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

export function textOf(value: Json | undefined, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
