/*
 * JSON Schema checks for users' data, by ajv. Imported only where a document has schemas: ajv is the
 * heaviest thing in this folder.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Json } from '../../wire/json.ts';
import type { SchemaCheck } from './plan.ts';

/** Turns a JSON Schema (draft 2020-12) into a check of data. Throws when it is none. */
export function compileSchema(schema: Json): SchemaCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  // The package is CommonJS with a default export of its own; both shapes occur.
  (
    (addFormats as unknown as { default?: typeof addFormats.default }).default ?? addFormats.default
  )(ajv);
  const validate = ajv.compile(schema as object | boolean);
  return (value) => {
    if (validate(value)) return undefined;
    const error = validate.errors![0]!;
    const at = error.instancePath === '' ? 'the value' : error.instancePath;
    const more = error.params['additionalProperty'] ?? error.params['unevaluatedProperty'];
    return `${at} ${error.message ?? 'does not fit'}${more === undefined ? '' : ` (${String(more)})`}`;
  };
}
