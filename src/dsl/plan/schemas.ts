/* Schemas of documents, in place and in files. */
import type { Json } from '../../wire/json.ts';
import type { ExternalResource, SchemaModel } from '../document.ts';
import { uriOf } from '../resources/uris.ts';
import { readSource } from '../source.ts';
import type { PlanCompiler } from './compile.ts';
import type { SchemaCheck } from './plan.ts';

export function schemaCheck(
  it: PlanCompiler,
  schema: SchemaModel,
  pointer: string,
  base: string,
): SchemaCheck {
  const { document, resource } = schema;
  const at = `${pointer}/${resource === undefined ? 'document' : 'resource'}`;
  const source = resource === undefined ? document : schemaText(it, resource, at, base);
  if (source === undefined) return () => undefined;
  try {
    return it.schemas(source);
  } catch (error) {
    schemaFinding(it, at, error instanceof Error ? error.message : String(error));
    return () => undefined;
  }
}

/** A resource that holds JSON or YAML; undefined when it does not, and that has been said. */
export function schemaText(
  it: PlanCompiler,
  { endpoint }: ExternalResource,
  pointer: string,
  base: string,
): Json | undefined {
  const text = it.library.text(endpoint, base, `${pointer}/endpoint`);
  if (text === undefined) return undefined;
  const { value, findings } = readSource(text, uriOf(endpoint));
  if (findings.length === 0) return value;
  schemaFinding(it, pointer, findings[0]!.message);
  return undefined;
}

export function schemaFinding(it: PlanCompiler, pointer: string, why: string): void {
  it.expressions.findings.push({
    code: 'schema-invalid',
    message: `this is not a JSON Schema: ${why}`,
    pointer,
    expected: 'a JSON Schema (draft 2020-12)',
  });
}
