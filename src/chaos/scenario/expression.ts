/*
 * jq in scenarios: compiled once, evaluated on plain JSON, first output or null.
 *
 * A predicate that fails at run time is the scenario's mistake and names itself; it is thrown, not
 * taken for "false".
 */
import { compile, JqError, JqSyntaxError } from '../../jq/index.ts';
import type { Json } from '../../wire/json.ts';
import type { Expression } from './format.ts';

/** An expression of a scenario failed on what the world gave it. */
export class ExpressionFailed extends Error {
  constructor(source: string, message: string) {
    super(`${message} (in ${source})`);
    this.name = 'ExpressionFailed';
  }
}

/** The compiled expression, or in words why it is none. */
export function compileExpression(source: string): Expression | string {
  try {
    const program = compile(source, { variables: [] });
    return {
      source,
      evaluate(input) {
        try {
          return (program.first(input as Parameters<typeof program.first>[0], []) ?? null) as Json;
        } catch (error) {
          if (error instanceof JqError) throw new ExpressionFailed(source, error.message);
          throw error;
        }
      },
    };
  } catch (error) {
    if (error instanceof JqSyntaxError) return `${error.message}, at column ${error.column}`;
    throw error;
  }
}
