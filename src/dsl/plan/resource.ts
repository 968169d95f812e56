/* Pinned external resources, where a plan needs them. */
import { parse } from 'yaml';
import type { Json } from '../../wire/json.ts';
import type { ExternalResource } from '../document.ts';
import { isFixed, uriOf } from '../external-resources.ts';
import type { Definition } from '../load.ts';
import type { Finding } from '../problem.ts';

/** Code of the finding that a deployer mends by reading the resource. */
export const NOT_PINNED = 'resource-not-pinned';

/** What was pinned of a resource; undefined with a finding when nothing was. */
export function pinnedText(
  { resources }: Definition,
  { endpoint }: ExternalResource,
  pointer: string,
  findings: Finding[],
): string | undefined {
  const uri = uriOf(endpoint);
  const text = Object.hasOwn(resources, uri) ? resources[uri] : undefined;
  if (text !== undefined) return text;
  findings.push(
    isFixed(uri)
      ? {
          code: NOT_PINNED,
          message: `${uri} was not read when the workflow was deployed`,
          pointer,
          expected: 'a definition with its resources',
        }
      : {
          code: 'resource-not-fixed',
          message: 'the address of this resource is decided while the workflow runs',
          pointer,
          expected: 'an address that is known when the workflow is deployed',
          hint: 'write the address without expressions and {names}',
        },
  );
  return undefined;
}

/** A JSON Schema that was pinned, JSON or YAML. */
export function schemaFrom(text: string): Json {
  return (/^\s*\{/.test(text) ? JSON.parse(text) : parse(text)) as Json;
}
