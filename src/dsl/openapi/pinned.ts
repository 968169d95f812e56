/* The operation behind a call: openapi of a definition that has its resources. */
import type { OpenApiArguments } from '../document.ts';
import { resolveUri, uriOf } from '../resources/uris.ts';
import { OpenApiFault, readOpenApi } from './document.ts';
import { type Operation, operationOf } from './operation.ts';

/** `base`: the name of the document that the call stands in. Throws OpenApiFault. */
export function pinnedOperation(
  resources: Readonly<Record<string, string>>,
  base: string,
  { document, operationId }: OpenApiArguments,
): Operation {
  const uri = resolveUri(base, uriOf(document.endpoint));
  const text = Object.hasOwn(resources, uri) ? resources[uri] : undefined;
  if (text === undefined) throw new OpenApiFault(`${uri} was not read when this was deployed`);
  return operationOf(readOpenApi(text), operationId, uri);
}

/** What people and scenarios call the service behind it: `GET https://host/path/{id}`. */
export function operationService({ method, path, server }: Operation): string {
  return `${method} ${server}${path}`;
}
