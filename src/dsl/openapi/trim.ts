/*
 * The part of an OpenAPI document that is stored with a definition: what the operations that are called
 * need. It is an OpenAPI document itself, with absolute servers, without schemas, answers, descriptions:
 * values are not checked against their schemas, and schemas are what makes documents large.
 */
import type { Json, JsonObject } from '../../wire/json.ts';
import { findOperation, objectOf, parametersOf, resolved } from './document.ts';
import { operationOf } from './operation.ts';

/** As text. `uri`: where the document is. Throws OpenApiFault. */
export function trimmed(document: JsonObject, operationIds: Iterable<string>, uri: string): string {
  const paths: Record<string, Record<string, Json>> = {};
  let places: JsonObject = {};
  for (const id of [...new Set(operationIds)].sort()) {
    const { path, method, shared, operation } = findOperation(document, id);
    const { server } = operationOf(document, id, uri);
    const isSwagger = document['swagger'] !== undefined;
    if (isSwagger) places = swaggerPlaces(server);
    const body = operation['requestBody'];
    (paths[path] ??= {})[method] = {
      operationId: id,
      ...(operation['consumes'] === undefined ? {} : { consumes: operation['consumes'] }),
      ...(isSwagger ? {} : { servers: [{ url: server }] }),
      parameters: parametersOf(document, shared, operation).map(withoutSchema),
      ...(body === undefined ? {} : { requestBody: bodyOf(resolved(document, body)) }),
    };
  }
  const { consumes, openapi, swagger } = document;
  return JSON.stringify({ swagger, openapi, ...places, consumes, paths });
}

function swaggerPlaces(server: string): JsonObject {
  const { host, pathname, protocol } = new URL(server);
  return { host, basePath: pathname === '/' ? '' : pathname, schemes: [protocol.slice(0, -1)] };
}

function withoutSchema(parameter: JsonObject): JsonObject {
  const { schema: _s, items: _i, example: _e, examples: _m, description: _d, ...kept } = parameter;
  const content = kept['content'];
  return content === undefined ? kept : { ...kept, content: typesOf(content) };
}

function bodyOf(body: JsonObject): JsonObject {
  const required = body['required'] === true ? { required: true } : {};
  return { ...required, content: typesOf(body['content']) };
}

function typesOf(content: Json | undefined): JsonObject {
  return Object.fromEntries(Object.keys(objectOf(content)).map((type) => [type, {}]));
}
