/*
 * An operation of an OpenAPI document, resolved: where it is asked, how, and how each of its parameters
 * is written. Swagger 2.0 and OpenAPI 3 become one.
 */
import type { Json, JsonObject } from '../../wire/json.ts';
import {
  findOperation,
  type Found,
  objectOf,
  OpenApiFault,
  parametersOf,
  resolved,
  textOf,
} from './document.ts';

/** How a list or an object is written: the words of OpenAPI 3, and one of Swagger 2.0. */
export type Style =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'tabDelimited'
  | 'pipeDelimited'
  | 'deepObject';

export interface OperationParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'form';
  readonly required: boolean;
  readonly style: Style;
  readonly explode: boolean;
  /** reserved characters stay as they are */
  readonly reserved?: true;
  /** written as JSON */
  readonly json?: true;
}

export interface OperationBody {
  /** media type of the request */
  readonly type: string;
  readonly required: boolean;
  /** the parameter that is the body; absent = `body`, or all that no parameter takes */
  readonly name?: string;
}

/** Plain data: it travels with each request of it. */
export interface Operation {
  readonly method: string;
  /** absolute, without a slash at its end */
  readonly server: string;
  readonly path: string;
  readonly parameters: readonly OperationParameter[];
  readonly body?: OperationBody;
}

/** Throws OpenApiFault. `uri`: where the document is, for what is relative to it. */
export function operationOf(document: JsonObject, operationId: string, uri: string): Operation {
  const found = findOperation(document, operationId);
  const { method, operation, path, shared } = found;
  const given = parametersOf(document, shared, operation);
  const isSwagger = document['swagger'] !== undefined;
  const body = isSwagger
    ? swaggerBody(document, operation, given)
    : openApiBody(document, operation['requestBody']);
  return {
    method: method.toUpperCase(),
    server: (isSwagger
      ? swaggerServer(document, uri)
      : openApiServer(document, found, uri)
    ).replace(/\/+$/, ''),
    path,
    parameters: given
      .filter((one) => one['in'] !== 'body')
      .map((one) => (isSwagger ? swaggerParameter(one) : openApiParameter(one))),
    ...(body === undefined ? {} : { body }),
  };
}

// -- Swagger 2.0 -----------------------------------------------------------------------------------

const COLLECTIONS: Readonly<Record<string, readonly [Style, explode: boolean]>> = {
  csv: ['form', false],
  ssv: ['spaceDelimited', false],
  tsv: ['tabDelimited', false],
  pipes: ['pipeDelimited', false],
  multi: ['form', true],
};

function swaggerParameter(given: JsonObject): OperationParameter {
  const { name, required } = named(given);
  const place = given['in'];
  if (given['type'] === 'file') {
    throw new OpenApiFault(
      `its parameter ${name} is a file`,
      'files cannot be sent by call: openapi',
    );
  }
  const where = place === 'formData' ? 'form' : placeOf(place, name, ['path', 'query', 'header']);
  const [style, explode] = COLLECTIONS[textOf(given['collectionFormat'], 'csv')] ?? ['form', false];
  return {
    name,
    in: where,
    required,
    style: style === 'form' && (where === 'path' || where === 'header') ? 'simple' : style,
    explode,
  };
}

function swaggerBody(
  document: JsonObject,
  operation: JsonObject,
  given: readonly JsonObject[],
): OperationBody | undefined {
  const consumes = (operation['consumes'] ?? document['consumes'] ?? []) as readonly string[];
  const one = given.find((parameter) => parameter['in'] === 'body');
  if (one !== undefined) {
    const { name, required } = named(one);
    return { type: preferred(consumes, 'application/json'), required, name };
  }
  const fields = given.filter((parameter) => parameter['in'] === 'formData');
  if (fields.length === 0) return undefined;
  if (consumes.length > 0 && !consumes.includes(FORM)) throw onlyForms(consumes.join(', '));
  return { type: FORM, required: false };
}

