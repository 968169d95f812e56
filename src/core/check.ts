/* What a schema objects to. */
import { EvaluationFault, type SchemaCheck } from '../dsl/plan/index.ts';
import type { Json } from '../wire/index.ts';

/** Raises a validation error when `value` does not fit. */
export function check(schema: SchemaCheck | undefined, value: Json, pointer: string): void {
  const objection = schema?.(value);
  if (objection !== undefined) throw new EvaluationFault('validation', objection, pointer);
}
