/*
 * JSON Schema checks for users' data, by ajv. Imported only where a document has schemas: ajv is the
 * heaviest thing in this folder.
 *
 * Each schema has an ajv of its own: none can refer to another by its $id, two may have the same, and what
 * is not used any more is gone. What is expensive in an ajv is its knowledge of what a schema is: one
 * for all has that, and those of the schemas do without.
 */
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Json } from '../../wire/json.ts';
import type { SchemaCheck } from './plan.ts';

const judge = ajv();

/** Turns a JSON Schema (draft 2020-12) into a check of data. Throws when it is none. */
export function compileSchema(schema: Json): SchemaCheck {
  const validate = compiled(schema as object | boolean);
  return (value) => {
    if (validate(value)) return undefined;
    const error = validate.errors![0]!;
    const at = error.instancePath === '' ? 'the value' : error.instancePath;
    const more = error.params['additionalProperty'] ?? error.params['unevaluatedProperty'];
    return `${at} ${error.message ?? 'does not fit'}${more === undefined ? '' : ` (${String(more)})`}`;
  };
}

function compiled(schema: object | boolean): ValidateFunction {
  void judge.validateSchema(schema, true);
  try {
    return ajv({ meta: false, validateSchema: false }).compile(schema);
  } catch {
    // it may refer to what a schema is; and if it is at fault, this one says so
    return ajv().compile(schema);
  }
}

function ajv(options: Options = {}): Ajv2020 {
  const made = new Ajv2020({ strict: false, allErrors: false, validateFormats: true, ...options });
  // The package is CommonJS with a default export of its own; both shapes occur.
  (
    (addFormats as unknown as { default?: typeof addFormats.default }).default ?? addFormats.default
  )(made);
  return made;
}