function swaggerServer(document: JsonObject, uri: string): string {
  const { host, schemes } = document;
  const basePath = textOf(document['basePath']);
  const home = URL.parse(uri);
  const offered = Array.isArray(schemes) ? (schemes as readonly string[]) : [];
  const own = home?.protocol.slice(0, -1);
  const scheme = offered.includes('https')
    ? 'https'
    : (offered[0] ?? (own === 'http' ? own : 'https'));
  if (typeof host === 'string') return `${scheme}://${host}${basePath}`;
  return absolute(basePath === '' ? '/' : basePath, uri);
}

// -- OpenAPI 3 -------------------------------------------------------------------------------------

const STYLES = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
] as const;

function openApiParameter(given: JsonObject): OperationParameter {
  const { name, required } = named(given);
  const where = placeOf(given['in'], name, ['path', 'query', 'header', 'cookie']);
  const usual = where === 'query' || where === 'cookie' ? 'form' : 'simple';
  const style = STYLES.find((one) => one === (given['style'] ?? usual));
  if (style === undefined) {
    throw new OpenApiFault(`its parameter ${name} has the style ${JSON.stringify(given['style'])}`);
  }
  return {
    name,
    in: where,
    required,
    style,
    explode: given['explode'] === undefined ? style === 'form' : given['explode'] === true,
    ...(given['allowReserved'] === true ? { reserved: true } : {}),
    ...(given['content'] === undefined ? {} : { json: true }),
  };
}

function openApiBody(document: JsonObject, given: Json | undefined): OperationBody | undefined {
  if (given === undefined) return undefined;
  const body = resolved(document, given);
  const types = Object.keys(objectOf(body['content']));
  return { type: preferred(types, 'application/json'), required: body['required'] === true };
}

function openApiServer(document: JsonObject, { operation, shared }: Found, uri: string): string {
  const lists = [operation['servers'], shared['servers'], document['servers']];
  const list = lists.find((one) => Array.isArray(one) && one.length > 0) as
    | readonly Json[]
    | undefined;
  const server = objectOf(list?.[0]);
  const variables = objectOf(server['variables']);
  const url = textOf(server['url'], '/').replaceAll(/\{([^{}]+)\}/g, (_whole, name: string) =>
    textOf(objectOf(variables[name])['default']),
  );
  return absolute(url, uri);
}

// -- both --------------------------------------------------------------------------------------------

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/;

/** The media type to send: JSON if it is taken, then a form. */
function preferred(types: readonly string[], usual: string): string {
  if (types.length === 0) return usual;
  const chosen =
    types.find((type) => JSON_TYPE.test(type)) ??
    types.find((type) => type === FORM || type.startsWith('text/') || type === '*/*');
  if (chosen === '*/*') return usual;
  if (chosen === undefined) throw onlyForms(types.join(', '));
  return chosen;
}

function onlyForms(types: string): OpenApiFault {
  return new OpenApiFault(
    `it takes ${types}, which call: openapi cannot send`,
    `it sends JSON, text, and ${FORM}`,
  );
}

function named(given: JsonObject): { name: string; required: boolean } {
  const name = given['name'];
  if (typeof name !== 'string') throw new OpenApiFault('one of its parameters has no name');
  return { name, required: given['required'] === true || given['in'] === 'path' };
}

function placeOf<P extends string>(place: Json | undefined, name: string, known: readonly P[]): P {
  const found = known.find((one) => one === place);
  if (found !== undefined) return found;
  throw new OpenApiFault(`its parameter ${name} stands in ${JSON.stringify(place)}`);
}

function absolute(url: string, base: string): string {
  // the address of a stored document may be relative itself; its servers are not
  const full = (URL.parse(url) ?? URL.parse(url, base))?.href;
  if (full !== undefined && /^https?:/.test(full)) return full;
  throw new OpenApiFault(
    `its server is ${JSON.stringify(url)}, and nothing says on which host`,
    'name the server with its host in the OpenAPI document',
  );
}
