/*
 * What the compilers of the single constructs share, and the table that finds them.
 */
import { JqSyntaxError } from '../errors.ts';
import type { Node } from '../syntax/ast.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';

export interface Compiler {
  readonly source: string;
  /** nodes that may still be spent on inlining */
  budget: number;
  compile(node: Node, scope: Scope): Code;
  /** a builtin's code, or undefined where resolve.ts would have refused it */
  builtin(name: string, args: readonly Node[], at: number, scope: Scope): Code;
  fail(message: string, at: number): never;
}

export function syntaxError(source: string, message: string, at: number): never {
  throw new JqSyntaxError(message, source, at + 1);
}

/** 1-based line of an offset, for `$__loc__`. */
export function lineOf(source: string, at: number): number {
  let line = 1;
  for (let i = 0; i < at; i++) if (source.charCodeAt(i) === 10) line++;
  return line;
}
