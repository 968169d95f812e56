/*
 * The compiler of users' JSON Schemas. ajv is loaded only when a document has schemas: it is the
 * heaviest thing that a small run could meet.
 */
import type { Definition, SchemaCompiler } from '../dsl/index.ts';

let loaded: SchemaCompiler | undefined;

/** A compiler that is there already, or asks to be loaded first. */
export const schemas: SchemaCompiler = (schema) => {
  if (loaded === undefined) throw new Error('JSON Schemas were not prepared for');
  return loaded(schema);
};

/** Loads what the definition needs before it is compiled; its functions may have schemas as well. */
export async function prepareSchemas({ document, resources }: Definition): Promise<void> {
  if (loaded !== undefined) return;
  if (Object.keys(resources).length > 0 || mentionsSchema(document)) {
    loaded = (await import('../dsl/plan/json-schema.ts')).compileSchema;
  }
}

/** Loads it whatever comes: for runners that serve documents they have not seen. */
export async function loadSchemas(): Promise<SchemaCompiler> {
  loaded ??= (await import('../dsl/plan/json-schema.ts')).compileSchema;
  return loaded;
}

function mentionsSchema(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => key === 'schema' || mentionsSchema(part));
}
