/*
 * A program's outputs as one line: compact JSON, one blank between outputs, `!message` if it ends in an
 * error and `?message` if it does not compile.
 */
import {
  compile,
  type CompileOptions,
  type Host,
  JqError,
  JqSyntaxError,
  type Json,
  toJson,
} from '../../src/jq/index.ts';

const ALLOW = { env: true, debug: true, localTime: true };

export function jq(
  source: string,
  input: Json = null,
  host: Host = {},
  options: CompileOptions = {},
): string {
  const shown: string[] = [];
  try {
    const program = compile(source, { allow: ALLOW, ...options });
    program.each(input, (output) => void shown.push(toJson(output)), [], host);
  } catch (error) {
    if (error instanceof JqError) shown.push(`!${error.message}`);
    else if (error instanceof JqSyntaxError) shown.push(`?${error.message}`);
    else throw error;
  }
  return shown.join(' ');
}

/** [program, input, outputs] */
export type Case = readonly [string, Json, string];
