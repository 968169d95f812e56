/*
 * The builtins of jq 1.8.2, and the list of where this implementation differs.
 */
import type { Code } from '../compile/code.ts';
import { callFunction } from '../compile/call.ts';
import type { Compiler } from '../compile/compiler.ts';
import { constant } from '../compile/code.ts';
import type { Scope } from '../compile/scope.ts';
import type { Definition, Node } from '../syntax/ast.ts';
import { type Token, tokenize } from '../syntax/lexer.ts';
import { parseAs } from '../syntax/parser.ts';
import { resolve } from '../syntax/resolve.ts';
import { arrays } from './arrays.ts';
import { counting } from './counting.ts';
import { dates } from './dates.ts';
import { DEVIATIONS } from './deviations.ts';
import { generators } from './generators.ts';
import { type Allow, host, NEEDS } from './host.ts';
import { type Builtin, callNative, special } from './kinds.ts';
import { math } from './math.ts';
import { objects } from './objects.ts';
import { paths } from './paths.ts';
import { prelude } from './prelude.ts';
import { regex } from './regex.ts';
import { strings } from './strings.ts';

const table = new Map<string, Builtin>(
  [
    arrays,
    counting,
    dates,
    generators,
    host,
    math,
    objects,
    paths,
    prelude,
    regex,
    strings,
  ].flatMap((group) => Object.entries(group)),
);

/** Names that jq hides begin with an underscore. */
export const BUILTINS: readonly string[] = [...table.keys(), 'builtins/0']
  .filter((name) => !name.startsWith('_'))
  .sort();

table.set(
  'builtins/0',
  special(0, () => constant([...BUILTINS])),
);

const REFUSED: ReadonlyMap<string, string> = new Map(
  DEVIATIONS.map(({ name, reason }) => [name, reason]),
);

/** Why a call is an error, or undefined when it is none. */
export function refuse(
  name: string,
  arity: number,
  allow: Allow,
): { message: string; hint?: string } | undefined {
  const signature = `${name}/${arity}`;
  const reason = REFUSED.get(signature);
  if (reason !== undefined) return { message: `${signature} is not available`, hint: reason };
  const need = NEEDS[signature];
  if (need !== undefined && allow[need] !== true) {
    return { message: `${signature} is not available here`, hint: 'the host does not allow it' };
  }
  if (table.has(signature)) return undefined;
  const arities = [...table.keys()]
    .filter((known) => known.slice(0, known.lastIndexOf('/')) === name && !known.startsWith('_'))
    .join(', ');
  const message = `${signature} is not defined`;
  return arities === '' ? { message } : { message, hint: `there is ${arities}` };
}

const tokenized = new Map<string, readonly Token[]>();

/** A definition from prelude.ts as if it stood where it is called, so that errors in it point there. */
function definitionAt(signature: string, source: string, at: number): Definition {
  let tokens = tokenized.get(signature);
  if (tokens === undefined) {
    tokens = tokenize(`${source} .`);
    tokenized.set(signature, tokens);
  }
  const node = parseAs(tokens, at);
  resolve(node, source, {
    variables: [],
    refuse: (name, arity) =>
      table.has(`${name}/${arity}`) ? undefined : { message: `${name}/${arity} is not defined` },
    refuseVariable: (name) => ({ message: `$${name} is not defined` }),
  });
  if (node.kind !== 'define') throw new Error(`${signature} is not a definition`);
  return node.definition;
}

export function compileBuiltin(
  c: Compiler,
  name: string,
  args: readonly Node[],
  at: number,
  scope: Scope,
): Code {
  const signature = `${name}/${args.length}`;
  const builtin = table.get(signature);
  if (builtin === undefined) return c.fail(`${signature} is not defined`, at);
  if (builtin.kind === 'written') {
    // Prelude definitions do not recurse, so they may always be compiled in place.
    c.budget += 1_000;
    const code = callFunction(
      c,
      definitionAt(signature, builtin.source, at),
      undefined,
      args,
      scope,
    );
    c.budget -= 1_000;
    return code;
  }
  const codes = args.map((arg) => c.compile(arg, scope));
  if (builtin.kind === 'native') return callNative(builtin.apply, codes, at);
  return builtin.compile(codes, at);
}
